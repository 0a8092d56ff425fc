"""Whose data somebody sees."""

import pytest

from lib.customer.sight import EVERYTHING, Sight

NOBODY, ACME, BOTH = Sight(frozenset()), Sight(frozenset({"acme"})), Sight(frozenset({"acme", "globex"}))


@pytest.mark.parametrize(
    ("sight", "acme", "globex", "nobodys"),
    [
        (EVERYTHING, True, True, True),
        (BOTH, True, True, False),
        (ACME, True, False, False),
        (NOBODY, False, False, False),
    ],
)
def test_a_customers_data_is_seen_by_who_was_given_it_and_nobodys_by_who_sees_all(
    sight: Sight, acme: bool, globex: bool, nobodys: bool
) -> None:
    assert (sight.sees("acme"), sight.sees("globex"), sight.sees(None)) == (acme, globex, nobodys)
    assert sight.is_everything == nobodys


@pytest.mark.parametrize("other", [EVERYTHING, BOTH, ACME, NOBODY])
@pytest.mark.parametrize("sight", [EVERYTHING, BOTH, ACME, NOBODY])
def test_one_covers_another_if_it_sees_all_that_the_other_sees(sight: Sight, other: Sight) -> None:
    seen_by_other = [name for name in ("acme", "globex", "third", None) if other.sees(name)]
    assert sight.covers(other) == all(sight.sees(name) for name in seen_by_other)

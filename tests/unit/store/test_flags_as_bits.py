"""The booleans of a verdict as one number."""

from types import SimpleNamespace

import pytest

from lib.domain import ENTRY_FLAGS
from lib.store.verdicts import StoredVerdict, bits


@pytest.mark.parametrize("place", range(len(ENTRY_FLAGS)))
def test_each_flag_has_a_bit_of_its_own_by_its_place(place: int) -> None:
    only = SimpleNamespace(**{name: name == ENTRY_FLAGS[place] for name in ENTRY_FLAGS})
    assert bits(only) == 2**place
    assert [name for name in ENTRY_FLAGS if StoredVerdict("recorded", bits(only)).has(name)] == [ENTRY_FLAGS[place]]


def test_the_flags_that_are_kept_stay_where_they_are() -> None:
    assert ENTRY_FLAGS[:10] == (
        "recordable",
        "will_record",
        "booked",
        "recorded",
        "partial",
        "empty",
        "unsettled",
        "did_not_happen",
        "asked",
        "rule_mismatch",
    )


def test_a_judgement_names_no_bot_unless_it_is_told_one() -> None:
    assert StoredVerdict("recorded", 0).bot == 0

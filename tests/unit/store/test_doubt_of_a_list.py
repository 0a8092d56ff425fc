"""When a users list is not believed: by what it lacks, and for how long somebody must be missing then."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.store.users_list import Doubt, doubt_of

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def of(sizes: dict[str | None, int], missing: dict[str | None, int], *, is_empty: bool = False) -> Doubt | None:
    """What speaks against a list that lacks so many users of each of these customers."""
    customers = dict(enumerate(name for name, size in sizes.items() for _ in range(size)))
    theirs = {name: [user for user, customer in customers.items() if customer == name] for name in sizes}
    return doubt_of(customers, [user for name, n in missing.items() for user in theirs[name][:n]], is_empty=is_empty)


@pytest.mark.parametrize(
    ("sizes", "missing", "doubt"),
    [
        ({"acme": 30}, {"acme": 6}, None),  # a fifth and no more
        ({"acme": 29}, {"acme": 6}, Doubt.MANY_MISSING),
        ({"acme": 20}, {"acme": 5}, None),  # five and no more
        ({"acme": 100}, {"acme": 20}, None),
        ({"acme": 100}, {"acme": 21}, Doubt.MANY_MISSING),
        ({"acme": 20, "globex": 3}, {"globex": 3}, Doubt.CUSTOMER_MISSING),
        ({"acme": 20, "globex": 2}, {"globex": 2}, None),
        ({"acme": 20, "globex": 4}, {"globex": 3}, None),
        ({"acme": 20, None: 3}, {None: 3}, None),  # without a customer is no customer
        ({"acme": 6, "globex": 3}, {"acme": 4, "globex": 3}, Doubt.MANY_MISSING),
        ({"acme": 20}, {}, None),
    ],
)
def test_a_list_is_doubted_by_how_many_it_lacks_and_whether_they_are_a_whole_customer(
    sizes: dict[str | None, int], missing: dict[str | None, int], doubt: Doubt | None
) -> None:
    assert of(sizes, missing) is doubt


def test_an_empty_list_is_doubted_where_anybody_was_known() -> None:
    assert of({"acme": 1}, {"acme": 1}, is_empty=True) is Doubt.MANY_MISSING
    assert of({"acme": 1}, {"acme": 1}) is None
    assert of({}, {}, is_empty=True) is None


@pytest.mark.parametrize(
    ("doubt", "needed"),
    [(Doubt.MANY_MISSING, timedelta(days=1)), (Doubt.CUSTOMER_MISSING, timedelta(minutes=5))],
)
def test_somebody_is_gone_who_is_missing_for_as_long_as_the_doubt_asks(doubt: Doubt, needed: timedelta) -> None:
    assert not doubt.is_over(None, NOON)
    assert not doubt.is_over(NOON, NOON + needed - timedelta(seconds=1))
    assert doubt.is_over(NOON, NOON + needed)


@given(
    customers=st.dictionaries(st.integers(0, 60), st.sampled_from(["acme", "globex", "initech", None])),
    chosen=st.sets(st.integers(0, 60)),
)
def test_who_is_missing_beside_others_never_takes_a_doubt_away(
    customers: dict[int, str | None], chosen: set[int]
) -> None:
    missing = chosen & customers.keys()
    if doubt_of(customers, missing, is_empty=False) is Doubt.MANY_MISSING:
        for more in customers.keys() - missing:
            assert doubt_of(customers, missing | {more}, is_empty=False) is Doubt.MANY_MISSING
    if doubt_of(customers, missing, is_empty=False) is Doubt.CUSTOMER_MISSING:
        for more in customers.keys() - missing:
            assert doubt_of(customers, missing | {more}, is_empty=False) is not None

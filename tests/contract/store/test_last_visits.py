"""What is new to somebody is new since the visit before, as long as this visit lasts."""

from datetime import datetime

import pytest

from lib.store import Store, staff
from lib.store.staff import VISIT_ENDS_AFTER, StaffRow
from tests.contract.store.making import NOON, at

VISIT_HOURS = VISIT_ENDS_AFTER.total_seconds() / 3600


@pytest.fixture(autouse=True)
def _staffed(store: Store) -> None:
    with store.write() as connection:
        for name in ("dana", "lee"):
            staff.add(connection, StaffRow(name, name, "viewer", None, True, NOON, NOON, None))


def look(store: Store, hours: float, who: str = "dana") -> datetime | None:
    with store.write() as connection:
        return staff.visit(connection, who, as_of=at(hours))


def test_who_never_looked_has_no_mark(store: Store) -> None:
    assert look(store, 0) is None
    assert look(store, 0.1) is None


def test_the_mark_stays_while_the_visit_lasts_however_long(store: Store) -> None:
    look(store, 0)
    marks = {look(store, 20 + step * VISIT_HOURS * 0.9) for step in range(10)}
    assert marks == {NOON}


def test_the_next_visit_shows_the_last_look_of_the_one_before(store: Store) -> None:
    look(store, 0)
    look(store, 0.5)
    assert look(store, 0.5 + VISIT_HOURS) == at(0.5)
    assert look(store, 40) == at(0.5 + VISIT_HOURS)


def test_everybody_has_a_mark_of_their_own(store: Store) -> None:
    look(store, 0)
    assert look(store, 5, "lee") is None
    assert look(store, 6, "lee") is not None
    assert look(store, 24) == NOON


def test_a_clock_put_back_takes_no_look_back(store: Store) -> None:
    look(store, 10)
    assert look(store, 8) is None
    assert look(store, 12) == at(10)

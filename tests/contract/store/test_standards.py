"""Standards of customers: who set what and when; the last word counts, and none of them is lost."""

import pytest

from lib.recording.presets import Preset
from lib.store import Store, staff, standards
from lib.store.staff import StaffRow
from lib.store.standards import Standard
from tests.contract.store.making import NOON, at

EVERYTHING, EXTERNAL = Preset.EVERYTHING.flags, Preset.EXTERNAL.flags
ODD = "[Sign in](https://evil.test) \u0000 & Söhne"


@pytest.fixture(autouse=True)
def _staffed(store: Store) -> None:
    with store.write() as connection:
        for name in ("ada", "lee"):
            staff.add(connection, StaffRow(name, name, "admin", None, True, NOON, NOON, None))


def set_to(store: Store, customer: str, flags: dict[str, bool] | None, *, by: str = "ada", hours: float = 0) -> None:
    with store.write() as connection:
        standards.add(connection, customer, flags, by=by, now=at(hours))


def test_the_last_one_set_is_in_force_and_the_others_stay_in_the_history(store: Store) -> None:
    set_to(store, "acme.example", EVERYTHING)
    set_to(store, "globex.example", EXTERNAL, hours=1)
    set_to(store, "acme.example", EXTERNAL, by="lee", hours=2)
    with store.read() as connection:
        assert standards.current(connection) == {
            "acme.example": Standard("acme.example", EXTERNAL, "lee", at(2)),
            "globex.example": Standard("globex.example", EXTERNAL, "ada", at(1)),
        }
        assert [each.by for each in standards.history(connection)] == ["lee", "ada", "ada"]


def test_one_that_was_taken_away_is_in_force_no_more_until_another_is_set(store: Store) -> None:
    set_to(store, "acme.example", EVERYTHING)
    set_to(store, "acme.example", None, hours=1)
    with store.read() as connection:
        assert standards.current(connection) == {}
    set_to(store, "acme.example", EXTERNAL, hours=2)
    with store.read() as connection:
        assert standards.current(connection)["acme.example"].flags == EXTERNAL


def test_a_customer_may_be_called_whatever_a_file_says(store: Store) -> None:
    set_to(store, ODD, EVERYTHING)
    with store.read() as connection:
        [found] = standards.current(connection).values()
    assert "Sign in" in found.customer

"""What entries were judged to be: written where it changed, and due when something may have changed it."""

from dataclasses import make_dataclass

import pytest

from lib.domain import ENTRY_FLAGS
from lib.store import Store, verdicts, version
from lib.store.verdicts import StoredVerdict, bits
from tests.contract.store.making import NOTHING, at, entry, kept, listed, read, user

MISSED = StoredVerdict("fixable", 0b101, "not_accepted", "no_meeting_link", "user", "raw\0word", "derived")


@pytest.fixture(autouse=True)
def _ada(store: Store) -> None:
    listed(store, user("ada"))


def judge(store: Store, value: StoredVerdict, hours: float = 0) -> int:
    """Judge all of Ada's entries to be the same."""
    keys = [stored.key for stored in kept(store).values()]
    with store.write() as connection:
        return verdicts.write(connection, "id-ada", dict.fromkeys(keys, value), as_of=at(hours))


def due(store: Store, hours: float) -> tuple[str, ...]:
    with store.read() as connection:
        return verdicts.due(connection, at(hours))


def test_a_judgement_comes_back_with_its_entry(store: Store) -> None:
    read(store, [entry()])
    assert kept(store)["e"].verdict is None
    assert judge(store, MISSED) == 1
    stored = kept(store)["e"].verdict
    assert stored == StoredVerdict(
        "fixable", 0b101, "not_accepted", "no_meeting_link", "user", "raw\ufffdword", "derived"
    )


def test_only_what_is_judged_differently_is_written(store: Store) -> None:
    read(store, [entry("a"), entry("b")])
    judge(store, StoredVerdict("recorded", 1))
    with store.read() as connection:
        before = version.current(connection)
    assert judge(store, StoredVerdict("recorded", 1)) == 0
    with store.read() as connection:
        assert version.current(connection) == before


def test_a_user_is_due_when_read_anew_and_when_its_meetings_begin_and_end(store: Store) -> None:
    assert due(store, 0) == ()
    read(store, [entry(starts=1), entry("f", starts=1.5)])
    assert due(store, 0) == ("id-ada",)
    judge(store, MISSED)
    assert [bool(due(store, hours)) for hours in (0, 0.9, 1)] == [False, False, True]
    judge(store, MISSED, hours=1)
    assert [bool(due(store, hours)) for hours in (1.4, 1.5)] == [False, True]
    judge(store, MISSED, hours=2)
    assert [bool(due(store, hours)) for hours in (2.4, 2.5)] == [False, True]
    judge(store, MISSED, hours=2.5)
    assert due(store, 9999) == ()


def test_a_user_is_due_when_its_rules_change_and_not_when_it_is_read_unchanged(store: Store) -> None:
    read(store, [entry(starts=5)])
    judge(store, MISSED)
    read(store, [entry(starts=5)], now=at(1))
    assert due(store, 1) == ()
    listed(store, user("ada", preferences=NOTHING), now=at(2))
    assert due(store, 2) == ("id-ada",)


def test_an_entry_that_vanishes_makes_its_user_due(store: Store) -> None:
    read(store, [entry(starts=5)])
    judge(store, MISSED)
    read(store, [], now=at(1))
    assert due(store, 1) == ("id-ada",)


def test_a_key_that_is_not_the_users_is_left_alone(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    read(store, [entry()])
    with store.write() as connection:
        key = kept(store)["e"].key
        assert verdicts.write(connection, "id-bob", {key: MISSED}, as_of=at(0)) == 0
    assert kept(store)["e"].verdict is None


def test_the_booleans_of_a_verdict_become_bits_and_are_found_again() -> None:
    verdict = make_dataclass("Verdict", ENTRY_FLAGS)(*(name in ("booked", "asked") for name in ENTRY_FLAGS))
    packed = StoredVerdict("x", bits(verdict))
    assert {name for name in ENTRY_FLAGS if packed.has(name)} == {"booked", "asked"}

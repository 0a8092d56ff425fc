"""Rows of an answer that cannot be read: each keeps the entry that it may be from being gone, and no other."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection as Transaction

from lib.domain import UnreadableRow
from lib.store import Store, meetings, passes, version
from lib.store.meetings import MeetingChanges
from lib.store.reads import last_tries
from tests.contract.store.making import NOON, answered, at, entry, kept, known, listed, read, rows_written, user, window

ALL = [entry("a", starts=5), entry("b", starts=6), entry("c", starts=7)]
NAMELESS = UnreadableRow()


@pytest.fixture(autouse=True)
def _ada(store: Store) -> None:
    listed(store, user("ada"))
    read(store, ALL)


def gone(store: Store) -> list[str]:
    return sorted(entry_id for entry_id, stored in kept(store).items() if stored.removed_at is not None)


@pytest.mark.parametrize(
    ("row", "lost"),
    [
        (UnreadableRow(id="a"), ["b"]),
        (UnreadableRow(id="a", ical_uid="uid-b", start_time=at(6)), ["b"]),
        (UnreadableRow(ical_uid="uid-a", start_time=at(5)), ["b"]),
        (UnreadableRow(ical_uid="UID-A", start_time=at(5)), ["b"]),
        (UnreadableRow(ical_uid="uid-a", start_time=at(6)), ["a", "b"]),
        (UnreadableRow(ical_uid="uid-a"), ["b"]),
        (UnreadableRow(start_time=at(5)), ["b"]),
        (UnreadableRow(id="unheard of"), ["a", "b"]),
        (UnreadableRow(external_id="ext-ada", id="a"), ["b"]),
    ],
    ids=[
        "by its id",
        "by its id though it names another by uid and start",
        "by uid and start",
        "by uid in another case and start",
        "not by a uid with another start",
        "by a uid where it names no start",
        "by a start where it names no uid",
        "not by an id of nothing known",
        "by its id whatever else it says",
    ],
)
def test_an_unreadable_row_keeps_the_entry_that_it_names_and_no_other(
    store: Store, row: UnreadableRow, lost: list[str]
) -> None:
    assert read(store, ALL[2:], now=at(1), unreadable=[row]) == MeetingChanges(seen=1, vanished=len(lost))
    assert gone(store) == lost
    read(store, ALL[2:], now=at(2))
    assert gone(store) == ["a", "b"]


def test_an_id_too_long_to_be_kept_as_it_came_is_known_again(store: Store) -> None:
    long = entry("i" * 5000, starts=8)
    read(store, [*ALL, long])
    assert read(store, ALL, now=at(1), unreadable=[UnreadableRow(id="i" * 5000)]) == MeetingChanges(seen=3)


def test_a_row_that_names_nothing_holds_all_back_until_the_next_whole_answer(store: Store) -> None:
    assert read(store, ALL[2:], now=at(1), unreadable=[NAMELESS]) == MeetingChanges(seen=1)
    assert read(store, ALL[2:], now=at(2), unreadable=[NAMELESS]) == MeetingChanges(seen=1)
    assert gone(store) == []
    assert read(store, ALL[2:], now=at(3)) == MeetingChanges(seen=1, vanished=2)


def test_and_for_a_day_at_most(store: Store) -> None:
    for hours in (1, 12, 24.9):
        read(store, ALL[2:], now=at(hours), unreadable=[NAMELESS])
        assert gone(store) == []
    read(store, ALL[2:], now=at(25), unreadable=[NAMELESS])
    assert gone(store) == ["a", "b"]
    read(store, [], now=at(25.1), unreadable=[NAMELESS])  # and no day more for those that follow
    assert gone(store) == ["a", "b", "c"]


def test_a_whole_answer_between_begins_another_day(store: Store) -> None:
    read(store, ALL, now=at(1), unreadable=[NAMELESS])
    read(store, ALL, now=at(20))
    read(store, ALL[2:], now=at(26), unreadable=[NAMELESS])
    assert gone(store) == []


def test_each_users_day_is_its_own(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    bobs = [replace(one, id=f"bobs-{one.id}") for one in ALL]
    read(store, bobs, who="id-bob")
    read(store, ALL[1:], now=at(1), unreadable=[NAMELESS])
    assert read(store, bobs[1:], now=at(26), who="id-bob", unreadable=[NAMELESS]) == MeetingChanges(seen=2)
    assert read(store, ALL[1:], now=at(26), unreadable=[NAMELESS]) == MeetingChanges(seen=2, vanished=1)


def test_what_could_be_read_is_kept_beside_what_could_not(store: Store) -> None:
    changes = read(store, [*ALL, entry("d")], now=at(0.5), unreadable=[NAMELESS], odd=1)
    assert changes == MeetingChanges(seen=4, new=1)


def counts(store: Store) -> tuple[int, int]:
    return known(store).unreadable, known(store).odd


def test_how_many_rows_were_odd_and_how_many_unreadable_is_known_of_each_user_as_last_read(store: Store) -> None:
    assert counts(store) == (0, 0)
    read(store, ALL, now=at(1), unreadable=[NAMELESS, UnreadableRow(id="x")], odd=3)
    assert counts(store) == (2, 3)
    read(store, ALL, now=at(2), odd=1)
    assert counts(store) == (0, 1)
    read(store, ALL, now=at(3))
    assert counts(store) == (0, 0)


def test_an_unchanged_user_with_odd_and_unreadable_rows_costs_a_pass_no_row(store: Store) -> None:
    answer = answered(ALL, odd=2, unreadable=[UnreadableRow(id="x"), NAMELESS])

    def by_a_pass(connection: Transaction, hours: float) -> None:
        meetings.store(
            connection,
            "id-ada",
            answer,
            window=window(NOON),
            read_at=at(hours),
            now=at(hours),
            tries=last_tries(connection),
        )

    with store.write() as connection:
        passes.begin(connection, now=at(1), resume_within=at(1) - NOON)
        by_a_pass(connection, 1.1)
    assert counts(store) == (2, 2)
    with store.write() as connection:
        before, was = rows_written(connection), version.current(connection)
        by_a_pass(connection, 1.2)
        assert rows_written(connection) == before
        assert version.current(connection) == was

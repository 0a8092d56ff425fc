"""The record of changes: added before anything is sent, closed once, kept for ever; and plans for many users."""

from typing import Any

import pytest

from lib.errors import UnknownCalendarUser
from lib.store import Store, batches, meetings, outbox, privacy, verdicts
from lib.store import staff as staff_rows
from lib.store.batches import BatchState, ItemState, NewBatchItem
from lib.store.outbox import NewWrite, Write, WriteKind, WriteState
from lib.store.staff import StaffRow
from tests.contract.store.making import at, entry, kept, known, listed, read, user

ON, OFF = {"record_external": True, "bot_name": "Notes\0 <b>"}, {"record_external": False, "bot_name": None}


@pytest.fixture(autouse=True)
def _people(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    with store.write() as connection:
        for name in ("dana", "vera"):
            staff_rows.add(connection, StaffRow(name, name, "editor", None, True, at(0), at(0), None))


def make(store: Store, hours: float = 0, **fields: Any) -> int:
    known_fields: dict[str, Any] = {
        "kind": WriteKind.PREFERENCES,
        "user_id": "id-ada",
        "before": OFF,
        "after": ON,
        "actor": "dana",
    }
    with store.write() as connection:
        return outbox.add(connection, NewWrite(**(known_fields | fields)), now=at(hours))


def close(store: Store, seq: int, state: WriteState, hours: float = 2, note: str | None = None) -> bool:
    with store.write() as connection:
        return outbox.close(connection, seq, state, now=at(hours), note=note)


def found(store: Store, seq: int) -> Write:
    with store.read() as connection:
        change = outbox.find(connection, seq)
    assert change is not None
    return change


def test_a_change_is_kept_as_it_was_asked_for_and_is_open(store: Store) -> None:
    change = found(store, make(store, 1, why="They asked\nfor it", entry_id="E", kind=WriteKind.OVERRIDE))
    assert (change.kind, change.user_id, change.entry_id, change.actor) == (WriteKind.OVERRIDE, "id-ada", "E", "dana")
    assert (change.before, change.after, change.why) == (OFF, ON, "They asked\nfor it")
    assert (change.state, change.made_at, change.sent_at, change.closed_at) == (WriteState.OPEN, at(1), None, None)


def test_a_change_of_a_user_that_nobody_knows_is_refused(store: Store) -> None:
    with pytest.raises(UnknownCalendarUser):
        make(store, user_id="id-eve")


def test_a_change_is_closed_once_and_later_words_about_it_change_nothing(store: Store) -> None:
    seq = make(store)
    with store.write() as connection:
        outbox.mark_sent(connection, seq, now=at(1))
    assert close(store, seq, WriteState.NOT_APPLIED, 2, "Recall refused it.")
    assert not close(store, seq, WriteState.APPLIED, 3)
    change = found(store, seq)
    assert (change.state, change.note, change.sent_at, change.closed_at) == (
        WriteState.NOT_APPLIED,
        "Recall refused it.",
        at(1),
        at(2),
    )


def test_open_ones_are_those_that_nobody_closed_oldest_first(store: Store) -> None:
    first, second, third = make(store), make(store), make(store)
    close(store, second, WriteState.UNKNOWN)
    with store.read() as connection:
        assert [change.seq for change in outbox.open_ones(connection)] == [first, third]


def test_changes_are_answered_newest_first_by_user_and_by_thing(store: Store) -> None:
    one = make(store)
    two = make(store, kind=WriteKind.OVERRIDE, entry_id="E")
    three = make(store, user_id="id-bob", actor="vera")
    four = make(store, kind=WriteKind.OVERRIDE, entry_id="F")
    with store.read() as connection:
        assert [c.seq for c in outbox.recent(connection)] == [four, three, two, one]
        assert [c.seq for c in outbox.recent(connection, limit=1)] == [four]
        assert [c.seq for c in outbox.of_user(connection, "id-ada")] == [four, two, one]
        assert [c.seq for c in outbox.of_target(connection, WriteKind.OVERRIDE, "id-ada", "E")] == [two]
        assert [c.seq for c in outbox.of_target(connection, WriteKind.PREFERENCES, "id-ada", None)] == [one]


def test_a_change_is_undone_once_the_one_that_takes_it_back_is_applied(store: Store) -> None:
    seq = make(store)
    back = make(store, before=ON, after=OFF, undoes=seq)
    assert not found(store, seq).undone
    close(store, back, WriteState.APPLIED)
    assert found(store, seq).undone
    assert found(store, back).undoes == seq


def test_of_a_user_who_was_deleted_it_stays_who_did_what_and_nothing_personal(store: Store) -> None:
    seq, other = make(store, why="Ada asked"), make(store, user_id="id-bob", why="Bob asked")
    with store.write() as connection:
        key = batches.plan(
            connection, WriteKind.PREFERENCES, [NewBatchItem("id-ada", OFF, ON)], actor="dana", now=at(0)
        )
        privacy.erase_user(connection, "id-ada", now=at(3))
        [item] = batches.items(connection, key)
    change = found(store, seq)
    assert (change.before, change.after, change.why) == (None, None, None)
    assert (item.before, item.after) == (None, None)
    assert (change.actor, change.kind, change.state) == ("dana", WriteKind.PREFERENCES, WriteState.OPEN)
    assert found(store, other).why == "Bob asked"


def test_a_plan_for_many_is_kept_with_each_user_before_anything_is_done(store: Store) -> None:
    wanted = [
        NewBatchItem("id-bob", OFF, ON),
        NewBatchItem("id-ada", ON, ON, "Already set."),
        NewBatchItem("id-eve", OFF, ON),
    ]
    with store.write() as connection:
        key = batches.plan(
            connection,
            WriteKind.PREFERENCES,
            wanted,
            actor="dana",
            now=at(1),
            why="A standard",
            what={"preset": "external"},
        )
        batch = batches.find(connection, key)
        items = batches.items(connection, key)
    assert batch is not None
    assert (batch.actor, batch.why, batch.plan, batch.state) == (
        "dana",
        "A standard",
        {"preset": "external"},
        BatchState.PLANNED,
    )
    assert batch.counts == {ItemState.LEFT_OUT: 1, ItemState.WAITING: 1}
    assert [(i.user_id, i.state, i.problem) for i in items] == [
        ("id-ada", ItemState.LEFT_OUT, "Already set."),
        ("id-bob", ItemState.WAITING, None),
    ]


def test_each_user_of_a_plan_ends_by_itself_and_then_the_whole(store: Store) -> None:
    with store.write() as connection:
        both = [NewBatchItem("id-ada", OFF, ON), NewBatchItem("id-bob", OFF, ON)]
        key = batches.plan(connection, WriteKind.PREFERENCES, both, actor="dana", now=at(1))
        batches.set_state(connection, key, BatchState.RUNNING, now=at(2))
        seq = outbox.add(connection, NewWrite(WriteKind.PREFERENCES, "id-ada", OFF, ON, "dana", batch=key), now=at(2))
        batches.set_item(connection, key, "id-ada", ItemState.APPLIED, change=seq)
        waiting = batches.items(connection, key, state=ItemState.WAITING)
        batches.set_item(connection, key, "id-bob", ItemState.NOT_APPLIED, problem="Recall refused it.")
        batches.set_state(connection, key, BatchState.DONE, now=at(3))
        [batch] = batches.recent(connection)
        assert [change.seq for change in outbox.of_batch(connection, key)] == [seq]
    assert [item.user_id for item in waiting] == ["id-bob"]
    assert (batch.state, batch.closed_at) == (BatchState.DONE, at(3))
    assert batch.counts == {ItemState.APPLIED: 1, ItemState.NOT_APPLIED: 1}


def put(store: Store, hours: float, **fields: Any) -> None:
    with store.write() as connection:
        meetings.store_entry(connection, "id-ada", entry("one", **fields), read_at=at(hours), now=at(9))


def test_one_entry_read_by_itself_changes_that_row_and_says_nothing_of_the_others(store: Store) -> None:
    read(store, [entry("one", starts=5), entry("two", starts=6)])
    before = known(store).read_at
    put(store, 1, starts=5, override_should_record=False, will_record=False)
    after = kept(store)
    assert after["one"].entry.override_should_record is False
    assert after["two"].removed_at is None
    assert known(store).read_at == before
    with store.read() as connection:
        assert verdicts.due(connection, at(1)) == ("id-ada",)


def test_one_entry_read_before_all_were_read_changes_nothing(store: Store) -> None:
    read(store, [entry("one", starts=5)], now=at(2))
    put(store, 1, starts=5, title="Older")
    assert kept(store)["one"].entry.title == "Title of one"


def test_one_entry_that_is_as_it_was_writes_nothing(store: Store) -> None:
    read(store, [entry("one", starts=5)])
    ver = kept(store)["one"].changed_at
    put(store, 1, starts=5)
    assert kept(store)["one"].changed_at == ver

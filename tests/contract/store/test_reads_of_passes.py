"""What passes cost and tell: no row for an unchanged user, and still everybody knows when each user was read."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection as Transaction

from lib.domain import Entry
from lib.store import Store, meetings, passes, users, users_list, verdicts
from lib.store.meetings import MeetingChanges
from lib.store.passes import Pass, PassState
from lib.store.reads import last_tries
from tests.contract.store.making import NOON, answered, at, entry, kept, known, listed, read, rows_written, user, window

NAMES = tuple(f"user{n}" for n in range(30))
ANSWERS: Mapping[str, list[Entry]] = {f"id-{name}": [entry(f"{name}-{n}") for n in range(20)] for name in NAMES}


@pytest.fixture(autouse=True)
def _list(store: Store) -> None:
    listed(store, *map(user, NAMES), now=at(-2))


def begin(store: Store, hours: float) -> Pass:
    with store.write() as connection:
        return passes.begin(connection, now=at(hours), resume_within=timedelta(0))


def end(store: Store, one: Pass, state: PassState = PassState.COMPLETE) -> None:
    with store.write() as connection:
        passes.end(connection, one.key, state, now=one.begun_at)


def batch(
    connection: Transaction, one: Pass, answers: Mapping[str, list[Entry]] = ANSWERS, hours: float = 0.1
) -> dict[str, MeetingChanges]:
    """A batch of a pass stored, as the sync does it; the reads began so long after the pass."""
    tries, read_at = last_tries(connection), one.begun_at + timedelta(hours=hours)
    changes = {
        who: meetings.store(
            connection, who, answered(answer), window=window(NOON), read_at=read_at, now=read_at, tries=tries
        )
        for who, answer in answers.items()
    }
    keys = {row.id: row.key for row in users.readable(connection)}
    passes.tried(connection, one.key, [keys[who] for who in answers])
    return changes


def pass_over(store: Store, hours: float, answers: Mapping[str, list[Entry]] = ANSWERS) -> Pass:
    one = begin(store, hours)
    with store.write() as connection:
        batch(connection, one, answers)
    end(store, one)
    return one


def test_many_unchanged_users_cost_the_row_of_the_pass_and_no_other(store: Store) -> None:
    pass_over(store, -1)
    second = begin(store, 0)
    with store.write() as connection:
        before = rows_written(connection)
        changes = batch(connection, second)
        after = rows_written(connection)
    assert set(changes.values()) == {MeetingChanges(seen=20)}
    written = {table: rows - before.get(table, 0) for table, rows in after.items() if rows != before.get(table)}
    assert written in ({"all": 1}, {"sync_pass": 1})


def test_an_unchanged_user_was_read_when_the_pass_that_tried_it_began(store: Store) -> None:
    first = pass_over(store, -1)
    assert known(store, "id-user7").read_at == first.begun_at + timedelta(hours=0.1)
    second = pass_over(store, 0)
    assert known(store, "id-user7").read_at == second.begun_at
    third = begin(store, 1)
    assert known(store, "id-user7").read_at == second.begun_at
    with store.write() as connection:
        batch(connection, third, {"id-user7": ANSWERS["id-user7"]})
    assert known(store, "id-user7").read_at == third.begun_at
    assert known(store, "id-user8").read_at == second.begun_at


def test_one_that_failed_was_read_when_it_last_worked(store: Store) -> None:
    first = pass_over(store, -1)
    second = begin(store, 0)
    with store.write() as connection:
        users.failed(connection, "id-user3", "unreadable", at=at(0.1))
        passes.tried(connection, second.key, [known(store, "id-user3").key])
    end(store, second)
    row = known(store, "id-user3")
    assert (row.stale, row.read_at) == (True, first.begun_at + timedelta(hours=0.1))
    third = pass_over(store, 1)
    assert (known(store, "id-user3").stale, known(store, "id-user3").read_at) == (False, at(1.1))
    assert known(store, "id-user4").read_at == third.begun_at


def test_one_that_failed_for_many_passes_still_says_when_it_last_worked(store: Store) -> None:
    pass_over(store, -1)
    pass_over(store, 0)  # unchanged: only the pass tells
    for hours in (1, 2, 3):
        one = begin(store, hours)
        with store.write() as connection:
            users.failed(connection, "id-user3", "unreadable", at=at(hours))
            passes.tried(connection, one.key, [known(store, "id-user3").key])
        end(store, one)
    assert known(store, "id-user3").read_at == NOON


def test_one_that_vanished_was_read_by_the_last_pass_that_tried_it(store: Store) -> None:
    pass_over(store, -1)
    pass_over(store, 0)
    without = [name for name in NAMES if name != "user3"]
    listed(store, *map(user, without), now=at(1))
    pass_over(store, 1, {who: answer for who, answer in ANSWERS.items() if who != "id-user3"})
    assert (known(store, "id-user3").vanished_at, known(store, "id-user3").read_at) == (at(1), NOON)


def test_nobody_was_read_before_anybody_was(store: Store) -> None:
    one = begin(store, 0)
    assert {row.read_at for row in _everyone(store)} == {None}
    with store.write() as connection:
        passes.tried(connection, one.key, [])
    assert {row.read_at for row in _everyone(store)} == {None}


@pytest.mark.parametrize("in_pass", [False, True])
def test_a_read_that_began_before_the_one_that_is_kept_changes_nothing(store: Store, in_pass: bool) -> None:
    one = begin(store, 0)
    read(store, [entry("newer")], who="id-user1", now=at(1))
    with store.write() as connection:
        tries = last_tries(connection) if in_pass else None
        asked: dict[str, Any] = {"window": window(NOON), "read_at": at(0.5), "now": at(1.1)}
        assert (
            meetings.store(connection, "id-user1", answered([entry("older")]), tries=tries, **asked) == MeetingChanges()
        )
        passes.tried(connection, one.key, [known(store, "id-user1").key])
    assert set(kept(store, "id-user1")) == {"newer"}
    assert known(store, "id-user1").read_at == at(1)


def test_a_read_after_the_clock_was_put_back_counts(store: Store) -> None:
    read(store, [entry("before")], who="id-user1", now=at(1))
    read(store, [entry("before"), entry("after")], who="id-user1", now=at(0.1))
    assert set(kept(store, "id-user1")) == {"before", "after"}
    assert known(store, "id-user1").read_at == at(0.1)


def test_a_users_list_older_than_the_one_that_is_kept_changes_nothing(store: Store) -> None:
    listed(store, *map(user, NAMES), now=at(1))
    with store.write() as connection:
        changes = users_list.store(connection, [user("user0")], read_at=at(0.5), complete=True, now=at(1.1))
        assert (changes.vanished, changes.changed) == (0, 0)
        fewer = [user(name) for name in NAMES[1:]]
        late = users_list.store(connection, fewer, read_at=at(0.5), complete=True, now=at(0.6))
        assert late.vanished == 1


def test_who_was_tried_by_two_passes_is_left_to_neither_and_first_come_those_nobody_reached(store: Store) -> None:
    one = begin(store, 0)
    keys = {row.id: row.key for row in _readable(store)}
    with store.write() as connection:
        passes.tried(connection, one.key, [keys["id-user0"], keys["id-user1"]])
        passes.tried(connection, one.key, [keys["id-user2"]])
    end(store, one, PassState.PARTIAL)
    two = begin(store, 1)
    with store.read() as connection:
        left = [row.id for row in users.left(connection, two.key)]
    assert left == [*(f"id-user{n}" for n in range(3, 30)), "id-user0", "id-user1", "id-user2"]
    with store.read() as connection:
        found = passes.latest(connection)
    assert found is not None
    assert found.users_done == 0


def test_how_slow_a_user_is_costs_a_row_where_it_changes_and_is_known_to_the_next_pass(store: Store) -> None:
    one = begin(store, 0)

    def noted(*, slow: bool | None) -> tuple[int, list[str]]:
        """How many rows that cost, and who is slow then."""
        with store.write() as connection:
            before = sum(rows_written(connection).values())
            users.note_speed(connection, "id-user3", slow=slow)
            rows = sum(rows_written(connection).values()) - before
            assert [row.user.id for row in users.everyone(connection) if row.slow] == [
                each.id for each in users.left(connection, one.key) if each.slow
            ]
        return rows, [row.user.id for row in _everyone(store) if row.slow]

    assert noted(slow=False) == noted(slow=None) == (0, [])
    assert noted(slow=True) == (1, ["id-user3"])
    assert noted(slow=True) == noted(slow=None) == (0, ["id-user3"])
    assert noted(slow=False) == (1, [])


def test_why_a_pass_was_cut_off_stands_beside_it(store: Store) -> None:
    one = begin(store, 0)
    with store.write() as connection:
        passes.end(connection, one.key, PassState.PARTIAL, now=at(1), problem="Recall does not answer.")
        found = passes.latest(connection)
    assert found is not None
    assert (found.state, found.problem) == (PassState.PARTIAL, "Recall does not answer.")


def test_everyone_can_be_due_again(store: Store) -> None:
    pass_over(store, -1)
    for name in NAMES:
        with store.write() as connection:
            verdicts.write(connection, f"id-{name}", {}, as_of=NOON)
    with store.write() as connection:
        assert verdicts.due(connection, NOON) == ()
        verdicts.due_again(connection, "id-user3")
        assert verdicts.due(connection, NOON) == ("id-user3",)
        verdicts.judge_everyone_again(connection)
        assert len(verdicts.due(connection, NOON)) == len(NAMES)


def _everyone(store: Store) -> tuple[users.UserRow, ...]:
    with store.read() as connection:
        return users.everyone(connection)


def _readable(store: Store) -> tuple[users.Readable, ...]:
    with store.read() as connection:
        return users.readable(connection)

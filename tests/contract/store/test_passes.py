"""Passes of the sync: taken up again where they stopped, asked for by anybody, seen by all."""

from datetime import timedelta

from lib.store import Store, passes, users
from lib.store.passes import Pass, PassRequest, PassState
from lib.store.reads import Ranges
from tests.contract.store.making import NOON, at, known, listed, user

HOUR = timedelta(hours=1)


def begin(store: Store, hours: float = 0) -> Pass:
    with store.write() as connection:
        return passes.begin(connection, now=at(hours), resume_within=HOUR)


def end(store: Store, one: Pass, state: PassState, hours: float) -> None:
    with store.write() as connection:
        passes.end(connection, one.key, state, now=at(hours))


def as_of(store: Store) -> object:
    with store.read() as connection:
        return passes.as_of(connection)


def left(store: Store, one: Pass) -> list[str]:
    with store.read() as connection:
        return [who.id for who in users.left(connection, one.key)]


def test_figures_are_as_of_the_start_of_the_last_complete_pass(store: Store) -> None:
    assert as_of(store) is None
    for hours, state in (
        (1, PassState.PARTIAL),
        (2, PassState.COMPLETE),
        (3, PassState.PARTIAL),
        (4, PassState.STOPPED),
    ):
        end(store, begin(store, hours), state, hours + 0.5)
    begin(store, 5)
    assert as_of(store) == at(2)


def test_a_pass_whose_process_died_is_taken_up_again(store: Store) -> None:
    first = begin(store)
    again = begin(store, 0.5)
    assert (again.key, again.begun_at, again.resumed) == (first.key, NOON, 1)


def test_a_pass_that_began_too_long_ago_is_stopped_and_another_begins(store: Store) -> None:
    first = begin(store)
    second = begin(store, 1.1)
    assert (second.begun_at, second.resumed) == (at(1.1), 0)
    with store.read() as connection:
        newest, older = passes.recent(connection)
    assert (newest, older.key, older.state, older.ended_at) == (second, first.key, PassState.STOPPED, at(1.1))


def test_a_pass_that_seems_to_begin_in_the_future_is_not_taken_up(store: Store) -> None:
    first = begin(store, 1)
    assert begin(store, 0).key != first.key


def test_what_a_pass_has_tried_is_not_left_to_it_and_is_to_the_next(store: Store) -> None:
    listed(store, user("ada"), user("bob"), user("cem"), user("gone"))
    listed(store, user("ada"), user("bob"), user("cem"), now=at(0.1))
    first = begin(store)
    with store.write() as connection:
        users.failed(connection, "id-bob", "limited", at=at(0.1))
        passes.tried(connection, first.key, [known(store, "id-ada").key])
        passes.tried(connection, first.key, [known(store, "id-bob").key])
    assert left(store, first) == ["id-cem"]
    assert begin(store, 0.2).users_done == 2
    end(store, first, PassState.PARTIAL, 0.3)
    assert left(store, begin(store, 0.5)) == ["id-cem", "id-ada", "id-bob"]


def test_users_without_an_external_id_are_never_left_to_read(store: Store) -> None:
    from dataclasses import replace

    listed(store, replace(user("ada"), external_id=None))
    assert left(store, begin(store)) == []


def test_everybody_sees_how_far_a_pass_has_come(store: Store) -> None:
    one = begin(store)
    with store.write() as connection:
        passes.progress(connection, one.key, stage="meetings", counts={"users": 7, "meetings_seen": 700})
    with store.read() as connection:
        latest = passes.latest(connection)
    assert latest == Pass(
        one.key, NOON, None, PassState.RUNNING, "meetings", 0, {"users": 7, "meetings_seen": 700}, Ranges()
    )


def test_a_request_is_taken_once_and_by_one_pass(store: Store) -> None:
    with store.write() as connection:
        passes.ask(connection, by="vera", now=NOON)
        passes.ask(connection, by=None, now=at(1))
    waiting = (PassRequest(NOON, "vera"), PassRequest(at(1), None))
    with store.write() as connection:
        assert passes.asked(connection) == waiting
        assert passes.take_requests(connection, now=at(2)) == waiting
        assert passes.take_requests(connection, now=at(2)) == ()
        assert passes.asked(connection) == ()

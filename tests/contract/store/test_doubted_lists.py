"""A users list that is doubted: who is missing is held as they were, until later lists say the same, or an admin."""

from dataclasses import replace

import pytest

from lib.domain import CalendarUser, Connection
from lib.store import Store, observations, outbox, privacy, staff, users, users_list, version
from lib.store.outbox import NewWrite, WriteState
from lib.store.staff import StaffRow
from lib.store.users_list import ListChanges
from tests.contract.store.making import NOON, at, entry, kept, known, listed, read, user

MINUTE = 1 / 60
MANY = tuple(user(f"u{number}") for number in range(30))


def of(customer: str, *names: str) -> tuple[CalendarUser, ...]:
    return tuple(replace(user(n), connections=(Connection("google", True, f"{n}@{customer}"),)) for n in names)


ACME, GLOBEX = of("acme.com", *(f"a{n}" for n in range(20))), of("globex.com", "g1", "g2", "g3")


def unlisted(store: Store) -> set[str]:
    with store.read() as connection:
        return {row.user.id for row in users.everyone(connection) if row.unlisted_since is not None}


def gone(store: Store) -> set[str]:
    with store.read() as connection:
        return {row.user.id for row in users.everyone(connection) if row.vanished_at is not None}


def told(store: Store) -> list[str]:
    with store.read() as connection:
        return [seen.kind.value for seen in observations.since(connection)]


def ids(some: tuple[CalendarUser, ...]) -> set[str]:
    return {each.id for each in some}


def test_an_empty_list_takes_nobody_away_and_tells_nobody(store: Store) -> None:
    listed(store, *MANY)
    read(store, [entry()], who="id-u1")
    assert listed(store, now=at(1)) == ListChanges(unlisted=30)
    assert (unlisted(store), gone(store), told(store)) == (ids(MANY), set(), [])
    held = known(store, "id-u1")
    assert (held.unlisted_since, held.vanished_at, held.last_seen_at, held.stale) == (at(1), None, NOON, True)
    assert kept(store, "id-u1")["e"].removed_at is None
    with store.read() as connection:
        assert users.gone_since(connection, at(99)) == ()
        assert users.readable(connection) == ()
        assert not users.is_listed(connection, held.key)
        assert users.count_unlisted(connection) == 30


def test_who_is_listed_again_was_never_gone(store: Store) -> None:
    listed(store, *MANY)
    listed(store, now=at(1))
    with store.read() as connection:
        before = version.current(connection).version
    assert listed(store, *MANY, now=at(2)) == ListChanges()
    assert (unlisted(store), gone(store), told(store)) == (set(), set(), [])
    assert known(store, "id-u1").last_seen_at == at(2)
    with store.read() as connection:
        assert version.current(connection).version == before + 1  # pages that show it are told


def test_an_empty_list_must_be_said_for_a_day(store: Store) -> None:
    listed(store, *MANY)
    listed(store, now=at(1))
    assert listed(store, now=at(24.9)) == ListChanges()
    assert listed(store, now=at(25)) == ListChanges(vanished=30)
    assert (known(store, "id-u1").vanished_at, known(store, "id-u1").last_seen_at) == (at(1), NOON)
    assert told(store) == ["user_vanished"] * 30


def test_a_list_in_between_that_holds_somebody_begins_their_day_anew(store: Store) -> None:
    listed(store, *MANY)
    listed(store, now=at(1))
    listed(store, MANY[0], now=at(20))
    assert listed(store, now=at(25)) == ListChanges(vanished=29, unlisted=1)
    assert unlisted(store) == {"id-u0"}


def test_a_whole_customer_is_gone_by_a_second_list_five_minutes_later_as_of_the_first(store: Store) -> None:
    listed(store, *ACME, *GLOBEX)
    assert listed(store, *ACME, now=at(1)) == ListChanges(unlisted=3)
    assert listed(store, *ACME, now=at(1 + 4.9 * MINUTE)) == ListChanges()
    assert gone(store) == set()
    assert listed(store, *ACME, now=at(1 + 5 * MINUTE)) == ListChanges(vanished=3)
    assert known(store, "id-g1").vanished_at == at(1)


def test_who_is_new_in_a_doubted_list_and_what_it_says_of_the_others_is_taken(store: Store) -> None:
    listed(store, *MANY)
    lost = replace(MANY[1], connections=(replace(MANY[1].connections[0], connected=False),))
    assert listed(store, lost, user("new"), now=at(1)) == ListChanges(new=1, changed=1, unlisted=29)
    assert known(store, "id-u1").user.connected == ()
    with store.read() as connection:
        assert {row.id for row in users.readable(connection)} == {"id-u1", "id-new"}


def test_who_was_deleted_here_is_gone_at_once_and_casts_no_doubt_on_a_list(store: Store) -> None:
    listed(store, *ACME, *GLOBEX)
    for each in GLOBEX:
        _delete(store, each.id)
    assert listed(store, *ACME, now=at(1)) == ListChanges(vanished=3)


@pytest.mark.parametrize("state", list(WriteState))
def test_a_deletion_that_recall_did_not_do_explains_nobody_missing(store: Store, state: WriteState) -> None:
    listed(store, *ACME, *GLOBEX)
    for each in GLOBEX:
        _delete(store, each.id, state)
    assert listed(store, *ACME, now=at(1)).unlisted == (3 if state is WriteState.NOT_APPLIED else 0)


def test_an_admins_word_ends_the_waiting(store: Store) -> None:
    listed(store, *MANY)
    listed(store, now=at(1))
    with store.write() as connection:
        assert users_list.believe(connection, read_at=at(2)) == 30
        assert users_list.believe(connection, read_at=at(2)) == 0
    assert (unlisted(store), gone(store)) == (set(), ids(MANY))
    assert known(store, "id-u1").vanished_at == at(1)
    assert told(store) == ["user_vanished"] * 30


def test_a_list_that_lacks_a_few_is_believed(store: Store) -> None:
    listed(store, *MANY)
    assert listed(store, *MANY[5:], now=at(1)) == ListChanges(vanished=5)


def test_what_is_read_of_somebody_alone_shows_that_they_are_there(store: Store) -> None:
    listed(store, *MANY)
    listed(store, now=at(1))
    assert listed(store, MANY[3], now=at(2), complete=False) == ListChanges()
    assert unlisted(store) == ids(MANY) - {"id-u3"}


def test_who_is_held_and_erased_here_stays_erased(store: Store) -> None:
    listed(store, *MANY)
    listed(store, now=at(1))
    with store.write() as connection:
        privacy.erase_user(connection, "id-u1", now=at(2))
    assert known(store, "id-u1").user.email is None


def _delete(store: Store, user_id: str, state: WriteState = WriteState.APPLIED) -> None:
    with store.write() as connection:
        if staff.find(connection, "dana") is None:
            staff.add(connection, StaffRow("dana", "Dana", "admin", "hash", True, NOON, NOON, NOON))
        draft = NewWrite(outbox.WriteKind.DELETE_USER, user_id, {"listed": True}, {"listed": False}, "dana")
        seq = outbox.add(connection, draft, now=at(0.1))
        outbox.mark_sent(connection, seq, now=at(0.2))
        if state is not WriteState.OPEN:
            outbox.close(connection, seq, state, now=at(0.3))

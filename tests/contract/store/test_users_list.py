"""The users list: only what changed is written, nobody is deleted, and what changed is told."""

from dataclasses import replace

import pytest

from lib.domain import Connection, UnreadableRow
from lib.store import Store, observations, users, users_list, version
from lib.store.observations import Observation, ObservationKind
from lib.store.users_list import ListChanges, remembering
from tests.contract.store.making import EXTERNAL, NOON, NOTHING, at, known, listed, read, rows_written, user


def told(store: Store) -> list[tuple[ObservationKind, str]]:
    """What was seen to change, oldest first."""
    with store.read() as connection:
        return [(seen.kind, seen.user_id) for seen in reversed(observations.since(connection))]


def test_a_list_is_kept_as_it_came(store: Store) -> None:
    ada, bob = user("ada"), replace(user("bob"), external_id=None, preferences=None)
    assert listed(store, ada, bob) == ListChanges(new=2)
    with store.read() as connection:
        assert [row.user for row in users.everyone(connection)] == [ada, bob]
    assert known(store).first_seen_at == known(store).last_seen_at == NOON


def test_the_same_list_again_writes_the_time_of_the_list_and_nothing_else(store: Store) -> None:
    many = [user(f"u{n}") for n in range(50)]
    listed(store, *many)
    with store.write() as connection:
        before = sum(rows_written(connection).values())
        now = version.current(connection)
        assert users_list.store(connection, many, read_at=at(1), complete=True) == ListChanges()
        assert sum(rows_written(connection).values()) - before == 1
        assert version.current(connection) == now
    assert known(store, "id-u7").last_seen_at == at(1)


def test_who_is_missing_from_a_complete_list_is_marked_and_kept(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    assert listed(store, user("bob"), now=at(1)) == ListChanges(vanished=1)
    gone = known(store)
    assert (gone.vanished_at, gone.last_seen_at, gone.user) == (at(1), NOON, user("ada"))
    assert listed(store, user("bob"), now=at(2)) == ListChanges()
    assert known(store).vanished_at == at(1)


def test_nobody_vanishes_from_a_list_that_was_cut_short(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    assert listed(store, user("bob"), now=at(1), complete=False) == ListChanges()
    assert known(store).vanished_at is None


ROW_OF_ADA = UnreadableRow(external_id="ext-ada")
ROW_OF_NOBODY_KNOWN = UnreadableRow(external_id="ext-eve")
NAMELESS_ROW = UnreadableRow()


def test_a_row_that_cannot_be_read_keeps_the_user_whom_it_names_by_external_id_and_no_other(store: Store) -> None:
    listed(store, user("ada"), user("bob"), user("eva"))
    changes = listed(store, user("eva"), now=at(1), unreadable=[ROW_OF_ADA, ROW_OF_NOBODY_KNOWN])
    assert changes == ListChanges(vanished=1)
    assert (known(store).vanished_at, known(store, "id-bob").vanished_at) == (None, at(1))
    assert known(store).last_seen_at == at(1)  # it is a whole list
    assert listed(store, user("eva"), now=at(2)) == ListChanges(vanished=1)


def test_a_row_that_does_not_say_who_it_is_keeps_everybody_until_a_whole_list_or_for_a_day(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    for hours in (1, 12, 23.9):
        assert listed(store, user("bob"), now=at(hours), unreadable=[NAMELESS_ROW]) == ListChanges()
    assert known(store).vanished_at is None
    assert listed(store, user("bob"), now=at(24), unreadable=[NAMELESS_ROW]) == ListChanges(vanished=1)


def test_a_whole_list_after_one_that_was_held_back_tells_who_is_gone(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    listed(store, user("bob"), now=at(1), unreadable=[NAMELESS_ROW, ROW_OF_ADA])
    assert listed(store, user("bob"), now=at(2)) == ListChanges(vanished=1)


def test_where_no_list_was_ever_whole_the_first_one_is_what_the_day_is_counted_from(store: Store) -> None:
    listed(store, user("ada"), user("bob"), unreadable=[NAMELESS_ROW])
    assert listed(store, user("bob"), now=at(23), unreadable=[NAMELESS_ROW]) == ListChanges()
    assert listed(store, user("bob"), user("eva"), now=at(23), unreadable=[NAMELESS_ROW]) == ListChanges(new=1)
    assert told(store) == [(ObservationKind.USER_APPEARED, "id-eva")]
    assert listed(store, user("bob"), user("eva"), now=at(24), unreadable=[NAMELESS_ROW]) == ListChanges(vanished=1)


def test_who_is_listed_again_is_back(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    listed(store, user("bob"), now=at(1))
    assert listed(store, user("ada"), user("bob"), now=at(2)) == ListChanges(reappeared=1)
    assert (known(store).vanished_at, known(store).first_seen_at) == (None, NOON)
    assert told(store) == [(ObservationKind.USER_VANISHED, "id-ada"), (ObservationKind.USER_APPEARED, "id-ada")]


def test_the_users_of_the_first_list_did_not_appear_and_later_ones_did(store: Store) -> None:
    listed(store, user("ada"))
    listed(store, user("ada"), user("bob"), now=at(1))
    assert told(store) == [(ObservationKind.USER_APPEARED, "id-bob")]


@pytest.mark.parametrize(
    "calendars",
    [(), (Connection("google", False),), (Connection("google", False, "ada@acme.com"),)],
    ids=["left out", "without its address", "with its address"],
)
def test_a_lost_calendar_keeps_its_address_and_the_user_its_customer(
    store: Store, calendars: tuple[Connection, ...]
) -> None:
    listed(store, user("ada"))
    listed(store, replace(user("ada"), connections=calendars), now=at(1))
    assert known(store).user.lost == (Connection("google", False, "ada@acme.com"),)
    assert known(store).customer == "acme.com"
    listed(store, user("ada"), now=at(2))
    assert known(store).user == user("ada")
    assert [kind for kind, _ in told(store)] == [ObservationKind.CONNECTION_LOST, ObservationKind.CONNECTION_FOUND]


def test_a_user_who_moves_to_another_company_moves_to_its_customer(store: Store) -> None:
    listed(store, user("ada"))
    listed(store, replace(user("ada"), connections=(Connection("google", True, "ada@else.com"),)), now=at(1))
    assert known(store).customer == "else.com"


def test_addresses_are_remembered_by_calendar_behind_those_that_are_named() -> None:
    before = (Connection("google", True, "g@a.com"), Connection("microsoft", True, "m@b.com"))
    assert remembering(before, (Connection("microsoft", True, "new@b.com"),)) == (
        Connection("microsoft", True, "new@b.com"),
        Connection("google", False, "g@a.com"),
    )


def test_a_change_of_rules_is_told_with_before_and_after(store: Store) -> None:
    listed(store, user("ada", preferences=EXTERNAL))
    listed(store, user("ada", preferences=NOTHING), now=at(1))
    with store.read() as connection:
        assert observations.since(connection) == (
            Observation(1, at(1), ObservationKind.PREFERENCES_CHANGED, "id-ada", None, EXTERNAL, NOTHING),
        )


def test_what_changed_is_asked_for_since_a_time_a_number_and_for_some_users(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    listed(store, user("ada", connected=False), user("bob"), now=at(1))
    listed(store, user("ada", connected=False), user("bob", connected=False), now=at(2))
    with store.read() as connection:
        whose = [
            [seen.user_id for seen in observations.since(connection, **asked)]
            for asked in ({}, {"after": at(1)}, {"seq": 1}, {"user_ids": ["id-ada"]}, {"limit": 1}, {"after": at(2)})
        ]
    assert whose == [["id-bob", "id-ada"], ["id-bob"], ["id-bob"], ["id-ada"], ["id-bob"], []]


def test_a_list_that_names_a_user_twice_keeps_the_last(store: Store) -> None:
    assert listed(store, user("ada"), user("ada", connected=False)) == ListChanges(new=1)
    assert not known(store).user.connected


def test_a_user_whose_read_did_not_work_is_stale_until_one_does(store: Store) -> None:
    listed(store, user("ada"))
    assert not known(store).stale
    with store.write() as connection:
        users.failed(connection, "id-ada", "limited", at=at(1))
    assert (known(store).stale, known(store).failure, known(store).failed_at) == (True, "limited", at(1))
    read(store, [], now=at(2))
    assert (known(store).stale, known(store).read_at) == (False, at(2))


def test_text_and_ids_that_a_database_could_not_hold_cost_nothing(store: Store) -> None:
    strange = replace(
        user("ada"),
        id="x" * 10_000,
        external_id="nul\0inside",
        connections=(Connection("goo\0gle", True, "a\0@acme.com"),),
        preferences=replace(EXTERNAL, bot_name="\0" + "😀" * 2000),
    )
    assert listed(store, strange, user("bob")) == ListChanges(new=2)
    assert listed(store, strange, user("bob"), now=at(1)) == ListChanges()
    row = known(store, "x" * 10_000)
    assert row.user.external_id == "nul\ufffdinside"
    assert row.user.preferences == strange.preferences

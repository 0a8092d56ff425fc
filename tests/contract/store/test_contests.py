"""Entry ids that two listed users were shown with: nothing of it is stored before it is told whose they are."""

from dataclasses import replace

import pytest
from sqlalchemy import insert, select

from lib.domain import Entry, UnreadableRow
from lib.errors import RecallContested, RecallDoubted
from lib.store import Store, contests, events, users
from lib.store.contests import Contest, ContestOwner
from lib.store.meetings import MeetingChanges
from lib.store.tables.workspace import entry as entry_table
from tests.contract.store.making import at, entry, kept, known, listed, read, user

MINUTE = 1 / 60
ADAS = [entry(name, starts=starts) for name, starts in (("a", -30), ("b", 5), ("c", 6))]
BOBS = [entry("x", starts=5), entry("y", starts=6)]


@pytest.fixture(autouse=True)
def _ada_and_bob(store: Store) -> None:
    listed(store, user("ada"), user("bob"))


def all_of(store: Store) -> tuple[Contest, ...]:
    with store.read() as connection:
        return contests.everyone(connection)


def answer(store: Store, owner: ContestOwner, *, now: float) -> list[bool]:
    """Recall's answer about every contest that is due."""
    with store.write() as connection:
        return [contests.answered(connection, one, owner, at=at(now)) for one in contests.due(connection, at(now))]


def told(store: Store, owner: ContestOwner) -> None:
    answer(store, owner, now=2)
    assert answer(store, owner, now=2.1) == [True]


def ids(store: Store, who: str) -> set[str]:
    return set(kept(store, who))


def contested(store: Store, rows: list[Entry] = ADAS, *, now: float = 1) -> None:
    found = read(store, rows, who="id-bob", now=at(now))
    assert (type(found.doubt), found.seen, found.new) == (RecallContested, len(rows), 0)


def test_nothing_of_an_answer_with_anothers_entries_is_stored(store: Store) -> None:
    read(store, ADAS)
    read(store, BOBS, who="id-bob")
    contested(store, [*ADAS[:2], entry("new", starts=7)])
    assert ids(store, "id-bob") == {"x", "y"}
    assert kept(store, "id-bob")["x"].removed_at is None  # and nobody's absence is concluded
    [one] = all_of(store)
    assert (one.claimant, one.holder, set(one.ids), one.entries) == ("id-bob", "id-ada", {"a", "b"}, 2)


def test_ids_that_one_has_oneself_are_nobody_elses_business(store: Store) -> None:
    read(store, ADAS)
    assert read(store, ADAS, now=at(1)).doubt is None


def test_who_vanished_holds_nothing(store: Store) -> None:
    read(store, ADAS)
    listed(store, user("bob"), now=at(0.5))
    assert read(store, ADAS, who="id-bob", now=at(1)) == MeetingChanges(seen=3, new=3)


def test_who_is_held_unlisted_holds_on(store: Store) -> None:
    read(store, ADAS)
    listed(store, now=at(0.5))
    listed(store, user("bob"), now=at(0.6), complete=False)
    contested(store)


def test_it_is_told_by_two_answers_that_agree_five_minutes_apart(store: Store) -> None:
    read(store, ADAS)
    contested(store)
    assert answer(store, ContestOwner.HOLDER, now=2) == [False]
    assert answer(store, ContestOwner.HOLDER, now=2 + 4.9 * MINUTE) == []  # not due
    assert answer(store, ContestOwner.CLAIMANT, now=2 + 5 * MINUTE) == [False]
    assert answer(store, ContestOwner.HOLDER, now=2 + 10 * MINUTE) == [False]
    assert answer(store, ContestOwner.HOLDER, now=2 + 15 * MINUTE) == [True]


def test_a_claimant_who_is_the_owner_gets_them_and_the_holder_loses_them(store: Store) -> None:
    read(store, ADAS, who="id-bob")
    read(store, BOBS, who="id-bob", now=at(0.5))  # as it is
    found = read(store, ADAS, now=at(1))
    assert isinstance(found.doubt, RecallContested)
    told(store, ContestOwner.CLAIMANT)
    assert read(store, ADAS, now=at(3)) == MeetingChanges(seen=3, new=3)
    assert (ids(store, "id-ada"), ids(store, "id-bob")) == ({"a", "b", "c"}, {"x", "y"})
    assert all_of(store) == ()
    with store.read() as connection:
        [happened] = events.numbered(connection, [1])
    assert (happened.kind, happened.user_id, happened.details) == (
        events.EventKind.ENTRIES_SET_ASIDE,
        "id-bob",
        {"entries": 3},
    )


@pytest.mark.parametrize("owner", [ContestOwner.BOTH, ContestOwner.NEITHER])
def test_where_nobody_can_tell_both_keep_what_they_have(store: Store, owner: ContestOwner) -> None:
    read(store, ADAS)
    read(store, BOBS, who="id-bob")
    contested(store, [*BOBS, ADAS[1]])
    told(store, owner)
    assert read(store, [*BOBS, ADAS[1], entry("new", starts=7)], who="id-bob", now=at(3)).new == 1
    assert (ids(store, "id-ada"), ids(store, "id-bob")) == ({"a", "b", "c"}, {"x", "y", "new"})
    [one] = all_of(store)
    assert (one.owner, one.settled_at) == (owner, at(2.1))


def test_a_contest_ends_by_itself_once_the_claimant_is_shown_with_its_own(store: Store) -> None:
    read(store, ADAS)
    contested(store)
    assert read(store, BOBS, who="id-bob", now=at(2)) == MeetingChanges(seen=2, new=2)
    assert all_of(store) == ()


def test_what_two_have_from_before_this_rule_is_found(store: Store) -> None:
    read(store, ADAS)
    read(store, BOBS, who="id-bob", now=at(0.5))
    _copy(store, "id-ada", "id-bob")
    assert read(store, [*BOBS, *ADAS], who="id-bob", now=at(1)).doubt is None  # no pass asks for what is known
    with store.write() as connection:
        assert contests.note_shared(connection, at=at(2)) == 1
    [one] = all_of(store)
    assert (one.claimant, one.holder, one.entries) == ("id-bob", "id-ada", 3)
    assert read(store, [*BOBS, *ADAS], who="id-bob", now=at(3)).doubt is None
    assert len(all_of(store)) == 1  # it stays until it is told


def test_what_was_taken_out_goes_on_where_it_was_when_it_is_shown_again(store: Store) -> None:
    read(store, [*ADAS, entry("h", starts=1, bot_id="one")])
    read(store, [*ADAS, entry("h", starts=1, bot_id="two")], now=at(2))
    before = kept(store)
    _take_out(store, {"a", "b", "h"})
    assert ids(store, "id-ada") == {"c"}
    assert read(store, [*ADAS, entry("h", starts=1, bot_id="two")], now=at(4)).new == 0
    after = kept(store)
    assert after.keys() == before.keys()
    for name, one in after.items():
        was = before[name]
        assert (one.entry, one.first_seen_at, one.seen_will_record, one.seen_preferences) == (
            was.entry,
            was.first_seen_at,
            was.seen_will_record,
            was.seen_preferences,
        )
        assert [bot.bot_id for bot in one.former_bots] == [bot.bot_id for bot in was.former_bots]
    assert [bot.bot_id for bot in after["h"].former_bots] == ["one"]


def test_nothing_personal_is_kept_of_it(store: Store) -> None:
    read(store, [entry(title="A secret title", organizer_email="boss@secret.example")])
    _take_out(store, {"e"})
    with store.read() as connection:
        bodies = " ".join(map(str, connection.exec_driver_sql("SELECT body FROM set_aside").all()))
    assert "secret" not in bodies
    assert "ada@acme.com" not in bodies


def test_occurrences_go_and_come_together(store: Store) -> None:
    read(store, [entry(starts=1)])
    read(store, [entry(starts=1)], now=at(2))
    read(store, [entry(starts=30)], now=at(3))
    _take_out(store, {"e"})
    assert ids(store, "id-ada") == set()
    read(store, [entry(starts=30)], now=at(4))
    with store.read() as connection:
        found = connection.exec_driver_sql("SELECT occurrence FROM entry ORDER BY occurrence").all()
    assert [tuple(row) for row in found] == [(0,), (1,)]


def test_ids_that_there_are_not_are_not_taken_out(store: Store) -> None:
    read(store, ADAS)
    with store.write() as connection:
        assert contests.set_entries_aside(connection, known(store).key, ["nothing"], at=at(1)) == 0
    assert ids(store, "id-ada") == {"a", "b", "c"}


def _take_out(store: Store, which: set[str]) -> None:
    with store.write() as connection:
        assert contests.set_entries_aside(connection, known(store).key, which, at=at(3)) == len(which)


def test_an_answer_without_a_row_where_three_coming_ones_are_known_must_be_said_twice(store: Store) -> None:
    read(store, [entry(name, starts=50) for name in "abc"])
    assert isinstance(read(store, [], now=at(1)).doubt, RecallDoubted)
    assert isinstance(read(store, [], now=at(1 + 4.9 * MINUTE)).doubt, RecallDoubted)
    assert read(store, [], now=at(1 + 5 * MINUTE)) == MeetingChanges(vanished=3)


def test_one_with_a_row_in_between_begins_it_anew(store: Store) -> None:
    rows = [entry(name, starts=50) for name in "abc"]
    read(store, rows)
    assert read(store, [], now=at(1)).doubt
    assert read(store, rows, now=at(2)).doubt is None
    assert read(store, [], now=at(3)).doubt


@pytest.mark.parametrize("coming", [0, 2])
def test_one_is_enough_where_fewer_are_known(store: Store, coming: int) -> None:
    past = [entry(f"p{n}", starts=-30) for n in range(5)]
    read(store, [*past, *(entry(f"e{n}", starts=50) for n in range(coming))])
    assert read(store, [], now=at(1)).doubt is None


def test_one_is_enough_for_who_is_not_connected_or_with_another_account(store: Store) -> None:
    read(store, [entry(name, starts=50) for name in "abc"])
    other = (replace(user("ada").connections[0], email="ada@new.example"),)
    listed(store, replace(user("ada"), connections=other), user("bob"), now=at(0.5))
    assert read(store, [], now=at(1)) == MeetingChanges(vanished=3)
    rows = [entry(name, starts=50) for name in "xyz"]
    read(store, rows, who="id-bob", now=at(1))
    listed(store, user("ada"), user("bob", connected=False), now=at(2))
    assert read(store, [], who="id-bob", now=at(3)) == MeetingChanges(vanished=3)


def test_the_same_account_connected_again_is_the_same(store: Store) -> None:
    read(store, [entry(name, starts=50) for name in "abc"])
    listed(store, user("ada", connected=False), user("bob"), now=at(0.5))
    read(store, [entry(name, starts=50) for name in "abc"], now=at(0.6))
    listed(store, user("ada"), user("bob"), now=at(0.7))
    assert read(store, [], now=at(1)).doubt


def test_an_unreadable_row_is_a_row(store: Store) -> None:
    read(store, [entry(name, starts=50) for name in "abc"])
    assert read(store, [], now=at(1), unreadable=[UnreadableRow()]).doubt is None


def _copy(store: Store, source: str, target: str) -> None:
    """What a store of before this rule may hold: rows of one user filed under another too."""
    with store.write() as connection:
        keys = {row.user.id: row.key for row in users.everyone(connection)}
        for row in connection.execute(select(entry_table).where(entry_table.c.user == keys[source])).all():
            copy = row._asdict() | {"pk": row.pk + 1000, "user": keys[target], "first_seen_at": at(0.5)}
            connection.execute(insert(entry_table).values(copy))

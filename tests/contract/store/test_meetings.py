"""One user's meetings: changed rows only, nothing deleted, and what was seen before an entry began."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lib.domain import Attendee, Connection, Entry
from lib.errors import UnknownCalendarUser
from lib.store import Store, entries, meetings, observations, version
from lib.store.meetings import MeetingChanges
from tests.contract.store.making import (
    EXTERNAL,
    NOON,
    NOTHING,
    answered,
    at,
    entry,
    kept,
    known,
    listed,
    read,
    rows_written,
    user,
    window,
)


@pytest.fixture(autouse=True)
def _ada(store: Store) -> None:
    listed(store, user("ada"))


def full(name: str = "e", **fields: Any) -> Entry:
    """An entry with everything filled."""
    more: dict[str, Any] = {
        "override_should_record": False,
        "will_record_reason": "why",
        "bot_id": "b",
        "is_hosted_by_me": True,
    }
    return entry(
        name, **(more | {"is_recurring": False, "visibility": "private", "invites": ("zoom", "meet")} | fields)
    )


@pytest.mark.parametrize("one", [full(), Entry("bare", False, None, None)], ids=["full", "bare"])
def test_an_entry_comes_back_as_it_came(store: Store, one: Entry) -> None:
    assert read(store, [one]) == MeetingChanges(seen=1, new=1)
    stored = kept(store)[one.id]
    assert stored.entry == one
    assert (stored.first_seen_at, stored.changed_at, stored.removed_at, stored.erased) == (NOON, NOON, None, False)
    assert (stored.own_answer, stored.attendees) == (("accepted", 2) if one.attendees else (None, 0))


def test_a_read_outside_a_pass_that_shows_nothing_new_costs_one_row_that_says_when(store: Store) -> None:
    answer = [full(f"e{n}", starts=n - 50) for n in range(100)]
    read(store, answer)
    with store.write() as connection:
        before = rows_written(connection)
        now = version.current(connection)
        changes = meetings.store(
            connection, "id-ada", answered(answer), window=window(at(0.1)), read_at=at(0.1), now=at(0.1)
        )
        after = rows_written(connection)
        assert version.current(connection) == now
    assert changes == MeetingChanges(seen=100)
    written = {table: rows - before.get(table, 0) for table, rows in after.items() if rows != before.get(table)}
    assert written in ({"all": 1}, {"last_read": 1})
    assert known(store).read_at == at(0.1)


def test_only_what_changed_is_written(store: Store) -> None:
    answer = [entry(f"e{n}") for n in range(100)]
    read(store, answer)
    answer[7] = replace(answer[7], title="Another")
    with store.write() as connection:
        before = sum(rows_written(connection).values())
        meetings.store(connection, "id-ada", answered(answer), window=window(at(0.1)), read_at=at(0.1), now=at(0.1))
        assert sum(rows_written(connection).values()) - before == 5  # version, entry, details twice, reading
    assert kept(store)["e7"].entry.title == "Another"
    assert [stored.changed_at for stored in kept(store).values()].count(at(0.1)) == 1


def test_another_order_of_the_attendees_is_no_change(store: Store) -> None:
    one = entry()
    read(store, [one])
    assert read(store, [replace(one, attendees=one.attendees[::-1])]) == MeetingChanges(seen=1)


@pytest.mark.parametrize(
    "field", ["title", "will_record", "bot_id", "end_time", "attendees", "organizer_email", "invites"]
)
def test_a_change_of_any_field_is_seen(store: Store, field: str) -> None:
    values = {
        "title": None,
        "will_record": False,
        "bot_id": "another",
        "end_time": at(9),
        "attendees": (Attendee("ada@acme.com", "Ada", "declined"),),
        "organizer_email": "",
        "invites": (),
    }
    changed = replace(full(), **{field: values[field]})  # type: ignore[arg-type]
    read(store, [full()])
    assert read(store, [changed], now=at(0.1)) == MeetingChanges(seen=1, changed=1)
    assert kept(store)["e"].entry == changed


def test_a_read_that_began_before_a_change_of_ours_and_ends_after_it_does_not_take_it_back(store: Store) -> None:
    old, new = entry("set", starts=50), entry("new", starts=60)
    read(store, [old])
    with store.write() as connection:
        for one in (replace(old, override_should_record=False), new):
            meetings.store_entry(connection, "id-ada", one, read_at=at(2), now=at(2))
        meetings.store_entry(connection, "id-ada", old, read_at=at(1), now=at(3))
    assert read(store, [old], read_at=at(1), now=at(3)) == MeetingChanges(seen=1)
    stored = kept(store)
    assert stored["set"].entry.override_should_record is False
    assert stored["new"].removed_at is None
    with store.read() as connection:
        seen = observations.since(connection, kinds=[observations.ObservationKind.OVERRIDE_CHANGED])
    assert [each.override_after for each in seen] == [False]
    assert read(store, [old], now=at(4)) == MeetingChanges(seen=1, changed=1, vanished=1)


def test_an_entry_that_is_missing_from_its_window_is_marked_and_kept(store: Store) -> None:
    read(store, [entry("a"), entry("b")])
    assert read(store, [entry("b")], now=at(0.5)) == MeetingChanges(seen=1, vanished=1)
    gone = kept(store)["a"]
    assert (gone.removed_at, gone.removed_connected, gone.entry) == (at(0.5), True, entry("a"))
    assert read(store, [entry("b")], now=at(0.6)) == MeetingChanges(seen=1)
    assert kept(store)["a"].removed_at == at(0.5)


def test_an_entry_that_goes_while_no_calendar_is_connected_says_so(store: Store) -> None:
    read(store, [entry()])
    listed(store, user("ada", connected=False), now=at(0.2))
    read(store, [], now=at(0.3))
    assert kept(store)["e"].removed_connected is False


def test_an_entry_that_is_there_again_is_back(store: Store) -> None:
    read(store, [entry()])
    read(store, [], now=at(0.1))
    assert read(store, [entry()], now=at(0.2)) == MeetingChanges(seen=1, reappeared=1)
    back = kept(store)["e"]
    assert (back.removed_at, back.removed_connected, back.first_seen_at) == (None, None, NOON)


def test_nothing_is_gone_from_an_answer_that_was_cut_short(store: Store) -> None:
    read(store, [entry()])
    assert read(store, [], now=at(0.1), complete=False) == MeetingChanges()
    assert kept(store)["e"].removed_at is None


@pytest.mark.parametrize("days", [-58.9, 26.9], ids=str)
def test_absence_is_concluded_as_far_as_recall_is_sure_to_show_what_there_is(store: Store, days: float) -> None:
    read(store, [entry(starts=days * 24)], asked=window(at(days * 24)))
    assert read(store, [], now=NOON) == MeetingChanges(vanished=1)


@pytest.mark.parametrize("days", [-61, -60, -59.5, 27, 28, 30.9, 31, 40], ids=str)
def test_an_entry_as_old_as_recall_keeps_any_or_further_ahead_than_is_sure_to_be_shown_is_not_gone(
    store: Store, days: float
) -> None:
    read(store, [entry(starts=days * 24)], asked=window(at(days * 24)))
    assert read(store, [], now=NOON) == MeetingChanges()
    assert kept(store)["e"].removed_at is None


def test_an_entry_grows_too_old_for_recall_and_stays_as_it_was(store: Store) -> None:
    read(store, [entry()])
    for days in (30, 58, 59, 60, 61, 90):
        now = at(24 * days)
        answer = [entry()] if days < 60 else []
        assert read(store, answer, now=now) == MeetingChanges(seen=len(answer))
    assert kept(store)["e"].removed_at is None


def test_an_entry_without_a_start_is_gone_when_a_whole_answer_lacks_it(store: Store) -> None:
    read(store, [entry(starts=None)])
    assert read(store, [], now=at(1)) == MeetingChanges(vanished=1)


def test_an_entry_that_moves_out_of_the_window_is_found_again_by_its_id(store: Store) -> None:
    read(store, [entry(starts=24)])
    assert read(store, [entry(starts=24 * 40)], now=at(1)) == MeetingChanges(seen=1, changed=1)
    assert read(store, [entry(starts=2)], now=at(1)) == MeetingChanges(seen=1, changed=1)
    assert len(kept(store)) == 1


def seen(store: Store) -> tuple[object, object]:
    return kept(store)["e"].seen_will_record, kept(store)["e"].seen_preferences


def test_what_was_seen_before_the_start_stays_once_the_entry_began(store: Store) -> None:
    read(store, [entry(will_record=True)])
    assert seen(store) == (True, EXTERNAL)
    listed(store, user("ada", preferences=NOTHING), now=at(0.5))
    read(store, [entry(will_record=False)], now=at(0.6))
    assert seen(store) == (False, NOTHING)
    listed(store, user("ada", preferences=EXTERNAL), now=at(1.1))
    read(store, [entry(will_record=True)], now=at(1.2))
    assert seen(store) == (False, NOTHING)


def test_rules_that_change_before_the_start_are_seen_though_the_entry_is_the_same(store: Store) -> None:
    read(store, [entry()])
    listed(store, user("ada", preferences=NOTHING), now=at(0.5))
    assert read(store, [entry()], now=at(0.6)) == MeetingChanges(seen=1)
    assert seen(store) == (True, NOTHING)
    assert kept(store)["e"].changed_at == NOON


@pytest.mark.parametrize("now", [at(1), at(5)], ids=["at its start", "later"])
def test_an_entry_first_seen_when_it_had_begun_was_never_seen_before(store: Store, now: Any) -> None:
    read(store, [entry()], now=now)
    assert seen(store) == (None, None)


def test_an_entry_put_off_after_it_began_is_seen_anew(store: Store) -> None:
    read(store, [entry(will_record=True)])
    read(store, [entry(will_record=False, starts=5)], now=at(2))
    assert seen(store) == (False, EXTERNAL)


def test_an_entry_moved_to_before_it_was_ever_seen_was_never_seen_before_its_start(store: Store) -> None:
    read(store, [entry(starts=5)])
    read(store, [entry(starts=-1)], now=at(2))
    assert seen(store) == (None, None)


def test_an_entry_moved_to_earlier_but_after_it_was_seen_keeps_that(store: Store) -> None:
    read(store, [entry(starts=5)])
    read(store, [entry(starts=1, will_record=False)], now=at(2))
    assert seen(store) == (True, EXTERNAL)


def test_a_clock_put_back_does_not_let_an_entry_that_began_be_seen_before_its_start(store: Store) -> None:
    read(store, [entry(will_record=True)])
    read(store, [entry(will_record=True)], now=at(1.5))
    read(store, [entry(will_record=False)], now=at(0.5))
    assert seen(store) == (True, EXTERNAL)


def test_an_answer_that_names_an_entry_twice_keeps_the_last(store: Store) -> None:
    assert read(store, [entry(), entry(title="Last")]) == MeetingChanges(seen=1, new=1)
    assert kept(store)["e"].entry.title == "Last"


def test_ones_own_answer_is_found_by_any_of_ones_addresses_in_any_case(store: Store) -> None:
    mine = (Connection("google", True, "ADA@acme.com"), Connection("microsoft", True, "ada@else.com"))
    listed(store, replace(user("ada"), connections=mine))
    people = (Attendee("bob@x.com", None, "accepted"), Attendee("Ada@Else.com", None, "declined"))
    read(store, [entry(attendees=people)])
    assert kept(store)["e"].own_answer == "declined"


def test_nobody_unknown_is_read(store: Store) -> None:
    with pytest.raises(UnknownCalendarUser):
        read(store, [], who="id-nobody")


def test_entries_are_asked_for_by_time_by_number_and_by_bot(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    read(store, [entry("late", starts=9), entry("early", starts=1, bot_id="b"), entry("never", starts=None)])
    read(store, [entry("his", bot_id="b")], who="id-bob")
    with store.read() as connection:
        everything = entries.of_user(connection, "id-ada")
        assert [stored.entry.id for stored in everything] == ["never", "early", "late"]
        some = entries.of_user(connection, "id-ada", after=at(1), before=at(9))
        assert [stored.entry.id for stored in some] == ["early"]
        keys = [everything[2].key, 999_999, everything[0].key]
        assert [stored.entry.id for stored in entries.find(connection, keys)] == ["late", "never"]
        assert {stored.user_id for stored in entries.of_bot(connection, "b")} == {"id-ada", "id-bob"}


def test_hostile_text_and_absurd_ids_come_back_and_change_nothing_the_next_time(store: Store) -> None:
    odd = entry("i" * 5000, title="nul\0 \u202e <b>'; DROP TABLE entry;--", ical_uid="u" * 9000, bot_id="b" * 5000)
    read(store, [odd])
    assert read(store, [odd]) == MeetingChanges(seen=1)
    (stored,) = kept(store).values()
    assert stored.entry.title == "nul\ufffd \u202e <b>'; DROP TABLE entry;--"


def test_times_at_the_ends_of_the_calendar_are_kept(store: Store) -> None:
    odd = replace(
        entry(), start_time=NOON.replace(year=1), end_time=NOON.replace(year=9999) + timedelta(microseconds=7)
    )
    read(store, [odd])
    assert kept(store)["e"].entry == odd

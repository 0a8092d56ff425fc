"""The nouns: what an entry, a user and a listing say of themselves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain import PREFERENCE_FLAGS, CalendarUser, Connection, Entry, Listing, Preferences

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(start: datetime | None = MIDNIGHT, end: datetime | None = MIDNIGHT + HOUR, **facts: Any) -> Entry:
    return Entry("entry-1", will_record=False, start_time=start, end_time=end, **facts)


def user(*connections: Connection, external_id: str | None = "ext-1") -> CalendarUser:
    return CalendarUser("uuid-1", external_id, connections)


@pytest.mark.parametrize(
    ("start", "hours", "whole"),
    [
        (MIDNIGHT, 24, True),
        (MIDNIGHT, 72, True),
        (MIDNIGHT, 23, False),
        (MIDNIGHT, 25, False),
        (MIDNIGHT, 0, False),
        (MIDNIGHT, -24, False),
        (MIDNIGHT + HOUR, 24, False),
        (MIDNIGHT + timedelta(seconds=1), 24, False),
        (MIDNIGHT.astimezone(timezone(5 * HOUR)), 24, True),  # the same instant, told in another zone
        (datetime(2026, 11, 22, tzinfo=timezone(5 * HOUR)), 24, False),  # midnight there, not in UTC
    ],
)
def test_a_whole_day_runs_from_one_midnight_in_utc_to_a_later_one(start: datetime, hours: int, whole: bool) -> None:
    assert entry(start, start + hours * HOUR).is_whole_day is whole


@pytest.mark.parametrize(("start", "end"), [(None, MIDNIGHT), (MIDNIGHT, None), (None, None)])
def test_an_entry_without_start_or_end_counts_as_whole_day(start: datetime | None, end: datetime | None) -> None:
    assert entry(start, end).is_whole_day


@pytest.mark.parametrize(
    ("facts", "has_link"),
    [
        ({}, False),
        ({"invites": ("meet",)}, True),
        ({"meeting_platform": "zoom"}, True),
        ({"meeting_platform": "a platform of tomorrow"}, True),
        ({"meeting_platform": ""}, False),
    ],
)
def test_a_link_is_any_invite_or_a_named_platform(facts: dict[str, Any], has_link: bool) -> None:
    assert entry(**facts).has_link is has_link


def test_recordable_needs_both_a_link_and_times() -> None:
    linked: dict[str, Any] = {"invites": ("zoom",)}
    assert entry(**linked).is_recordable
    assert not entry().is_recordable
    assert not entry(end=None, **linked).is_recordable
    assert not entry(end=MIDNIGHT + 24 * HOUR, **linked).is_recordable


def test_an_entry_ends_when_it_starts_where_no_end_is_named() -> None:
    assert entry(end=None).ends_at == MIDNIGHT
    assert entry().ends_at == MIDNIGHT + HOUR
    assert entry(None, None).ends_at is None


@given(st.fixed_dictionaries({name: st.booleans() for name in PREFERENCE_FLAGS}))
def test_flags_are_all_six_by_name_in_one_order(flags: dict[str, bool]) -> None:
    preferences = Preferences(**flags, bot_name="Notetaker")
    assert preferences.flags == flags
    assert tuple(preferences.flags) == PREFERENCE_FLAGS


GONE = Connection("google", False, "old@acme.example")
NEVER = Connection("google", False)
BLANK = Connection("google", False, "")
HERE = Connection("microsoft", True, "anna@acme.example")


def test_a_calendar_is_lost_only_if_it_was_connected_once() -> None:
    anna = user(GONE, NEVER, BLANK, HERE)
    assert anna.lost == (GONE,)
    assert anna.connected == (HERE,)


def test_a_calendar_that_was_disconnected_here_is_let_go_and_not_lost() -> None:
    let_go = replace(GONE, let_go=True)
    anna = user(let_go, replace(HERE, connected=False))
    assert anna.let_go == (let_go,)
    assert anna.lost == (replace(HERE, connected=False),)
    assert anna.label == "old@acme.example"


def test_a_calendar_that_recall_can_read_is_neither_let_go_nor_lost() -> None:
    anna = user(replace(HERE, let_go=True))
    assert (anna.let_go, anna.lost, len(anna.connected)) == ((), (), 1)


def test_who_let_a_calendar_go_does_not_make_it_another_one() -> None:
    assert replace(GONE, let_go=True) == GONE


def test_people_know_a_user_by_the_calendar_that_is_connected() -> None:
    assert user(GONE, HERE).label == "anna@acme.example"
    assert user(GONE, Connection("microsoft", True)).label == "old@acme.example"


def test_a_user_without_an_address_is_called_by_its_ids() -> None:
    assert user(NEVER, BLANK).label == "ext-1"
    assert user(external_id=None).label == user(external_id="").label == "uuid-1"


@given(
    st.lists(st.builds(Connection, st.just("google"), st.booleans(), st.sampled_from([None, "", "a@b.example"]))),
    st.none() | st.text(max_size=3),
)
def test_every_user_has_something_to_be_called_by(connections: list[Connection], external_id: str | None) -> None:
    anybody = user(*connections, external_id=external_id)
    assert anybody.label
    assert not set(anybody.connected) & set(anybody.lost)


def test_a_listing_is_its_rows_and_says_how_many_could_not_be_read() -> None:
    listing = Listing((1, 2, 3), unreadable=2)
    assert list(listing) == [1, 2, 3]
    assert len(listing) == 3
    assert listing.complete


def test_the_nouns_do_not_change() -> None:
    with pytest.raises(AttributeError):
        entry().will_record = True  # type: ignore[misc]

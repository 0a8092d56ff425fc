"""The nouns: what an entry, a user and a listing say of themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain import (
    PREFERENCE_FLAGS,
    CalendarUser,
    Connection,
    Entry,
    Listing,
    Preferences,
    UnreadableRow,
    comparable_uid,
)

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(start: datetime | None = MIDNIGHT, end: datetime | None = MIDNIGHT + HOUR, **facts: Any) -> Entry:
    return Entry("entry-1", will_record=False, start_time=start, end_time=end, **facts)


def user(*connections: Connection, external_id: str | None = "ext-1") -> CalendarUser:
    return CalendarUser("uuid-1", external_id, connections)


@pytest.mark.parametrize(
    ("hours", "whole"),
    [
        (24, True),
        (72, True),
        (23, True),
        (25, True),
        (47, True),
        (49, True),
        (22.99, False),
        (25.01, False),
        (36, False),
        *((hours, False) for hours in (0, 0.5, 1, -24)),
    ],
)
@pytest.mark.parametrize("starts_at", [0, 5, 8.5])
def test_a_whole_day_is_within_an_hour_of_whole_days_from_whatever_midnight(
    starts_at: float, hours: float, whole: bool
) -> None:
    start = MIDNIGHT + starts_at * HOUR
    assert entry(start, start + hours * HOUR).is_whole_day is whole


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 22)])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])
@pytest.mark.parametrize("days", [1, 2, 14])
def test_a_day_of_any_calendar_is_whole_though_the_clocks_change(day: date, zone: str, days: int) -> None:
    begins, ends = (datetime.combine(d, time(), ZoneInfo(zone)) for d in (day, day + timedelta(days=days)))
    assert entry(begins.astimezone(UTC), ends.astimezone(UTC)).is_whole_day


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
        ({"meeting_platform": "unknown"}, False),
        ({"meeting_platform": "Unknown"}, False),
        ({"meeting_platform": "unknown", "invites": ("zoom",)}, True),
    ],
)
def test_a_link_is_any_invite_or_a_named_platform(facts: dict[str, Any], has_link: bool) -> None:
    assert entry(**facts).has_link is has_link


def test_what_looks_recordable_has_both_a_link_and_times() -> None:
    linked: dict[str, Any] = {"invites": ("zoom",)}
    assert entry(**linked).looks_recordable
    assert not entry().looks_recordable
    assert not entry(end=None, **linked).looks_recordable
    assert not entry(end=MIDNIGHT + 24 * HOUR, **linked).looks_recordable


MICROSOFT = "040000008200E00074C5B7101A82E008"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("abc@google.com", "ABC@Google.com", True),
        ("abc@google.com", "abd@google.com", False),
        (f"{MICROSOFT}00000000A1B2", f"{MICROSOFT}07EA0B16A1B2", True),
        (f"{MICROSOFT}00000000A1B2".lower(), f"{MICROSOFT}07EA0B16a1b2", True),
        (f"{MICROSOFT}00000000A1B2", f"{MICROSOFT}00000000A1B3", False),
        (f"{MICROSOFT}00000000A1B2", f"x{MICROSOFT}07EA0B16A1B2", False),
        (f"{MICROSOFT}07EA0B16-not-hex", f"{MICROSOFT}00000000-not-hex", False),
        ("07EA0B16" * 8, "00000000" + "07EA0B16" * 7, False),
    ],
)
def test_uids_are_compared_without_case_and_microsofts_without_the_date_of_the_occurrence(
    one: str, other: str, same: bool
) -> None:
    assert (comparable_uid(one) == comparable_uid(other)) is same


def test_no_uid_is_comparable_with_none() -> None:
    assert comparable_uid(None) is None
    assert comparable_uid("") is None


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
    listing = Listing((1, 2, 3), (UnreadableRow(), UnreadableRow("id")))
    assert list(listing) == [1, 2, 3]
    assert len(listing) == 3
    assert listing.complete


def test_the_nouns_do_not_change() -> None:
    with pytest.raises(AttributeError):
        entry().will_record = True  # type: ignore[misc]

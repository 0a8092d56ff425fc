"""The definitions of meetings and numbers, a sentence at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pandas as pd
import pytest

from lib.coverage.frame import frame_of
from lib.coverage.frame_order import arrange
from lib.coverage.numbers import numbers
from lib.coverage.rates import Rate
from lib.recording.time_part import TimePart
from tests.unit.coverage.worlds import Row, counted, framed, row, row_of
from tests.unit.recording.making import HOUR, NOW

BERLIN = timezone(timedelta(hours=1))


# --- what a meeting is ---


def test_entries_of_one_customer_that_share_uid_and_start_are_one_meeting() -> None:
    ended = counted([row("anna"), row("ben")]).ended
    assert (ended.entries, ended.meetings) == (2, 1)


def test_a_start_is_an_instant_whatever_zone_it_is_written_in() -> None:
    start = NOW - 3 * HOUR
    rows = [row("anna", start_time=start), row("ben", start_time=start.astimezone(BERLIN))]
    assert counted(rows).ended.meetings == 1


@pytest.mark.parametrize(
    "other",
    [
        row("carl"),
        row("ben", uid="other call"),
        row("ben", starts=-4),
    ],
    ids=["another customer", "another uid", "another start"],
)
def test_entries_that_differ_in_customer_uid_or_start_are_two_meetings(other: Row) -> None:
    assert counted([row("anna"), other]).ended.meetings == 2


@pytest.mark.parametrize("uid", [None, ""])
def test_an_entry_without_a_uid_is_a_meeting_of_its_own(uid: str | None) -> None:
    assert counted([row("anna", uid=uid), row("anna", uid=uid)]).ended.meetings == 2


def test_a_user_without_a_customer_stands_alone() -> None:
    assert counted([row("abe"), row("eve")]).ended.meetings == 2
    assert counted([row("abe"), row("abe")]).ended.meetings == 1
    assert counted([row("abe"), row("anna")]).ended.meetings == 2


def test_a_meeting_ends_with_the_latest_of_its_entries() -> None:
    found = counted([row("anna", hours=1), row("ben", hours=5)])
    assert (found.ended.meetings, found.in_progress.meetings, found.in_progress.entries) == (0, 1, 2)


def test_a_meeting_has_a_property_if_any_of_its_entries_has_it() -> None:
    ended = counted([row("anna", "recorded"), row("ben", invites=(), meeting_platform=None)]).ended
    assert (ended.recordable, ended.recorded) == (1, 1)


# --- ranges and parts ---


def test_a_range_takes_its_first_instant_in_and_leaves_its_last_out() -> None:
    rows = [row(starts=-3), row(starts=-2)]
    assert counted(rows, NOW - 3 * HOUR, NOW - 2 * HOUR).ended.meetings == 1


def test_a_range_reversed_counts_nothing() -> None:
    found = counted([row(), row(starts=2)], NOW + 9 * HOUR, NOW - 9 * HOUR)
    assert (found.ended.meetings, found.upcoming.meetings, found.reasons) == (0, 0, ())


def test_entries_without_a_start_are_in_no_range_and_counted_apart() -> None:
    found = counted([row(start_time=None), row("ben", start_time=None), row(starts=2)])
    assert (found.without_start, found.upcoming.entries, found.ended.entries) == (2, 1, 0)


def test_no_entries_are_no_data_and_not_zero_percent() -> None:
    found = counted([])
    rates = (found.upcoming.planned, found.upcoming.booked_rate, found.ended.coverage, found.ended.delivery)
    assert [rate.value for rate in rates] == [None] * 4


def test_times_at_the_ends_of_the_calendar_are_borne() -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    found = counted([row(start_time=first, end_time=last), row(start_time=last, end_time=last)], first, last)
    assert found.in_progress.meetings == 1


# --- upcoming ---


def test_planned_is_will_record_of_recordable() -> None:
    rows = [row(starts=1, will_record=True), row(starts=2), row(starts=3, invites=(), meeting_platform=None)]
    assert counted(rows).upcoming.planned == Rate(1, 2)


def test_booked_is_counted_among_what_will_be_recorded() -> None:
    rows = [
        row(starts=1, will_record=True, fate="on its way"),
        row(starts=2, will_record=True),
        row(starts=3, fate="on its way"),
    ]
    upcoming = counted(rows).upcoming
    assert (upcoming.booked, upcoming.booked_rate) == (2, Rate(1, 2))


def test_a_coming_meeting_without_a_bot_is_missed_and_says_why() -> None:
    found = counted([row(starts=1, will_record=True), row(starts=2, override_should_record=False)])
    assert found.upcoming.missed == 2
    assert {count.reason.key for count in found.reasons_of(TimePart.UPCOMING)} == {
        "bot_not_scheduled",
        "override_do_not_record",
    }


# --- in progress ---


def test_in_progress_counts_what_is_booked_and_being_recorded() -> None:
    rows = [
        row(starts=-1, hours=2, fate="recording"),
        row(starts=-1.5, hours=2, fate="on its way"),
        row("carl", hours=9),
    ]
    running = counted(rows).in_progress
    assert (running.recordable, running.booked, running.recording) == (3, 2, 1)


# --- ended ---


def test_a_bot_that_could_not_be_read_unsettles_the_whole_meeting() -> None:
    ended = counted([row("anna", "unread"), row("ben", "kept waiting")]).ended
    assert (ended.unsettled, ended.held) == (1, 0)


def test_a_recording_settles_a_meeting_whatever_other_bots_do() -> None:
    ended = counted([row("anna", "recorded"), row("ben", "unread"), row("ben", "on its way")]).ended
    assert (ended.unsettled, ended.held, ended.recorded) == (0, 1, 1)


def test_a_meeting_did_not_happen_when_all_its_bots_met_nobody() -> None:
    ended = counted([row("anna", "met nobody"), row("ben", "met bots")]).ended
    assert (ended.did_not_happen, ended.held) == (1, 0)


def test_an_entry_without_a_bot_does_not_keep_a_meeting_from_not_having_happened() -> None:
    ended = counted([row("anna", "met nobody"), row("ben", seen=True)]).ended
    assert (ended.did_not_happen, ended.held) == (1, 0)


def test_a_meeting_happened_when_one_of_its_bots_met_somebody() -> None:
    found = counted([row("anna", "met nobody"), row("ben", "kept waiting")])
    assert (found.ended.did_not_happen, found.ended.missed) == (0, 1)
    assert [count.reason.key for count in found.reasons] == ["waiting_room_not_admitted"]


def test_a_meeting_is_asked_for_by_its_bot_or_by_what_was_decided_before_its_start() -> None:
    rows = [row(uid="1", fate="kept waiting"), row(uid="2", seen=True), row(uid="3", seen=False), row(uid="4")]
    ended = counted(rows).ended
    assert (ended.held, ended.asked) == (4, 2)


def test_what_recall_decides_today_does_not_make_an_ended_meeting_asked_for() -> None:
    assert counted([row(will_record=True)]).ended.asked == 0


def test_partial_and_empty_recordings_count_and_are_counted_beside() -> None:
    ended = counted([row(uid="1", fate="in part"), row(uid="2", fate="empty"), row(uid="3", fate="recorded")]).ended
    assert (ended.recorded, ended.partial, ended.empty) == (3, 1, 1)


def test_a_missed_meeting_carries_the_reason_of_the_entry_that_got_furthest() -> None:
    rows = [row("anna", seen=False), row("ben", "kept waiting"), row("ben", "crashed")]
    assert [(count.reason.key, count.meetings) for count in counted(rows).reasons] == [("waiting_room_not_admitted", 1)]


def test_a_miss_whose_entries_name_no_reason_is_unclassified_and_not_left_out() -> None:
    start = NOW - 3 * HOUR
    silent = replace(row_of(row("abe")), reason=None)
    found = numbers(frame_of([silent]), start, NOW, NOW)
    assert [(count.reason.key, count.meetings) for count in found.reasons] == [("unclassified", 1)]


def test_a_recordable_meeting_is_not_put_down_to_an_entry_that_no_bot_could_use() -> None:
    rows = [row("anna"), row("ben", invites=(), meeting_platform=None)]
    assert [count.reason.key for count in counted(rows).reasons] == ["not_seen_before_start"]


# --- the frame ---


def test_the_keys_lead_back_to_the_entries_as_they_were_given() -> None:
    rows = [row(starts=5), row(starts=-5), row(starts=1)]
    frame = framed(rows)
    found = dict(zip(frame["key"], frame["start"].dt.to_pydatetime(), strict=True))
    assert found == {place: r.entry.start_time for place, r in enumerate(rows)}


def test_frames_put_together_are_one_again_after_arranging() -> None:
    whole = framed([row("anna", "recorded"), row("ben", "unread"), row("anna", uid=None)])
    halves = [whole.iloc[:1], whole.iloc[1:]]
    pd.testing.assert_frame_equal(arrange(pd.concat(halves[::-1])), whole)


def test_a_frame_keeps_no_text_of_the_calendar() -> None:
    frame = framed([row("anna", title="secret title", uid="secret-uid@acme.example")])
    assert "secret" not in frame.to_csv()


def test_a_row_of_the_frame_is_narrow() -> None:
    rows = [row("anna", uid=f"{n}@calendar.example", starts=n) for n in range(-500, 500)]
    assert framed(rows).memory_usage(deep=True).sum() / len(rows) < 80


def test_numbers_say_of_which_time_and_range_they_are() -> None:
    found = counted([row()], NOW - 9 * HOUR, NOW - HOUR, NOW - 2 * HOUR)
    assert (found.from_, found.to, found.as_of) == (NOW - 9 * HOUR, NOW - HOUR, NOW - 2 * HOUR)
    assert found.without_start == 0

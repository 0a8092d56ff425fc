"""What a change of preferences would do to the coming meetings."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.domain import CalendarUser, Entry, Preferences
from lib.recording.decision import Rule
from lib.recording.forecast import coming_meetings, forecast, forecast_agreement, forecast_end
from tests.unit.recording.making import HOUR, NOW, all_preferences, entries, entry, rules, user, users

UNTIL = NOW + timedelta(days=14)
EVERYTHING, NOTHING = rules("EX+IN"), rules("")

calendars = st.lists(st.tuples(entries, st.none() | st.sampled_from(["series", "single"])), max_size=6).map(
    lambda drawn: [replace(e, id=f"entry-{n}", ical_uid=uid) for n, (e, uid) in enumerate(drawn)]
)


@settings(max_examples=50)
@given(calendars, users, all_preferences)
def test_a_meeting_is_gained_or_lost_or_stays_and_never_two_of_them(
    calendar: list[Entry], anybody: CalendarUser, wanted: Preferences
) -> None:
    for one in forecast(calendar, anybody, NOW, UNTIL, wanted):
        assert one.is_gain + one.is_loss + (one.now == one.after) == 1


@settings(max_examples=50)
@given(calendars, users, all_preferences)
def test_what_is_recorded_after_is_what_is_now_with_the_gains_and_without_the_losses(
    calendar: list[Entry], anybody: CalendarUser, wanted: Preferences
) -> None:
    outlook = forecast(calendar, anybody, NOW, UNTIL, wanted)
    gains, losses = sum(f.is_gain for f in outlook), sum(f.is_loss for f in outlook)
    assert sum(f.after for f in outlook) == sum(f.now for f in outlook) + gains - losses


@settings(max_examples=50)
@given(calendars, users)
def test_with_everything_off_nothing_is_gained_unless_somebody_set_it_to_record(
    calendar: list[Entry], anybody: CalendarUser
) -> None:
    set_by_hand = {(e.start_time, e.ical_uid or e.id) for e in calendar if e.override_should_record}
    for one in forecast(calendar, anybody, NOW, UNTIL, NOTHING):
        by_hand = (one.entry.start_time, one.entry.ical_uid or one.entry.id) in set_by_hand
        assert one.after == by_hand


@settings(max_examples=50)
@given(calendars, users, all_preferences)
def test_what_is_set_by_hand_does_not_move_with_the_preferences(
    calendar: list[Entry], anybody: CalendarUser, wanted: Preferences
) -> None:
    by_hand = [e for e in calendar if e.override_should_record is not None]
    before = forecast(by_hand, anybody, NOW, UNTIL, NOTHING)
    assert [f.after for f in forecast(by_hand, anybody, NOW, UNTIL, wanted)] == [f.after for f in before]


@settings(max_examples=50)
@given(calendars, users, all_preferences)
def test_only_recordable_meetings_that_are_still_to_come_have_an_outlook(
    calendar: list[Entry], anybody: CalendarUser, wanted: Preferences
) -> None:
    outlook = forecast(calendar, anybody, NOW, UNTIL, wanted)
    starts = [f.entry.start_time for f in outlook if f.entry.start_time]
    assert len(starts) == len(outlook)
    assert starts == sorted(starts)
    assert all(NOW < start < UNTIL for start in starts)
    assert all(f.entry.looks_recordable or f.entry.will_record or f.entry.bot_id for f in outlook)
    assert sum(len(meeting) for meeting in coming_meetings(calendar, NOW, UNTIL)) == sum(
        1
        for e in calendar
        if (e.looks_recordable or e.will_record or e.bot_id) and e.start_time and NOW < e.start_time < UNTIL
    )


@settings(max_examples=50)
@given(calendars, users)
def test_our_rule_never_agrees_more_often_than_it_was_asked(calendar: list[Entry], anybody: CalendarUser) -> None:
    agreeing, judged = forecast_agreement(calendar, anybody, NOW, UNTIL)
    assert 0 <= agreeing <= judged <= len(calendar)


def test_wider_rules_gain_and_narrower_ones_lose() -> None:
    external = entry(id="external", will_record=True)
    internal = entry(starts=2, id="internal", is_external=False)
    wider = forecast([internal, external], user("EX"), NOW, UNTIL, EVERYTHING)
    assert [(f.entry.id, f.now, f.after) for f in wider] == [("external", True, True), ("internal", False, True)]
    other = forecast([internal, external], user("EX"), NOW, UNTIL, rules("IN"))
    assert [(f.entry.id, f.is_gain, f.is_loss) for f in other] == [
        ("external", False, True),
        ("internal", True, False),
    ]


@pytest.mark.parametrize("decided", [True, False])
def test_recalls_decision_stands_where_the_calendar_does_not_say_what_would_decide(decided: bool) -> None:
    hidden = entry(will_record=decided, is_external=None)
    (one,) = forecast([hidden], user("EX"), NOW, UNTIL, rules("IN"))
    assert (one.now, one.after) == (decided, decided)
    assert one.trace.verdict is None


def test_recalls_decision_of_now_is_shown_even_where_our_rule_disagrees() -> None:
    (one,) = forecast([entry(will_record=False)], user("EX"), NOW, UNTIL, rules("EX"))
    assert not one.now
    assert one.is_gain


def test_a_meeting_in_two_calendars_of_one_user_is_one_meeting() -> None:
    hosted = entry(id="in-google", ical_uid="uid", is_hosted_by_me=True)
    invited = entry(id="in-microsoft", ical_uid="uid", will_record=True)
    (one,) = forecast([hosted, invited], user(), NOW, UNTIL, rules("NH"))
    assert (one.now, one.after) == (True, True)
    assert one.trace.verdict
    (one,) = forecast([hosted, invited], user(), NOW, UNTIL, NOTHING)
    assert one.is_loss


def test_a_meeting_that_no_entry_lets_be_recorded_is_told_by_its_first() -> None:
    by_hand = entry(id="in-google", ical_uid="uid", override_should_record=False)
    by_rules = entry(id="in-microsoft", ical_uid="uid")
    for meeting, rule in (([by_hand, by_rules], Rule.DO_NOT_RECORD), ([by_rules, by_hand], Rule.EXTERNAL_OFF)):
        (one,) = forecast(meeting, user(), NOW, UNTIL, rules("IN"))
        assert (one.entry, one.after, one.trace.rule) == (meeting[0], False, rule)


def test_meetings_of_one_series_at_different_times_are_different_meetings() -> None:
    series = [entry(starts=hours, id=f"entry-{hours}", ical_uid="uid") for hours in (24, 48)]
    assert len(forecast(series, user(), NOW, UNTIL, EVERYTHING)) == 2


@pytest.mark.parametrize(
    ("start", "is_coming"),
    [
        (NOW - timedelta(seconds=1), False),
        (NOW, False),
        (NOW + timedelta(seconds=1), True),
        (UNTIL - timedelta(seconds=1), True),
        (UNTIL, False),
    ],
)
def test_the_outlook_begins_after_now_and_ends_before_its_end(start: datetime, is_coming: bool) -> None:
    one = entry(start_time=start, end_time=start + HOUR)
    assert bool(coming_meetings([one], NOW, UNTIL)) is is_coming


def test_our_rule_is_compared_only_where_it_can_tell() -> None:
    calendar = [
        entry(id="agrees", will_record=True),
        entry(id="differs", will_record=True, is_external=False),
        entry(id="cannot-tell", is_external=None),
        entry(id="over", starts=-3, will_record=True),
    ]
    assert forecast_agreement(calendar, user("EX"), NOW, UNTIL) == (1, 2)


@given(
    st.integers(0, 600 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu"]),
)
def test_the_outlook_holds_the_rest_of_today_and_fourteen_whole_days(as_of: datetime, key: str) -> None:
    zone = ZoneInfo(key)
    end = forecast_end(as_of, zone).astimezone(zone)
    assert (end.hour, end.minute, end.second) == (0, 0, 0)
    assert (end.date() - as_of.astimezone(zone).date()).days == 1 + 14

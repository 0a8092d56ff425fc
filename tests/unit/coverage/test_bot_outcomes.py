"""What became of the bots: counted against one meeting after the other, and by example."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.coverage.bot_outcomes import (
    BotMeetings,
    FailureCount,
    bot_meetings,
    bot_outcomes,
    failures,
    for_reason,
    on_side,
    outcomes_by_platform,
    outcomes_over_time,
)
from lib.coverage.columns import OWNERS
from lib.coverage.period import Bucket, Period
from lib.coverage.period_view import view_period
from lib.domain import Bot
from lib.recording.reason import SIDES, Owner, ReasonClass, Side, side_of
from lib.recording.reasons import REASON_KEYS, reason_of
from lib.recording.time_part import TimePart
from tests.unit.coverage.worlds import FATES, Row, framed, row, some_rows
from tests.unit.recording.making import HOUR, NOW, bot

PERIOD = Period(NOW - 100 * HOUR, NOW + 100 * HOUR)
UTC_ZONE = ZoneInfo("UTC")


def seen(*rows: Row, period: Period = PERIOD) -> BotMeetings:
    return bot_meetings(view_period(framed(rows), period, NOW))


def fated(fate: Bot | str, n: int = 0, **facts: Any) -> Row:
    """A meeting of its own whose bot ended like this."""
    made = row(fate=fate if isinstance(fate, str) else "recorded", uid=f"call-{n}", **facts)
    return made if isinstance(fate, str) else replace(made, bot=fate)


def test_every_end_of_a_bot_is_counted_once() -> None:
    rows = [fated(fate, n) for n, fate in enumerate(FATES)]
    found = bot_outcomes(seen(*rows))
    assert found.sent == len(FATES)
    assert (found.recorded, found.in_part) == (5, 2)
    assert (found.did_not_happen, found.unsettled) == (2, 3)
    assert found.failed_on == {Side.HOST: 1, Side.PLATFORM: 0, Side.OURS: 1, Side.NOBODY: 1}
    assert (found.came, found.failed) == (8, 3)


def test_meetings_without_a_bot_are_not_there_and_colleagues_entries_without_one_are() -> None:
    rows = [row("anna", "recorded"), row("ben", None), row("carl", None), row("carl", None, uid="other")]
    bots = seen(*rows)
    assert bot_outcomes(bots).sent == 1
    assert bots.rows(bots.counts("recorded")).entries.tolist() == [2]


def test_whose_side_it_is_on_is_by_the_sub_code_where_that_is_known() -> None:
    broken = bot("joining_call", "fatal:zoom_join_timeout")
    assert failures(seen(fated(broken))) == (FailureCount(reason_of("platform_or_network_error"), Side.PLATFORM, 1),)
    without = framed([fated(broken)]).assign(owner=pd.Categorical([None], categories=list(OWNERS)))
    assert failures(bot_meetings(view_period(without, PERIOD, NOW))) == (
        FailureCount(reason_of("platform_or_network_error"), Side.OURS, 1),
    )


def test_one_reason_on_two_sides_is_two_rows() -> None:
    kicked, blocked = bot("fatal:bot_kicked_from_waiting_room"), bot("fatal:google_meet_bot_blocked")
    found = failures(seen(fated(kicked, 1), fated(kicked, 2), fated(blocked, 3)))
    assert [(f.reason.key, f.side, f.meetings) for f in found] == [
        ("rejected_or_removed", Side.HOST, 2),
        ("rejected_or_removed", Side.OURS, 1),
    ]


def test_only_the_bots_of_the_period_are_counted_however_many_there_were_before() -> None:
    before = [fated("recorded", n, starts=-30 - n) for n in range(2)]
    bots = seen(*before, fated("crashed", 2), period=Period(NOW - 9 * HOUR, NOW))
    assert (bot_outcomes(bots).sent, bot_outcomes(bots).failed, bots.rows(bots.failed).keys.tolist()) == (1, 1, [2])


def test_behind_a_reason_stand_those_that_failed_for_it_and_no_others() -> None:
    bots = seen(*(fated(fate, n) for n, fate in enumerate(["crashed", "kept waiting", "kept waiting", "recorded"])))
    assert sorted(bots.rows(for_reason(bots, "waiting_room_not_admitted")).keys.tolist()) == [1, 2]


def test_the_side_is_that_of_the_entry_with_the_bot_and_not_of_a_colleagues_without() -> None:
    blocked = replace(row("anna", "recorded"), bot=bot("fatal:google_meet_bot_blocked"))
    kicked = replace(row("anna", "recorded"), bot=bot("fatal:bot_kicked_from_waiting_room"))
    for failed, side in ((blocked, Side.OURS), (kicked, Side.HOST)):
        for rows in ((failed, row("ben", seen=False)), (row("ben", seen=False), failed)):
            [found] = failures(seen(*rows))
            assert (found.reason.key, found.side) == ("rejected_or_removed", side)


def test_a_meeting_failed_by_the_bot_that_got_furthest() -> None:
    two = [row("anna", "crashed"), replace(row("ben", "kept waiting"), entry=fated("kept waiting").entry)]
    two[1] = replace(two[1], entry=replace(two[1].entry, ical_uid="call", bot_id="bot-1"))
    assert [(f.reason.key, f.meetings) for f in failures(seen(*two))] == [("waiting_room_not_admitted", 1)]


def test_platforms_add_up_because_a_meeting_has_that_of_its_first_bot() -> None:
    zoom, meet = row("anna", "recorded"), row("ben", "recorded", meeting_platform="google_meet")
    none = fated("crashed", 7, meeting_platform=None)
    found = outcomes_by_platform(seen(zoom, meet, none))
    assert [(name, each.sent) for name, each in found] == [("zoom", 1), (None, 1)]


def test_platforms_come_by_how_many_bots_were_sent_then_by_name_and_without_one_last() -> None:
    names = ("zoom", "webex", None, "google_meet", "zoom", "teams")
    rows = [fated("recorded", n, meeting_platform=name) for n, name in enumerate(names)]
    found = [(name, each.sent) for name, each in outcomes_by_platform(seen(*rows))]
    assert found == [("zoom", 2), ("google_meet", 1), ("teams", 1), ("webex", 1), (None, 1)]


def test_a_day_belongs_to_the_zone_asked_for() -> None:
    late = fated("recorded", start_time=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    berlin = outcomes_over_time(seen(late), Bucket.DAY, ZoneInfo("Europe/Berlin"))
    assert [day.isoformat() for day, each in berlin if each.recorded] == ["2026-11-21"]


def test_nothing_in_the_period_is_nothing_everywhere() -> None:
    for bots in (seen(), seen(row(fate="recorded"), period=Period(NOW, NOW)), seen(row())):
        assert bot_outcomes(bots).sent == 0
        assert failures(bots) == ()
        assert outcomes_by_platform(bots) == ()
        assert len(bots.rows(bots.failed)) == 0


def test_a_cause_that_is_not_known_to_us_is_on_nobodys_side() -> None:
    assert side_of(reason_of("unclassified"), Owner.US) is Side.NOBODY


def test_every_owner_has_a_side_and_every_side_an_owner() -> None:
    reason = reason_of("rejected_or_removed")
    assert {side_of(reason, owner) for owner in Owner} == set(Side)


def test_a_reason_that_is_ours_is_on_our_side_and_one_the_customer_can_fix_on_the_hosts() -> None:
    for reason in (reason_of(key) for key in REASON_KEYS if key != "unclassified"):
        if reason.klass is ReasonClass.OURS:
            assert side_of(reason) is Side.OURS
        assert side_of(reason) is not Side.PLATFORM  # only a sub-code tells the platform from Recall


@settings(max_examples=60)
@given(some_rows)
def test_what_became_of_them_equals_a_recount_meeting_by_meeting(rows: list[Row]) -> None:
    bots = seen(*rows)
    found = bot_outcomes(bots)
    told = Counter(end for end, _ in _recounted(rows))
    assert (found.unsettled, found.did_not_happen) == (told["unsettled"], told["did_not_happen"])
    assert (found.recorded, found.failed) == (told["recorded"], told["failed"])
    sides = Counter(side for end, side in _recounted(rows) if end == "failed")
    assert found.failed_on == {side: sides[side] for side in SIDES}


@settings(max_examples=60)
@given(some_rows, st.sampled_from(Bucket))
def test_buckets_platforms_and_reasons_add_up_to_the_whole(rows: list[Row], bucket: Bucket) -> None:
    bots = seen(*rows)
    found = bot_outcomes(bots)
    for parts in (outcomes_over_time(bots, bucket, UTC_ZONE), outcomes_by_platform(bots)):
        for figure in ("sent", "came", "recorded", "in_part", "failed", "unsettled", "did_not_happen"):
            assert sum(getattr(each, figure) for _, each in parts) == getattr(found, figure)
    by_side: Counter[Side] = Counter()
    for failure in failures(bots):
        by_side[failure.side] += failure.meetings
    assert {side: by_side[side] for side in SIDES} == found.failed_on


@settings(max_examples=60)
@given(some_rows)
def test_recorded_is_the_coverage_pages_and_nothing_asked_is_more_than_there_is(rows: list[Row]) -> None:
    whole = view_period(framed(rows), PERIOD, NOW)
    found, ended = bot_outcomes(bot_meetings(whole)), whole.numbers.ended
    assert found.recorded == ended.recorded
    assert (found.unsettled, found.did_not_happen) == (ended.unsettled, ended.did_not_happen)
    assert found.came <= ended.asked


@settings(max_examples=60)
@given(some_rows)
def test_as_many_rows_stand_behind_a_figure_as_it_says(rows: list[Row]) -> None:
    bots = seen(*rows)
    for side, n in bot_outcomes(bots).failed_on.items():
        assert len(bots.rows(on_side(bots, side))) == n
    for reason in {failure.reason.key for failure in failures(bots)}:
        behind = bots.rows(for_reason(bots, reason))
        assert len(behind) == sum(f.meetings for f in failures(bots) if f.reason.key == reason)
        assert all(rows[key].entry.bot_id for key in behind.keys)


def test_what_was_recorded_in_part_is_shown_by_that_bot_also_where_another_recorded_all() -> None:
    rows = [row("anna", "recorded"), row("ben", "in part"), fated("empty", 3), fated("recorded", 4)]
    bots = seen(*rows)
    assert bot_outcomes(bots).in_part == len(bots.in_part) == 2
    assert {rows[key].user for key in bots.in_part.keys} == {"ben", "anna"}
    assert sorted(bots.in_part.keys.tolist()) == [1, 2]
    assert sorted(bots.in_part.entries.tolist()) == [1, 2]


def _recounted(rows: Sequence[Row]) -> list[tuple[str, Side]]:
    """How each ended, recordable meeting with a bot ended, and whose side it would be on."""
    meetings: defaultdict[object, list[Row]] = defaultdict(list)
    for n, each in enumerate(rows):
        start, uid = each.entry.start_time, each.entry.ical_uid
        if start and PERIOD.from_ <= start < PERIOD.to:
            meetings[(each.customer or each.user, each.customer is None, uid, start) if uid else n].append(each)
    return [found for entries in meetings.values() if (found := _ended(entries))]


def _ended(entries: list[Row]) -> tuple[str, Side] | None:
    verdicts = [each.verdict for each in entries]
    over = max(each.entry.ends_at or NOW for each in entries) <= NOW and verdicts[0].part is not TimePart.UPCOMING
    booked = [v for v in verdicts if v.booked]
    if not over or not booked or not any(v.recordable for v in verdicts):
        return None
    told = max(booked, key=lambda v: REASON_KEYS.index(v.reason.key) if v.reason else -1)
    side = side_of(told.reason, told.owner) if told.reason else Side.NOBODY
    if any(v.recorded for v in verdicts):
        return "recorded", side
    if any(v.unsettled for v in verdicts):
        return "unsettled", side
    return ("did_not_happen" if all(v.did_not_happen for v in booked) else "failed"), side

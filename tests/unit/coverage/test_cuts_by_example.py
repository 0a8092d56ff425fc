"""Cuts of a few meetings, told one by one."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from lib.coverage.bot_outcomes import bot_meetings, outcomes_by_platform
from lib.coverage.breakdown import breakdown
from lib.coverage.drilldown import Figure, drill_down
from lib.coverage.frame import frame_of
from lib.coverage.funnel import funnel
from lib.coverage.grid import grid, outcome_of_miss
from lib.coverage.inferred_reasons import RuleAgreement, UnknownCause, rule_agreement, with_inferred_reasons
from lib.coverage.period import Bucket, Period
from lib.coverage.period_view import view_period
from lib.coverage.scope import Dimension
from lib.recording.outcome import Outcome
from lib.recording.reason import Reason
from lib.recording.reasons import REASONS, reason_of
from lib.recording.time_part import TimePart
from tests.unit.coverage.worlds import Row, framed, row, row_of, viewed
from tests.unit.recording.making import HOUR, NOW

UTC = ZoneInfo("UTC")


@pytest.mark.parametrize(
    "rows",
    [
        [row("anna", "recorded"), row("ben")],
        [row("anna", "recorded"), row("ben"), row("anna", uid="other"), row("anna", uid="third")],
    ],
)
def test_a_meeting_of_two_users_counts_for_each_with_what_is_theirs_alone(rows: list[Row]) -> None:
    found = {group.name: group for group in breakdown(viewed(rows), Dimension.USER)}
    assert found.keys() == {"anna", "ben"}
    assert (found["ben"].held, found["ben"].asked, found["ben"].recorded) == (1, 0, 0)
    assert (found["anna"].held, found["anna"].recorded) == (len({one.entry.ical_uid for one in rows}), 1)


def test_a_platform_has_the_bots_of_its_own_meetings_and_those_without_one_are_unknown() -> None:
    rows = [
        row("anna", "recorded", uid="one", meeting_platform="zoom"),
        row("anna", "recorded", uid="two", meeting_platform="zoom"),
        row("anna", "kept waiting", uid="three", meeting_platform="meet"),
        row("anna", "recorded", uid="four", meeting_platform=None),
    ]
    found = outcomes_by_platform(bot_meetings(viewed(rows)))
    assert [(name, each.sent, each.recorded) for name, each in found] == [
        ("zoom", 2, 2),
        ("meet", 1, 0),
        (None, 1, 1),
    ]


@pytest.mark.parametrize(
    ("one", "outcome"),
    [
        (row(fate="recorded"), Outcome.RECORDED),
        (row(fate="in part"), Outcome.IN_PART),
        (row(fate="empty"), Outcome.IN_PART),
        (row(fate="met nobody"), Outcome.DID_NOT_HAPPEN),
        (row(fate="unread"), Outcome.UNSETTLED),
        (row(fate="on its way"), Outcome.UNSETTLED),
        (row(fate="kept waiting"), Outcome.FIXABLE),
        (row(fate="crashed"), Outcome.TECHNICAL),
        (row(fate="unheard of"), Outcome.UNKNOWN),
        (row(seen=False), Outcome.OFF_BY_CHOICE),
        (row(), Outcome.UNKNOWN),
    ],
)
def test_a_meeting_stands_in_the_column_of_what_became_of_it(one: Row, outcome: Outcome) -> None:
    counts = [(what, n) for line in grid(viewed([one]), Bucket.MONTH, UTC) for what, n in line.counts.items() if n]
    assert counts == [(outcome, 1)]


def test_customers_are_ranked_by_what_somebody_can_act_on_then_by_what_they_miss() -> None:
    off = [row("anna", seen=False, uid=f"off {n}") for n in range(3)]
    fixable = [row("carl", "kept waiting", uid=f"fixable {n}") for n in range(2)]
    found = breakdown(viewed([*off, *fixable]), Dimension.CUSTOMER)
    assert [(group.name, group.missed, group.by_choice, group.actionable) for group in found] == [
        ("globex", 2, 0, 2),
        ("acme", 3, 3, 0),
    ]
    found = breakdown(
        viewed([*off, *fixable, row("anna", "kept waiting"), row("anna", "crashed", uid="b")]), Dimension.CUSTOMER
    )
    assert [group.name for group in found] == ["acme", "globex"]
    assert [group.name for group in breakdown(viewed([*off, *fixable]), Dimension.TEAM)] == ["sales"]
    recorded = [row("carl", "recorded", uid=f"recorded {n}") for n in range(5)]
    equal = breakdown(viewed([*off, row("anna", "crashed"), fixable[0], *recorded]), Dimension.CUSTOMER)
    assert [(group.name, group.actionable, group.missed) for group in equal] == [("acme", 1, 4), ("globex", 1, 1)]
    assert [group.name for group in breakdown(viewed([*off, *fixable]), Dimension.USER)] == ["anna", "carl"]


def test_what_was_recorded_in_part_and_what_is_empty_are_two_counts() -> None:
    looked = viewed(
        [row(fate="in part", uid="a"), row(fate="empty", uid="b"), row(fate="empty", uid="c"), row(fate="recorded")]
    )
    ended = looked.numbers.ended
    assert (ended.recorded, ended.partial, ended.empty) == (4, 1, 2)
    counts = {
        name: len(drill_down(looked, Figure(TimePart.ENDED, name)).keys) for name in ("partial", "empty", "in_part")
    }
    assert counts == {"partial": 1, "empty": 2, "in_part": 3}


def test_each_step_of_the_waterfall_ends_where_it_is_to_be_drawn() -> None:
    one = [row(fate="recorded", uid="a"), row(fate="kept waiting", uid="b"), row(uid="c"), row(fate="unread", uid="d")]
    no_link = row(uid="e", invites=(), meeting_platform=None)
    steps = funnel(viewed([*one, no_link]).numbers)
    assert [(step.figure, step.count, step.bottom, step.top) for step in steps] == [
        ("meetings", 5, 0, 5),
        ("not_recordable", 1, 4, 5),
        ("recordable", 4, 0, 4),
        ("in_no_rate", 1, 3, 4),
        ("held", 3, 0, 3),
        ("not_asked", 1, 2, 3),
        ("asked", 2, 0, 2),
        ("not_delivered", 1, 1, 2),
        ("recorded", 1, 0, 1),
    ]


@pytest.mark.parametrize(("inferred", "mostly"), [(0, False), (1, False), (2, False), (3, True), (4, True)])
def test_the_main_reason_is_inferred_if_most_of_its_meetings_are(inferred: int, mostly: bool) -> None:
    misses = [row_of(row(uid=f"{n}", seen=False)) for n in range(4)]
    rows = [replace(miss, inferred=n < inferred) for n, miss in enumerate(misses)]
    (group,) = breakdown(view_period(frame_of(rows), Period(NOW - 9 * HOUR, NOW), NOW), Dimension.CUSTOMER)
    assert group.main_reason is reason_of(misses[0].reason or "")
    assert group.main_reason.key == "external_not_enabled"
    assert group.main_is_inferred == mostly


def test_of_a_meeting_that_goes_on_no_group_has_held_anything_nor_is_anything_to_come() -> None:
    going_on = [row("anna", starts=-1, hours=2), row("ben", starts=-1, hours=2)]
    found = breakdown(viewed([*going_on, row("anna", starts=2, uid="coming"), row("ben", uid="held")]), Dimension.USER)
    assert {group.name: (group.held, group.upcoming, group.upcoming_missed) for group in found} == {
        "anna": (0, 1, 1),
        "ben": (1, 0, 0),
    }


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.key)
def test_a_miss_stands_where_whoever_can_act_on_it_looks(reason: Reason) -> None:
    if reason.key in ("no_rules_enabled", "contradictory_rules"):
        wanted = Outcome.FIXABLE
    elif reason.key == "unclassified":
        wanted = Outcome.UNKNOWN
    else:
        wanted = {
            "policy": Outcome.OFF_BY_CHOICE,
            "fixable": Outcome.FIXABLE,
            "platform": Outcome.TECHNICAL,
            "ours": Outcome.TECHNICAL,
        }.get(reason.klass.value, Outcome.UNKNOWN)
    assert outcome_of_miss(reason) is wanted


def test_without_an_entry_there_is_nothing_to_agree_or_to_explain() -> None:
    assert rule_agreement(framed([])) == RuleAgreement(0, 0)
    assert len(with_inferred_reasons(framed([]))) == 0


def test_why_nobody_knows_a_cause_is_kept_by_numbers_that_stay() -> None:
    assert {unknown.name: unknown.value for unknown in UnknownCause} == {
        "NO": 0,
        "NOT_EXCLUDED": 1,
        "BEFORE_FIRST_BOT": 2,
        "CONTRADICTED": 3,
        "NOT_BORNE_OUT": 4,
    }

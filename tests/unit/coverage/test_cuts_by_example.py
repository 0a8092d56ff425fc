"""Cuts of a few meetings, told one by one."""

from zoneinfo import ZoneInfo

import pytest

from lib.coverage.basis import Agreement, Unknown, agreement, with_first_rules
from lib.coverage.bots import became_by_platform, bots_of
from lib.coverage.grid import grid
from lib.coverage.period import Bucket
from lib.coverage.scope import UNKNOWN, Dimension
from lib.coverage.where import where
from lib.recording.outcome import Outcome
from tests.unit.coverage.worlds import Row, framed, row, viewed

UTC = ZoneInfo("UTC")


@pytest.mark.parametrize(
    "rows",
    [
        [row("anna", "recorded"), row("ben")],
        [row("anna", "recorded"), row("ben"), row("anna", uid="other"), row("anna", uid="third")],
    ],
)
def test_a_meeting_of_two_users_counts_for_each_with_what_is_theirs_alone(rows: list[Row]) -> None:
    found = {group.name: group for group in where(viewed(rows), Dimension.USER)}
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
    found = became_by_platform(bots_of(viewed(rows)))
    assert [(name, each.sent, each.recorded) for name, each in found] == [
        ("zoom", 2, 2),
        ("meet", 1, 0),
        (UNKNOWN, 1, 1),
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
    found = where(viewed([*off, *fixable]), Dimension.CUSTOMER)
    assert [(group.name, group.missed, group.by_choice, group.actionable) for group in found] == [
        ("globex", 2, 0, 2),
        ("acme", 3, 3, 0),
    ]
    found = where(
        viewed([*off, *fixable, row("anna", "kept waiting"), row("anna", "crashed", uid="b")]), Dimension.CUSTOMER
    )
    assert [group.name for group in found] == ["acme", "globex"]
    assert [group.name for group in where(viewed([*off, *fixable]), Dimension.TEAM)] == ["sales"]
    assert [group.name for group in where(viewed([*off, *fixable]), Dimension.USER)] == ["anna", "carl"]


def test_without_an_entry_there_is_nothing_to_agree_or_to_explain() -> None:
    assert agreement(framed([])) == Agreement(0, 0)
    assert len(with_first_rules(framed([]))) == 0


def test_why_nobody_knows_a_cause_is_kept_by_numbers_that_stay() -> None:
    assert {unknown.name: unknown.value for unknown in Unknown} == {
        "NO": 0,
        "NOT_EXCLUDED": 1,
        "BEFORE_FIRST_BOT": 2,
        "CONTRADICTED": 3,
        "NOT_BORNE_OUT": 4,
    }

"""What will be missed in the next days, and what is likely to be."""

from dataclasses import replace
from typing import Any

import pytest

from lib.coverage.at_risk import DAYS, AtRisk, at_risk
from lib.coverage.frame import EntryRow, frame_of
from tests.unit.coverage.worlds import Row, row, row_of
from tests.unit.recording.making import NOW

DAY = 24.0


def risky(*rows: Row, days: int = 7) -> AtRisk:
    return at_risk(frame_of(map(row_of, rows)), NOW, days)


def coming(hours: float = 5, of: str = "anna", **facts: Any) -> Row:
    """A meeting that Recall wants to record and has no bot for."""
    return row(of, starts=hours, uid=f"coming {hours}", **{"will_record": True, **facts})


def test_a_coming_external_meeting_without_a_bot_is_at_risk_soonest_first() -> None:
    assert risky(coming(30), coming(2), coming(6)).unbooked.keys.tolist() == [1, 2, 0]


@pytest.mark.parametrize(
    "other",
    [
        coming(is_external=False),
        coming(is_external=None),
        coming(fate="on its way"),
        coming(-3),
        coming(0),
        coming(invites=(), meeting_platform=None, will_record=False),
        coming(8 * DAY),
    ],
    ids=["internal", "unknown audience", "booked", "past", "begins now", "no link", "too far ahead"],
)
def test_what_is_not_external_coming_recordable_and_unbooked_is_not(other: Row) -> None:
    found = risky(other)
    assert (len(found.unbooked), len(found.off_by_choice)) == (0, 0)


@pytest.mark.parametrize(("days", "expected"), [*zip(DAYS, ([0], [0, 1, 2], [0, 1, 2, 3, 4]), strict=True)])
def test_people_look_one_three_or_seven_days_ahead(days: int, expected: list[int]) -> None:
    rows = [coming(days * DAY + hour) for days in (1, 3, 7) for hour in (-1, 0)]
    assert risky(*rows, days=days).unbooked.keys.tolist() == expected


def test_meetings_off_by_choice_are_listed_apart() -> None:
    found = risky(coming(5), coming(6, will_record=False, override_should_record=False))
    assert (found.unbooked.keys.tolist(), found.off_by_choice.keys.tolist()) == ([0], [1])


def test_a_meeting_is_external_and_booked_by_any_of_its_entries() -> None:
    alone = [coming(is_external=False), coming(of="ben")]
    assert risky(*alone).unbooked.entries.tolist() == [2]
    assert len(risky(*alone, coming(of="ben", fate="on its way")).unbooked) == 0


# --- series ---


def occurrence(days: float, fate: str | None, of: str = "anna", **facts: Any) -> Row:
    return row(of, fate, starts=days * DAY, **{"uid": "weekly", **facts})


NEXT = occurrence(2, "on its way", will_record=True)


def test_a_booked_meeting_whose_last_two_failed_for_one_reason_is_at_risk_and_says_why() -> None:
    found = risky(occurrence(-14, "kept waiting"), occurrence(-7, "kept waiting"), NEXT)
    assert found.repeating.keys.tolist() == [2]
    assert [reason.key for reason in found.repeating_reasons] == ["waiting_room_not_admitted"]


def test_only_the_last_two_count() -> None:
    early = [occurrence(-28, "recorded"), occurrence(-21, "crashed")]
    assert len(risky(*early, occurrence(-14, "kept waiting"), occurrence(-7, "kept waiting"), NEXT).repeating) == 1


@pytest.mark.parametrize("says_nothing", ["met nobody", "unread", "on its way"])
def test_occurrences_that_say_nothing_are_passed_over(says_nothing: str) -> None:
    between = occurrence(-5, says_nothing)
    assert len(risky(occurrence(-14, "kept waiting"), occurrence(-7, "kept waiting"), between, NEXT).repeating) == 1


@pytest.mark.parametrize(
    "past",
    [
        [occurrence(-7, "kept waiting")],
        [occurrence(-14, "crashed"), occurrence(-7, "kept waiting")],
        [occurrence(-14, "kept waiting"), occurrence(-7, "recorded")],
        [occurrence(-14, "kept waiting"), occurrence(-7, None)],
        [occurrence(-14, "kept waiting", "carl"), occurrence(-7, "kept waiting", "carl")],
        [occurrence(-14, None, seen=False), occurrence(-7, None, seen=False)],
    ],
    ids=["only one", "two reasons", "the last recorded", "the last not asked for", "another customer's", "never asked"],
)
def test_anything_else_is_no_pattern(past: list[Row]) -> None:
    assert len(risky(*past, NEXT).repeating) == 0


def test_a_colleagues_occurrences_are_of_the_same_series() -> None:
    past = [occurrence(-14, "kept waiting", "ben"), occurrence(-7, "kept waiting", "ben")]
    assert len(risky(*past, NEXT).repeating) == 1


def test_two_series_that_fail_are_both_at_risk_each_for_its_own_reason() -> None:
    fates = ("kept waiting", "crashed")
    past = [occurrence(days, fate, uid=fate) for days in (-14, -7) for fate in fates]
    found = risky(*past, *(occurrence(2 + n, "on its way", uid=fate) for n, fate in enumerate(fates)))
    assert found.repeating.keys.tolist() == [4, 5]
    assert [reason.key for reason in found.repeating_reasons] == [
        "waiting_room_not_admitted",
        "platform_or_network_error",
    ]


def test_one_failure_in_each_of_two_series_is_no_pattern_of_either() -> None:
    past = [occurrence(-7, "kept waiting", uid=uid) for uid in ("weekly", "daily")]
    coming_up = [occurrence(2, "on its way", will_record=True, uid=uid) for uid in ("weekly", "daily")]
    assert len(risky(*past, *coming_up).repeating) == 0


@pytest.mark.parametrize("name", ["daily", "monthly", "yearly", "now and then"])
def test_the_failures_of_one_customers_series_say_nothing_of_the_series_of_others(name: str) -> None:
    past = [occurrence(-14, "kept waiting"), occurrence(-7, "kept waiting")]
    others = [occurrence(2, "on its way", of, will_record=True, uid=name) for of in ("carl", "abe", "eve")]
    assert risky(*past, NEXT, *others).repeating.keys.tolist() == [2]


def test_an_unbooked_meeting_is_not_repeating_and_one_without_a_uid_has_no_series() -> None:
    past = [occurrence(-14, "kept waiting"), occurrence(-7, "kept waiting")]
    assert len(risky(*past, occurrence(2, None, will_record=True)).repeating) == 0
    assert (
        len(risky(*(replace(some, entry=replace(some.entry, ical_uid=None)) for some in (*past, NEXT))).repeating) == 0
    )


def test_nothing_known_is_nothing_at_risk() -> None:
    rows: list[EntryRow] = []
    found = at_risk(frame_of(rows), NOW, 7)
    assert (len(found.unbooked), len(found.off_by_choice), len(found.repeating)) == (0, 0, 0)

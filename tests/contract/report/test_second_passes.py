"""What passes one after the other add up to: what was seen before a start, and what vanished since."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.contract.report.conftest import Compare, Report
from tests.contract.report.synced import Workspace, standing_still, sync_at

Json: TypeAlias = dict[str, Any]

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAYS = (NOON.date() - timedelta(days=3), NOON.date() + timedelta(days=4))
EVERYTHING = {"record_external": True, "record_internal": True}
HOUR = 3600


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """At noon, in a world of one user; nothing was read yet."""
    with standing_still(tmp_path, NOON, users=1, meetings=1) as workspace:
        yield workspace


@pytest.fixture
def anna(workspace: Workspace) -> str:
    """A user of Acme's who records everything."""
    return str(workspace.sandbox.add_user("anna", email="anna@acme.example", preferences=EVERYTHING)["id"])


class Days:
    """The hours of a day, one after the other; at each the sync runs once, and both ways of counting agree."""

    def __init__(self, workspace: Workspace, report: Report, compare: Compare) -> None:
        self._workspace = workspace
        self._report = report
        self._compare = compare

    def at(self, hours: float) -> Json:
        """Let it be so many hours after noon, run one pass, and ask about Acme."""
        moment = NOON + timedelta(hours=hours)
        self._workspace.sandbox.control("POST", "clock/", {"now": moment.isoformat(), "frozen": True})
        sync_at(self._workspace, moment)
        self._workspace.look(moment)
        assert self._compare(self._workspace, *DAYS) == []
        return self._report(self._workspace, *DAYS, "--customer", "acme.example")

    def passes(self, hours: float) -> None:
        """Let it be so many hours after noon, without a pass."""
        moment = NOON + timedelta(hours=hours)
        self._workspace.sandbox.control("POST", "clock/", {"now": moment.isoformat(), "frozen": True})


@pytest.fixture
def days(workspace: Workspace, report: Report, compare: Compare) -> Days:
    return Days(workspace, report, compare)


def reasons(said: Json) -> dict[tuple[str, str], int]:
    return {(row["part"], row["reason"]): row["meetings"] for row in said["reasons"]}


def counts(said: Json, part: str, *names: str) -> tuple[int, ...]:
    return tuple(said[part][name] for name in names)


def prefer(workspace: Workspace, external_id: str, **flags: bool) -> None:
    workspace.as_user(external_id, "PUT", "user/", {"preferences": dict.fromkeys(EVERYTHING, False) | flags})


def test_a_meeting_that_was_to_be_recorded_and_got_no_bot_was_asked_for(
    workspace: Workspace, anna: str, days: Days
) -> None:
    workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR, never_booked=True)
    before = days.at(0)
    assert counts(before, "upcoming", "recordable", "will_record", "booked") == (1, 1, 0)
    assert reasons(before) == {("upcoming", "bot_not_scheduled"): 1}
    during = days.at(1.25)
    assert counts(during, "in_progress", "recordable", "booked", "recording") == (1, 0, 0)
    after = days.at(3)
    assert counts(after, "ended", "held", "asked", "recorded") == (1, 1, 0)
    assert reasons(after) == {("ended", "bot_not_scheduled"): 1}


def test_a_meeting_that_was_never_seen_before_its_start_was_asked_for_by_its_bot_alone(
    workspace: Workspace, anna: str, days: Days
) -> None:
    workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR, never_booked=True)
    workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR + 60)
    after = days.at(3)
    assert counts(after, "ended", "held", "asked") == (2, 1)
    assert reasons(after)["ended", "not_seen_before_start"] == 1


def test_preferences_changed_after_the_start_do_not_change_why(workspace: Workspace, anna: str, days: Days) -> None:
    prefer(workspace, "anna", record_external=True)
    workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR, is_external=False)
    assert reasons(days.at(0)) == {("upcoming", "internal_not_enabled"): 1}
    days.passes(1.5)
    prefer(workspace, "anna", record_internal=True)
    after = days.at(2)
    assert counts(after, "ended", "held", "asked") == (1, 0)
    assert reasons(after) == {("ended", "internal_not_enabled"): 1}


def test_preferences_changed_before_the_start_do(workspace: Workspace, anna: str, days: Days) -> None:
    prefer(workspace, "anna", record_external=True)
    workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR, is_external=False)
    days.at(0)
    prefer(workspace, "anna")
    assert reasons(days.at(0.5)) == {("upcoming", "no_rules_enabled"): 1}
    assert reasons(days.at(2)) == {("ended", "no_rules_enabled"): 1}


def test_switched_off_after_its_start_it_still_was_asked_for(workspace: Workspace, anna: str, days: Days) -> None:
    workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR, never_booked=True)
    days.at(0)
    days.passes(1.1)
    prefer(workspace, "anna")
    assert counts(days.at(3), "ended", "held", "asked") == (1, 1)


def test_a_meeting_deleted_before_its_start_counts_nowhere(workspace: Workspace, anna: str, days: Days) -> None:
    meeting = workspace.sandbox.add_meeting(anna, start_in_seconds=2 * HOUR)
    assert days.at(0)["upcoming"]["meetings"] == 1
    workspace.sandbox.control("DELETE", f"meetings/{meeting['id']}/")
    assert days.at(1)["upcoming"]["meetings"] == 0
    assert days.at(3)["ended"]["meetings"] == 0


def test_a_meeting_deleted_after_its_start_counts_for_ever(workspace: Workspace, anna: str, days: Days) -> None:
    meeting = workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR)
    workspace.sandbox.control("POST", "outcomes/", {"meeting": meeting["id"], "shape": "recorded"})
    days.at(0)
    days.passes(1.75)
    workspace.sandbox.control("DELETE", f"meetings/{meeting['id']}/")
    assert counts(days.at(2), "ended", "held", "asked", "recorded") == (1, 1, 1)
    assert counts(days.at(48), "ended", "held", "asked", "recorded") == (1, 1, 1)


def test_a_meeting_that_was_moved_counts_where_it_is_now(workspace: Workspace, anna: str, days: Days) -> None:
    meeting = workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR)
    days.at(0)
    later = {"start_time": (NOON + timedelta(days=2)).isoformat(), "length_minutes": 30}
    workspace.sandbox.control("PATCH", f"meetings/{meeting['id']}/", later)
    moved = days.at(3)
    assert (moved["upcoming"]["meetings"], moved["ended"]["meetings"]) == (1, 0)


def test_a_lost_calendar_leaves_its_meetings_unknown_and_its_user_with_the_customer(
    workspace: Workspace, anna: str, days: Days
) -> None:
    workspace.sandbox.add_meeting(anna, start_in_seconds=3 * HOUR, never_booked=True)
    assert days.at(0)["users_connected"] == 1
    workspace.sandbox.control("POST", "connections/", {"user": anna, "platform": "google", "connected": False})
    lost = days.at(1)
    assert (lost["users"], lost["users_connected"]) == (1, 0)
    assert counts(lost, "upcoming", "meetings", "recordable") == (1, 1)
    assert reasons(lost) == {("upcoming", "calendar_disconnected"): 1}
    after = days.at(6)
    assert counts(after, "ended", "meetings", "held", "recorded") == (1, 1, 0)
    assert reasons(after) == {("ended", "calendar_disconnected"): 1}


def test_a_user_that_vanishes_leaves_what_had_begun(workspace: Workspace, anna: str, days: Days) -> None:
    for hours in (1, 5):
        workspace.sandbox.add_meeting(anna, start_in_seconds=hours * HOUR, never_booked=True)
    workspace.sandbox.add_meeting(anna, whole_day="null_times")
    assert days.at(0)["without_start"] == 1
    days.passes(2.5)
    workspace.as_user("anna", "DELETE", "user/")
    after = days.at(3)
    assert after["without_start"] == 0
    assert (after["users"], after["ended"]["meetings"], after["upcoming"]["meetings"]) == (0, 1, 0)
    assert days.at(8)["ended"]["meetings"] == 1


def test_a_user_that_cannot_be_read_keeps_what_was_known_and_is_counted(
    workspace: Workspace, anna: str, days: Days, report: Report
) -> None:
    workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR, never_booked=True)
    days.at(0)
    moment = NOON + timedelta(hours=3)
    days.passes(3)
    workspace.sandbox.break_calls("/api/v1/calendar/meetings/", status=400, times=None, body={"detail": "no"})
    sync_at(workspace, moment)
    workspace.sandbox.heal()
    said = report(workspace, *DAYS, "--customer", "acme.example")
    assert said["users_unreadable"] == 1
    assert counts(said, "ended", "held", "asked", "recorded") == (1, 1, 0)


def test_a_meeting_older_than_recall_keeps_any_still_counts(workspace: Workspace, anna: str, days: Days) -> None:
    meeting = workspace.sandbox.add_meeting(anna, start_in_seconds=-2 * HOUR)
    workspace.sandbox.control("POST", "outcomes/", {"meeting": meeting["id"], "shape": "recorded"})
    assert counts(days.at(0), "ended", "held", "recorded") == (1, 1)
    assert counts(days.at(24 * 70), "ended", "held", "recorded") == (1, 1)


def test_bots_that_could_not_be_read_leave_meetings_unsettled_until_they_can(
    workspace: Workspace, anna: str, days: Days
) -> None:
    for minute in range(8):  # so many that the list of bots is asked for first
        meeting = workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR + 60 * minute)
        workspace.sandbox.control("POST", "outcomes/", {"meeting": meeting["id"], "shape": "recorded"})
    days.at(0)
    for path in ("/api/v1/bot/", "/api/v1/bot/*/"):
        workspace.sandbox.break_calls(path, status=404, times=None, body={"detail": "gone"})
    assert counts(days.at(3), "ended", "recordable", "unsettled", "held") == (8, 8, 0)
    workspace.sandbox.heal()
    assert counts(days.at(4), "ended", "unsettled", "held", "recorded") == (0, 8, 8)


def test_a_bot_that_waits_on_after_the_end_is_settled_when_it_has_left(
    workspace: Workspace, anna: str, days: Days
) -> None:
    meeting = workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR, length_minutes=5, link="zoom")
    workspace.sandbox.control("POST", "outcomes/", {"meeting": meeting["id"], "shape": "not_admitted"})
    assert counts(days.at(1.1), "ended", "unsettled", "held") == (1, 0)
    after = days.at(2)
    assert counts(after, "ended", "unsettled", "held", "asked", "recorded") == (0, 1, 1, 0)
    assert reasons(after) == {("ended", "waiting_room_not_admitted"): 1}


def test_a_working_week_counts_as_it_does_by_hand_every_day(tmp_path: Path, report: Report, compare: Compare) -> None:
    with standing_still(tmp_path, NOON, users=12, meetings=30, seed=11) as workspace:
        week = Days(workspace, report, compare)
        workspace.sandbox.add_user("anna", email="anna@acme.example")
        for hours in (-30, -2, 0.25, 26, 49.5):
            week.at(hours)

"""Whole days, in each form in which calendars give them."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.contract.sandbox.sandbox_process import Sandbox


@pytest.mark.parametrize(
    ("facts", "start", "hours"),
    [
        ({}, "2026-12-01T23:00:00Z", 24),
        ({"start_time": "2026-12-02T23:30:00Z"}, "2026-12-02T23:00:00Z", 24),
        ({"zone": "America/New_York"}, "2026-12-02T05:00:00Z", 24),
        ({"zone": "Asia/Kolkata", "days": 3}, "2026-12-01T18:30:00Z", 72),
        ({"start_time": "2026-10-25T12:00:00Z"}, "2026-10-24T22:00:00Z", 25),
        ({"start_time": "2027-03-28T12:00:00Z"}, "2027-03-27T23:00:00Z", 23),
    ],
)
def test_local_midnights_are_those_of_the_zone_and_never_recorded(
    sandbox: Sandbox, facts: dict[str, Any], start: str, hours: int
) -> None:
    day = datetime.fromisoformat(facts.get("start_time", "2026-12-02T12:00:00Z"))
    sandbox.control("clock/", {"now": (day - timedelta(days=7)).isoformat(), "frozen": True})
    wanted = {"start_time": day.isoformat(), "whole_day": "local_midnights", "override": True}
    added = sandbox.add_meeting(sandbox.new_user("record_internal"), **wanted | facts)
    assert added["start_time"] == start
    length = datetime.fromisoformat(added["end_time"]) - datetime.fromisoformat(start)
    assert length == timedelta(hours=hours)
    assert (added["will_record"], added["bot_id"]) == (False, None)


@pytest.mark.parametrize(
    ("minutes", "recorded"),
    [
        (30, True),
        (60, True),
        (22 * 60 + 59, True),
        (23 * 60, False),
        (25 * 60, False),
        (25 * 60 + 1, True),
        (48 * 60, False),
        (36 * 60, True),
    ],
)
def test_what_lasts_as_long_as_whole_days_is_one(sandbox: Sandbox, minutes: int, recorded: bool) -> None:
    added = sandbox.add_meeting(sandbox.new_user("record_internal"), length_minutes=minutes)
    assert added["will_record"] is recorded


@pytest.mark.parametrize("wrong", [{"zone": "Europe/Nowhere"}, {"zone": 5}, {"days": 0}, {"days": "two"}])
def test_a_zone_or_a_number_of_days_that_is_none_is_refused(sandbox: Sandbox, wrong: dict[str, Any]) -> None:
    body = {"user": sandbox.new_user(), "whole_day": "local_midnights", **wrong}
    answer = sandbox.ask("POST", "/control/meetings/", json=body)
    assert (answer.status_code, answer.json()["detail"][-1]) == (400, ".")


def test_a_meeting_can_be_made_a_whole_day_later(sandbox: Sandbox) -> None:
    user = sandbox.new_user("record_internal")
    added = sandbox.add_meeting(user, start_time="2026-12-02T12:00:00Z")
    facts = {"start_time": "2026-12-02T12:00:00Z", "whole_day": "local_midnights"}
    changed = sandbox.control(f"meetings/{added['id']}/", facts, "PATCH")
    assert (changed["start_time"], changed["will_record"]) == ("2026-12-01T23:00:00Z", False)

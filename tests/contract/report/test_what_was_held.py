"""What was held stays held, with the bots that it had and no others: one meeting at a time."""

from tests.contract.report.synced import Workspace
from tests.contract.report.test_second_passes import EVERYTHING, HOUR, Days, counts, reasons
from tests.contract.report.test_second_passes import anna as anna
from tests.contract.report.test_second_passes import days as days
from tests.contract.report.test_second_passes import workspace as workspace

DAY = 24 * HOUR


def connect(workspace: Workspace, user: str, connected: bool) -> None:
    wanted = {"user": user, "platform": "google", "connected": connected}
    workspace.sandbox.control("POST", "connections/", wanted)


def drag(workspace: Workspace, meeting: str, seconds: float, *, keep: bool = False) -> None:
    where = {"meeting": meeting, "start_in_seconds": seconds, "keep_bot": keep}
    workspace.sandbox.control("POST", "drags/", where)


def test_a_recording_stays_with_what_was_held_when_it_is_dragged(workspace: Workspace, anna: str, days: Days) -> None:
    kept, left = (workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR)["id"] for _ in range(2))
    for meeting in (kept, left):
        workspace.sandbox.control("POST", "outcomes/", {"meeting": meeting, "shape": "recorded"})
    days.at(0)
    assert counts(days.at(2), "ended", "held", "recorded") == (2, 2)
    drag(workspace, kept, DAY, keep=True)
    drag(workspace, left, DAY)
    dragged = days.at(3)
    assert counts(dragged, "ended", "held", "recorded") == (2, 2)
    assert counts(dragged, "upcoming", "meetings", "booked") == (2, 1)


def test_a_drag_that_no_read_preceded_is_told_by_the_bot(workspace: Workspace, anna: str, days: Days) -> None:
    meeting = workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR)["id"]
    workspace.sandbox.control("POST", "outcomes/", {"meeting": meeting, "shape": "recorded"})
    days.at(0)
    days.passes(1.5)
    drag(workspace, meeting, DAY)
    assert counts(days.at(2), "ended", "held", "recorded") == (1, 1)
    assert counts(days.at(3), "upcoming", "meetings", "booked") == (1, 1)


def test_a_drag_is_seen_beside_a_row_that_cannot_be_read(workspace: Workspace, anna: str, days: Days) -> None:
    meeting = workspace.sandbox.add_meeting(anna, start_in_seconds=HOUR, never_booked=True)["id"]
    workspace.sandbox.add_meeting(anna, start_in_seconds=9 * HOUR, extra={"start_time": "tomorrow"})
    days.at(0)
    assert days.at(1.25)["in_progress"]["meetings"] == 1
    drag(workspace, meeting, DAY)
    dragged = days.at(3)
    assert counts(dragged, "ended", "held", "asked") == (1, 1)
    assert dragged["upcoming"]["meetings"] == 1


def test_a_start_before_the_last_read_that_showed_another_corrects_it(
    workspace: Workspace, anna: str, days: Days
) -> None:
    meeting = workspace.sandbox.add_meeting(anna, start_in_seconds=-DAY, never_booked=True)["id"]
    days.at(0)
    days.at(2)
    days.passes(2.5)
    drag(workspace, meeting, -HOUR)
    assert counts(days.at(4), "ended", "meetings", "held") == (1, 1)


def test_a_bot_that_went_with_its_calendar_was_never_at_the_meeting(
    workspace: Workspace, anna: str, days: Days
) -> None:
    workspace.sandbox.add_meeting(anna, start_in_seconds=3 * HOUR)
    days.at(0)
    connect(workspace, anna, False)
    days.at(1)
    assert counts(days.at(4), "ended", "unsettled", "held") == (1, 0)
    connect(workspace, anna, True)
    back = days.at(5)
    assert counts(back, "ended", "unsettled", "held", "asked", "recorded") == (0, 1, 1, 0)
    assert reasons(back) == {("ended", "bot_not_scheduled"): 1}


def test_a_colleagues_bot_records_nothing_for_a_calendar_that_was_lost(
    workspace: Workspace, anna: str, days: Days
) -> None:
    other = workspace.sandbox.add_user("zoe", email="zoe@globex.example", preferences=EVERYTHING)["id"]
    shared = {"users": [anna, other], "start_in_seconds": 3 * HOUR, "ical_uid": "shared"}
    meeting = workspace.sandbox.control("POST", "meetings/", shared)[0]["id"]
    workspace.sandbox.control("POST", "outcomes/", {"meeting": meeting, "shape": "recorded"})
    days.at(0)
    connect(workspace, anna, False)
    days.at(1)
    after = days.at(5)
    assert counts(after, "ended", "held", "recorded") == (1, 0)
    assert reasons(after) == {("ended", "calendar_disconnected"): 1}

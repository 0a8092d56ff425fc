"""What can happen in the demo's world, seen by Recall's API as anybody sees it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError

import pytest
from pydantic import SecretStr

from lib.demo.sandbox_control import SandboxControl
from lib.domain import CalendarUser, Entry
from lib.recall_api import Recall, open_recall
from lib.recording.presets import Preset
from tests.running import Sandbox, running_sandbox

MAILBOX = "ann@acme.example"
IN_TWO_HOURS = timedelta(hours=2)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("world"), users=1, meetings=1) as running:
        yield running


@pytest.fixture
def control(sandbox: Sandbox) -> SandboxControl:
    return SandboxControl(sandbox.url, SecretStr(sandbox.key))


@pytest.fixture
def recall(sandbox: Sandbox) -> Iterator[Recall]:
    with open_recall(sandbox.url, SecretStr(sandbox.key)) as recall:
        yield recall


@pytest.fixture
def ann(control: SandboxControl, recall: Recall, request: pytest.FixtureRequest) -> CalendarUser:
    """Somebody who came and connected a calendar."""
    name = f"ann-{request.node.name}"
    control.connect(control.create_user(name, Preset.EXTERNAL.flags), "google", MAILBOX)
    return recall.get_user(name)


def meeting(sandbox: Sandbox, recall: Recall, user: CalendarUser, start: timedelta) -> Entry:
    facts = {"start_in_seconds": start.total_seconds(), "is_external": True}
    return recall.get_meeting(user.external_id or "", sandbox.add_meeting(user.id, **facts)["id"])


def again(recall: Recall, user: CalendarUser, entry: Entry) -> Entry:
    return recall.get_meeting(user.external_id or "", entry.id)


def test_a_user_arrives_with_rules_and_a_calendar_which_is_lost_and_found(
    control: SandboxControl, recall: Recall, ann: CalendarUser
) -> None:
    name = ann.external_id or ""
    assert ann.connected
    assert ann.connections[0].email == MAILBOX
    assert ann.preferences is not None
    assert ann.preferences.flags == Preset.EXTERNAL.flags
    control.break_connection(ann.id, "google")
    assert not recall.get_user(name).connected
    control.connect(ann.id, "google", MAILBOX)
    assert recall.get_user(name).connected


def test_rules_change_elsewhere_and_a_user_leaves(control: SandboxControl, recall: Recall, ann: CalendarUser) -> None:
    control.set_preferences(ann.id, Preset.NOTHING.flags)
    found = recall.get_user(ann.external_id or "").preferences
    assert found is not None
    assert found.flags == Preset.NOTHING.flags
    control.delete_user(ann.external_id or "")
    assert ann.id not in {user.id for user in recall.list_users()}


def test_a_meeting_is_moved_then_called_off_and_to_call_it_off_twice_is_once(
    sandbox: Sandbox, control: SandboxControl, recall: Recall, ann: CalendarUser
) -> None:
    entry = meeting(sandbox, recall, ann, IN_TWO_HOURS)
    assert entry.start_time is not None
    start = entry.start_time + timedelta(days=1)
    control.reschedule(entry.id, start, start + timedelta(minutes=45))
    moved = again(recall, ann, entry)
    assert (moved.start_time, moved.end_time) == (start, start + timedelta(minutes=45))
    for _ in range(2):
        control.delete_meeting(entry.id)
    now = datetime.now(UTC)
    assert entry.id not in {e.id for e in recall.list_meetings(ann.external_id or "", now, now + timedelta(days=9))}


@pytest.mark.parametrize("keep_bot", [True, False])
def test_a_meeting_that_was_held_is_dragged_and_its_bot_stays_readable(
    sandbox: Sandbox, control: SandboxControl, recall: Recall, keep_bot: bool
) -> None:
    name = f"bo-{keep_bot}"
    sandbox.add_user(name, email=f"{name}@acme.example", preferences={"record_external": True})
    bo = recall.get_user(name)
    entry = meeting(sandbox, recall, bo, -IN_TWO_HOURS)
    assert entry.bot_id is not None
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)
    control.drag(entry.id, start, keep_bot=keep_bot)
    dragged = again(recall, bo, entry)
    assert dragged.start_time == start
    assert (dragged.bot_id == entry.bot_id) is keep_bot
    assert recall.get_bot(entry.bot_id).status_changes


def test_rows_become_odd(sandbox: Sandbox, control: SandboxControl, recall: Recall, ann: CalendarUser) -> None:
    entry = meeting(sandbox, recall, ann, IN_TWO_HOURS)
    control.set_raw_fields(entry.id, {"will_record": "perhaps"})
    now = datetime.now(UTC)
    listing = recall.list_meetings(ann.external_id or "", now, now + timedelta(days=1))
    assert len(listing.unreadable) == 1


def test_what_cannot_be_is_refused(control: SandboxControl) -> None:
    with pytest.raises(HTTPError):
        control.break_connection("00000000-0000-4000-8000-000000000000", "google")


def test_the_clock_is_set_and_runs_on(sandbox: Sandbox, control: SandboxControl) -> None:
    wanted = datetime(2026, 3, 1, 8, tzinfo=UTC)
    try:
        control.set_clock(wanted)
        told = sandbox.control("GET", "clock/")
        assert told["frozen"] is False
        assert timedelta(0) <= datetime.fromisoformat(told["now"]) - wanted < timedelta(minutes=1)
    finally:
        control.set_clock(datetime.now(UTC))

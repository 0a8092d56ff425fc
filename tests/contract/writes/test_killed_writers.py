"""A process killed between any two steps of a change: reading Recall settles it, and nothing is ever sent again."""

import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from lib.commands.preferences import save_preferences
from lib.domain import CalendarUser
from lib.recall_api import Recall
from lib.staff.accounts import StaffMember
from lib.store.outbox import WriteKind, WriteState
from lib.writes import WriteContext, settle
from tests.contract.commands.conftest import SHOWN
from tests.contract.writes.conftest import AddMeeting, Record
from tests.contract.writes.writer import IN_FLIGHT
from tests.running import ROOT, Sandbox, clean_environment

USER = "/api/v1/calendar/user/"


def write(database: str, sandbox: Sandbox, kind: str, user: CalendarUser, what: str, dies_at: str) -> str:
    """Let a process of its own do it; answers what it printed, or that it was killed."""
    module = "tests.contract.writes.writer"
    command = [sys.executable, "-m", module, database, sandbox.url, kind, user.id, what, dies_at]
    ran = subprocess.run(command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=60)
    assert ran.returncode in (0, -signal.SIGKILL), ran.stderr
    return "killed" if ran.returncode else ran.stdout.strip()


@pytest.mark.parametrize(
    ("step", "writes", "state"),
    [
        ("read", 0, None),
        ("recorded", 0, WriteState.NOT_APPLIED),
        ("sending", 0, WriteState.NOT_APPLIED),
        (IN_FLIGHT, 1, WriteState.APPLIED),
        ("answered", 1, WriteState.APPLIED),
        ("read back", 1, WriteState.APPLIED),
        ("closed", 1, WriteState.APPLIED),
    ],
)
def test_preferences_killed_at_a_step_are_settled_by_reading(
    database: str,
    context: WriteContext,
    sandbox: Sandbox,
    recall: Recall,
    user: CalendarUser,
    record: Record,
    step: str,
    writes: int,
    state: WriteState | None,
) -> None:
    if step == IN_FLIGHT:  # applied at once, and the answer crawls
        sandbox.break_calls(USER, method="PUT", slow_body=10)
    assert write(database, sandbox, "preferences", user, "record_internal", step) == "killed"
    settle(context)
    assert [change.state for change in record()] == ([state] if state else [])
    assert len(sandbox.asked("PUT", USER)) == writes
    has = recall.get_user(str(user.external_id)).preferences
    assert has is not None
    assert has.record_internal is (state is WriteState.APPLIED)


@pytest.mark.parametrize(("step", "state"), [("sending", WriteState.NOT_APPLIED), ("answered", WriteState.APPLIED)])
def test_an_override_killed_at_a_step_is_settled_by_reading(
    database: str,
    context: WriteContext,
    sandbox: Sandbox,
    recall: Recall,
    user: CalendarUser,
    add_meeting: AddMeeting,
    record: Record,
    step: str,
    state: WriteState,
) -> None:
    entry = add_meeting()
    assert write(database, sandbox, "override", user, entry.id, step) == "killed"
    settle(context)
    assert [(change.kind, change.entry_id, change.state) for change in record()] == [
        (WriteKind.OVERRIDE, entry.id, state)
    ]
    now = recall.get_meeting(str(user.external_id), entry.id)
    assert now.override_should_record is (False if state is WriteState.APPLIED else None)


@pytest.mark.parametrize(("step", "state"), [("sending", WriteState.NOT_APPLIED), ("answered", WriteState.APPLIED)])
def test_a_deletion_killed_at_a_step_is_settled_by_the_list_and_creates_nobody_again(
    database: str,
    context: WriteContext,
    sandbox: Sandbox,
    recall: Recall,
    user: CalendarUser,
    record: Record,
    step: str,
    state: WriteState,
) -> None:
    assert write(database, sandbox, "delete_user", user, "-", step) == "killed"
    settle(context)
    assert [(change.kind, change.state) for change in record()] == [(WriteKind.DELETE_USER, state)]
    assert (user.id in {each.id for each in recall.list_users()}) is (state is WriteState.NOT_APPLIED)


def test_the_next_click_closes_what_a_killed_process_left_open_and_answers_with_it(
    database: str,
    context: WriteContext,
    sandbox: Sandbox,
    recall: Recall,
    editor: StaffMember,
    user: CalendarUser,
    record: Record,
) -> None:
    write(database, sandbox, "preferences", user, "record_internal", "answered")
    sandbox.forget_asked()
    wanted = replace(SHOWN, record_internal=True)
    result = save_preferences(context, editor, user, SHOWN, wanted)
    [change] = record()
    assert (result.state, result.already, result.seq) == (WriteState.APPLIED, True, change.seq)
    assert change.state is WriteState.APPLIED
    assert sandbox.asked("PUT", USER) == []

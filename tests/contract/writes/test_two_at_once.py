"""Two who change the same user at once, in threads and in processes: one write, one record, and the second is told."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from lib.commands.overrides import set_overrides
from lib.commands.preferences import save_preferences
from lib.domain import CalendarUser, Preferences
from lib.errors import ChangedMeanwhile, ChangeUnderWay
from lib.recall_api import Recall
from lib.staff.accounts import StaffMember
from lib.store import leases
from lib.store.outbox import WriteState
from lib.writes import WriteContext, WriteResult, WriteStep
from tests.contract.commands.conftest import SHOWN
from tests.contract.writes.conftest import AddMeeting, Record
from tests.contract.writes.writer import WAITS
from tests.running import ROOT, Sandbox, clean_environment

USER = "/api/v1/calendar/user/"
WANTED = replace(SHOWN, record_internal=True)

Save = Callable[..., WriteResult]


@pytest.fixture
def save(context: WriteContext, recall: Recall, editor: StaffMember, user: CalendarUser) -> Save:
    def saving(wanted: Preferences = WANTED, **more: object) -> WriteResult:
        return save_preferences(context, editor, user, SHOWN, wanted, **more)  # type: ignore[arg-type]

    return saving


def at_once(*jobs: Callable[[], WriteResult]) -> list[WriteResult]:
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [job.result(60) for job in [pool.submit(job) for job in jobs]]


def test_a_double_click_writes_once_and_both_are_answered_with_the_one_record(
    save: Save, sandbox: Sandbox, record: Record
) -> None:
    results = at_once(save, save, save)
    [change] = record()
    assert change.state is WriteState.APPLIED
    assert len(sandbox.asked("PUT", USER)) == 1
    assert {(result.state, result.seq) for result in results} == {(WriteState.APPLIED, change.seq)}
    assert sorted(result.already for result in results) == [False, True, True]


def test_a_click_while_the_answer_of_the_first_is_lost_writes_nothing(
    save: Save, sandbox: Sandbox, record: Record
) -> None:
    sandbox.break_calls(USER, method="PUT", lose_answer=True)
    results = at_once(save, save)
    assert [change.state for change in record()] == [WriteState.APPLIED]
    assert len(sandbox.asked("PUT", USER)) == 1
    assert {result.state for result in results} == {WriteState.APPLIED}


def test_of_two_who_want_different_things_the_second_must_decide_again(
    save: Save, sandbox: Sandbox, record: Record
) -> None:
    others = replace(SHOWN, record_recurring=True)
    ended: list[WriteResult | type[Exception]] = []

    def click(wanted: Preferences) -> None:
        try:
            ended.append(save(wanted))
        except ChangedMeanwhile as problem:
            ended.append(type(problem))

    clicks = [threading.Thread(target=click, args=(wanted,)) for wanted in (WANTED, others)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join(60)
    assert [each if isinstance(each, type) else each.state for each in ended] == [
        WriteState.APPLIED,
        ChangedMeanwhile,
    ]
    assert [change.state for change in record()] == [WriteState.APPLIED]
    assert len(sandbox.asked("PUT", USER)) == 1


def test_two_processes_that_want_different_things_take_turns(
    database: str, context: WriteContext, sandbox: Sandbox, user: CalendarUser, record: Record
) -> None:
    sandbox.break_calls(USER, method="PUT", delay_ms=500, times=None)
    command = [sys.executable, "-m", "tests.contract.writes.writer"]
    both = [
        subprocess.Popen(
            [*command, database, sandbox.url, "preferences", user.id, flag, "none"],
            cwd=ROOT,
            env=clean_environment() | {WAITS: "yes"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for flag in ("record_internal", "record_recurring")
    ]
    # Both have seen the same before either begins, however long a busy machine takes to start them.
    assert [process.stdout and process.stdout.readline() for process in both] == ["ready\n", "ready\n"]
    for process in both:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    assert sorted(process.communicate(timeout=60)[0] for process in both) == ["ChangedMeanwhile", "applied"]
    assert [change.state for change in record()] == [WriteState.APPLIED]
    assert len(sandbox.asked("PUT", USER)) == 1


def test_the_lease_is_waited_for_and_then_given_up(context: WriteContext, user: CalendarUser) -> None:
    with context.user_lease(user.id):
        began = time.monotonic()
        with pytest.raises(ChangeUnderWay), context.user_lease(user.id, waits=0.3):
            pass
        assert 0.3 <= time.monotonic() - began < 5
    with context.user_lease(user.id, waits=0):
        pass


def test_a_lease_that_was_lost_sends_nothing(
    save: Save, context: WriteContext, sandbox: Sandbox, user: CalendarUser, record: Record
) -> None:
    """As when a process stood still for minutes between two steps, and another one took the lease."""

    def lose(step: WriteStep) -> None:
        if step is WriteStep.RECORDED:
            with context.store.write() as connection:
                found = leases.find(connection, f"change:{user.id}")
                assert found is not None
                leases.give_back(connection, found.name, found.holder)

    with pytest.raises(ChangeUnderWay):
        save(progress=lose)
    assert sandbox.asked("PUT", USER) == []
    assert [change.state for change in record()] == [WriteState.NOT_APPLIED]


def test_two_users_are_changed_side_by_side(context: WriteContext, user: CalendarUser) -> None:
    with context.user_lease(user.id, waits=0), context.user_lease("somebody else", waits=0):
        pass


def test_the_same_override_twice_at_once_is_sent_once(
    context: WriteContext,
    recall: Recall,
    sandbox: Sandbox,
    editor: StaffMember,
    user: CalendarUser,
    add_meeting: AddMeeting,
    record: Record,
) -> None:
    entry = add_meeting()

    def click() -> WriteResult:
        [result] = set_overrides(context, editor, user, [entry], False)
        return result

    results = at_once(click, click)
    [change] = record()
    assert {(result.state, result.seq) for result in results} == {(WriteState.APPLIED, change.seq)}
    assert len(sandbox.asked("PUT", f"/api/v1/calendar/meetings/{entry.id}/")) == 1

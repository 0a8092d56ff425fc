"""Many users changed at once: each by one write that is read back, whatever happens, and the account says of each how
it ended."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event, Lock
from typing import Any

import pytest

from lib.clock import utc_now
from lib.commands.bulk import begin, reconcile, resume, retry, run, stop, stop_abandoned, undo
from lib.commands.bulk.batch_lease import held
from lib.domain import CalendarUser, Preferences
from lib.errors import InvalidChange, NotPermitted, ProofNeeded
from lib.recall_api import Recall
from lib.recording.presets import Preset, with_preset
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.staff.sessions import PROVEN_FOR
from lib.store import Store, batches, leases, outbox, users_list
from lib.store.batches import BatchState, ItemState
from lib.store.outbox import WriteState
from lib.writes import WriteContext, settle
from tests.contract.commands.bulk.conftest import TEN, USER, Crowd
from tests.contract.commands.conftest import Record
from tests.running import ROOT, Sandbox, clean_environment

ALL = [Preset.EVERYTHING] * TEN
BEFORE = [Preset.EXTERNAL] * TEN


def begun(crowd: Crowd, editor: StaffMember, preset: Preset = Preset.EVERYTHING) -> int:
    return begin(crowd.context, editor, crowd.plan(preset), why="Asked for by the customer")


def test_all_are_changed_by_one_write_each_and_the_record_tells_of_each(
    crowd: Crowd, editor: StaffMember, record: Record
) -> None:
    key = begun(crowd, editor)
    assert (crowd.batch(key).state, crowd.writes()) == (BatchState.PLANNED, 0)
    assert run(crowd.context, key, editor.name) is BatchState.DONE
    assert crowd.at_recall() == ALL
    assert crowd.states(key) == [ItemState.APPLIED] * TEN
    assert crowd.writes() == TEN
    made = record()
    assert {(each.state, each.batch, each.actor, each.why) for each in made} == {
        (WriteState.APPLIED, key, "dana", "Asked for by the customer")
    }
    assert {each.seq for each in made} == {item.change for item in crowd.items(key).values()}


def test_confirming_twice_is_confirming_once_and_running_twice_writes_once(crowd: Crowd, editor: StaffMember) -> None:
    plan = crowd.plan()
    key = begin(crowd.context, editor, plan)
    assert begin(crowd.context, editor, plan) == key
    run(crowd.context, key, editor.name)
    run(crowd.context, key, editor.name)
    assert begin(crowd.context, editor, plan) == key
    assert crowd.writes() == TEN


def test_who_has_it_already_is_left_out_and_not_sent_to(crowd: Crowd, recall: Recall, editor: StaffMember) -> None:
    first = crowd.users[0]
    recall.update_preferences(str(first.external_id), with_preset(first.preferences, Preset.EVERYTHING))
    crowd.sandbox.forget_asked()
    key = begun(crowd, editor)
    run(crowd.context, key, editor.name)
    assert crowd.states(key) == [ItemState.LEFT_OUT, *[ItemState.APPLIED] * (TEN - 1)]
    assert crowd.writes() == TEN - 1
    run(crowd.context, undone := undo(crowd.context, editor, key), editor.name)
    assert crowd.at_recall() == [Preset.EVERYTHING, *BEFORE[1:]]
    assert len(crowd.items(undone)) == TEN - 1


def test_where_nothing_would_change_there_is_nothing_to_begin(crowd: Crowd, editor: StaffMember) -> None:
    with pytest.raises(InvalidChange, match="nothing to begin"):
        begin(crowd.context, editor, crowd.plan(Preset.EXTERNAL))


def test_a_user_whom_somebody_changed_after_the_dry_run_is_not_touched(
    crowd: Crowd, recall: Recall, editor: StaffMember
) -> None:
    key = begun(crowd, editor)
    first = crowd.users[0]
    recall.update_preferences(str(first.external_id), with_preset(first.preferences, Preset.NOTHING))
    run(crowd.context, key, editor.name)
    assert crowd.at_recall() == [Preset.NOTHING, *ALL[1:]]
    item = crowd.items(key)[first.id]
    assert (item.state, item.change) == (ItemState.NOT_APPLIED, None)
    assert "Somebody changed this meanwhile" in str(item.problem)


@pytest.mark.parametrize("is_known_here", [True, False])
def test_a_user_deleted_meanwhile_is_told_of_and_not_made_again(
    crowd: Crowd, recall: Recall, store: Store, editor: StaffMember, is_known_here: bool
) -> None:
    key = begun(crowd, editor)
    first = crowd.users[0]
    recall.delete_user(str(first.external_id))
    if is_known_here:
        rest = [each for each in recall.list_users() if each.id != first.id]
        with store.write() as connection:
            users_list.store(connection, rest, read_at=datetime.now(UTC) + timedelta(seconds=1), complete=True)
    run(crowd.context, key, editor.name)
    assert crowd.states(key) == [ItemState.NOT_APPLIED, *[ItemState.APPLIED] * (TEN - 1)]
    assert crowd.items(key)[first.id].problem
    assert first.id not in {user.id for user in recall.list_users()}


def test_one_in_ten_that_recall_refuses_is_told_of_and_tried_again_alone(crowd: Crowd, editor: StaffMember) -> None:
    crowd.sandbox.break_calls(USER, method="PUT", status=400, body={"preferences": ["No."]})
    key = begun(crowd, editor)
    assert run(crowd.context, key, editor.name) is BatchState.DONE
    assert sorted(crowd.states(key)) == [*[ItemState.APPLIED] * (TEN - 1), ItemState.NOT_APPLIED]
    crowd.sandbox.forget_asked()
    assert retry(crowd.context, editor, key) == 1
    run(crowd.context, key, editor.name)
    assert crowd.states(key) == [ItemState.APPLIED] * TEN
    assert crowd.at_recall() == ALL
    assert crowd.writes() == 1


def test_a_lost_answer_is_settled_by_reading_and_never_sent_again(crowd: Crowd, editor: StaffMember) -> None:
    crowd.sandbox.break_calls(USER, method="PUT", lose_answer=True)
    key = begun(crowd, editor)
    run(crowd.context, key, editor.name)
    assert crowd.states(key) == [ItemState.APPLIED] * TEN
    assert crowd.writes() == TEN


class _Darkening:
    """A client that Recall does not answer any more once a write was."""

    def __init__(self, recall: Recall, sandbox: Sandbox):
        self._recall, self._sandbox = recall, sandbox

    def __getattr__(self, name: str) -> object:
        return getattr(self._recall, name)

    def update_preferences(self, external_id: str, preferences: Preferences) -> CalendarUser:
        done = self._recall.update_preferences(external_id, preferences)
        self._sandbox.break_calls("*", status=503, times=None)
        return done


def test_what_could_not_be_read_back_is_unknown_until_it_is_settled(crowd: Crowd, editor: StaffMember) -> None:
    key = begin(crowd.context, editor, crowd.plan(at_most=1))
    darkening: Any = _Darkening(crowd.context.recall, crowd.sandbox)
    run(WriteContext(crowd.context.store, darkening), key, editor.name)
    [item] = crowd.items(key).values()
    assert item.state is ItemState.UNKNOWN
    assert "Do not repeat it" in str(item.problem)
    with pytest.raises(InvalidChange, match="Nobody waits"):
        retry(crowd.context, editor, key)
    crowd.sandbox.heal()
    settle(crowd.context)
    with crowd.context.store.write() as connection:
        assert reconcile(connection, key) == 1
    assert crowd.states(key) == [ItemState.APPLIED]
    assert crowd.writes() == 1


def test_the_whole_is_taken_back_as_another_change_of_the_same_users(
    crowd: Crowd, editor: StaffMember, admin: StaffMember, record: Record
) -> None:
    key = begun(crowd, editor)
    run(crowd.context, key, editor.name)
    back = undo(crowd.context, admin, key)
    assert undo(crowd.context, admin, key) == back
    assert run(crowd.context, back, admin.name) is BatchState.DONE
    assert crowd.at_recall() == BEFORE
    assert crowd.batch(back).undoes == key
    made = record()
    undone = {each.seq for each in made if each.batch == key}
    assert {each.undoes for each in made if each.batch == back} == undone
    assert all(each.undone for each in made if each.batch == key)


def test_what_was_changed_since_is_not_taken_back(crowd: Crowd, recall: Recall, editor: StaffMember) -> None:
    key = begun(crowd, editor)
    run(crowd.context, key, editor.name)
    first = crowd.users[0]
    recall.update_preferences(str(first.external_id), with_preset(first.preferences, Preset.NOTHING))
    back = undo(crowd.context, editor, key)
    run(crowd.context, back, editor.name)
    assert crowd.at_recall() == [Preset.NOTHING, *BEFORE[1:]]
    assert crowd.items(back)[first.id].state is ItemState.NOT_APPLIED


def test_of_what_was_never_applied_nothing_is_taken_back(crowd: Crowd, editor: StaffMember) -> None:
    with pytest.raises(InvalidChange, match="nothing to undo"):
        undo(crowd.context, editor, begun(crowd, editor))


def test_one_that_was_stopped_sends_no_more_and_goes_on_where_it_was(crowd: Crowd, editor: StaffMember) -> None:
    key = begun(crowd, editor)
    stopping: Any = _Stopping(crowd, editor, key, after=2)
    assert run(WriteContext(crowd.context.store, stopping), key, editor.name) is BatchState.STOPPED
    sent = crowd.writes()
    assert 2 <= sent < TEN
    assert crowd.states(key).count(ItemState.APPLIED) == sent
    assert crowd.batch(key).plan["stopped"] == "dana stopped it."
    assert run(crowd.context, key, editor.name) is BatchState.STOPPED  # nobody has said to go on
    assert crowd.writes() == sent
    assert resume(crowd.context, editor, key) == TEN - sent
    assert run(crowd.context, key, editor.name) is BatchState.DONE
    assert (crowd.at_recall(), crowd.writes()) == (ALL, TEN)


class _Meanwhile(_Darkening):
    """A client during one of whose writes something else happens. Writes beside it wait for that."""

    happening = Lock()

    def __init__(self, crowd: Crowd, member: StaffMember, key: int, after: int):
        super().__init__(crowd.context.recall, crowd.sandbox)
        self._crowd, self._member, self._key, self._left = crowd, member, key, after

    def update_preferences(self, external_id: str, preferences: Preferences) -> CalendarUser:
        with self.happening:
            self._left -= 1
            if self._left == 0:
                self._happens()
        return self._recall.update_preferences(external_id, preferences)

    def _happens(self) -> None:
        raise NotImplementedError


class _Stopping(_Meanwhile):
    """Somebody stops the batch."""

    def _happens(self) -> None:
        stop(self._crowd.context, self._member, self._key)


class _Demoting(_Meanwhile):
    """A role is taken away."""

    def _happens(self) -> None:
        accounts.change(self._crowd.context.store, self._member.name, role=Role.VIEWER)


def test_a_role_taken_away_in_the_middle_stops_it_with_a_sentence(
    crowd: Crowd, editor: StaffMember, admin: StaffMember
) -> None:
    key = begun(crowd, editor)
    demoting: Any = _Demoting(crowd, editor, key, after=2)
    assert run(WriteContext(crowd.context.store, demoting), key, editor.name) is BatchState.STOPPED
    assert "needs the role editor" in crowd.batch(key).plan["stopped"]
    sent = crowd.writes()
    assert sent < TEN
    assert crowd.states(key).count(ItemState.WAITING) == TEN - sent
    with pytest.raises(NotPermitted):
        resume(crowd.context, editor, key)
    resume(crowd.context, admin, key)
    assert run(crowd.context, key, admin.name) is BatchState.DONE
    assert (crowd.at_recall(), crowd.writes()) == (ALL, TEN)


def test_a_password_that_counts_no_longer_lets_what_was_confirmed_come_to_its_end_and_nothing_else_begin(
    crowd: Crowd, editor: StaffMember
) -> None:
    key = begun(crowd, editor)
    later = WriteContext(crowd.context.store, crowd.context.recall, clock=lambda: utc_now() + 2 * PROVEN_FOR)
    assert run(later, key, editor.name) is BatchState.DONE
    with pytest.raises(ProofNeeded):
        undo(later, editor, key)
    assert (crowd.at_recall(), crowd.writes()) == (ALL, TEN)


def test_a_role_taken_away_before_the_confirmation_refuses_it(crowd: Crowd, editor: StaffMember) -> None:
    plan = crowd.plan()
    accounts.change(crowd.context.store, editor.name, role=Role.VIEWER)
    with pytest.raises(NotPermitted):
        begin(crowd.context, editor, plan)
    with crowd.context.store.read() as connection:
        assert batches.recent(connection) == ()


def test_a_viewer_can_do_none_of_it(crowd: Crowd, editor: StaffMember, viewer: StaffMember) -> None:
    key = begun(crowd, editor)
    for command in (stop, resume, retry, undo):
        with pytest.raises(NotPermitted):
            command(crowd.context, viewer, key)
    with pytest.raises(NotPermitted):
        begin(crowd.context, viewer, crowd.plan())
    assert run(crowd.context, key, viewer.name) is BatchState.STOPPED
    assert (crowd.at_recall(), crowd.writes()) == (BEFORE, 0)


def test_while_recall_is_down_it_stops_and_what_was_tried_can_be_tried_again(crowd: Crowd, editor: StaffMember) -> None:
    key = begun(crowd, editor)
    crowd.sandbox.break_calls("*", status=503, times=None)
    assert run(crowd.context, key, editor.name) is BatchState.STOPPED
    assert ItemState.WAITING in crowd.states(key)
    assert "does not answer" in crowd.batch(key).plan["stopped"]
    crowd.sandbox.heal()
    retry(crowd.context, editor, key)
    assert run(crowd.context, key, editor.name) is BatchState.DONE
    assert (crowd.at_recall(), crowd.writes()) == (ALL, TEN)


def test_a_limit_of_recalls_is_waited_for_and_costs_nobody_the_change(crowd: Crowd, editor: StaffMember) -> None:
    crowd.sandbox.break_calls(USER, method="PUT", status=429, retry_after="1")
    key = begun(crowd, editor)
    assert run(crowd.context, key, editor.name) is BatchState.DONE
    assert crowd.states(key) == [ItemState.APPLIED] * TEN


def test_a_server_that_ends_leaves_the_rest_for_later(crowd: Crowd, editor: StaffMember) -> None:
    key, ends = begun(crowd, editor), Event()
    ends.set()
    assert run(crowd.context, key, editor.name, server_ends=ends) is BatchState.STOPPED
    assert crowd.batch(key).plan["stopped"] == "The server was ended."
    assert crowd.writes() == 0


@pytest.mark.parametrize("answered", [1, 4])
def test_a_server_killed_in_the_middle_is_seen_at_the_next_start_and_nobody_is_sent_to_twice(
    crowd: Crowd, editor: StaffMember, record: Record, database: str, answered: int
) -> None:
    key = begun(crowd, editor)
    assert ran(database, crowd.sandbox, key, dies_after=answered) == "killed"
    assert crowd.batch(key).state is BatchState.RUNNING

    settle(crowd.context)
    assert stop_abandoned(crowd.context) == 1
    assert crowd.batch(key).state is BatchState.STOPPED
    assert "ended in the middle" in crowd.batch(key).plan["stopped"]
    done = [preset is Preset.EVERYTHING for preset in crowd.at_recall()]
    assert answered <= sum(done) < TEN
    assert crowd.states(key) == [ItemState.APPLIED if each else ItemState.WAITING for each in done]

    crowd.sandbox.forget_asked()
    resume(crowd.context, editor, key)
    assert run(crowd.context, key, editor.name) is BatchState.DONE
    assert (crowd.at_recall(), crowd.writes()) == (ALL, TEN - sum(done))
    with crowd.context.store.read() as connection:
        assert outbox.open_ones(connection) == ()
    assert sorted(each.user_id for each in record() if each.state is WriteState.APPLIED) == sorted(crowd.items(key))


def test_one_that_was_killed_can_be_gone_on_with_before_anybody_settled_it(
    crowd: Crowd, editor: StaffMember, record: Record, database: str
) -> None:
    key = begun(crowd, editor)
    ran(database, crowd.sandbox, key, dies_after=3)
    resume(crowd.context, editor, key)
    assert run(crowd.context, key, editor.name) is BatchState.DONE
    assert crowd.states(key) == [ItemState.APPLIED] * TEN
    assert sorted(each.user_id for each in record() if each.state is WriteState.APPLIED) == sorted(crowd.items(key))


def test_two_servers_never_work_at_one_batch_together(crowd: Crowd, editor: StaffMember, database: str) -> None:
    key = begun(crowd, editor)
    crowd.sandbox.break_calls(USER, method="PUT", delay_ms=150, times=None)
    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(lambda _: ran(database, crowd.sandbox, key), range(2)))
    assert "done" in ended
    assert (crowd.at_recall(), crowd.writes()) == (ALL, TEN)
    assert crowd.states(key) == [ItemState.APPLIED] * TEN


def test_while_it_is_at_work_it_can_neither_go_on_nor_be_taken_back(crowd: Crowd, editor: StaffMember) -> None:
    key = begun(crowd, editor)
    with held(crowd.context, key):
        for command in (resume, retry, undo):
            with pytest.raises(InvalidChange, match="at work"):
                command(crowd.context, editor, key)
        with pytest.raises(InvalidChange, match="at work"):
            run(crowd.context, key, editor.name)
    assert crowd.writes() == 0


class _Robbing(_Meanwhile):
    """Another process takes the batch."""

    def _happens(self) -> None:
        context, name = self._crowd.context, f"batch:{self._key}"
        with context.store.write() as connection:
            found = leases.find(connection, name)
            assert found
            leases.give_back(connection, name, found.holder)
            leases.take(connection, name, "another", ttl=timedelta(minutes=1), now=context.now())


def test_who_lost_the_batch_to_another_begins_with_nobody_else_and_says_nothing_of_it(
    crowd: Crowd, editor: StaffMember
) -> None:
    key = begun(crowd, editor)
    robbing: Any = _Robbing(crowd, editor, key, after=1)
    run(WriteContext(crowd.context.store, robbing), key, editor.name)
    assert crowd.writes() < TEN
    assert crowd.batch(key).state is BatchState.RUNNING


def ran(database: str, sandbox: Sandbox, key: int, dies_after: int = 0) -> str:
    """Let a server of its own work at the batch; answers how it ended."""
    module = "tests.contract.commands.bulk.batch_runner"
    command = [sys.executable, "-m", module, database, sandbox.url, str(key), "dana", str(dies_after)]
    done = subprocess.run(command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=60)
    if done.returncode == -signal.SIGKILL:
        return "killed"
    assert done.returncode == 0 or "at work already" in done.stderr, done.stderr
    return done.stdout or "taken"

"""What cannot be taken back: done for the name that was typed, once, and told by what Recall has afterwards."""

from collections.abc import Callable
from typing import Any

import pytest

from lib.commands.connections import delete_user, disconnect, name_to_type
from lib.domain import CalendarUser
from lib.errors import InvalidChange, NotPermitted, RecallUnreachable, UnknownCalendarUser
from lib.recall_api import Recall
from lib.staff.accounts import StaffMember
from lib.store import Store, users
from lib.store.outbox import WriteKind, WriteState
from lib.writes import WriteContext, WriteResult, WriteStep, settle
from tests.contract.commands.conftest import Record
from tests.running import Sandbox

USER = "/api/v1/calendar/user/"
DISCONNECT = "/api/v1/calendar/user/disconnect/"
LIST = "/api/v1/calendar/users/"

Act = Callable[..., WriteResult]


@pytest.fixture
def cut(context: WriteContext, recall: Recall, editor: StaffMember, user: CalendarUser) -> Act:
    """The editor disconnects the user's Google calendar."""

    def cutting(typed: str = "somebody@acme.example", platform: str = "google", **more: Any) -> WriteResult:
        return disconnect(context, editor, user, platform, typed, **more)

    return cutting


@pytest.fixture
def delete(context: WriteContext, recall: Recall, admin: StaffMember, user: CalendarUser) -> Act:
    """An admin deletes the user."""

    def deleting(typed: str = "somebody@acme.example", **more: Any) -> WriteResult:
        return delete_user(context, admin, user, typed, **more)

    return deleting


def in_store(store: Store, user: CalendarUser) -> users.UserRow:
    with store.read() as connection:
        row = users.find(connection, user.id)
    assert row is not None
    return row


def test_the_name_to_type_is_the_one_that_is_shown(user: CalendarUser) -> None:
    assert name_to_type(user) == "somebody@acme.example"


def test_one_calendar_is_disconnected_once_and_the_user_stays(
    cut: Act, context: WriteContext, recall: Recall, sandbox: Sandbox, user: CalendarUser, record: Record
) -> None:
    assert cut(why="They left").state is WriteState.APPLIED
    assert recall.get_user(str(user.external_id)).connected == ()
    assert in_store(context.store, user).user.let_go[0].email == "somebody@acme.example"
    assert in_store(context.store, user).user.lost == ()
    [change] = record()
    assert (change.kind, change.state, change.why) == (WriteKind.DISCONNECT, WriteState.APPLIED, "They left")
    assert change.before == {"platform": "google", "connected": True}
    assert len(sandbox.asked("POST", DISCONNECT)) == 1


def test_disconnecting_a_second_time_sends_nothing_and_answers_with_the_first(
    cut: Act, sandbox: Sandbox, record: Record
) -> None:
    first, again = cut(), cut()
    assert (again.already, again.seq, again.state) == (True, first.seq, WriteState.APPLIED)
    assert len(record()) == len(sandbox.asked("POST", DISCONNECT)) == 1


def test_a_platform_that_is_not_connected_is_so_already_and_nobody_here_did_it(cut: Act, record: Record) -> None:
    result = cut(platform="microsoft")
    assert (result.already, result.seq) == (True, None)
    assert record() == ()


@pytest.mark.parametrize(
    ("how", "applied", "state"),
    [
        ({"lose_answer": True}, WriteState.APPLIED, WriteState.APPLIED),
        ({"drop": True}, WriteState.NOT_APPLIED, WriteState.NOT_APPLIED),
    ],
)
def test_a_lost_answer_to_disconnecting_is_settled_by_reading(
    cut: Act, sandbox: Sandbox, record: Record, how: Any, applied: WriteState, state: WriteState
) -> None:
    sandbox.break_calls(DISCONNECT, method="POST", **how)
    assert cut().state is applied
    assert [change.state for change in record()] == [state]
    assert len(sandbox.asked("POST", DISCONNECT)) == 1


@pytest.mark.parametrize("typed", ["", "somebody", "SOMEBODY@ACME.EXAMPLE", "somebody@acme.example.org"])
def test_another_name_than_the_users_stops_both_before_anything_is_asked(
    cut: Act, delete: Act, sandbox: Sandbox, record: Record, typed: str
) -> None:
    for act in (cut, delete):
        with pytest.raises(InvalidChange, match="not the name"):
            act(typed)
    assert sandbox.asked() == []
    assert record() == ()


def test_blanks_around_the_typed_name_do_not_matter(cut: Act) -> None:
    assert cut("  somebody@acme.example ").state is WriteState.APPLIED


def test_a_user_is_deleted_once_is_gone_from_the_list_and_from_ours(
    delete: Act, context: WriteContext, recall: Recall, sandbox: Sandbox, user: CalendarUser, record: Record
) -> None:
    assert delete().state is WriteState.APPLIED
    assert user.id not in {each.id for each in recall.list_users()}
    assert in_store(context.store, user).vanished_at is not None
    assert [(change.kind, change.state) for change in record()] == [(WriteKind.DELETE_USER, WriteState.APPLIED)]
    assert len(sandbox.asked("DELETE", USER)) == 1


def test_a_deleted_user_is_not_deleted_again_nor_created_by_trying(
    delete: Act, recall: Recall, sandbox: Sandbox, user: CalendarUser
) -> None:
    delete()
    with pytest.raises(UnknownCalendarUser):
        delete()
    assert len(sandbox.asked("DELETE", USER)) == 1
    assert user.external_id not in {each.external_id for each in recall.list_users()}


@pytest.mark.parametrize(
    ("how", "applied", "state"),
    [
        ({"lose_answer": True}, WriteState.APPLIED, WriteState.APPLIED),
        ({"drop": True}, WriteState.NOT_APPLIED, WriteState.NOT_APPLIED),
        ({"status": 502}, WriteState.NOT_APPLIED, WriteState.NOT_APPLIED),
    ],
)
def test_a_lost_answer_to_deleting_is_settled_by_the_list_and_creates_nobody(
    delete: Act,
    recall: Recall,
    sandbox: Sandbox,
    user: CalendarUser,
    record: Record,
    how: Any,
    applied: WriteState,
    state: WriteState,
) -> None:
    sandbox.break_calls(USER, method="DELETE", **how)
    assert delete().state is applied
    assert [change.state for change in record()] == [state]
    assert len(sandbox.asked("DELETE", USER)) == 1
    assert (user.id in {each.id for each in recall.list_users()}) is (applied is WriteState.NOT_APPLIED)


def test_a_deletion_that_cannot_be_looked_up_stays_open_until_the_list_can_be_read(
    delete: Act, context: WriteContext, sandbox: Sandbox, record: Record
) -> None:
    def then_break(step: WriteStep) -> None:
        if step is WriteStep.ANSWERED:
            sandbox.break_calls(LIST, method="GET", status=503, times=None)

    assert delete(progress=then_break).state is WriteState.UNKNOWN
    assert [change.state for change in record()] == [WriteState.OPEN]
    sandbox.heal()
    settle(context)
    assert [change.state for change in record()] == [WriteState.APPLIED]


def test_half_a_list_proves_nobody_gone(delete: Act, sandbox: Sandbox, record: Record) -> None:
    def then_break(step: WriteStep) -> None:
        if step is WriteStep.ANSWERED:
            sandbox.break_calls(LIST, method="GET", status=200, body=[{"broken": True}], times=None)

    assert delete(progress=then_break).state is WriteState.UNKNOWN
    assert [change.state for change in record()] == [WriteState.OPEN]


def test_with_recall_down_nothing_is_deleted(delete: Act, sandbox: Sandbox, record: Record) -> None:
    sandbox.break_calls("*", status=503, times=None)
    with pytest.raises(RecallUnreachable):
        delete()
    assert record() == ()


def test_an_editor_may_not_delete(
    context: WriteContext, recall: Recall, editor: StaffMember, user: CalendarUser, sandbox: Sandbox
) -> None:
    with pytest.raises(NotPermitted, match="admin"):
        delete_user(context, editor, user, "somebody@acme.example")
    assert sandbox.asked() == []

"""Taking a change back is another change: it is checked, recorded, and itself can be taken back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lib.commands.connections import disconnect
from lib.commands.overrides import set_overrides
from lib.commands.preferences import save_preferences
from lib.commands.undo import problem_with_undo, undo, undo_needs_reason
from lib.domain import CalendarUser, Preferences
from lib.errors import ChangedMeanwhile, InvalidChange
from lib.recall_api import Recall
from lib.staff.accounts import StaffMember
from lib.store import outbox, privacy
from lib.store.outbox import Write, WriteState
from lib.writes import WriteContext, WriteResult
from tests.contract.commands.conftest import SHOWN, AddMeeting, Record
from tests.running import Sandbox

WANTED = replace(SHOWN, record_internal=True, bot_name="Another name")
USER = "/api/v1/calendar/user/"

Undo = Callable[..., WriteResult]


@pytest.fixture
def saved(context: WriteContext, recall: Recall, editor: StaffMember, user: CalendarUser) -> int:
    """Number of a change of preferences from `SHOWN` to `WANTED`."""
    seq = save_preferences(context, editor, user, SHOWN, WANTED).seq
    assert seq is not None
    return seq


@pytest.fixture
def take_back(context: WriteContext, recall: Recall, admin: StaffMember) -> Undo:
    """An admin takes a change back."""

    def taking(seq: int, **more: Any) -> WriteResult:
        [result] = undo(context, admin, [seq], **more)
        return result.or_raised()

    return taking


@pytest.fixture
def has(recall: Recall, user: CalendarUser) -> Callable[[], Preferences | None]:
    return lambda: recall.get_user(str(user.external_id)).preferences


def found(context: WriteContext, seq: int) -> Write:
    with context.store.read() as connection:
        change = outbox.find(connection, seq)
    assert change is not None
    return change


def test_what_was_there_before_is_put_back_by_a_change_of_its_own(
    saved: int, take_back: Undo, has: Callable[[], Preferences], context: WriteContext, record: Record
) -> None:
    assert has() == WANTED
    result = take_back(saved, why="It was the wrong user")
    assert result.state is WriteState.APPLIED
    assert has() == SHOWN
    back, first = record()
    assert (back.undoes, back.actor, back.state) == (first.seq, "abel", WriteState.APPLIED)
    assert (back.before, back.after) == (first.after, first.before)
    assert (first.undone, back.undone) == (True, False)


def test_taking_back_a_second_time_sends_nothing(saved: int, take_back: Undo, sandbox: Sandbox) -> None:
    first = take_back(saved)
    again = take_back(saved)
    assert (again.already, again.seq) == (True, first.seq)
    assert len(sandbox.asked("PUT", USER)) == 2


def test_taking_back_can_be_taken_back(
    saved: int, take_back: Undo, has: Callable[[], Preferences], context: WriteContext
) -> None:
    back = take_back(saved).seq
    assert back is not None
    take_back(back)
    assert has() == WANTED


def test_what_was_changed_since_is_not_overwritten(
    saved: int, take_back: Undo, recall: Recall, user: CalendarUser, has: Callable[[], Preferences]
) -> None:
    theirs = replace(WANTED, record_recurring=True)
    recall.update_preferences(str(user.external_id), theirs)
    with pytest.raises(ChangedMeanwhile):
        take_back(saved)
    assert has() == theirs


def test_an_override_is_taken_back_to_the_rules(
    context: WriteContext,
    recall: Recall,
    editor: StaffMember,
    user: CalendarUser,
    take_back: Undo,
    add_meeting: AddMeeting,
) -> None:
    entry = add_meeting()
    [done] = set_overrides(context, editor, user, [entry], True)
    assert done.seq is not None
    take_back(done.seq)
    assert recall.get_meeting(str(user.external_id), entry.id).override_should_record is None


def test_taking_back_a_dont_record_lifts_it_and_needs_a_reason(
    context: WriteContext,
    recall: Recall,
    editor: StaffMember,
    user: CalendarUser,
    take_back: Undo,
    add_meeting: AddMeeting,
) -> None:
    entry = add_meeting()
    [done] = set_overrides(context, editor, user, [entry], False)
    assert done.seq is not None
    assert undo_needs_reason(found(context, done.seq))
    with pytest.raises(InvalidChange, match="Type why"):
        take_back(done.seq)
    assert take_back(done.seq, why="It was the wrong meeting").state is WriteState.APPLIED
    assert recall.get_meeting(str(user.external_id), entry.id).override_should_record is None


def test_what_cannot_be_taken_back_says_why(
    context: WriteContext,
    recall: Recall,
    editor: StaffMember,
    user: CalendarUser,
    take_back: Undo,
    sandbox: Sandbox,
    saved: int,
) -> None:
    cut = disconnect(context, editor, user, "google", "somebody@acme.example").seq
    assert cut is not None
    sandbox.break_calls(USER, method="PUT", drop=True)
    failed = save_preferences(context, editor, user, WANTED, SHOWN).seq
    assert failed is not None
    for seq, sentence in ((cut, "connected again"), (failed, "Only an applied change"), (999, "no such change")):
        with pytest.raises(InvalidChange, match=sentence):
            take_back(seq)
    assert problem_with_undo(found(context, saved)) is None
    with context.store.write() as connection:
        privacy.erase_user(connection, user.id, now=context.now())
    with pytest.raises(InvalidChange, match="erased"):
        take_back(saved)

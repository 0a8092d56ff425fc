"""Several changes taken back at once: each a change of its own, all with one look before and after."""

from typing import Any

import pytest

from lib.commands.overrides import set_overrides
from lib.commands.undo import undo
from lib.domain import CalendarUser
from lib.errors import InvalidChange, NotPermitted
from lib.recall_api import Recall
from lib.staff.accounts import StaffMember
from lib.store.outbox import WriteState
from lib.writes import WriteContext
from tests.contract.commands.conftest import EDITOR, VIEWER, AddMeeting, Record
from tests.running import Sandbox


@pytest.fixture
def numbers_of_changes(
    context: WriteContext, recall: Recall, editor: StaffMember, user: CalendarUser, add_meeting: AddMeeting
) -> list[int]:
    """Four meetings that were set to "Record"."""
    entries = [add_meeting(title=f"Meeting {place}") for place in range(4)]
    done = set_overrides(context, editor, user, entries, True)
    return [result.seq for result in done if result.seq]


def test_all_are_put_back_and_each_names_what_it_takes_back(
    context: WriteContext, recall: Recall, numbers_of_changes: list[int], record: Record, sandbox: Sandbox
) -> None:
    sandbox.forget_asked()
    done = undo(context, EDITOR, numbers_of_changes)
    assert [result.state for result in done] == [WriteState.APPLIED] * 4
    assert [change.undoes for change in reversed(record()[:4])] == numbers_of_changes
    assert len(sandbox.asked("PUT")) == 4
    assert len(sandbox.asked("GET")) == 2


def test_what_was_changed_since_is_left_and_the_others_are_put_back(
    context: WriteContext, recall: Recall, user: CalendarUser, numbers_of_changes: list[int], record: Record
) -> None:
    first = record()[-1]
    recall.update_override(str(user.external_id), str(first.entry_id), False)
    done = undo(context, EDITOR, numbers_of_changes)
    assert [result.state for result in done] == [WriteState.NOT_APPLIED, *[WriteState.APPLIED] * 3]
    assert "Somebody changed this meanwhile." in done[0].sentence


def test_a_second_time_sends_nothing(
    context: WriteContext, recall: Recall, numbers_of_changes: list[int], sandbox: Sandbox
) -> None:
    undo(context, EDITOR, numbers_of_changes)
    sandbox.forget_asked()
    again = undo(context, EDITOR, numbers_of_changes)
    assert [result.already for result in again] == [True] * 4
    assert sandbox.asked("PUT") == []


def test_what_cannot_be_taken_back_changes_nothing(
    context: WriteContext, recall: Recall, numbers_of_changes: list[int], sandbox: Sandbox
) -> None:
    sandbox.forget_asked()
    with pytest.raises(InvalidChange, match="no such change"):
        undo(context, EDITOR, [*numbers_of_changes, 10_000])
    with pytest.raises(NotPermitted):
        undo(context, VIEWER, numbers_of_changes)
    assert sandbox.asked("PUT") == []


def test_taking_back_dont_record_needs_a_reason(
    context: WriteContext, recall: Recall, editor: StaffMember, user: CalendarUser, add_meeting: AddMeeting
) -> None:
    entries = [add_meeting(title=str(place)) for place in range(2)]
    seqs = [r.seq for r in set_overrides(context, editor, user, entries, False) if r.seq]
    without = undo(context, EDITOR, seqs)
    assert {result.state for result in without} == {WriteState.NOT_APPLIED}
    assert "Type why" in without[0].sentence
    more: dict[str, Any] = {"why": "They were the wrong ones"}
    assert {result.state for result in undo(context, EDITOR, seqs, **more)} == {WriteState.APPLIED}

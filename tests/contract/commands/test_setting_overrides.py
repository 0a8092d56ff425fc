"""Overrides: three states, one entry or many, and nothing set on what cannot be recorded or needs a reason."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Any

import pytest
from pydantic import SecretStr

from lib.commands.overrides import set_overrides
from lib.domain import CalendarUser, Entry
from lib.errors import (
    ChangedMeanwhile,
    InvalidChange,
    NotPermitted,
    RecallCalendarUnclear,
    RecallLimited,
    RecallNotFound,
    RecallRejected,
    RecallUnreachable,
    UnknownCalendarUser,
)
from lib.recall_api import Recall, open_recall
from lib.recording.overrides import LIFTS
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import Store, entries
from lib.store.outbox import WriteState
from lib.writes import WriteContext, WriteResult, settle
from tests.contract.commands.conftest import QUICK, AddMeeting, Record
from tests.running import Sandbox

MEETINGS = "/api/v1/calendar/meetings/"

Set = Callable[..., tuple[WriteResult, ...]]


@pytest.fixture
def choose(context: WriteContext, recall: Recall, editor: StaffMember, user: CalendarUser) -> Set:
    """The editor chooses `wanted` for entries as they were shown."""

    def choosing(shown: list[Entry], wanted: bool | None, **more: Any) -> tuple[WriteResult, ...]:
        return set_overrides(context, editor, user, shown, wanted, **more)

    return choosing


def writes(sandbox: Sandbox) -> int:
    return len(sandbox.asked("PUT"))


def stored(store: Store, user: CalendarUser) -> dict[str, Entry]:
    with store.read() as connection:
        return {kept.entry.id: kept.entry for kept in entries.of_user(connection, user.id)}


@pytest.mark.parametrize(
    ("before", "wanted"), [(None, True), (None, False), (True, False), (True, None), (False, True)]
)
def test_each_state_is_written_once_read_back_and_kept_for_every_server(
    choose: Set,
    context: WriteContext,
    recall: Recall,
    user: CalendarUser,
    sandbox: Sandbox,
    add_meeting: AddMeeting,
    record: Record,
    before: bool | None,
    wanted: bool | None,
) -> None:
    entry = add_meeting(override=before)
    [result] = choose([entry], wanted, why="The customer asked")
    assert (result.state, result.already, result.problem) == (WriteState.APPLIED, False, None)
    assert recall.get_meeting(str(user.external_id), entry.id).override_should_record is wanted
    assert stored(context.store, user)[entry.id].override_should_record is wanted
    [change] = record()
    assert (change.state, change.entry_id, change.actor, change.why) == (
        WriteState.APPLIED,
        entry.id,
        "dana",
        "The customer asked",
    )
    assert (change.before, change.after) == ({"override_should_record": before}, {"override_should_record": wanted})
    assert change.made_at <= (change.sent_at or change.made_at) <= (change.closed_at or change.made_at)
    assert writes(sandbox) == 1


def test_null_is_not_false(choose: Set, recall: Recall, user: CalendarUser, add_meeting: AddMeeting) -> None:
    entry = add_meeting(override=True, is_external=True)
    choose([entry], None)
    now = recall.get_meeting(str(user.external_id), entry.id)
    assert now.override_should_record is None
    assert now.will_record  # by the rules, which record external meetings


def test_many_are_asked_for_with_one_question_before_and_one_after(
    choose: Set, sandbox: Sandbox, add_meeting: AddMeeting, record: Record
) -> None:
    shown = [add_meeting(start_in_seconds=3600 * hour) for hour in range(1, 8)]
    sandbox.forget_asked()
    results = choose(shown, False)
    assert {result.state for result in results} == {WriteState.APPLIED}
    assert [asked["method"] for asked in sandbox.asked()] == ["GET", *["PUT"] * 7, "GET"]
    assert [change.entry_id for change in reversed(record())] == [entry.id for entry in shown]


def test_of_a_calendar_that_takes_recall_minutes_many_are_looked_at_one_by_one(
    context: WriteContext, editor: StaffMember, user: CalendarUser, sandbox: Sandbox, add_meeting: AddMeeting
) -> None:
    """Nobody at a page waits for its list, which is asked for before and after."""
    shown = [add_meeting(start_in_seconds=3600 * hour) for hour in range(1, 5)]
    sandbox.break_calls(MEETINGS, delay_ms=8000, times=None)
    hasty = replace(QUICK, attempts=1, total_seconds=1.0, read_seconds=1.0, slow_seconds=30.0)
    sandbox.forget_asked()
    began = monotonic()
    with open_recall(sandbox.url, SecretStr(sandbox.key), retry_policy=hasty) as recall:
        results = set_overrides(replace(context, recall=recall), editor, user, shown, False)
    assert {result.state for result in results} == {WriteState.APPLIED}
    assert monotonic() - began < 7
    assert (writes(sandbox), len(sandbox.asked("GET", MEETINGS))) == (4, 2)


def test_many_that_meet_a_lost_calendar_are_refused_one_by_one_and_the_connection_is_looked_at_once(
    choose: Set, user: CalendarUser, sandbox: Sandbox, add_meeting: AddMeeting, record: Record
) -> None:
    """The user may have another calendar, so that the next one may go through."""
    refused = [add_meeting(start_in_seconds=3600 * hour) for hour in range(1, 5)]
    fine = add_meeting(start_in_seconds=3600 * 5)
    for entry in refused:
        sandbox.break_calls(f"{MEETINGS}{entry.id}/", method="PUT", status=422, body={"detail": "No."})
    sandbox.forget_asked()
    results = choose([*refused, fine], False)
    assert [type(result.problem) for result in results] == [*[RecallCalendarUnclear] * 4, type(None)]
    assert all("Nothing was changed" in result.sentence for result in results[:4])
    assert {change.state for change in record()} == {WriteState.NOT_APPLIED, WriteState.APPLIED}
    assert len(sandbox.asked("GET", "/api/v1/calendar/user/")) == 1
    assert writes(sandbox) == 5


def test_each_of_many_ends_by_itself(
    choose: Set,
    context: WriteContext,
    recall: Recall,
    user: CalendarUser,
    sandbox: Sandbox,
    add_meeting: AddMeeting,
    record: Record,
) -> None:
    so_already = add_meeting(override=True)
    others = add_meeting(override=None)
    recall.update_override(str(user.external_id), others.id, False)
    refused, fine, no_link = add_meeting(), add_meeting(), add_meeting(link=None)
    gone = add_meeting()
    sandbox.control("DELETE", f"meetings/{gone.id}/")
    sandbox.break_calls(f"{MEETINGS}{refused.id}/", method="PUT", status=400, body={"detail": "No."})
    sandbox.forget_asked()
    results = choose([so_already, others, refused, fine, no_link, gone], True)
    assert [result.state for result in results] == [
        WriteState.APPLIED,
        WriteState.NOT_APPLIED,
        WriteState.NOT_APPLIED,
        WriteState.APPLIED,
        WriteState.NOT_APPLIED,
        WriteState.NOT_APPLIED,
    ]
    kinds = [type(result.problem) for result in results]
    assert kinds == [type(None), ChangedMeanwhile, RecallRejected, type(None), InvalidChange, RecallNotFound]
    assert results[0].already
    assert results[4].sentence == "This meeting will not be recorded: the event has no meeting link."
    assert {change.entry_id: change.state for change in record()} == {
        refused.id: WriteState.NOT_APPLIED,
        fine.id: WriteState.APPLIED,
    }
    assert writes(sandbox) == 2


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"link": None}, "no meeting link"),
        ({"whole_day": "midnight"}, "lasts all day"),
        ({"start_in_seconds": -7200, "end_in_seconds": -3600}, "is over"),
    ],
)
@pytest.mark.parametrize("wanted", [True, False])
def test_what_cannot_be_recorded_whatever_is_chosen_is_refused_with_the_reason(
    choose: Set, sandbox: Sandbox, add_meeting: AddMeeting, record: Record, facts: Any, sentence: str, wanted: bool
) -> None:
    [result] = choose([add_meeting(**facts)], wanted)
    assert sentence in result.sentence
    assert writes(sandbox) == 0
    assert record() == ()


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [({"override": False}, None), ({"override": False}, True), ({"visibility": "private"}, True)],
)
def test_what_needs_a_reason_is_not_done_without_one(
    choose: Set, sandbox: Sandbox, add_meeting: AddMeeting, record: Record, facts: Any, wanted: bool | None
) -> None:
    entry = add_meeting(**facts)
    for blank in (None, "", " \n "):
        [result] = choose([entry], wanted, why=blank)
        assert result.state is WriteState.NOT_APPLIED
        assert isinstance(result.problem, InvalidChange)
    assert writes(sandbox) == 0
    [result] = choose([entry], wanted, why="Their legal team agreed")
    assert result.state is WriteState.APPLIED
    assert [change.why for change in record()] == ["Their legal team agreed"]


def test_the_reason_is_asked_for_by_what_recall_has_now_and_not_by_what_was_shown(
    choose: Set, sandbox: Sandbox, add_meeting: AddMeeting
) -> None:
    entry = add_meeting()
    sandbox.control("PATCH", f"meetings/{entry.id}/", {"visibility": "confidential"})
    [result] = choose([entry], True)
    assert "confidential" in result.sentence
    assert writes(sandbox) == 0


def test_lifting_says_so(choose: Set, add_meeting: AddMeeting) -> None:
    [result] = choose([add_meeting(override=False)], None)
    assert result.sentence == LIFTS


@pytest.mark.parametrize(
    ("how", "applied", "state"),
    [
        ({"lose_answer": True}, WriteState.APPLIED, WriteState.APPLIED),
        ({"truncate": True}, WriteState.APPLIED, WriteState.APPLIED),
        ({"drop": True}, WriteState.NOT_APPLIED, WriteState.NOT_APPLIED),
        ({"status": 502}, WriteState.NOT_APPLIED, WriteState.NOT_APPLIED),
    ],
)
def test_a_lost_answer_is_settled_by_reading_and_nothing_is_sent_again(
    choose: Set,
    sandbox: Sandbox,
    add_meeting: AddMeeting,
    record: Record,
    how: Any,
    applied: WriteState,
    state: WriteState,
) -> None:
    entry = add_meeting()
    sandbox.break_calls(f"{MEETINGS}{entry.id}/", method="PUT", **how)
    [result] = choose([entry], False)
    assert result.state is applied
    assert [change.state for change in record()] == [state]
    assert writes(sandbox) == 1


def test_after_three_lost_answers_the_rest_is_not_sent(
    choose: Set, sandbox: Sandbox, add_meeting: AddMeeting, record: Record
) -> None:
    shown = [add_meeting() for _ in range(5)]
    sandbox.break_calls(f"{MEETINGS}*", method="PUT", lose_answer=True, times=None)
    results = choose(shown, False)
    assert [result.state for result in results] == [*[WriteState.APPLIED] * 3, *[WriteState.NOT_APPLIED] * 2]
    assert isinstance(results[4].problem, RecallUnreachable)
    assert [change.state for change in reversed(record())] == [*[WriteState.APPLIED] * 3, *[WriteState.NOT_APPLIED] * 2]
    assert writes(sandbox) == 3


def test_when_recall_asks_to_slow_down_the_rest_is_not_sent_and_each_is_told(
    choose: Set, sandbox: Sandbox, add_meeting: AddMeeting, record: Record
) -> None:
    shown = [add_meeting() for _ in range(4)]
    sandbox.break_calls(f"{MEETINGS}{shown[1].id}/", method="PUT", retry_after=3600)
    results = choose(shown, False)
    assert [type(result.problem) for result in results[1:]] == [RecallLimited] * 3
    assert results[0].state is WriteState.UNKNOWN  # the limit closes reading back, too
    assert [change.state for change in reversed(record())] == [WriteState.OPEN, *[WriteState.NOT_APPLIED] * 3]


def test_what_cannot_be_read_back_stays_open_and_the_next_pass_settles_it(
    choose: Set, context: WriteContext, sandbox: Sandbox, add_meeting: AddMeeting, record: Record
) -> None:
    entry = add_meeting()
    before = sandbox_answer(sandbox, entry)
    sandbox.break_calls(f"{MEETINGS}{entry.id}/", method="GET", status=200, body=before)
    sandbox.break_calls(f"{MEETINGS}{entry.id}/", method="GET", status=503, times=None)
    [result] = choose([entry], False)
    assert result.state is WriteState.UNKNOWN
    assert "Do not repeat it" in result.sentence
    assert [change.state for change in record()] == [WriteState.OPEN]
    sandbox.heal()
    settle(context)
    assert [change.state for change in record()] == [WriteState.APPLIED]
    assert writes(sandbox) == 1


def sandbox_answer(sandbox: Sandbox, entry: Entry) -> dict[str, Any]:
    """As the API shows it."""
    shown: dict[str, Any] = sandbox.control("PATCH", f"meetings/{entry.id}/", {})
    return shown


def test_with_recall_down_nothing_is_sent_and_nothing_recorded(
    choose: Set, sandbox: Sandbox, add_meeting: AddMeeting, record: Record
) -> None:
    shown = [add_meeting() for _ in range(4)]
    sandbox.break_calls("*", status=503, times=None)
    assert {type(result.problem) for result in choose(shown, True)} == {RecallUnreachable}
    assert writes(sandbox) == 0
    assert record() == ()


def test_a_role_taken_away_while_recall_is_looked_at_sends_nothing(
    choose: Set, context: WriteContext, editor: StaffMember, sandbox: Sandbox, add_meeting: AddMeeting, record: Record
) -> None:
    entry = add_meeting()
    with pytest.raises(NotPermitted):
        choose([entry], True, progress=lambda _: accounts.change(context.store, editor.name, role=Role.VIEWER) and None)
    assert writes(sandbox) == 0
    assert record() == ()


def test_a_user_deleted_meanwhile_is_told_and_not_created_again(
    choose: Set, recall: Recall, user: CalendarUser, add_meeting: AddMeeting, record: Record
) -> None:
    entry = add_meeting()
    recall.delete_user(str(user.external_id))
    try:
        [result] = choose([entry], True)
        problem = result.problem
    except UnknownCalendarUser as raised:
        problem = raised
    assert isinstance(problem, UnknownCalendarUser)
    assert record() == ()
    assert user.external_id not in {each.external_id for each in recall.list_users()}


def test_an_entry_that_is_named_twice_is_sent_once(
    choose: Set, sandbox: Sandbox, add_meeting: AddMeeting, record: Record
) -> None:
    entry = add_meeting()
    results = choose([entry, entry], False)
    assert [result.seq for result in results] == [record()[0].seq] * 2
    assert len(record()) == writes(sandbox) == 1


def test_nothing_chosen_is_nothing_done(choose: Set, sandbox: Sandbox) -> None:
    assert choose([], True) == ()
    assert sandbox.asked() == []

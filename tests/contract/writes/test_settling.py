"""Open changes are settled by each pass of the sync and at the start of a server, with few calls, and nobody waits."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.commands.preferences import save_preferences
from lib.domain import CalendarUser
from lib.recall_api import Recall
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import Store, migrate, open_store, outbox, users_list
from lib.store.outbox import NewWrite, Value, WriteKind, WriteState
from lib.store.passes import PassState
from lib.sync import new_holder, run_pass
from lib.writes import WriteContext, settle
from lib.writes.settlement import IN_VAIN, NEVER_SENT
from tests.contract.commands.conftest import SHOWN
from tests.contract.writes.conftest import AddMeeting, Record
from tests.running import Sandbox

PREFERENCES = {**SHOWN.flags, "bot_name": SHOWN.bot_name}
OTHER = PREFERENCES | {"record_internal": True}
THIRD = PREFERENCES | {"record_recurring": True}


def left_open(
    store: Store, user: CalendarUser, before: Value = PREFERENCES, after: Value = OTHER, *, sent: bool = True
) -> int:
    """A change whose process died, after it was sent or before."""
    with store.write() as connection:
        now = utc_now()
        draft = NewWrite(WriteKind.PREFERENCES, user.id, before, after, "dana")
        seq = outbox.add(connection, draft, now=now)
        if sent:
            outbox.mark_sent(connection, seq, now=now)
    return seq


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        (PREFERENCES, OTHER, WriteState.NOT_APPLIED),
        (OTHER, PREFERENCES, WriteState.APPLIED),
        (OTHER, THIRD, WriteState.UNKNOWN),
    ],
)
def test_what_recall_has_tells_how_it_ended(
    context: WriteContext, user: CalendarUser, record: Record, before: Value, after: Value, state: WriteState
) -> None:
    left_open(context.store, user, before, after)
    assert (settle(context).closed, settle(context).closed) == (1, 0)
    [change] = record()
    assert (change.state, change.closed_at is not None) == (state, True)
    assert (change.note is not None) is (state is WriteState.UNKNOWN)


def test_what_was_never_sent_is_closed_without_asking(
    context: WriteContext, sandbox: Sandbox, user: CalendarUser, record: Record
) -> None:
    left_open(context.store, user, sent=False)
    sandbox.forget_asked()
    assert settle(context).closed == 1
    assert [(change.state, change.note) for change in record()] == [(WriteState.NOT_APPLIED, NEVER_SENT)]
    assert sandbox.asked() == []


def test_while_recall_is_down_it_stays_open_and_is_settled_when_it_is_back(
    context: WriteContext, sandbox: Sandbox, user: CalendarUser, record: Record
) -> None:
    left_open(context.store, user)
    sandbox.break_calls("*", status=503, times=None)
    assert settle(context).left == 1
    assert [change.state for change in record()] == [WriteState.OPEN]
    sandbox.heal()
    assert settle(context).left == 0
    assert [change.state for change in record()] == [WriteState.NOT_APPLIED]


def test_of_a_user_who_is_gone_nobody_can_tell_and_nobody_is_created_again(
    context: WriteContext, recall: Recall, user: CalendarUser, record: Record
) -> None:
    left_open(context.store, user)
    recall.delete_user(str(user.external_id))
    settle(context)
    assert [change.state for change in record()] == [WriteState.UNKNOWN]
    assert user.external_id not in {each.external_id for each in recall.list_users()}


def test_a_user_whom_the_list_no_longer_held_is_not_asked_for(
    context: WriteContext, sandbox: Sandbox, user: CalendarUser, record: Record
) -> None:
    left_open(context.store, user)
    with context.store.write() as connection:
        another = replace(user, id="another", external_id="another")
        users_list.store(connection, [another], read_at=utc_now(), complete=True)
    sandbox.forget_asked()
    settle(context)
    assert [change.state for change in record()] == [WriteState.UNKNOWN]
    assert sandbox.asked() == []


def test_a_pass_settles_what_is_open(
    context: WriteContext, store: Store, recall: Recall, sandbox: Sandbox, user: CalendarUser, record: Record
) -> None:
    left_open(store, user)
    assert run_pass(store, recall, holder=new_holder()).state is PassState.COMPLETE
    assert [change.state for change in record()] == [WriteState.NOT_APPLIED]
    assert sandbox.asked("PUT") == []


def test_a_pass_goes_on_when_a_change_cannot_be_looked_up(
    context: WriteContext, store: Store, recall: Recall, sandbox: Sandbox, user: CalendarUser, record: Record
) -> None:
    left_open(store, user)
    sandbox.break_calls("/api/v1/calendar/user/", method="GET", status=503, times=None)
    assert run_pass(store, recall, holder=new_holder()).state is PassState.COMPLETE
    assert [change.state for change in record()] == [WriteState.OPEN]


def test_after_a_few_answers_in_vain_the_rest_is_left_for_later(
    context: WriteContext, sandbox: Sandbox, user: CalendarUser, record: Record
) -> None:
    for _ in range(IN_VAIN + 3):
        left_open(context.store, user)
    sandbox.break_calls("/api/v1/calendar/user/", method="GET", status=400, times=None)
    assert settle(context).left == IN_VAIN + 3
    assert len(sandbox.asked("GET", "/api/v1/calendar/user/")) == IN_VAIN
    sandbox.heal()
    assert settle(context).left == 0


def test_a_change_under_way_is_left_to_who_makes_it(
    context: WriteContext, recall: Recall, editor: StaffMember, user: CalendarUser, record: Record
) -> None:
    seen: list[tuple[int, list[WriteState]]] = []

    def meanwhile(_: object) -> None:
        seen.append((settle(context).closed, [change.state for change in record()]))

    save_preferences(context, editor, user, SHOWN, replace(SHOWN, record_internal=True), progress=meanwhile)
    assert {closed for closed, _ in seen} == {0}
    assert seen[-1][1] == [WriteState.APPLIED]


def test_an_entry_that_is_gone_leaves_nobody_who_can_tell(
    context: WriteContext, sandbox: Sandbox, user: CalendarUser, add_meeting: AddMeeting, record: Record
) -> None:
    entry = add_meeting()
    with context.store.write() as connection:
        before, after = ({"override_should_record": value} for value in (None, True))
        draft = NewWrite(WriteKind.OVERRIDE, user.id, before, after, "dana", entry_id=entry.id)
        outbox.mark_sent(connection, outbox.add(connection, draft, now=context.now()), now=context.now())
    sandbox.control("DELETE", f"meetings/{entry.id}/")
    settle(context)
    assert [(change.state, change.note is not None) for change in record()] == [(WriteState.UNKNOWN, True)]


def test_a_server_that_starts_settles_in_the_background(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sandbox: Sandbox, user: CalendarUser
) -> None:
    url = f"sqlite:///{tmp_path / 'started.db'}"
    for name, value in {"DATABASE_URL": url, "RECALL_API_KEY": sandbox.key, "RECALL_BASE_URL": sandbox.url}.items():
        monkeypatch.setenv(name, value)
    migrate(url)
    store = open_store(url, recall_base_url=sandbox.url)
    accounts.add_with_hash(store, "dana", role=Role.ADMIN, display="Dana", password_hash="-")
    with store.write() as connection:
        users_list.store(connection, [user], read_at=utc_now(), complete=False)
    seq = left_open(store, user)
    sandbox.break_calls("/api/v1/calendar/user/", method="GET", delay_ms=2000)
    desk.cache_clear()
    try:
        desk().settle_in_background()
        assert _state(store, seq) is WriteState.OPEN
        assert _state_after_a_while(store, seq) is WriteState.NOT_APPLIED
    finally:
        desk().close()
        desk.cache_clear()
        store.close()


def _state_after_a_while(store: Store, seq: int) -> WriteState | None:
    for _ in range(200):
        if (state := _state(store, seq)) is not WriteState.OPEN:
            break
        time.sleep(0.05)
    return state


def _state(store: Store, seq: int) -> WriteState | None:
    with store.read() as connection:
        change = outbox.find(connection, seq)
    return change.state if change else None

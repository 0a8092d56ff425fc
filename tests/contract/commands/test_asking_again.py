"""Deletions and changes of many users are done only by who typed their password a moment ago."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from lib.commands import bulk
from lib.commands.bulk import plan_bulk
from lib.commands.connections import delete_user, disconnect, name_to_type
from lib.commands.preferences import save_preferences
from lib.customer.sight import EVERYTHING
from lib.domain import CalendarUser, Preferences
from lib.errors import ProofNeeded
from lib.staff import sessions
from lib.staff.accounts import StaffMember
from lib.staff.sessions import PROVEN_FOR
from lib.store import batches
from lib.store.batches import BatchState
from lib.store.outbox import WriteState
from lib.writes import WriteContext
from tests.contract.commands.conftest import ADMIN, SHOWN, Record
from tests.proving import proven
from tests.running import Sandbox

Command = Callable[[WriteContext, StaffMember, CalendarUser], object]


def _begin(context: WriteContext, who: StaffMember, user: CalendarUser) -> int:
    plan = plan_bulk(context.store, [user.id], Preferences().flags, EVERYTHING, keep=False, zone=ZoneInfo("UTC"))
    return bulk.begin(context, who, plan)


def _stopped(context: WriteContext, user: CalendarUser) -> int:
    """A change of many that somebody began and stopped."""
    key = _begin(context, proven(context.store, ADMIN), user)
    with context.store.write() as connection:
        batches.set_state(connection, key, BatchState.STOPPED, now=context.now())
    return key


COMMANDS: dict[str, Command] = {
    "disconnect": lambda m, who, user: disconnect(m, who, user, "google", name_to_type(user)),
    "delete_user": lambda m, who, user: delete_user(m, who, user, name_to_type(user)),
    "begin": _begin,
    "go_on": lambda m, who, user: bulk.resume(m, who, _stopped(m, user)),
    "try_again": lambda m, who, user: bulk.retry(m, who, _stopped(m, user)),
    "take_back": lambda m, who, user: bulk.undo(m, who, _stopped(m, user)),
}


WITHOUT_PROOF = ["by no browser", "typed long ago", "signed out", "in another browser", "by a clock put back since"]


@pytest.mark.parametrize("how", WITHOUT_PROOF)
@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_done_without_a_password_typed_a_moment_ago(
    context: WriteContext, user: CalendarUser, sandbox: Sandbox, record: Record, command: str, how: str
) -> None:
    match how:
        case "by no browser":
            who = ADMIN
        case "in another browser":
            who = proven(context.store, ADMIN, clock=lambda: context.now() - 2 * PROVEN_FOR)
            proven(context.store, ADMIN)
        case "by a clock put back since":
            who = proven(context.store, ADMIN, clock=lambda: context.now() + 2 * PROVEN_FOR)
        case "typed long ago":
            before = context.now() - PROVEN_FOR - timedelta(seconds=1)
            who = proven(context.store, ADMIN, clock=lambda: before)
        case _:
            who = proven(context.store, ADMIN)
            sessions.end_all(context.store, ADMIN.name)
    with pytest.raises(ProofNeeded):
        COMMANDS[command](context, who, user)
    assert sandbox.asked() == []
    assert record() == ()


def test_with_it_a_user_is_deleted(context: WriteContext, user: CalendarUser) -> None:
    who = proven(context.store, ADMIN)
    assert delete_user(context, who, user, name_to_type(user)).state is WriteState.APPLIED


def test_an_everyday_change_asks_for_no_password(context: WriteContext, user: CalendarUser) -> None:
    wanted = Preferences(record_internal=True, bot_name=SHOWN.bot_name)
    saved = save_preferences(context, ADMIN, user, SHOWN, wanted)
    assert saved.state is WriteState.APPLIED

"""Deletions and changes of many users are done only by who typed their password a moment ago."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from lib.commands import bulk
from lib.commands.bulk import plan_many
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
from lib.writes import Applied, Means
from tests.contract.commands.conftest import ADMIN, SHOWN, Record
from tests.proving import proven
from tests.running import Sandbox

Command = Callable[[Means, StaffMember, CalendarUser], object]


def _begin(means: Means, who: StaffMember, user: CalendarUser) -> int:
    plan = plan_many(means.store, [user.id], Preferences().flags, EVERYTHING, keep=False, zone=ZoneInfo("UTC"))
    return bulk.begin(means, who, plan)


def _stopped(means: Means, user: CalendarUser) -> int:
    """A change of many that somebody began and stopped."""
    key = _begin(means, proven(means.store, ADMIN), user)
    with means.store.write() as connection:
        batches.set_state(connection, key, BatchState.STOPPED, now=means.now())
    return key


COMMANDS: dict[str, Command] = {
    "disconnect": lambda m, who, user: disconnect(m.store, m.recall, who, user, "google", name_to_type(user)),
    "delete_user": lambda m, who, user: delete_user(m.store, m.recall, who, user, name_to_type(user)),
    "begin": _begin,
    "go_on": lambda m, who, user: bulk.go_on(m, who, _stopped(m, user)),
    "try_again": lambda m, who, user: bulk.try_again(m, who, _stopped(m, user)),
    "take_back": lambda m, who, user: bulk.take_back(m, who, _stopped(m, user)),
}


WITHOUT_PROOF = ["by no browser", "typed long ago", "signed out", "in another browser", "by a clock put back since"]


@pytest.mark.parametrize("how", WITHOUT_PROOF)
@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_done_without_a_password_typed_a_moment_ago(
    means: Means, user: CalendarUser, sandbox: Sandbox, record: Record, command: str, how: str
) -> None:
    match how:
        case "by no browser":
            who = ADMIN
        case "in another browser":
            who = proven(means.store, ADMIN, clock=lambda: means.now() - 2 * PROVEN_FOR)
            proven(means.store, ADMIN)
        case "by a clock put back since":
            who = proven(means.store, ADMIN, clock=lambda: means.now() + 2 * PROVEN_FOR)
        case "typed long ago":
            before = means.now() - PROVEN_FOR - timedelta(seconds=1)
            who = proven(means.store, ADMIN, clock=lambda: before)
        case _:
            who = proven(means.store, ADMIN)
            sessions.end_all(means.store, ADMIN.name)
    with pytest.raises(ProofNeeded):
        COMMANDS[command](means, who, user)
    assert sandbox.asked() == []
    assert record() == ()


def test_with_it_a_user_is_deleted(means: Means, user: CalendarUser) -> None:
    who = proven(means.store, ADMIN)
    assert delete_user(means.store, means.recall, who, user, name_to_type(user)).applied is Applied.YES


def test_an_everyday_change_asks_for_no_password(means: Means, user: CalendarUser) -> None:
    wanted = Preferences(record_internal=True, bot_name=SHOWN.bot_name)
    saved = save_preferences(means.store, means.recall, ADMIN, user, SHOWN, wanted)
    assert saved.result.applied is Applied.YES

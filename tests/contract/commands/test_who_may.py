"""Permission by role by command, called directly: who may not hears so, Recall hears nothing, nothing is recorded."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from lib.commands.connections import delete_user, disconnect, name_to_type
from lib.commands.overrides import set_overrides
from lib.commands.preferences import save_preferences
from lib.commands.undo import undo
from lib.domain import CalendarUser, Entry
from lib.errors import NotPermitted
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role, role_needed_for
from lib.store import outbox
from lib.store.outbox import NewWrite, WriteKind, WriteState
from lib.writes import PERMISSION, WriteContext
from tests.contract.commands.conftest import ADMIN, EDITOR, SHOWN, VIEWER, AddMeeting, Record
from tests.proving import proven
from tests.running import Sandbox

WANTED = replace(SHOWN, record_internal=True)

Command = Callable[[WriteContext, StaffMember, CalendarUser, Entry], object]


def _undone(context: WriteContext, member: StaffMember, user: CalendarUser, _: Entry) -> object:
    """Of a change that somebody made before, to what is set now."""
    before, after = ({**each.flags, "bot_name": each.bot_name} for each in (WANTED, SHOWN))
    with context.store.write() as connection:
        seq = outbox.add(
            connection, NewWrite(WriteKind.PREFERENCES, user.id, before, after, ADMIN.name), now=context.now()
        )
        outbox.close(connection, seq, WriteState.APPLIED, now=context.now())
    [result] = undo(context, member, [seq])
    return result


COMMANDS: dict[str, tuple[WriteKind, Command]] = {
    "save_preferences": (
        WriteKind.PREFERENCES,
        lambda m, who, user, _: save_preferences(m, who, user, SHOWN, WANTED),
    ),
    "set_overrides": (
        WriteKind.OVERRIDE,
        lambda m, who, user, entry: set_overrides(m, who, user, [entry], True),
    ),
    "set_overrides of many": (
        WriteKind.OVERRIDE,
        lambda m, who, user, entry: set_overrides(m, who, user, [entry] * 4, None),
    ),
    "disconnect": (
        WriteKind.DISCONNECT,
        lambda m, who, user, _: disconnect(m, who, user, "google", name_to_type(user)),
    ),
    "delete_user": (
        WriteKind.DELETE_USER,
        lambda m, who, user, _: delete_user(m, who, user, name_to_type(user)),
    ),
    "undo": (WriteKind.PREFERENCES, _undone),
}
MEMBERS = {"viewer": VIEWER, "editor": EDITOR, "admin": ADMIN, "stranger": StaffMember("eve", "Eve", Role.ADMIN)}


def refuses(member: StaffMember, kind: WriteKind) -> bool:
    return member.name == "eve" or not member.may(PERMISSION[kind])


def test_every_kind_of_change_needs_a_permission_that_a_viewer_has_not() -> None:
    assert set(PERMISSION) == set(WriteKind)
    assert not [kind for kind in WriteKind if VIEWER.may(PERMISSION[kind])]


@pytest.mark.parametrize("who", MEMBERS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_done_for_who_may_and_for_nobody_else(
    context: WriteContext,
    user: CalendarUser,
    add_meeting: AddMeeting,
    sandbox: Sandbox,
    record: Record,
    command: str,
    who: str,
) -> None:
    kind, do = COMMANDS[command]
    member, entry = MEMBERS[who], add_meeting()
    if not refuses(member, kind):
        do(context, proven(context.store, member), user, entry)
        return
    with pytest.raises(NotPermitted) as raised:
        do(context, member, user, entry)
    assert raised.value.needs == role_needed_for(PERMISSION[kind])
    assert sandbox.asked() == []
    assert [change for change in record() if change.actor == member.name] == []


@pytest.mark.parametrize("how", ["the role is taken away", "the account is disabled"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_right_taken_away_after_the_page_was_drawn_counts_at_once(
    context: WriteContext, user: CalendarUser, add_meeting: AddMeeting, sandbox: Sandbox, command: str, how: str
) -> None:
    entry = add_meeting()
    accounts.add_with_hash(context.store, "root", role=Role.ADMIN, display="Root", password_hash="-")
    if how == "the role is taken away":
        accounts.change(context.store, ADMIN.name, role=Role.VIEWER)
    else:
        accounts.disable(context.store, ADMIN.name)
    with pytest.raises(NotPermitted):
        COMMANDS[command][1](context, ADMIN, user, entry)
    assert sandbox.asked() == []

"""The title of a private meeting is shown to who may see it, and that is told; the title is kept nowhere else."""

from datetime import UTC, datetime

import pytest

from lib.commands.private_titles import reveal
from lib.domain import CalendarUser, Entry
from lib.errors import InvalidChange, NotPermitted
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.store import Store, events, privacy
from lib.store.events import Event, EventKind
from lib.writes import WriteContext
from tests.contract.commands.conftest import ADMIN, EDITOR, VIEWER, AddMeeting

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
SECRET = "Redundancies in spring"


@pytest.fixture
def private(add_meeting: AddMeeting) -> Entry:
    return add_meeting(title=SECRET, visibility="private")


def looked(store: Store) -> list[Event]:
    with store.read() as connection:
        found = events.numbered(connection, range(1, 50))
    return [event for event in found if event.kind is EventKind.TITLE_SHOWN]


@pytest.mark.parametrize("member", [EDITOR, ADMIN], ids=lambda member: member.role)
def test_it_is_shown_and_told_who_looked_at_what_and_when(
    context: WriteContext, user: CalendarUser, private: Entry, member: StaffMember
) -> None:
    assert reveal(context.store, member.name, user.id, private.id, clock=lambda: NOW).title == SECRET
    [event] = looked(context.store)
    assert (event.actor, event.user_id, event.entry_id, event.at) == (member.name, user.id, private.id, NOW)
    assert SECRET not in str(event)


def test_a_viewer_is_shown_nothing_and_nothing_is_told(
    context: WriteContext, user: CalendarUser, private: Entry
) -> None:
    with pytest.raises(NotPermitted):
        reveal(context.store, VIEWER.name, user.id, private.id)
    assert looked(context.store) == []


def test_a_right_taken_away_meanwhile_counts(context: WriteContext, user: CalendarUser, private: Entry) -> None:
    accounts.disable(context.store, EDITOR.name)
    with pytest.raises(NotPermitted):
        reveal(context.store, EDITOR.name, user.id, private.id)
    assert looked(context.store) == []


def test_what_is_not_there_or_was_erased_is_not_shown(
    context: WriteContext, user: CalendarUser, private: Entry
) -> None:
    for whose, which in ((user.id, "nothing"), ("nobody", private.id)):
        with pytest.raises(InvalidChange, match="not kept any more"):
            reveal(context.store, EDITOR.name, whose, which)
    with context.store.write() as connection:
        privacy.erase_user(connection, user.id, now=NOW)
    with pytest.raises(InvalidChange, match="not kept any more"):
        reveal(context.store, EDITOR.name, user.id, private.id)
    assert looked(context.store) == []

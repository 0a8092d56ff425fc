"""The same promises with the record in PostgreSQL: clicks take turns, and a killed process's change is settled."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from lib.commands.preferences import save_preferences
from lib.domain import CalendarUser
from lib.recall_api import Recall
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.store import Store, open_store, outbox
from lib.store.outbox import NewWrite, WriteKind, WriteState
from lib.writes import WriteContext, WriteResult, settle
from tests.contract.commands.conftest import EDITOR, SHOWN
from tests.contract.store.conftest import BASE_URL, file, server, url
from tests.contract.writes.conftest import Record
from tests.running import Sandbox

__all__ = ["file", "server", "url"]

WANTED = replace(SHOWN, record_internal=True)
USER = "/api/v1/calendar/user/"

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """With the patience of a real one: several write at once."""
    opened = open_store(url.replace("timeout=0.05", "timeout=5"), recall_base_url=BASE_URL)
    accounts.add_with_hash(opened, EDITOR.name, role=EDITOR.role, display=EDITOR.display, password_hash="-")
    yield opened
    opened.close()


def test_a_double_click_writes_once_and_both_are_answered_with_the_one_record(
    context: WriteContext, recall: Recall, editor: StaffMember, user: CalendarUser, sandbox: Sandbox, record: Record
) -> None:
    def click(_: int) -> WriteResult:
        return save_preferences(context, editor, user, SHOWN, WANTED)

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(click, range(4)))
    [change] = record()
    assert change.state is WriteState.APPLIED
    assert {(result.state, result.seq) for result in results} == {(WriteState.APPLIED, change.seq)}
    assert len(sandbox.asked("PUT", USER)) == 1


def test_what_was_left_open_is_settled(context: WriteContext, user: CalendarUser, record: Record) -> None:
    before, after = ({**each.flags, "bot_name": each.bot_name} for each in (SHOWN, WANTED))
    with context.store.write() as connection:
        for sent in (True, False):
            seq = outbox.add(
                connection, NewWrite(WriteKind.PREFERENCES, user.id, before, after, "dana"), now=context.now()
            )
            if sent:
                outbox.mark_sent(connection, seq, now=context.now())
    assert settle(context).closed == 2
    assert [change.state for change in record()] == [WriteState.NOT_APPLIED] * 2

"""A sandbox of its own process, a store in a file, people on the staff, and a user whose meetings are to be changed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lib.domain import CalendarUser, Entry
from lib.intents import Means
from lib.recall_api import Recall
from lib.store import Store, changes, meetings, users_list
from lib.store.changes import Change
from tests.contract.changes.conftest import editor, numbers, recall, running, sandbox, store, user, viewer
from tests.running import Sandbox

__all__ = ["editor", "numbers", "recall", "running", "sandbox", "store", "user", "viewer"]

Record = Callable[[], tuple[Change, ...]]
AddMeeting = Callable[..., Entry]


@pytest.fixture
def means(store: Store, recall: Recall, user: CalendarUser) -> Means:
    """The user is in the store, as after a sync."""
    with store.write() as connection:
        users_list.store(connection, [user], read_at=datetime.now(UTC), complete=False)
    return Means(store, recall)


@pytest.fixture
def record(store: Store) -> Record:
    """All that was asked of Recall, newest first."""

    def look() -> tuple[Change, ...]:
        with store.read() as connection:
            return changes.recent(connection)

    return look


@pytest.fixture
def add_meeting(means: Means, sandbox: Sandbox, recall: Recall, user: CalendarUser) -> AddMeeting:
    """Puts a meeting into the user's calendar and into the store; the log is empty after it."""

    def add(**facts: object) -> Entry:
        added = sandbox.add_meeting(user.id, **facts)
        entry = recall.get_meeting(str(user.external_id), added["id"])
        with means.store.write() as connection:
            began = means.now() - timedelta(seconds=1)
            meetings.store_entry(connection, user.id, entry, read_at=began, now=means.now())
        sandbox.forget_asked()
        return entry

    return add


@pytest.fixture
def database(tmp_path: Path, store: Store) -> str:
    """Address of the store, for another process: with the patience of a real one."""
    return f"sqlite:///{tmp_path / 'desk.db'}"

"""A sandbox of its own process, one calendar user for each test, and three people on the staff."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from pydantic import SecretStr

from lib.domain import CalendarUser, Entry, Preferences
from lib.recall_api import Recall, open_recall
from lib.recall_api.retries import RetryPolicy
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import Store, meetings, migrate, open_store, outbox, users_list
from lib.store.outbox import Write
from lib.writes import WriteContext
from tests.proving import proven
from tests.running import Sandbox, running_sandbox

QUICK = RetryPolicy(attempts=2, total_seconds=5, read_seconds=3, longest_wait_seconds=0, pause_seconds=0.01)
Record = Callable[[], tuple[Write, ...]]
AddMeeting = Callable[..., Entry]

EDITOR = StaffMember("dana", "Dana Weiss", Role.EDITOR)
VIEWER = StaffMember("vera", "Vera Lind", Role.VIEWER)
ADMIN = StaffMember("abel", "Abel Stone", Role.ADMIN)
SHOWN = Preferences(record_external=True, bot_name="Meeting Notetaker")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("changes"), users=1, meetings=1) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def numbers() -> "count[int]":
    return count(1)


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    yield running
    running.heal()


@pytest.fixture
def recall(sandbox: Sandbox) -> Iterator[Recall]:
    with open_recall(sandbox.url, SecretStr(sandbox.key), retry_policy=QUICK) as recall:
        yield recall


@pytest.fixture
def user(sandbox: Sandbox, recall: Recall, numbers: "count[int]") -> CalendarUser:
    """Somebody whose preferences are `SHOWN`, known to the client; the log is empty."""
    flags = {name: on for name, on in SHOWN.flags.items() if on}
    added = sandbox.add_user(f"changed-{next(numbers)}", email="somebody@acme.example", preferences=flags)
    user = recall.get_user(added["external_id"])
    assert user.preferences == SHOWN
    sandbox.forget_asked()
    return user


@pytest.fixture
def editor(store: Store) -> StaffMember:
    """Has just signed in, as the admin has."""
    return proven(store, EDITOR)


@pytest.fixture
def admin(store: Store) -> StaffMember:
    return proven(store, ADMIN)


@pytest.fixture
def viewer() -> StaffMember:
    return VIEWER


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three people on the staff and nothing else, to copy."""
    file = tmp_path_factory.mktemp("made") / "desk.db"
    migrate(f"sqlite:///{file}")
    store = open_store(f"sqlite:///{file}", recall_base_url="http://127.0.0.1")
    for member in (EDITOR, VIEWER, ADMIN):
        accounts.add_with_hash(store, member.name, role=member.role, display=member.display, password_hash="-")
    store.close()
    return file


@pytest.fixture
def patience() -> float:
    """Seconds that the store waits for a lock."""
    return 0.1


@pytest.fixture
def store(made: Path, tmp_path: Path, patience: float) -> Iterator[Store]:
    shutil.copy(made, tmp_path / "desk.db")
    url = f"sqlite:///{tmp_path / 'desk.db'}?timeout={patience}"
    store = open_store(url, recall_base_url="http://127.0.0.1")
    yield store
    store.close()


@pytest.fixture
def context(store: Store, recall: Recall, user: CalendarUser) -> WriteContext:
    """The user is in the store, as after a sync."""
    with store.write() as connection:
        users_list.store(connection, [user], read_at=datetime.now(UTC), complete=False)
    return WriteContext(store, recall)


@pytest.fixture
def record(store: Store) -> Record:
    """All that was asked of Recall, newest first."""

    def look() -> tuple[Write, ...]:
        with store.read() as connection:
            return outbox.recent(connection)

    return look


@pytest.fixture
def add_meeting(context: WriteContext, sandbox: Sandbox, recall: Recall, user: CalendarUser) -> AddMeeting:
    """Puts a meeting into the user's calendar and into the store; the log is empty after it."""

    def add(**facts: object) -> Entry:
        added = sandbox.add_meeting(user.id, **facts)
        entry = recall.get_meeting(str(user.external_id), added["id"])
        with context.store.write() as connection:
            began = context.now() - timedelta(seconds=1)
            meetings.store_entry(connection, user.id, entry, read_at=began, now=context.now())
        sandbox.forget_asked()
        return entry

    return add

"""Ten users that nobody else has, known to a sandbox and to a store, as after a sync."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lib.commands.bulk import BulkPlan, plan_bulk
from lib.customer.sight import EVERYTHING
from lib.domain import CalendarUser
from lib.recall_api import Recall
from lib.recording.presets import Preset
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.store import Store, batches, migrate, open_store, users_list
from lib.store.batches import Batch, BatchItem, ItemState
from lib.writes import WriteContext
from tests.contract.commands.conftest import ADMIN, EDITOR, SHOWN, VIEWER
from tests.running import Sandbox

TEN = 10
UTC_ZONE = ZoneInfo("UTC")
USER = "/api/v1/calendar/user/"


@dataclass(frozen=True)
class Crowd:
    """Users whose preferences are `SHOWN`, and what a test wants of them."""

    context: WriteContext
    sandbox: Sandbox
    users: tuple[CalendarUser, ...]

    def plan(self, preset: Preset = Preset.EVERYTHING, *, keep: bool = False, at_most: int = TEN) -> BulkPlan:
        """The dry run for all of them, or for the first few."""
        chosen = [user.id for user in self.users[:at_most]]
        return plan_bulk(self.context.store, chosen, preset.flags, EVERYTHING, keep=keep, zone=UTC_ZONE)

    def batch(self, key: int) -> Batch:
        """How far the batch has come."""
        with self.context.store.read() as connection:
            found = batches.find(connection, key)
        assert found is not None
        return found

    def items(self, key: int) -> dict[str, BatchItem]:
        """What became of each, by Recall's id."""
        with self.context.store.read() as connection:
            return {item.user_id: item for item in batches.items(connection, key)}

    def states(self, key: int) -> list[ItemState]:
        """What became of them, in their order."""
        items = self.items(key)
        return [items[user.id].state for user in self.users if user.id in items]

    def at_recall(self) -> list[Preset | None]:
        """The preset that each has at Recall."""
        listed = {user.id: user.preferences for user in self.context.recall.list_users()}
        found = [listed.get(user.id) for user in self.users]
        return [next((p for p in Preset if p.flags == each.flags), None) if each else None for each in found]

    def writes(self) -> int:
        """How many writes Recall got."""
        return len(self.sandbox.asked("PUT", USER))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with the patience of a real one: several threads write to it."""
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    migrate(url)
    store = open_store(url, recall_base_url="http://127.0.0.1")
    for member in (EDITOR, VIEWER, ADMIN):
        accounts.add_with_hash(store, member.name, role=member.role, display=member.display, password_hash="-")
    yield store
    store.close()


@pytest.fixture
def crowd(store: Store, sandbox: Sandbox, recall: Recall, numbers: "count[int]", editor: StaffMember) -> Crowd:
    flags = {name: on for name, on in SHOWN.flags.items() if on}
    names = [f"crowd-{next(numbers)}" for _ in range(TEN)]
    for name in names:
        sandbox.add_user(name, email=f"{name}@acme.example", preferences=flags)
    listing = recall.list_users()
    with store.write() as connection:
        users_list.store(connection, listing.rows, read_at=datetime.now(UTC) - timedelta(seconds=5), complete=True)
    by_name = {user.external_id: user for user in listing}
    sandbox.forget_asked()
    return Crowd(WriteContext(store, recall), sandbox, tuple(by_name[name] for name in names))


@pytest.fixture
def database(tmp_path: Path, store: Store) -> str:
    """Address of the store, for another process: with the patience of a real one."""
    return f"sqlite:///{tmp_path / 'desk.db'}"

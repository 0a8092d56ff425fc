"""The one place where the parts are joined: settings -> store, client, what the pages read."""

import logging
from dataclasses import dataclass, field
from functools import cache

from lib.commands import bulk
from lib.commands.calendar_refresh import RefreshOutcome, ask_recall_to_read
from lib.commands.connect_links import settle_new_users
from lib.domain import CalendarUser
from lib.errors import DeskError
from lib.queries import Calendars, UserDirectory, Workspace
from lib.queries.background_jobs import BackgroundJobs
from lib.recall_api import Recall, open_recall
from lib.settings import Settings, load_settings
from lib.staff.accounts import StaffMember
from lib.store import Store, open_store
from lib.sync.shared_rate_limiter import SharedRateLimiter
from lib.writes import WriteContext, settle

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """What one server process holds, shared by all its sessions. Every part is thread-safe."""

    settings: Settings
    store: Store
    recall: Recall
    users: UserDirectory
    calendars: Calendars
    workspace: Workspace
    background: BackgroundJobs = field(default_factory=lambda: BackgroundJobs("desk", threads=1))
    batches: BackgroundJobs = field(default_factory=lambda: BackgroundJobs("batches", threads=2))

    @property
    def context(self) -> WriteContext:
        """What commands need to change something."""
        return WriteContext(self.store, self.recall)

    def refresh_calendar(self, member: StaffMember, user: CalendarUser) -> RefreshOutcome:
        """Have Recall read the calendar of `user` again, and read the user soon after; raises as the command does."""
        outcome = ask_recall_to_read(self.context, member, user)
        self.calendars.follow_bookings(user)
        return outcome

    def settle_in_background(self) -> None:
        """Find out how the changes ended that a process before this one left open. Nobody waits for it."""
        self.background.start("settle", self._settle)

    def start_batch(self, key: int, actor: str) -> None:
        """Work at a change of many users in the background, for the staff member called `actor`."""
        self.batches.start_after(str(key), lambda: self._run_batch(key, actor))

    def _run_batch(self, key: int, actor: str) -> None:
        try:
            bulk.run(self.context, key, actor, server_ends=self.batches.closing)
        except DeskError as problem:
            log.warning("change %d of many users: %s", key, problem)

    def _settle(self) -> None:
        try:
            settled = settle(self.context)
            bulk.stop_abandoned(self.context)
            settle_new_users(self.context)
        except DeskError as problem:
            log.warning("open changes are left to the sync: %s", problem)
        else:
            log.info("changes that were open: %d closed, %d left", settled.closed, settled.left)

    def close(self) -> None:
        """End background work and give the database back."""
        self.background.close()
        self.batches.close()
        self.users.close()
        self.calendars.close()
        self.workspace.close()
        self.store.close()


@cache
def desk() -> Desk:
    """The process's desk, made when first asked for. `desk.cache_clear()` lets a test begin with another one."""
    settings = load_settings()
    store = open_store(settings.store_url, recall_base_url=settings.workspace_url)
    recall = open_recall(settings.base_url, settings.api_key, rate_limiter=SharedRateLimiter(store))
    return Desk(settings, store, recall, UserDirectory(store, recall), Calendars(store, recall), Workspace(store))

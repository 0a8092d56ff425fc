"""The one place where the parts are joined: settings -> store, client, what the pages read."""

from dataclasses import dataclass
from functools import cache

from lib.reading import Calendars, UserDirectory, Workspace
from lib.recall_api import Recall, open_recall
from lib.settings import Settings, load_settings
from lib.store import Store, open_store
from lib.sync.pace import SharedPace


@dataclass(frozen=True)
class Desk:
    """What one server process holds, shared by all its sessions. Every part is thread-safe."""

    settings: Settings
    store: Store
    recall: Recall
    users: UserDirectory
    calendars: Calendars
    workspace: Workspace

    def close(self) -> None:
        """End background work and give the database back."""
        self.users.close()
        self.calendars.close()
        self.workspace.close()
        self.store.close()


@cache
def desk() -> Desk:
    """The process's desk, made when first asked for. `desk.cache_clear()` lets a test begin with another one."""
    settings = load_settings()
    store = open_store(settings.store_url, recall_base_url=settings.workspace_url)
    recall = open_recall(settings.base_url, settings.api_key, pace=SharedPace(store))
    return Desk(settings, store, recall, UserDirectory(store, recall), Calendars(store, recall), Workspace(store))

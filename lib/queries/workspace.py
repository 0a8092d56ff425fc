"""The whole workspace as one server process knows it: answered at once, and kept up to date in the background."""

import threading
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from time import monotonic

import pandas as pd

from lib.clock import Clock, utc_now
from lib.coverage.frame import frame_of
from lib.customer.sight import EVERYTHING, Sight
from lib.errors import DeskError, ReadingBroke, StoreError
from lib.queries.background_jobs import BackgroundJobs
from lib.queries.sight_cache import SightCache, VisibleWorkspace, visible_workspace
from lib.queries.workspace_cache import CachedWorkspace, map_large_arrays, release_free_memory, update
from lib.store import Store
from lib.store.freshness import Freshness, freshness_of
from lib.store.passes import Pass
from lib.store.users import UserRow

LOOK_EVERY_SECONDS = 3.0
LOOK_FOR_SECONDS = 60.0
"""How long the store is looked at after somebody asked; after that, it is again when the next one asks."""
FIRST_LOOK_SECONDS = 0.5
"""How long whoever asks first, or after a pause, waits for that look: a delta takes less, a first load may not."""


@dataclass(frozen=True)
class WorkspaceSnapshot:
    """What is known of the workspace: users and judged entries as of one moment, and how the sync stands now."""

    as_of: datetime | None
    """Start of the last complete pass that `frame` shows (UTC); None: there was none, or the first look goes on."""
    frame: pd.DataFrame
    """Entries, arranged (`lib.coverage.columns`); empty while there is no `as_of`."""
    users: tuple[UserRow, ...]
    """Everyone ever listed, in the order in which they were first seen; those who vanished too."""
    latest: Pass | None
    """The pass that runs, or ran last."""
    at_work: bool
    """Whether `latest` runs and its process lives."""
    first_complete_at: datetime | None
    """Start of the first complete pass: before it nothing was seen before its start."""
    asked: bool
    """Whether a request for a pass waits."""
    mark: str
    """Another one whenever `as_of`, `frame` or `users` is: what is worked out from them may be kept under it."""
    whole: str
    """The mark of the whole workspace, which this is or is a part of."""
    sight: Sight = EVERYTHING
    """Whose data this is."""
    looked: bool = True
    """Whether the store has been looked at; False while the first look goes on."""
    problem: DeskError | None = None
    """Why the last look did not work; the rest is what was known before."""

    @property
    def figures_as_of(self) -> datetime:
        """`as_of`, for whoever shows figures. Raises `ValueError` while there are none."""
        if self.as_of is None:
            raise ValueError("no pass is complete yet")
        return self.as_of

    @cached_property
    def user_by_id(self) -> dict[str, UserRow]:
        """Everyone, by Recall's id."""
        return {row.user.id: row for row in self.users}

    @cached_property
    def listed(self) -> tuple[UserRow, ...]:
        """Those that the last users list held."""
        return tuple(row for row in self.users if row.vanished_at is None)

    @cached_property
    def connected(self) -> int:
        """How many of the listed have a calendar that Recall can read."""
        return sum(1 for row in self.listed if row.user.connected)

    def customer_of(self, user_id: str) -> str | None:
        """The customer of a user; None for a user without one or one that is not known."""
        row = self.user_by_id.get(user_id)
        return row.customer if row else None

    def oldest_read(self, user_ids: Collection[str] | None = None) -> datetime | None:
        """When the one of these listed users (of all) whose reading is oldest was read; None where none ever was."""
        chosen = self.listed if user_ids is None else (self.user_by_id[i] for i in user_ids if i in self.user_by_id)
        times = [row.read_at for row in chosen if row.read_at is not None and row.vanished_at is None]
        return min(times, default=None)

    @property
    def news(self) -> object:
        """Another one whenever anything shown may be, the sync's progress too: when to draw a page again."""
        return self.mark, self.latest, self.at_work, self.asked, self.looked, str(self.problem)


class Workspace:
    """Thread-safe. One for each process.

    Entries are brought up to date between passes only, so that they are always those of one `as_of`: a pass changes
    them for minutes before it judges them. Users, customers and teams follow at once.
    """

    def __init__(self, store: Store, clock: Clock = utc_now, look_for_seconds: float = LOOK_FOR_SECONDS):
        self._store = store
        self._clock = clock
        self._look_for_seconds = look_for_seconds
        self._background = BackgroundJobs("workspace", threads=1)
        self._wanted_at = monotonic()
        self._look_now = threading.Event()
        self._looked = threading.Event()
        self._kept: CachedWorkspace | None = None
        self._known = _NOTHING_YET
        self._parts: SightCache[VisibleWorkspace] = SightCache(lambda part: len(part.frame))
        map_large_arrays()

    def snapshot(self, sight: Sight) -> WorkspaceSnapshot:
        """What is known now of the customers that `sight` sees. Nothing but the very first look, or one after a pause,
        is waited for, and that briefly."""
        known = self._look_for()
        return known if sight.is_everything else self._part(known, sight)

    def _part(self, known: WorkspaceSnapshot, sight: Sight) -> WorkspaceSnapshot:
        part = self._parts.part(
            sight, known.mark, lambda: visible_workspace(known.frame, known.users, known.mark, sight)
        )
        return replace(known, frame=part.frame, users=part.users, mark=part.mark, sight=sight)

    def _look_for(self) -> WorkspaceSnapshot:
        self._wanted_at = monotonic()
        if not self._background.is_running("look"):
            self._looked.clear()
            if self._background.start("look", self._look_on):
                self._looked.wait(FIRST_LOOK_SECONDS)
        return self._known

    def look_again(self) -> None:
        """Look at the store now: call it after writing what is shown, such as customers."""
        self._look_now.set()

    def close(self) -> None:
        """End the background work."""
        self._background.close()
        self._look_now.set()

    def _look_on(self) -> None:
        while True:
            self._look_now.clear()
            try:
                self._look()
            finally:
                self._looked.set()
            if monotonic() - self._wanted_at >= self._look_for_seconds:
                return
            self._look_now.wait(LOOK_EVERY_SECONDS)
            if self._background.closing.is_set():
                return

    def _look(self) -> None:
        try:
            with self._store.read() as connection:
                pulse = freshness_of(connection, self._clock())
                self._kept = update(self._kept, connection, pulse)
        except StoreError as problem:
            self._known = replace(self._known, looked=True, problem=problem)
        except Exception as defect:
            broke = ReadingBroke()
            self._known = replace(self._known, looked=True, problem=broke)
            raise broke from defect  # the job's end logs both
        else:
            before, self._known = self._known.mark, shown(self._kept, pulse)
            if before != self._known.mark:
                release_free_memory()


def load_workspace(store: Store, clock: Clock = utc_now) -> WorkspaceSnapshot:
    """The workspace as it is now, read in full. Raises `StoreError`."""
    with store.read() as connection:
        pulse = freshness_of(connection, clock())
        return shown(update(None, connection, pulse), pulse)


def shown(kept: CachedWorkspace, pulse: Freshness) -> WorkspaceSnapshot:
    """What is told of `kept`, and of the sync as `pulse` has it."""
    return WorkspaceSnapshot(
        as_of=kept.pulse.as_of,
        frame=kept.frame,
        users=kept.users,
        latest=pulse.latest,
        at_work=pulse.at_work,
        first_complete_at=pulse.first_complete_at,
        asked=pulse.asked,
        mark=kept.mark,
        whole=kept.mark,
    )


_NOTHING_YET = WorkspaceSnapshot(
    as_of=None,
    frame=frame_of(()),
    users=(),
    latest=None,
    at_work=False,
    first_complete_at=None,
    asked=False,
    mark="",
    whole="",
    looked=False,
)

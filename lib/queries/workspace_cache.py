"""The workspace's frame and users: loaded once, and brought up to date by what changed since."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import codes, instants
from lib.coverage.frame_order import arrange, merge
from lib.coverage.inferred_reasons import with_inferred_reasons
from lib.frames import FrameBuilder, FrameUsers
from lib.queries.users import all_users
from lib.store import Transaction, frame_rows
from lib.store.freshness import Freshness
from lib.store.users import UserRow

BATCH = 2000
"""Rows made into columns at once: as many as the processor's cache holds, which is quicker by a third."""


@dataclass(frozen=True, slots=True)
class CachedWorkspace:
    """What one process holds of the workspace."""

    pulse: Freshness
    """Of the store when the entries were brought up to date."""
    gone: frozenset[tuple[int, datetime]]
    """Who had vanished then, and when: users whose later entries are left out."""
    users: tuple[UserRow, ...]
    users_version: int
    whose: FrameUsers
    making: FrameBuilder
    frame: pd.DataFrame
    """Arranged; without entries while there is no complete pass."""
    mark: str
    """Another one whenever any of the others is."""


def update(kept: CachedWorkspace | None, connection: Transaction, pulse: Freshness) -> CachedWorkspace:
    """`kept` as the store is now; within one transaction, in which `pulse` was asked for first.

    Entries change between passes only: while a pass is at work, they are a mixture of what it has read already and what
    it has not, and are judged at its end. Where passes follow each other without a pause, that would be never, so a
    newer `as_of` is always taken up.
    """
    if kept is None:
        return load(connection, pulse)
    if kept.pulse.as_of == pulse.as_of and (pulse.at_work or _state_of(kept.pulse) == _state_of(pulse)):
        return kept if kept.users_version == pulse.users_version else _with_users(kept, connection, pulse)
    if kept.pulse.as_of is None or kept.pulse.version.epoch != pulse.version.epoch:
        return load(connection, pulse)
    return _refreshed(kept, connection, pulse)


def load(connection: Transaction, pulse: Freshness) -> CachedWorkspace:
    """All of it. A million entries take seconds."""
    everyone = all_users(connection)
    whose, making = FrameUsers(everyone), FrameBuilder()
    frame, _ = making.frame(frame_rows.entries_since(connection, batch=BATCH) if pulse.as_of else (), whose)
    frame = with_inferred_reasons(arrange(frame))
    return CachedWorkspace(pulse, _gone(everyone), everyone, pulse.users_version, whose, making, frame, uuid4().hex)


def _refreshed(kept: CachedWorkspace, connection: Transaction, pulse: Freshness) -> CachedWorkspace:
    same_users = kept.users_version == pulse.users_version and _pass_of(kept.pulse) == _pass_of(pulse)
    now = replace(kept, mark=uuid4().hex) if same_users else _with_users(kept, connection, pulse)
    gone = _gone(now.users)
    if kept.gone - gone:
        return load(connection, pulse)  # somebody is back, whose later entries had been left out
    rows = frame_rows.entries_since(connection, kept.pulse.version.version, batch=BATCH)
    changed, keys = now.making.frame(rows, now.whose)
    dropped = np.concatenate([keys, _later_ones(now.frame, now.whose)])
    frame = with_inferred_reasons(merge(now.frame, changed, dropped)) if len(dropped) else now.frame
    return replace(now, pulse=pulse, gone=gone, frame=frame)


def _with_users(kept: CachedWorkspace, connection: Transaction, pulse: Freshness) -> CachedWorkspace:
    """With users, customers and teams as they are now, in the order that these make. No entry comes or goes."""
    everyone = all_users(connection)
    whose = FrameUsers(everyone)
    frame = whose.assigned(kept.frame)
    moved = kept.whose.customers != whose.customers[: len(kept.users)]
    return replace(
        kept,
        users=everyone,
        users_version=pulse.users_version,
        whose=whose,
        frame=with_inferred_reasons(arrange(frame)) if moved else frame,
        mark=uuid4().hex,
    )


def _state_of(pulse: Freshness) -> tuple[object, ...]:
    """What moves whenever entries, or how far their reading has come, may have changed."""
    return pulse.version, _pass_of(pulse)


def _pass_of(pulse: Freshness) -> tuple[object, ...]:
    """What moves when a pass begins and ends: a pass tells of every user when it was read."""
    return (pulse.latest.key, pulse.latest.state) if pulse.latest else ()


def _gone(everyone: Sequence[UserRow]) -> frozenset[tuple[int, datetime]]:
    return frozenset((row.key, row.vanished_at) for row in everyone if row.vanished_at is not None)


def _later_ones(frame: pd.DataFrame, whose: FrameUsers) -> NDArray[np.int64]:
    """Keys of entries that begin after their user vanished."""
    later = whose.later_ones(instants(frame, "start").view(np.int64), codes(frame, "user"))
    keys: NDArray[np.int64] = frame["key"].to_numpy()[later]
    return keys


_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of mallopt(3)
_LARGE_BYTES = 1 << 20

_libc: Any = ctypes.CDLL(None)


def map_large_arrays() -> None:
    """Have arrays of a megabyte and more mapped on their own, so that they are gone when freed.

    Otherwise the limit rises to the largest array that was ever freed, and later ones leave holes in the heap.
    """
    if hasattr(_libc, "mallopt"):
        _libc.mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


def release_free_memory() -> None:
    """Give what is free to the system."""
    if hasattr(_libc, "malloc_trim"):
        _libc.malloc_trim(0)

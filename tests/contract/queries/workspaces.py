"""Passes as the sync makes them, without a Recall: what it would have read is given."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import pandas as pd

from lib.domain import CalendarUser, Entry, Listing
from lib.queries.workspace_cache import CachedWorkspace, load, update
from lib.store import Store, leases, meetings, passes, users_list, verdicts
from lib.store.freshness import SYNC_LEASE, freshness_of
from lib.store.passes import PassState
from lib.sync.verdicts import judge_user
from tests.contract.store.making import at, window


def begin_pass(store: Store, hours: float) -> int:
    """A pass begins, and its process holds the lease for a minute."""
    with store.write() as connection:
        leases.take(connection, SYNC_LEASE, "sync", ttl=timedelta(minutes=1), now=at(hours))
        return passes.begin(connection, now=at(hours), resume_within=timedelta(0)).key


def bring_in(store: Store, hours: float, answers: Mapping[CalendarUser, Iterable[Entry]]) -> None:
    """What it reads: the users list, and the meetings of each."""
    with store.write() as connection:
        users_list.store(connection, answers, read_at=at(hours), complete=True)
        for user, entries in answers.items():
            meetings.store(
                connection,
                user.id,
                Listing(tuple(entries)),
                window=window(at(hours)),
                read_at=at(hours),
                now=at(hours),
                tries=None,
            )


def end_pass(store: Store, key: int, hours: float, state: PassState = PassState.COMPLETE) -> None:
    """It judges what is due as of its start, and ends."""
    with store.write() as connection:
        for user_id in verdicts.due(connection, at(hours)):
            verdicts.write(connection, user_id, judge_user(connection, user_id, at(hours)), as_of=at(hours))
        passes.end(connection, key, state, now=at(hours))
        leases.give_back(connection, SYNC_LEASE, "sync")


def whole_pass(store: Store, hours: float, answers: Mapping[CalendarUser, Iterable[Entry]]) -> None:
    key = begin_pass(store, hours)
    bring_in(store, hours, answers)
    end_pass(store, key, hours)


def followed(kept: CachedWorkspace | None, store: Store, hours: float) -> CachedWorkspace:
    """What a process holds after it looked."""
    with store.read() as connection:
        return update(kept, connection, freshness_of(connection, at(hours)))


def loaded(store: Store, hours: float) -> CachedWorkspace:
    """What a process holds that began just now."""
    with store.read() as connection:
        return load(connection, freshness_of(connection, at(hours)))


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with words for categories: which numbers stand for them is nobody's business."""
    words = {name: frame[name].astype(object) for name in frame.columns if frame[name].dtype == "category"}
    return frame.assign(**words).reset_index(drop=True)

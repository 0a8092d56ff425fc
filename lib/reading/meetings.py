"""Meetings behind a figure or in a list, as pages may have them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from lib.reading.masking import PRIVATE_MEETING, masked
from lib.store import Transaction, entries
from lib.store.active_overrides import ActiveOverride, active_overrides
from lib.store.entries import StoredEntry


def meetings_behind(connection: Transaction, keys: Collection[int]) -> tuple[StoredEntry, ...]:
    """The entries with these numbers of the store's, in their order: the rows behind a figure."""
    return tuple(map(masked, entries.find(connection, keys)))


def set_by_hand(connection: Transaction, now: datetime) -> tuple[ActiveOverride, ...]:
    """All coming meetings that do not follow the rules, the one that has stood longest first."""
    return tuple(
        replace(each, title=PRIVATE_MEETING) if each.private and each.title is not None else each
        for each in active_overrides(connection, now)
    )

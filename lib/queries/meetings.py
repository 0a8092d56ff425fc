"""Meetings behind a figure or in a list, as pages may have them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from lib.customer.sight import Sight
from lib.queries.private_meetings import PRIVATE_MEETING, mask
from lib.store import Transaction, entries, users
from lib.store.active_overrides import ActiveOverride, active_overrides
from lib.store.entries import StoredEntry


def meetings_behind(connection: Transaction, keys: Collection[int], sight: Sight) -> tuple[StoredEntry, ...]:
    """The entries with these numbers of the store's that `sight` sees, in their order: the rows behind a figure."""
    return tuple(map(mask, visible_entries(connection, entries.find(connection, keys), sight)))


def coming_overrides(connection: Transaction, now: datetime, sight: Sight) -> tuple[ActiveOverride, ...]:
    """All coming meetings that do not follow the rules, of the users that `sight` sees, the one that has stood longest
    first."""
    return tuple(
        replace(each, title=PRIVATE_MEETING) if each.private and each.title is not None else each
        for each in active_overrides(connection, now)
        if sight.sees(each.customer)
    )


def visible_entries(connection: Transaction, found: Sequence[StoredEntry], sight: Sight) -> Sequence[StoredEntry]:
    """Those of the entries whose users `sight` sees."""
    if sight.is_everything:
        return found
    customers = users.customers_of(connection, {stored.user_id for stored in found})
    return [stored for stored in found if sight.sees(customers.get(stored.user_id))]

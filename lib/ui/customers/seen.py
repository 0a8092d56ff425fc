"""What was seen to change in the last 30 days: calendars lost and found, rules changed."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from lib.bootstrap import desk
from lib.queries.shared_cache import remembered
from lib.queries.workspace import WorkspaceSnapshot
from lib.store import observations
from lib.store.observations import Observation, ObservationKind
from lib.ui.customers.standing import PERIOD_DAYS

MOST = 5000
LATELY = timedelta(days=7)


def seen(known: WorkspaceSnapshot) -> tuple[Observation, ...]:
    """The changes, newest first; of very many the newest alone."""
    return remembered(known, "seen", lambda: _read(known))


def net_lost(known: WorkspaceSnapshot, customers: frozenset[str | None]) -> int:
    """How many more calendars of these customers were lost than found."""
    return net([each for each in seen(known) if customer_of(known, each) in customers])


def net(changes: Sequence[Observation]) -> int:
    """How many more calendars were lost than found, by what was seen, newest first.

    One that was disconnected here was not lost, and is not found when it is connected again.
    """
    let_go: set[tuple[str, str | None]] = set()
    kinds: Counter[ObservationKind] = Counter()
    for each in reversed(changes):
        calendar = (each.user_id, each.platform)
        if is_letting_go(each):
            let_go.add(calendar)
        elif each.kind is ObservationKind.CONNECTION_FOUND and calendar in let_go:
            let_go.remove(calendar)
        else:
            kinds[each.kind] += 1
    return kinds[ObservationKind.CONNECTION_LOST] - kinds[ObservationKind.CONNECTION_FOUND]


def is_letting_go(change: Observation) -> bool:
    """Whether it shows a calendar that was disconnected here, on purpose."""
    return change.kind is ObservationKind.CONNECTION_LOST and change.cause is not None


def lost_lately(known: WorkspaceSnapshot, as_of: datetime) -> Counter[str | None]:
    """Calendars lost in the last 7 days and not found again, by customer; none that was disconnected here."""
    lost = {(each.user_id, each.platform) for each in seen(known) if _is_lost_since(each, as_of - LATELY)}
    rows = [known.user_by_id[user_id] for user_id, platform in lost if _is_lost(known, user_id, platform)]
    return Counter(row.customer for row in rows)


def lost_when(known: WorkspaceSnapshot, user_id: str, platform: str) -> datetime | None:
    """When a calendar was last seen to be lost; None: longer ago, or before anybody looked."""
    found = (each for each in seen(known) if (each.user_id, each.platform) == (user_id, platform))
    return next((each.at for each in found if each.kind is ObservationKind.CONNECTION_LOST), None)


def customer_of(known: WorkspaceSnapshot, change: Observation) -> str | None:
    """The customer of the user that changed."""
    row = known.user_by_id.get(change.user_id)
    return row.customer if row else None


def _is_lost_since(change: Observation, since: datetime) -> bool:
    return change.kind is ObservationKind.CONNECTION_LOST and change.at > since


def _is_lost(known: WorkspaceSnapshot, user_id: str, platform: str | None) -> bool:
    row = known.user_by_id.get(user_id)
    return row is not None and row.vanished_at is None and any(c.platform == platform for c in row.user.lost)


def _read(known: WorkspaceSnapshot) -> tuple[Observation, ...]:
    since = known.as_of - timedelta(days=PERIOD_DAYS) if known.as_of else None
    with desk().store.read() as connection:
        return observations.since(connection, after=since, limit=MOST, sight=known.sight)

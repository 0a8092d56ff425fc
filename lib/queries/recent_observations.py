"""What syncs observed in the last 30 days: calendars lost and found, rules changed."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from lib.queries.customer_summary import PERIOD_DAYS
from lib.queries.shared_cache import remembered
from lib.queries.workspace import WorkspaceSnapshot
from lib.store import Store, observations
from lib.store.observations import Observation, ObservationKind

MOST_OBSERVATIONS = 5000
RECENTLY = timedelta(days=7)


def recent_observations(store: Store, known: WorkspaceSnapshot) -> tuple[Observation, ...]:
    """The observations, newest first; at most `MOST_OBSERVATIONS`, the newest of them. Raises `StoreError`."""

    def read() -> tuple[Observation, ...]:
        since = known.as_of - timedelta(days=PERIOD_DAYS) if known.as_of else None
        with store.read() as connection:
            return observations.since(connection, after=since, limit=MOST_OBSERVATIONS, sight=known.sight)

    return remembered(known, "recent observations", read)


def calendars_net_lost(store: Store, known: WorkspaceSnapshot, customers: Collection[str | None]) -> int:
    """How many more calendars of these customers were lost than found."""
    return net_lost(
        [each for each in recent_observations(store, known) if known.customer_of(each.user_id) in customers]
    )


def net_lost(observed: Sequence[Observation]) -> int:
    """How many more calendars were lost than found, of observations that come newest first.

    A calendar that was disconnected in Coverage Desk was not lost, and is not found when it is connected again.
    """
    disconnected: set[tuple[str, str | None]] = set()
    kinds: Counter[ObservationKind] = Counter()
    for each in reversed(observed):
        calendar = (each.user_id, each.platform)
        if is_disconnected_here(each):
            disconnected.add(calendar)
        elif each.kind is ObservationKind.CONNECTION_FOUND and calendar in disconnected:
            disconnected.remove(calendar)
        else:
            kinds[each.kind] += 1
    return kinds[ObservationKind.CONNECTION_LOST] - kinds[ObservationKind.CONNECTION_FOUND]


def is_disconnected_here(observed: Observation) -> bool:
    """Whether a calendar was disconnected on purpose, by a change made in Coverage Desk."""
    return observed.kind is ObservationKind.CONNECTION_LOST and observed.cause is not None


def lost_recently(store: Store, known: WorkspaceSnapshot, as_of: datetime) -> Counter[str | None]:
    """Calendars lost in the last 7 days and not found again, by customer; none that was disconnected here."""
    lost = {
        (each.user_id, each.platform)
        for each in recent_observations(store, known)
        if each.kind is ObservationKind.CONNECTION_LOST and each.at > as_of - RECENTLY
    }
    rows = [known.user_by_id[user_id] for user_id, platform in lost if _is_lost_now(known, user_id, platform)]
    return Counter(row.customer for row in rows)


def lost_at(store: Store, known: WorkspaceSnapshot, user_id: str, platform: str) -> datetime | None:
    """When a calendar was last observed to be lost; None: over 30 days ago, or before the first sync."""
    lost = (each for each in recent_observations(store, known) if each.kind is ObservationKind.CONNECTION_LOST)
    return next((each.at for each in lost if (each.user_id, each.platform) == (user_id, platform)), None)


def _is_lost_now(known: WorkspaceSnapshot, user_id: str, platform: str | None) -> bool:
    row = known.user_by_id.get(user_id)
    return row is not None and row.vanished_at is None and any(each.platform == platform for each in row.user.lost)

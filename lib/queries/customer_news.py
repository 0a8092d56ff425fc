"""What is new about customers since a time: calendars lost and found, rules changed, new misses."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from lib.coverage.columns import TIME, codes, words
from lib.coverage.drilldown import Figure, drill_down
from lib.coverage.grid import outcome_of_miss
from lib.coverage.numbers import utc_instant
from lib.coverage.scope import Scope
from lib.domain import PREFERENCE_FLAGS
from lib.queries.customer_summary import last_30_days
from lib.queries.recent_observations import is_disconnected_here, recent_observations
from lib.queries.shared_cache import remembered, view_of
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis, Reason
from lib.recording.reasons import reason_of
from lib.recording.time_part import TimePart
from lib.store import Store
from lib.store.observations import Observation, ObservationKind


class NewsKind(StrEnum):
    """What happened."""

    CALENDAR_LOST = "calendar_lost"
    CALENDAR_DISCONNECTED = "calendar_disconnected"
    """On purpose, by a change made in Coverage Desk."""
    CALENDAR_FOUND = "calendar_found"
    RULES_CHANGED = "rules_changed"
    MISSED = "missed"
    OFF_BY_CHOICE = "off_by_choice"
    """Missed because rules or people excluded the meetings."""


_OF_CALENDARS = {
    ObservationKind.CONNECTION_LOST: NewsKind.CALENDAR_LOST,
    ObservationKind.CONNECTION_FOUND: NewsKind.CALENDAR_FOUND,
}


@dataclass(frozen=True, slots=True)
class CustomerNews:
    """One event, or several of one customer that are alike."""

    at: datetime
    """When it was observed; of missed meetings, the end of the last one."""
    kind: NewsKind
    customer: str | None
    """Text from outside; None: no customer."""
    user_ids: tuple[str, ...] = ()
    """Recall's ids of the users whose calendar or rules changed."""
    observed: Observation | None = None
    """One of the observations that are told as one; None for missed meetings."""
    meetings: int = 0
    """Missed meetings, for `reason` on `basis`."""
    reason: Reason | None = None
    basis: Basis = Basis.OBSERVED


def news_since(
    store: Store, known: WorkspaceSnapshot, as_of: datetime, since: datetime, zone: tzinfo
) -> tuple[CustomerNews, ...]:
    """News of all customers, newest first: what was observed after `since`, and meetings missed that ended after it.

    Nothing is older than 30 days before `as_of`. Raises `StoreError`.
    """

    def work_out() -> tuple[CustomerNews, ...]:
        observed = [each for each in recent_observations(store, known) if each.at > since]
        found = [*_calendars(known, observed), *_rules(known, observed), *_misses(known, as_of, since, zone)]
        return tuple(sorted(found, key=lambda news: news.at, reverse=True))

    return remembered(known, ("news", since, str(zone)), work_out)


def _calendars(known: WorkspaceSnapshot, observed: Sequence[Observation]) -> Iterator[CustomerNews]:
    for each in observed:
        if kind := _OF_CALENDARS.get(each.kind):
            kind = NewsKind.CALENDAR_DISCONNECTED if is_disconnected_here(each) else kind
            yield CustomerNews(each.at, kind, known.customer_of(each.user_id), (each.user_id,), each)


def _rules(known: WorkspaceSnapshot, observed: Sequence[Observation]) -> Iterator[CustomerNews]:
    """One event for all users of a customer whose rules were observed to change alike at the same time."""
    alike: dict[tuple[datetime, str | None, object], list[Observation]] = defaultdict(list)
    for each in observed:
        if each.kind is ObservationKind.PREFERENCES_CHANGED:
            alike[each.at, known.customer_of(each.user_id), _rules_change(each)].append(each)
    for (at, customer, _), group in alike.items():
        yield CustomerNews(at, NewsKind.RULES_CHANGED, customer, tuple(each.user_id for each in group), group[0])


def _rules_change(observed: Observation) -> object:
    """What equals another's where the rules of both changed alike, whatever they were before."""
    before, after = observed.before, observed.after
    if before is None or after is None:
        return after is None
    flags = [flag for flag in PREFERENCE_FLAGS if getattr(before, flag) != getattr(after, flag)]
    return tuple((flag, getattr(after, flag)) for flag in flags), before.bot_name != after.bot_name


def _misses(known: WorkspaceSnapshot, as_of: datetime, since: datetime, zone: tzinfo) -> Iterator[CustomerNews]:
    """One event for all meetings that a customer missed for the same reason on one basis."""
    view = view_of(known, Scope(), last_30_days(as_of, zone))
    missed = view.frame.iloc[drill_down(view, Figure(TimePart.ENDED, "missed")).rows]
    new = missed[missed["end"].to_numpy(TIME) > utc_instant(since)]
    alike: dict[tuple[str | None, str, bool], list[datetime]] = defaultdict(list)
    names = [*words(new, "customer"), None]
    columns = codes(new, "customer").tolist(), new["reason"].tolist(), new["inferred"].tolist(), new["end"]
    for code, key, inferred, end in zip(*columns, strict=True):
        alike[names[code], str(key), inferred].append(end.to_pydatetime())
    for (customer, key, inferred), ends in alike.items():
        reason = reason_of(key)
        is_chosen = outcome_of_miss(reason) is Outcome.OFF_BY_CHOICE
        yield CustomerNews(
            at=max(ends),
            kind=NewsKind.OFF_BY_CHOICE if is_chosen else NewsKind.MISSED,
            customer=customer,
            meetings=len(ends),
            reason=reason,
            basis=Basis.INFERRED if inferred else Basis.OBSERVED,
        )

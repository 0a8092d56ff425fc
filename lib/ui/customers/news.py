"""What is new since somebody last looked: calendars lost and found, rules changed, new misses."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from lib.coverage.columns import TIME, codes, words
from lib.coverage.drilldown import Figure, drill_down
from lib.coverage.grid import outcome_of_miss
from lib.coverage.numbers import utc_instant
from lib.coverage.scope import Scope
from lib.queries.shared_cache import remembered, view_of
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis
from lib.recording.reasons import reason_of
from lib.recording.time_part import TimePart
from lib.store.observations import Observation, ObservationKind
from lib.ui.customers.seen import customer_of, is_letting_go, seen
from lib.ui.customers.standing import period_of
from lib.ui.customers.words import rules_words
from lib.ui.words.basis import marked
from lib.ui.words.calendar_health import platform_name
from lib.ui.words.formats import one_line, plural


class What(StrEnum):
    """The kind of news, as its chip says it."""

    LOST = "! Calendar lost"
    LET_GO = "– Calendar disconnected"
    """Here, on purpose."""
    FOUND = "✓ Calendar found"
    RULES = "~ Rules changed"
    MISSES = "! New misses"
    CHOSEN = "– Off by choice"
    """Missed because rules or people excluded them."""


@dataclass(frozen=True, slots=True)
class News:
    """One line. Customer and detail hold text from outside."""

    at: datetime
    what: What
    customer: str | None
    detail: str
    users: tuple[str, ...] = ()
    """Recall's ids of whom it is about."""


def news_since(known: WorkspaceSnapshot, since: datetime, zone: tzinfo) -> tuple[News, ...]:
    """Of all customers, newest first: what was seen after `since`, and meetings missed that ended after it.

    Nothing is older than 30 days.
    """
    return remembered(known, ("news", since, str(zone)), lambda: _news(known, since, zone))


def _news(known: WorkspaceSnapshot, since: datetime, zone: tzinfo) -> tuple[News, ...]:
    changes = [each for each in seen(known) if each.at > since]
    found = [*_calendars(known, changes), *_rules(known, changes), *_misses(known, since, zone)]
    return tuple(sorted(found, key=lambda news: news.at, reverse=True))


def _calendars(known: WorkspaceSnapshot, changes: list[Observation]) -> Iterator[News]:
    kinds = {ObservationKind.CONNECTION_LOST: What.LOST, ObservationKind.CONNECTION_FOUND: What.FOUND}
    for each in changes:
        if what := kinds.get(each.kind):
            detail = f"{_name(known, each.user_id)}, {platform_name(each.platform or '')}"
            what = What.LET_GO if is_letting_go(each) else what
            yield News(each.at, what, customer_of(known, each), detail, (each.user_id,))


def _rules(known: WorkspaceSnapshot, changes: list[Observation]) -> Iterator[News]:
    """One line for all users of a customer whose rules were seen to change in the same way at the same time."""
    alike: dict[tuple[datetime, str | None, str], list[str]] = defaultdict(list)
    for each in changes:
        if each.kind is ObservationKind.PREFERENCES_CHANGED:
            alike[each.at, customer_of(known, each), rules_words(each.before, each.after)].append(each.user_id)
    for (at, customer, change), users in alike.items():
        whom = f"for {plural(len(users), 'user')}" if len(users) > 1 else f"for {_name(known, users[0])}"
        yield News(at, What.RULES, customer, f"{change} {whom}", tuple(users))


def _misses(known: WorkspaceSnapshot, since: datetime, zone: tzinfo) -> Iterator[News]:
    """One line for all meetings that a customer missed for the same reason on one basis; its time is the last one's
    end."""
    assert known.as_of is not None  # noqa: S101 - whoever asks for news has figures
    view = view_of(known, Scope(), period_of(known.as_of, zone))
    missed = view.frame.iloc[drill_down(view, Figure(TimePart.ENDED, "missed")).rows]
    new = missed[missed["end"].to_numpy(TIME) > utc_instant(since)]
    alike: dict[tuple[str | None, str, bool], list[datetime]] = defaultdict(list)
    names = [*words(new, "customer"), None]
    columns = codes(new, "customer").tolist(), new["reason"].tolist(), new["inferred"].tolist(), new["end"]
    for code, reason, inferred, end in zip(*columns, strict=True):
        alike[names[code], str(reason), inferred].append(end.to_pydatetime())
    for (customer, key, inferred), ends in alike.items():
        reason = reason_of(key)
        what = What.CHOSEN if outcome_of_miss(reason) is Outcome.OFF_BY_CHOICE else What.MISSES
        label = marked(reason.label, Basis.INFERRED if inferred else Basis.OBSERVED)
        yield News(max(ends), what, customer, f"{plural(len(ends), 'meeting')}: {label}")


def _name(known: WorkspaceSnapshot, user_id: str) -> str:
    row = known.user_by_id.get(user_id)
    return one_line(row.user.label) if row else user_id

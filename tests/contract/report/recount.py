"""The numbers of `python -m lib.report` once more, from Recall's raw answers and the sentences that define them.

Nothing of lib is used: what is counted here are plain dicts of JSON.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from tests.contract.report.causes import BY_RULES, FINAL, STAGES, STAGES_AND_CLASSES, causes_of, changes_of, met_nobody
from tests.contract.report.history import History, Row, instant, is_connected

Json: TypeAlias = dict[str, Any]


@dataclass
class Reasons:
    """Why the meetings of one part were missed. Where raw facts leave several reasons open, there is room between."""

    missed: int = 0
    at_least: "Counter[str]" = field(default_factory=Counter)
    at_most: "Counter[str]" = field(default_factory=Counter)

    def add(self, possible: frozenset[str]) -> None:
        self.missed += 1
        self.at_most.update(possible)
        if len(possible) == 1:
            self.at_least.update(possible)

    def differences(self, told: Iterable[Json]) -> list[str]:
        """What is wrong with the rows of the report about this part."""
        found = {row["reason"]: row["meetings"] for row in told}
        wrong = [] if sum(found.values()) == self.missed else [f"{sum(found.values())} in all, not {self.missed}"]
        for reason in found.keys() | self.at_least.keys():
            least, most, count = self.at_least[reason], self.at_most[reason], found.get(reason, 0)
            if not least <= count <= most:
                wrong.append(f"{reason}: {count}, not {least}..{most}")
        return wrong + [f"class of {row['reason']}" for row in told if not _is_of_class(row)]


def _is_of_class(row: Json) -> bool:
    return row["reason"] in STAGES_AND_CLASSES and STAGES_AND_CLASSES[row["reason"]][1] == row["class"]


@dataclass
class Recount:
    """The object that the report prints, without its reasons, and what is known of these."""

    figures: Json
    upcoming: Reasons
    ended: Reasons


def recount(
    history: History,
    as_of: datetime,
    first: date,
    last: date,
    zone: str = "UTC",
    *,
    user: str | None = None,
    customer: str | None = None,
) -> Recount:
    """Count the meetings that start on the days from `first` to before `last`, of all users, one, or one customer's."""
    counted = Recount(_nothing(), Reasons(), Reasons())
    rows = [row for row in history.rows.values() if row.counts and _is_wanted(history, row.user, user, customer)]
    counted.figures |= {"as_of": as_of, "from": first.isoformat(), "to": last.isoformat(), "time_zone": zone}
    counted.figures |= _users(history, user, customer)
    counted.figures["without_start"] = sum(row.start is None for row in rows)
    begins, ends = (datetime.combine(day, time(), ZoneInfo(zone)) for day in (first, last))
    for meeting in _meetings(history, rows):
        if begins <= meeting[0][0] < ends:
            _count(history, [row for _, row in meeting], meeting[0][0], as_of, counted)
    _add_rates(counted.figures)
    return counted


def _is_wanted(history: History, of: str, user: str | None, customer: str | None) -> bool:
    if user is not None:
        return of == user
    if customer is None:
        return True
    return history.customers[of] == (None if customer == "unassigned" else customer)


def _nothing() -> Json:
    coming = ("entries", "meetings", "recordable", "will_record", "booked", "both")
    running = ("entries", "meetings", "recordable", "booked", "recording")
    over = ("entries", "meetings", "recordable", "unsettled", "did_not_happen", "held", "asked", "recorded")
    return {
        "upcoming": dict.fromkeys(coming, 0),
        "in_progress": dict.fromkeys(running, 0),
        "ended": dict.fromkeys(over, 0),
    }


def _users(history: History, user: str | None, customer: str | None) -> Json:
    wanted = [u for id_, u in history.users.items() if _is_wanted(history, id_, user, customer)]
    unreadable = [u for u in wanted if not u.get("external_id") or u["id"] in history.unread]
    connected = [u for u in wanted if is_connected(u)]
    return {"users": len(wanted), "users_connected": len(connected), "users_unreadable": len(unreadable)}


def _meetings(history: History, rows: Iterable[Row]) -> Iterator[list[tuple[datetime, Row]]]:
    """Entries of one customer that share `ical_uid` and start; without `ical_uid` each by itself."""
    groups: dict[object, list[tuple[datetime, Row]]] = {}
    for number, row in enumerate(rows):
        if row.start is not None:
            customer = history.customers[row.user]
            whose = ("customer", customer) if customer else ("user", row.user)
            uid = row.shown.get("ical_uid")
            groups.setdefault((whose, uid, row.start) if uid else number, []).append((row.start, row))
    yield from groups.values()


def _count(history: History, rows: list[Row], start: datetime, as_of: datetime, counted: Recount) -> None:
    end = max(instant(row.shown.get("end_time")) or start for row in rows)
    part = "upcoming" if start > as_of else "in_progress" if end > as_of else "ended"
    tally = counted.figures[part]
    tally["meetings"] += 1
    tally["entries"] += len(rows)
    if any(is_recordable(row.shown) for row in rows):
        tally["recordable"] += 1
        {"upcoming": _coming, "in_progress": _running, "ended": _over}[part](history, rows, tally, counted)


def _coming(history: History, rows: list[Row], tally: Json, counted: Recount) -> None:
    will_record = any(row.shown["will_record"] is True for row in rows)
    booked = any(map(_is_booked, rows))
    tally["will_record"] += will_record
    tally["booked"] += booked
    tally["both"] += will_record and booked
    if not booked:
        counted.upcoming.add(_furthest(_why_coming(history, row) for row in rows))


def _running(history: History, rows: list[Row], tally: Json, _counted: Recount) -> None:
    tally["booked"] += any(map(_is_booked, rows))
    tally["recording"] += any(_is_recorded(history, row) for row in rows)


def _over(history: History, rows: list[Row], tally: Json, counted: Recount) -> None:
    recorded = any(_is_recorded(history, row) for row in rows)
    booked = [row for row in rows if _is_booked(row)]
    if not recorded and not all(_is_final(_bot(history, row)) for row in booked):
        tally["unsettled"] += 1
        return
    if not recorded and booked and all(met_nobody(_bot(history, row) or {}) for row in booked):
        tally["did_not_happen"] += 1
        return
    tally["held"] += 1
    tally["recorded"] += recorded
    tally["asked"] += bool(booked) or any(row.seen for row in rows)
    if not recorded:
        counted.ended.add(_furthest(_why_over(history, row) for row in rows))


def is_recordable(shown: Json) -> bool:
    """Has a link, and is not whole-day."""
    invites = [value for name, value in shown.items() if name.endswith("_invite")]
    link = shown.get("meeting_platform") or any(i and any(v not in (None, "") for v in i.values()) for i in invites)
    start, end = instant(shown.get("start_time")), instant(shown.get("end_time"))
    if not link or start is None or end is None:
        return False
    midnights = start.astimezone(UTC).time() == time() == end.astimezone(UTC).time()
    return not (midnights and end - start >= timedelta(hours=24))


def _is_booked(row: Row) -> bool:
    return row.shown.get("bot_id") is not None


def _bot(history: History, row: Row) -> Json | None:
    return history.bots.get(str(row.shown.get("bot_id")))


def _is_recorded(history: History, row: Row) -> bool:
    bot = _bot(history, row)
    if bot is None:
        return False
    reached = any(change["code"] == "in_call_recording" for change in bot["status_changes"])
    return reached or any(recording.get("started_at") for recording in bot["recordings"])


def _is_final(bot: Json | None) -> bool:
    changes = changes_of(bot) if bot else ()
    return bool(changes) and changes[-1]["code"] in FINAL


def _why_coming(history: History, row: Row) -> frozenset[str]:
    shown = row.shown
    if not is_recordable(shown):
        return _not_recordable(shown)
    if row.is_lost:
        return frozenset({"calendar_disconnected"})
    if shown["will_record"] is True:
        return frozenset({"bot_not_scheduled"})
    if not is_connected(history.users[row.user]):
        return frozenset({"calendar_disconnected"})
    return _by_rules(shown, history.users[row.user])


def _why_over(history: History, row: Row) -> frozenset[str]:
    bot = _bot(history, row)
    if _is_booked(row):
        return causes_of(bot or {})
    if not is_recordable(row.shown):
        return _not_recordable(row.shown)
    if row.is_lost:
        return frozenset({"calendar_disconnected"})
    if row.seen is None:
        return frozenset({"not_seen_before_start"})
    if row.seen:
        return frozenset({"bot_not_scheduled"})
    return frozenset({"override_do_not_record"}) | BY_RULES


def _not_recordable(shown: Json) -> frozenset[str]:
    has_link = is_recordable(shown | {"start_time": "2026-01-01T01:00:00Z", "end_time": "2026-01-01T02:00:00Z"})
    return frozenset({"all_day_or_no_times" if has_link else "no_meeting_link"})


def _by_rules(shown: Json, user: Json) -> frozenset[str]:
    """Documented combinations of flags and plain facts decide; anything else leaves it open."""
    flags = {name for name, on in (user.get("preferences") or {}).items() if on is True}
    external, hosted = shown.get("is_external"), shown.get("is_hosted_by_me")
    if shown.get("override_should_record") is False:
        return frozenset({"override_do_not_record"})
    if shown.get("override_should_record") is True or None in (external, hosted):
        return BY_RULES
    if not flags & {"record_external", "record_internal", "record_recurring", "record_non_host"}:
        return frozenset({"no_rules_enabled"})
    if flags & {"record_recurring", "record_non_host"}:
        return BY_RULES
    if not flags & {"record_external" if external else "record_internal"}:
        return frozenset({"external_not_enabled" if external else "internal_not_enabled"})
    filters = {"record_confirmed": "not_accepted", "record_only_host": "not_host_and_only_host"}
    possible = {filters[name] for name in flags & filters.keys()} - ({"not_host_and_only_host"} if hosted else set())
    return frozenset(possible) or BY_RULES


def _furthest(of_entries: Iterable[frozenset[str]]) -> frozenset[str]:
    """The reason of the entry that got furthest, by stage; of the last stage any."""
    possible = [(max(STAGES.index(STAGES_AND_CLASSES[reason][0]) for reason in some), some) for some in of_entries]
    furthest = max(stage for stage, _ in possible)
    return frozenset().union(*(some for stage, some in possible if stage == furthest))


def _add_rates(figures: Json) -> None:
    coming, over = figures["upcoming"], figures["ended"]
    coming["planned"] = _rate(coming["will_record"], coming["recordable"])
    coming["booked_rate"] = _rate(coming.pop("both"), coming["will_record"])
    over["coverage"] = _rate(over["recorded"], over["held"])
    over["reach"] = _rate(over["asked"], over["held"])
    over["delivery"] = _rate(over["recorded"], over["asked"])


def _rate(numerator: int, denominator: int) -> float | None:
    return numerator / denominator if denominator else None

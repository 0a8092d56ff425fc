"""The numbers of `python -m lib.report` once more, from Recall's raw answers and the sentences that define them.

Nothing of lib is used: what is counted here are plain dicts of JSON.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from tests.contract.report.booked import bots_of
from tests.contract.report.history import History, Occurrence, is_connected
from tests.contract.report.judged import Judged
from tests.contract.report.reasons import Reasons
from tests.contract.report.rows import instant

Json: TypeAlias = dict[str, Any]


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
    judged = Judged(history, as_of, bots_of(history, as_of))
    counted.figures |= {"as_of": as_of, "from": first.isoformat(), "to": last.isoformat(), "time_zone": zone}
    counted.figures |= _users(history, user, customer)
    wanted = [o for o in history.occurrences() if o.counts and _is_wanted(history, o.user, user, customer)]
    counted.figures["without_start"] = sum(o.start is None for o in wanted)
    begins, ends = (datetime.combine(day, time(), ZoneInfo(zone)) for day in (first, last))
    for meeting in judged.meetings(wanted):
        start = meeting[0].start
        if start and begins <= start < ends:
            _count(judged, meeting, start, counted)
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
    answers = [history.answers[u["id"]] for u in wanted if u["id"] in history.answers]
    return {
        "users": len(wanted),
        "users_connected": sum(map(is_connected, wanted)),
        "users_unreadable": len(unreadable),
        "unreadable_rows": sum(len(answer.unreadable) for answer in answers),
        "odd_rows": sum(answer.odd for answer in answers),
    }


def _count(judged: Judged, meeting: list[Occurrence], start: datetime, counted: Recount) -> None:
    end = max(instant(o.shown.get("end_time")) or start for o in meeting)
    part = "upcoming" if start > judged.as_of else "in_progress" if end > judged.as_of else "ended"
    tally = counted.figures[part]
    tally["meetings"] += 1
    tally["entries"] += len(meeting)
    if any(map(judged.is_recordable, meeting)):
        tally["recordable"] += 1
        {"upcoming": _coming, "in_progress": _running, "ended": _over}[part](judged, meeting, tally, counted)


def _coming(judged: Judged, meeting: list[Occurrence], tally: Json, counted: Recount) -> None:
    will_record = any(map(judged.will_record, meeting))
    booked = any(map(judged.is_booked, meeting))
    tally["will_record"] += will_record
    tally["booked"] += booked
    tally["both"] += will_record and booked
    if not booked:
        counted.upcoming.add(map(judged.why_coming, meeting))


def _running(judged: Judged, meeting: list[Occurrence], tally: Json, _counted: Recount) -> None:
    tally["booked"] += any(map(judged.is_booked, meeting))
    tally["recording"] += any(map(judged.is_recorded, meeting))


def _over(judged: Judged, meeting: list[Occurrence], tally: Json, counted: Recount) -> None:
    recorded = any(map(judged.is_recorded, meeting))
    booked = list(filter(judged.is_booked, meeting))
    if not recorded and not all(map(judged.is_settled, booked)):
        tally["unsettled"] += 1
        return
    if not recorded and booked and all(map(judged.met_nobody, booked)):
        tally["did_not_happen"] += 1
        return
    tally["held"] += 1
    tally["recorded"] += recorded
    tally["asked"] += bool(booked) or any(map(judged.will_record, meeting))
    if not recorded:
        counted.ended.add(map(judged.why_over, meeting))


def _add_rates(figures: Json) -> None:
    coming, over = figures["upcoming"], figures["ended"]
    coming["planned"] = _rate(coming["will_record"], coming["recordable"])
    coming["booked_rate"] = _rate(coming.pop("both"), coming["will_record"])
    over["coverage"] = _rate(over["recorded"], over["held"])
    over["reach"] = _rate(over["asked"], over["held"])
    over["delivery"] = _rate(over["recorded"], over["asked"])


def _rate(numerator: int, denominator: int) -> float | None:
    return numerator / denominator if denominator else None

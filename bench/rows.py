"""One user's meetings as both pages show them: read from the sandbox, judged, and written down for the plain page."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lib.clock import utc_now
from lib.domain import Bot, CalendarUser, Entry
from lib.errors import DeskError
from lib.recall_api import Recall
from lib.recording.time_part import TimePart
from lib.recording.verdict import Verdict, judge
from lib.sync.user_meetings import window_of
from lib.ui.words import outcomes
from lib.ui.words.formats import day_and_time, one_line
from tests.browsing import ZONE

MEETINGS_WANTED = 100
PAST_30 = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A user, and that user's rows by list, as records of plain values."""

    user: CalendarUser
    lists: dict[str, list[dict[str, Any]]]

    def write(self, file: Path) -> None:
        """For the plain page."""
        connections = [[c.platform, c.email or ""] for c in self.user.connected]
        file.write_text(json.dumps({"lists": self.lists, "chips": outcomes.chip_words(), "connections": connections}))


def users_to_open(recall: Recall) -> tuple[CalendarUser, ...]:
    """Users whose calendar can be read."""
    return tuple(user for user in recall.list_users().rows if user.connected and user.external_id)


def calendar_of_about(recall: Recall, users: tuple[CalendarUser, ...], wanted: int = MEETINGS_WANTED) -> Calendar:
    """The calendar among `users` whose number of meetings is nearest to `wanted`."""
    now = utc_now()
    entries = {user: _entries(recall, user, now) for user in users}
    user = min(users, key=lambda user: abs(len(entries[user]) - wanted))
    judged = list(_judged(recall, user, entries[user], now))
    coming = [_record(*row) for row in judged if row[1].part is not TimePart.ENDED]
    past = [row for row in reversed(judged) if row[1].part is TimePart.ENDED]
    past30 = [_record(*row) for row in past if _start(row[0]) >= now - PAST_30]
    return Calendar(user, {"coming": coming, "past30": past30, "past60": [_record(*row) for row in past]})


def _entries(recall: Recall, user: CalendarUser, now: datetime) -> tuple[Entry, ...]:
    window = window_of(now)
    rows = recall.list_meetings(user.external_id or "", window.after, window.before).rows
    return tuple(sorted((entry for entry in rows if entry.start_time), key=lambda entry: (_start(entry), entry.id)))


def _judged(
    recall: Recall, user: CalendarUser, entries: tuple[Entry, ...], now: datetime
) -> Iterator[tuple[Entry, Verdict]]:
    begun = {entry.bot_id for entry in entries if entry.bot_id and _start(entry) <= now}
    bots = {bot_id: _bot(recall, bot_id) for bot_id in begun}
    for entry in entries:
        bot = bots.get(entry.bot_id or "")
        yield entry, judge(entry, (bot,) if entry.bot_id else (), user, now)


def _bot(recall: Recall, bot_id: str) -> Bot | None:
    try:
        return recall.get_bot(bot_id)
    except DeskError:  # such as one that Recall no longer knows; the dashboard counts it as not read
        return None


def _record(entry: Entry, verdict: Verdict) -> dict[str, Any]:
    start = _start(entry)
    return {
        "starts": start.isoformat(),
        "outcome": [outcomes.chip(verdict.outcome)],
        "title": one_line(entry.title) or "(no title)",
        "why": verdict.why,
        "to_do": verdict.what_to_do or "—",
        "choice": {None: "Follows rules", True: "Record", False: "Don't record"}[entry.override_should_record],
        "when": f"{day_and_time(start, ZoneInfo(ZONE))} ({ZONE})",
        "said": verdict.explanation or verdict.why,
        "owner": verdict.owner.label if verdict.owner else "—",
        "confidence": verdict.confidence.label if verdict.confidence else "—",
        "code": verdict.raw or (verdict.reason.key if verdict.reason else "—"),
        "trace": [step.name for step in verdict.trace.steps],
    }


def _start(entry: Entry) -> datetime:
    assert entry.start_time is not None  # noqa: S101 - entries without one are left out when they are read
    return entry.start_time

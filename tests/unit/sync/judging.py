"""Stored entries of a user, their bots, and what they are judged to be."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lib.domain import (
    Attendee,
    Bot,
    CalendarUser,
    Connection,
    Entry,
    Preferences,
    Recording,
    StatusChange,
)
from lib.store.bots import BotRow
from lib.store.entries import StoredEntry
from lib.store.observations import CalendarChange
from lib.store.verdicts import StoredVerdict
from lib.sync.verdicts import judge_all, judgement_of
from tests.unit.storing import stored_entry

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ADA = CalendarUser("id-ada", "ada", (Connection("google", True, "ada@acme.com"),), Preferences(record_external=True))
LOST = replace(ADA, connections=(Connection("google", False, "ada@acme.com"),))


def entry(hours: float, **fields: Any) -> Entry:
    """An external Zoom call that begins so many hours after noon."""
    start = NOON + hours * HOUR
    known: dict[str, Any] = {
        "will_record": True,
        "meeting_platform": "zoom",
        "calendar_platform": "google",
        "invites": ("zoom",),
        "is_external": True,
        "attendees": (Attendee("ada@acme.com", status="accepted"), Attendee("bob@else.com")),
    }
    return Entry(id="e", start_time=start, end_time=start + HOUR, **(known | fields))


def stored(one: Entry, **fields: Any) -> StoredEntry:
    """An entry that was watched before its start and is answered yes."""
    known: dict[str, Any] = {
        "own_answer": "accepted",
        "first_seen_at": NOON - 48 * HOUR,
        "changed_at": NOON - 48 * HOUR,
        "seen_will_record": True,
        "seen_preferences": ADA.preferences,
    }
    return stored_entry(one, **(known | fields))


def judged(
    one: StoredEntry,
    user: CalendarUser = ADA,
    known: Mapping[str, BotRow] | None = None,
    *,
    seen: Sequence[CalendarChange] = (),
) -> StoredVerdict:
    """What an entry alone is as of noon; `seen` is how the user's calendars came and went."""
    (alone,) = judge_all([one], user, known or {}, seen, NOON)
    return judgement_of(alone, known or {})


def removed(hours: float, *, connected: bool) -> dict[str, Any]:
    return {"removed_at": NOON + hours * HOUR, "removed_connected": connected}


def read_bot(name: str, *codes: str) -> BotRow:
    steps = tuple(StatusChange(code, NOON - (9 - n) * HOUR) for n, code in enumerate(codes))
    recordings = (Recording("r", "done", NOON - 8 * HOUR, NOON - 7 * HOUR),) if "in_call_recording" in codes else ()
    return BotRow(name, Bot(name, steps, recordings), codes[-1] == "done", NOON, None)


RECORDED = {"bot": read_bot("bot", "joining_call", "in_call_recording", "call_ended", "done")}

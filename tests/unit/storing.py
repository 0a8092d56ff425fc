"""Stored entries for tests without a store."""

from datetime import UTC, datetime
from typing import Any

from lib.domain import Entry
from lib.store.entries import StoredEntry

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


def stored_entry(entry: Entry, **known: Any) -> StoredEntry:
    """An entry as the store has it that was read once, at NOW: nobody saw it before its start, dragged it or judged it
    yet."""
    fields: dict[str, Any] = {
        "key": 1,
        "user_id": "user-1",
        "erased": False,
        "own_answer": None,
        "attendees": len(entry.attendees),
        "first_seen_at": NOW,
        "changed_at": NOW,
        "removed_at": None,
        "removed_connected": None,
        "seen_will_record": None,
        "seen_preferences": None,
        "first_preferences": None,
        "first_override": None,
        "first_answer": None,
        "occurrence": 0,
        "dragged_at": None,
        "former_bots": (),
        "verdict": None,
    }
    return StoredEntry(entry=entry, **(fields | known))

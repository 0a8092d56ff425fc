"""How an event is dragged to another start by whoever may: alone in one calendar, or for all who share it."""

from datetime import datetime, timedelta
from typing import Any

from .entries import Entry
from .workspace import Workspace

_USUAL_LENGTH = timedelta(minutes=30)


def drag(
    workspace: Workspace, entry: Entry, start: datetime, length: timedelta | None, alone: bool, keep: bool
) -> None:
    """Give the event another start now. It keeps its length unless one is given.

    With `keep` a row goes on naming the bot that was sent out for the old start; one not yet sent out moves along.
    """
    now, booking = workspace.now(), workspace.booking
    together = [entry] if alone else _together(workspace, entry)
    named = {e.id: booking.bot_id(e, now) for e in together}
    moves_along = keep and any(named.values()) and not any(booking.has_set_out(e, now) for e in together)
    if not moves_along:
        workspace.calendars.drags.add(now, entry.call, named, named if keep else {})
    for e in together:
        workspace.calendars.added.change(e.id, _times(e, start, length))


def _together(workspace: Workspace, entry: Entry) -> list[Entry]:
    """The entries of the call that stand where this one does."""
    shared = workspace.calendars.sharing(entry.call, entry.occurrence)
    return [e for e in shared if e.deleted_at is None]


def _times(entry: Entry, start: datetime, length: timedelta | None) -> dict[str, Any]:
    facts = entry.facts
    had = facts.end - facts.start if facts.start and facts.end else _USUAL_LENGTH
    return {"start_time": start.isoformat(), "end_time": (start + (length or had)).isoformat()}

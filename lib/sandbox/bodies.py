"""The JSON that Recall answers with: calendar users (contract 3.2) and meetings (3.12)."""

from datetime import datetime
from typing import Any

from . import raw
from .booking import Booking
from .decision import FLAGS
from .directory import Directory
from .entries import Entry
from .ids import Ids, Kind
from .ledger import Ledger
from .platforms import platform_number
from .world.calls import Guest
from .world.users import Connection, Preferences

Body = dict[str, Any]
_EVENT_PLATFORMS = {"google": "google_calendar", "microsoft": "microsoft_outlook"}


class Bodies:
    """Writes users and meetings as Recall does."""

    def __init__(self, ledger: Ledger, directory: Directory, booking: Booking, ids: Ids) -> None:
        self._ledger = ledger
        self._directory = directory
        self._booking = booking
        self._ids = ids
        self._over: dict[tuple[str, int], Body] = {}
        """Rows of what is over, which change no more until something is written."""

    def user(self, number: int, now: datetime) -> Body:
        """A calendar user as it is now."""
        connections = self._directory.connections(number, now)
        body = {
            "id": self._ids.make(Kind.USER, number),
            "external_id": self._directory.external_id(number),
            "connections": [self._connection(number, c) for c in connections],
            "preferences": self._preferences(number, self._directory.preferences(number, now)),
        }
        return raw.put_over(body, self._ledger.raw_users.get(number))

    def forget(self) -> None:
        """Something was written, or the clock was set back."""
        self._over.clear()

    def meeting(self, entry: Entry, now: datetime) -> Body:
        """One entry of a calendar. `will_record` is decided at once; `bot_id` follows a little later."""
        if not _is_over(entry, now):
            return self._meeting(entry, now)
        key = (entry.id, entry.occurrence)
        known = self._over.get(key)
        if known is None:
            if len(self._over) >= _KEPT:
                self._over.clear()
            known = self._over[key] = self._meeting(entry, now)
        return known

    def _meeting(self, entry: Entry, now: datetime) -> Body:
        decision = self._booking.decision(entry, now)
        invites = entry.link.invites() if entry.link else dict.fromkeys(_NO_INVITES)
        platform = entry.link.meeting_platform if entry.link else None
        facts = entry.facts
        body = {
            "id": entry.id,
            "override_should_record": self._booking.override(entry, now),
            "title": entry.title,
            "description": entry.description,
            "will_record": decision.record,
            "will_record_reason": decision.reason,
            "start_time": facts.start,
            "end_time": facts.end,
            "platform": _EVENT_PLATFORMS.get(entry.calendar_platform, entry.calendar_platform) if platform else None,
            "platform_id": entry.platform_id,
            "meeting_platform": platform,
            "calendar_platform": entry.calendar_platform,
            **invites,
            "bot_id": self._booking.bot_id(entry, now),
            "is_external": facts.external,
            "is_hosted_by_me": facts.hosted,
            "is_recurring": facts.recurring,
            "organizer_email": entry.organizer_email,
            "attendee_emails": [guest.email for guest in entry.guests],
            "attendees": [_attendee(guest, entry.organizer_email) for guest in entry.guests],
            "ical_uid": entry.ical_uid,
            "visibility": entry.visibility,
            **entry.extra,
        }
        return {name: value for name, value in body.items() if name not in entry.omit} if entry.omit else body

    def _connection(self, number: int, connection: Connection) -> Body:
        platform = platform_number(connection.platform)
        return {
            "connected": connection.connected,
            "platform": connection.platform,
            "email": connection.email,
            "id": self._ids.make(Kind.CONNECTION, number, platform, connection.epoch) if connection.email else None,
        }

    def _preferences(self, number: int, preferences: Preferences) -> Body:
        flags = {flag: flag in preferences.flags for flag in FLAGS}
        return {"id": self._ids.make(Kind.PREFERENCES, number), **flags, "bot_name": preferences.bot_name}


_KEPT = 1 << 14
_NO_INVITES = ("zoom_invite", "teams_invite", "meet_invite", "webex_invite", "goto_meeting_invite")


def _is_over(entry: Entry, now: datetime) -> bool:
    start, end = entry.facts.start, entry.facts.end
    return start is not None and end is not None and max(start, end) <= now


def _attendee(guest: Guest, organizer_email: str | None) -> Body:
    organizes = guest.email == organizer_email
    return {"name": guest.name, "email": guest.email, "is_organizer": organizes, "status": guest.status}

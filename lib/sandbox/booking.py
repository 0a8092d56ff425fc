"""Which bots are booked: each entry to be recorded claims the bot of its call, and a claim counts a little later.

One bot serves all claims on a call of one calendar platform (contract 7.3). A bot that has set out stays, whatever is
changed later; one that is claimed in the last two minutes still comes.
"""

from datetime import datetime, timedelta

from .calendars import HORIZON, Calendars
from .decision import Decision, decide
from .directory import Directory
from .entries import Entry
from .ids import Ids, Kind
from .ledger import Ledger
from .platforms import platform_number
from .world.calls import CallKey

EARLY = timedelta(minutes=2)
"""Bots join this long before the scheduled start (contract 7.1)."""


class Booking:
    """Decides for entries, and answers which bots stand for them."""

    def __init__(self, ledger: Ledger, directory: Directory, calendars: Calendars, ids: Ids) -> None:
        self._ledger = ledger
        self._directory = directory
        self._calendars = calendars
        self._ids = ids

    def override(self, entry: Entry, at: datetime) -> bool | None:
        """The entry's own switch at this instant."""
        written = self._ledger.overrides.get(entry.id)
        return written.at(at) if written else None

    def decision(self, entry: Entry, at: datetime) -> Decision:
        """Whether the entry is to be recorded, by what held at this instant."""
        flags = self._directory.preferences(entry.user, at).flags
        return decide(entry.facts, flags, self.override(entry, at), at)

    def bot_id(self, entry: Entry, now: datetime) -> str | None:
        """The bot booked for this entry, if any."""
        return self.bot_id_of(entry) if self._is_booked(entry, now) else None

    def bot_id_of(self, entry: Entry) -> str:
        """The id that the bot of this entry's call has, if one is booked or not."""
        return self.id_of(entry.call, platform_number(entry.calendar_platform))

    def claimants(self, key: CallKey, calendar_platform: int, now: datetime) -> list[Entry]:
        """The entries for which the call's bot is booked; none means that there is no such bot."""
        return [e for e in self._calendars.sharing(key, calendar_platform) if self._is_booked(e, now)]

    def id_of(self, key: CallKey, calendar_platform: int) -> str:
        """The id of the bot that serves a call on one calendar platform."""
        return self._ids.make(Kind.BOT, calendar_platform, *key)

    def read_id(self, bot_id: str) -> tuple[CallKey, int] | None:
        """The call and the calendar platform of a bot's id."""
        named = self._ids.read(Kind.BOT, bot_id)
        return (CallKey(*named[1:]), named[0]) if named else None

    def _is_booked(self, entry: Entry, now: datetime) -> bool:
        """Looks twice: rules may stop a bot until it departs, and may book it until the meeting starts."""
        start = entry.facts.start
        if start is None or entry.never_booked:
            return False
        lag = timedelta(seconds=self._ledger.booking_lag_seconds)
        looks = {min(now, start - EARLY) - lag, min(now, start) - lag}
        return any(self._claims(entry, at) for at in looks)

    def _claims(self, entry: Entry, at: datetime) -> bool:
        held = self._directory.holds(entry.user, entry.calendar_platform, entry.email, entry.epoch, at)
        known = entry.facts.start is not None and entry.facts.start <= at + HORIZON
        exists = entry.deleted_at is None or at < entry.deleted_at
        return held and known and exists and self.decision(entry, at).record

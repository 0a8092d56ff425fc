"""Which bots are booked: each entry to be recorded claims the bot of its call; a claim counts after the booking lag.

One bot serves all claims on a call of one calendar platform (contract 7.3). A bot that was sent stays booked whatever
is changed later; one that is claimed in the last two minutes is still sent.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from .calendars import HORIZON, Calendars
from .decision import Decision, decide
from .directory import Directory
from .entries import Entry
from .ids import IdKind, Ids, platform_number
from .ledger import Ledger
from .world.calls import CallKey

EARLY = timedelta(minutes=2)
"""Bots join this long before the scheduled start (contract 7.1)."""


class BotKey(NamedTuple):
    """The lasting name of a bot: it serves the calendars of one platform (a number) at one occurrence of a call."""

    calendar_platform: int
    call: CallKey
    occurrence: int = 0


class Booking:
    """Decides whether entries are recorded, and answers which bots are booked for them."""

    def __init__(self, ledger: Ledger, directory: Directory, calendars: Calendars, ids: Ids) -> None:
        self._ledger = ledger
        self._directory = directory
        self._calendars = calendars
        self._ids = ids
        self._started: dict[tuple[str, int], bool] = {}
        """Whether a bot was booked for a meeting that has started: fixed until something is written."""

    def clear_cache(self) -> None:
        """Something was written, which may concern the past."""
        self._started.clear()

    def override(self, entry: Entry, at: datetime) -> bool | None:
        """The entry's override at this instant."""
        written = self._ledger.overrides.get(entry.id)
        return written.at(at) if written else None

    def decision(self, entry: Entry, at: datetime) -> Decision:
        """Whether the entry is to be recorded, by the rules of this instant."""
        flags = self._directory.preferences(entry.user, at).flags
        return decide(entry.facts, flags, self.override(entry, at), at)

    def bot_id(self, entry: Entry, now: datetime) -> str | None:
        """The bot that the entry's row names, if any: one booked for it, or one kept from before a drag."""
        return self.bot_id_of(entry) if entry.kept_bot or self._is_booked(entry, now) else None

    def bot_id_of(self, entry: Entry) -> str:
        """The id of the bot of this entry's call, booked or not."""
        return entry.kept_bot or self.id_of(
            BotKey(platform_number(entry.calendar_platform), entry.call, entry.occurrence)
        )

    def was_sent(self, entry: Entry, now: datetime) -> bool:
        """Whether the bot that the entry's row names, if any, was sent already."""
        start = entry.facts.start
        return bool(entry.kept_bot) or (start is not None and start - EARLY <= now)

    def claimants(self, bot: BotKey, now: datetime) -> list[Entry]:
        """The entries for which the bot is booked; without any there is no such bot."""
        shared = self._calendars.sharing(bot.call, bot.occurrence)
        of_platform = (e for e in shared if platform_number(e.calendar_platform) == bot.calendar_platform)
        return [e for e in of_platform if self._is_booked(e, now)]

    def id_of(self, bot: BotKey) -> str:
        """The id of the bot with this key."""
        return self._ids.make(IdKind.BOT, bot.calendar_platform, *bot.call, bot.occurrence)

    def read_id(self, bot_id: str) -> BotKey | None:
        """The key in a bot's id; None if it is not the id of a bot."""
        named = self._ids.read(IdKind.BOT, bot_id)
        return BotKey(named[0], CallKey(*named[1:4]), named[4]) if named else None

    def _is_booked(self, entry: Entry, now: datetime) -> bool:
        """Changes can cancel a bot until it is sent, and book one until the meeting starts."""
        start = entry.facts.start
        if start is None or entry.never_booked or entry.kept_bot:
            return False
        if now < start:
            return self._is_booked_by(entry, start, now)
        key = (entry.id, entry.occurrence)
        known = self._started.get(key)
        if known is None:
            known = self._started[key] = self._is_booked_by(entry, start, start)
        return known

    def _is_booked_by(self, entry: Entry, start: datetime, now: datetime) -> bool:
        lag = timedelta(seconds=self._ledger.settings.booking_lag_seconds)
        return any(self._claims(entry, at) for at in {min(now, start - EARLY) - lag, now - lag})

    def _claims(self, entry: Entry, at: datetime) -> bool:
        connected = self._directory.connects(entry, at)
        known = entry.facts.start is not None and entry.facts.start <= at + HORIZON
        exists = (entry.deleted_at is None or at < entry.deleted_at) and (
            entry.dragged_at is None or entry.dragged_at <= at
        )
        return connected and known and exists and self.decision(entry, at).record

"""All that the store knows of one bot: what it did, and the calendar entries that it was sent for."""

from dataclasses import dataclass, replace
from datetime import datetime

from lib.customer.sight import Sight
from lib.domain import Bot
from lib.queries.meetings import visible_entries
from lib.queries.private_meetings import mask
from lib.recording.outcome import Outcome
from lib.recording.reason import Reason
from lib.recording.reasons import reason_of
from lib.recording.verdict import outcome_of_bot
from lib.store import Store, bots, entries
from lib.store.bots import BotRow
from lib.store.entries import StoredEntry
from lib.store.verdicts import StoredVerdict

_NOT_OF_THE_BOT = frozenset({"covered_by_colleague", "bot_present_but_will_not_record"})
"""Reasons of an entry beside others, which say nothing of the bot that they share."""


@dataclass(frozen=True, slots=True)
class KnownBot:
    """A bot that an entry names, or that was read."""

    row: BotRow
    entries: tuple[StoredEntry, ...]
    """One for each user whose calendar has the meeting, removed ones too."""

    @property
    def bot(self) -> Bot | None:
        """As it was last read; None when it never was."""
        return self.row.bot

    @property
    def verdict(self) -> StoredVerdict | None:
        """What became of it: the verdict of an entry that this bot alone decides. None: not judged yet."""
        judged = [stored.verdict for stored in self.entries if stored.verdict]
        own = [verdict for verdict in judged if verdict.reason not in _NOT_OF_THE_BOT]
        return next(iter(own or judged), None)

    @property
    def outcome(self) -> Outcome:
        """The outcome to show; unknown where nothing was judged yet, or by a newer version."""
        if not self.entries and self.bot:
            return outcome_of_bot(self.bot)[0]
        known = self.verdict.outcome if self.verdict else None
        return Outcome(known) if known in set(Outcome) else Outcome.UNKNOWN

    @property
    def reason(self) -> Reason | None:
        """The reason of the verdict; for a bot without a calendar entry, what its statuses say."""
        if not self.entries and self.bot:
            return outcome_of_bot(self.bot)[1]
        key = self.verdict.reason if self.verdict else None
        return reason_of(key) if key else None

    @property
    def also_sent_for(self) -> int:
        """Calendar entries that Recall names for this bot and that are not in the store."""
        ids = {stored.entry.id for stored in self.entries}
        return sum(1 for named in self.bot.entries if named.entry_id not in ids) if self.bot else 0


def bots_without_entry(store: Store, after: datetime, before: datetime, sight: Sight) -> tuple[KnownBot, ...]:
    """Bots that were to join in a time and that no calendar entry names, or ever did; the latest first.

    They belong to nobody's customer: only who sees everything sees them. Raises `StoreError`.
    """
    if not sight.is_everything:
        return ()
    with store.read() as connection:
        return tuple(KnownBot(row, ()) for row in bots.without_entry(connection, after, before))


def find_bot(store: Store, bot_id: str, sight: Sight) -> KnownBot | None:
    """The bot with this id and its entries, those alone that `sight` sees; None when there is none of them, or no entry
    names it and it was never read. Raises `StoreError`."""
    with store.read() as connection:
        row = bots.find(connection, [bot_id]).get(bot_id)
        if row is None:
            return None
        found = visible_entries(connection, entries.of_bot(connection, bot_id), sight)
    if sight.is_everything:
        return KnownBot(row, tuple(map(mask, found)))
    return KnownBot(_without_others(row), tuple(map(mask, found))) if found else None


def _without_others(row: BotRow) -> BotRow:
    """Recall names the entries of everybody who shares the bot."""
    return replace(row, bot=replace(row.bot, entries=())) if row.bot else row

"""What a pass does with meetings that are moved, and with their bots, for tests of the store."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lib.domain import Bot, Entry, Recording, StatusChange
from lib.store import Store, entries, frame_rows, verdicts
from lib.store.entries import StoredEntry
from lib.store.meetings import MeetingChanges
from lib.sync import bots_stage, user_meetings
from lib.sync.bots_stage import BotRead
from lib.sync.user_meetings import MeetingsRead
from lib.sync.verdicts import judge_user
from lib.sync.verdicts_stage import settle_moved
from lib.sync.worker_pool import Finished
from tests.contract.store.making import answered, at, window


def look(store: Store, rows: Iterable[Entry], hours: float, *, who: str = "id-ada", **answer: Any) -> MeetingChanges:
    """A pass reads a user's meetings so many hours after noon, and no bot."""
    seen = MeetingsRead(at(hours), window(at(hours)), answered(rows, **answer))
    with store.write() as connection:
        changes = user_meetings.keep(connection, who, seen, now=at(hours))
        settle_moved(connection)
    return changes


def read_bot(store: Store, bot: Bot, hours: float) -> None:
    """It reads a bot, and no meetings."""
    with store.write() as connection:
        bots_stage.keep(connection, [Finished(bot.id, BotRead(at(hours), bot), None)], now=at(hours))
        settle_moved(connection)


def set_out(name: str = "b", *, joined: float | None = None, to_join: float | None = None, final: bool = False) -> Bot:
    """A bot that is to join then, or set out so many hours after noon and recorded, to its end or so far."""
    steps, recordings = [StatusChange("ready", at(-1))], []
    if joined is not None:
        steps += [StatusChange("joining_call", at(joined)), StatusChange("in_call_recording", at(joined + 0.1))]
        recordings = [Recording("r", "done" if final else "processing", at(joined + 0.1), at(joined + 0.8))]
    if final:
        steps.append(StatusChange("done", at((joined or 0) + 0.9)))
    return Bot(name, tuple(steps), tuple(recordings), join_at=None if to_join is None else at(to_join))


def judge(store: Store, hours: float, who: str = "id-ada") -> None:
    """And judges what it has read."""
    with store.write() as connection:
        verdicts.write(connection, who, judge_user(connection, who, at(hours)), as_of=at(hours))


def occurrences(store: Store, entry_id: str = "e", who: str = "id-ada") -> list[StoredEntry]:
    """All that counts of an entry, the latest last."""
    with store.read() as connection:
        found = [one for one in entries.of_user(connection, who) if one.entry.id == entry_id]
    return sorted(found, key=lambda one: one.occurrence)


def starts(store: Store, entry_id: str = "e", who: str = "id-ada") -> list[datetime | None]:
    return [one.entry.start_time for one in occurrences(store, entry_id, who)]


def narrow_keys(store: Store) -> list[int]:
    """The store's numbers of what figures count."""
    with store.read() as connection:
        return sorted(row[0] for rows in frame_rows.entries_since(connection) for row in rows)

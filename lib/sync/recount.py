"""The recount after an upgrade that changes how meetings are counted, and by how much the figures differ.

It happens once, before anything new is read, so that the difference comes from the counting alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from lib.coverage.frame_order import arrange
from lib.coverage.numbers import numbers
from lib.coverage.period import midnight
from lib.frames import FrameBuilder, FrameUsers
from lib.store import Store, frame_rows, passes, recounts, users, verdicts
from lib.store.recounts import Recount, RecountedMonth
from lib.sync.running_pass import RunningPass
from lib.sync.verdicts_stage import judge_due

VERSION = 2
"""Of the counting. 2: odd rows, occurrences, meetings by comparable uids, recordable by evidence."""
MONTHS = 3
"""How many months are compared: the current one and those before it."""


def recount(running: RunningPass, zone: ZoneInfo) -> None:
    """Recount what is stored, if an older version counted it. Another process goes on where one died."""
    with running.store.read() as connection:
        known, as_of = recounts.latest(connection), passes.as_of(connection)
    if known is None or known.version < VERSION:
        known = _begin(running, as_of, zone)
    if known.is_done or as_of is None:
        return
    judge_due(running, as_of)
    after = _months(running.store, as_of, zone, [month.name for month in known.months])
    pairs = zip(known.months, after, strict=True)
    told = [replace(one, recorded_after=two.recorded_before, held_after=two.held_before) for one, two in pairs]
    with running.write() as (connection, _):
        recounts.keep(connection, VERSION, told, at=running.now())


def _begin(running: RunningPass, as_of: datetime | None, zone: ZoneInfo) -> Recount:
    """Record the figures from before, and have everything judged again."""
    months = () if as_of is None else _months(running.store, as_of, zone, _names(as_of.astimezone(zone).date()))
    with running.write() as (connection, _):
        recounts.keep(connection, VERSION, months, at=running.now())
        recounts.renumber_meetings(connection)
        verdicts.judge_everyone_again(connection)
    return Recount(VERSION, running.now(), months)


def _names(today: date) -> list[str]:
    """The last months, the latest first."""
    found = [today]
    while len(found) < MONTHS:
        found.append(found[-1].replace(day=1) - timedelta(days=1))
    return [f"{day:%Y-%m}" for day in found]


def _months(store: Store, as_of: datetime, zone: ZoneInfo, names: Sequence[str]) -> tuple[RecountedMonth, ...]:
    """Coverage of these months by the stored verdicts."""
    with store.read() as connection:
        batches = frame_rows.entries_since(connection)
        frame = arrange(FrameBuilder().frame(batches, FrameUsers(users.everyone(connection)))[0])
    return tuple(_month(frame, as_of, zone, name) for name in names)


def _month(frame: pd.DataFrame, as_of: datetime, zone: ZoneInfo, name: str) -> RecountedMonth:
    first = date.fromisoformat(f"{name}-01")
    end = (first + timedelta(days=31)).replace(day=1)
    ended = numbers(frame, midnight(first, zone), midnight(end, zone), as_of).ended
    return RecountedMonth(name, ended.recorded, ended.held)

"""The last stage of a pass: verdicts on the entries of users about whom something changed, as of one instant.

That is the pass's own start where it ends as complete, and the `as_of` in force where it does not.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

from lib.domain import Bot
from lib.recording.bot_result import has_joined, joined_at
from lib.store import Store, Transaction, bots, occurrences, passes, verdicts, version
from lib.store.bots import BotRow
from lib.store.occurrences import Suspected
from lib.store.passes import PassState
from lib.store.rows import portions
from lib.store.verdicts import StoredVerdict
from lib.store.version import StoreVersion
from lib.sync.running_pass import RunningPass
from lib.sync.verdicts import judge_user

BATCH = 10

_Judged: TypeAlias = Mapping[str, Mapping[int, StoredVerdict]]


def judge_and_end(running: RunningPass, state: PassState, problem: str | None = None) -> None:
    """Judge all users who are due, and end the pass in a transaction in which none is."""
    with running.write() as (connection, _):
        settle_moved(connection)
    before = _as_of(running.store)
    as_of = running.begun_at if state is PassState.COMPLETE else before
    if as_of and before and as_of < before:  # a clock was put back: what had begun has not
        with running.write() as (connection, _):
            verdicts.judge_everyone_again(connection)
    running.begin_stage("judging", users_due=len(_due(running, as_of)), users_judged=0)
    while True:
        judge_due(running, as_of)
        with running.write() as (connection, _):
            if not as_of or not verdicts.due(connection, as_of):  # a read outside of the pass may have come between
                return passes.end(connection, running.key, state, now=running.now(), problem=problem)


def judge_due(running: RunningPass, as_of: datetime | None) -> None:
    """Judge all users who are due as of this instant. Raises `SyncStopped`."""
    for some in portions(_due(running, as_of), BATCH):
        running.raise_if_stopped()
        _judge(running, some, as_of or running.begun_at)


def judge_now(store: Store, user_id: str) -> None:
    """Judge one user after a read outside a pass, as of the `as_of` in force; does nothing before there is one.

    A running pass judges the user again, as of its own start.
    """
    with store.write() as connection:
        settle_moved(connection, user_id)
        as_of, latest = passes.as_of(connection), passes.latest(connection)
        if as_of is None:
            return
        verdicts.write(connection, user_id, judge_user(connection, user_id, as_of), as_of=as_of)
        if latest and latest.state is PassState.RUNNING:
            verdicts.due_again(connection, user_id)


def _due(running: RunningPass, as_of: datetime | None) -> tuple[str, ...]:
    with running.store.read() as connection:
        return verdicts.due(connection, as_of) if as_of else ()


def _judge(running: RunningPass, users: Collection[str], as_of: datetime) -> None:
    seen, judged = _judged(running.store, users, as_of)
    with running.write() as (connection, counts):
        if version.current(connection) != seen:  # somebody wrote meanwhile: once more, with nobody in between
            judged = _judge_users(connection, users, as_of)
        for user_id, theirs in judged.items():
            verdicts.write(connection, user_id, theirs, as_of=as_of)
        counts["users_judged"] += len(judged)


def _judged(store: Store, users: Collection[str], as_of: datetime) -> tuple[StoreVersion, _Judged]:
    with store.read() as connection:
        return version.current(connection), _judge_users(connection, users, as_of)


def _judge_users(connection: Transaction, users: Collection[str], as_of: datetime) -> _Judged:
    return {user_id: judge_user(connection, user_id, as_of) for user_id in users}


def _as_of(store: Store) -> datetime | None:
    with store.read() as connection:
        return passes.as_of(connection)


def settle_moved(connection: Transaction, user_id: str | None = None) -> None:
    """Tell which moved meetings of all users, or of one, had begun: those whose bot had joined (design, section 2)."""
    suspected = occurrences.suspected(connection, user_id)
    known = bots.find(connection, {each.bot_id for each in suspected})
    occurrences.settle(connection, _decided(suspected, known))


def _decided(suspected: Iterable[Suspected], known: Mapping[str, BotRow]) -> Iterator[tuple[Suspected, bool]]:
    """The suspected moves that the known bots decide, each with whether the meeting had begun."""
    for each in suspected:
        row = known.get(each.bot_id)
        if row is None or row.bot is None:
            continue
        if _had_joined_before(each, row.bot):
            yield each, True
        elif row.final or (row.read_at is not None and row.read_at >= each.moved_at):
            yield each, False


def _had_joined_before(each: Suspected, bot: Bot) -> bool:
    """Whether the bot had joined when the move was seen, and for this start rather than the one before or after."""
    joined = joined_at(bot)
    if joined is None:
        return has_joined(bot) and bot.join_at is None
    is_nearest = all(abs(joined - each.start) < abs(joined - other) for other in each.others)
    return joined <= each.moved_at and is_nearest

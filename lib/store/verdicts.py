"""What entries were judged to be, kept beside them, so that numbers need no judging again. Keys are the catalogue's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from lib.store.columns import EPOCH
from lib.store.rows import AnyRow, run_many
from lib.store.tables import calendar_user, entry, reading
from lib.store.version import bump

FLAGS = (
    "recordable",
    "will_record",
    "booked",
    "recorded",
    "partial",
    "empty",
    "unsettled",
    "did_not_happen",
    "asked",
    "rule_mismatch",
)
"""The booleans of a verdict, from the lowest bit of `flags` up. New ones are added at the end."""


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """One entry judged (`lib.recording.verdict.Verdict`), as it is kept."""

    outcome: str
    flags: int
    """Bits, in the order of `FLAGS`."""
    reason: str | None = None
    next_reason: str | None = None
    owner: str | None = None
    raw: str | None = None
    """Recall's own word. Text from outside."""
    confidence: str | None = None
    by_rules: str | None = None
    """What the rules first seen say of an entry that nobody watched (`lib.recording.verdict.Verdict.by_rules`)."""
    bot: int = 0
    """64 bits of the id of the bot that it was judged by, 0 for none."""

    def has(self, flag: str) -> bool:
        """Whether the entry has one of `FLAGS`."""
        return bool(self.flags >> FLAGS.index(flag) & 1)


def bits(verdict: object) -> int:
    """The booleans of a verdict, whose attributes are called as in `FLAGS`, as one number."""
    return sum(1 << place for place, name in enumerate(FLAGS) if getattr(verdict, name))


def due(connection: Connection, as_of: datetime) -> tuple[str, ...]:
    """Users whose entries are to be judged as of `as_of`: something about them changed, or a meeting began or ended."""
    wanted = (
        select(calendar_user.c.id)
        .join(reading, reading.c.user == calendar_user.c.pk)
        .where(reading.c.judge_at <= as_of)
        .order_by(calendar_user.c.pk)
    )
    return tuple(connection.scalars(wanted))


def write(connection: Connection, user_id: str, verdicts: Mapping[int, StoredVerdict], *, as_of: datetime) -> int:
    """Keep what a user's entries were judged to be as of `as_of`, by their keys. Answers how many had changed.

    Only those are written. The user is due again when the next of its entries begins or ends, or something changes.
    """
    user: int = connection.execute(select(calendar_user.c.pk).where(calendar_user.c.id == user_id)).scalar_one()
    known = {row.pk: verdict_of(row) for row in connection.execute(_judged.where(entry.c.user == user))}
    changed = {key: value for key, value in verdicts.items() if key in known and known[key] != value}
    if changed:
        ver = bump(connection)
        rows = [{"key": key, "judged_as_of": as_of, "ver": ver} | _columns(value) for key, value in changed.items()]
        run_many(connection, _change, rows)
    connection.execute(
        update(reading).where(reading.c.user == user).values(judge_at=_next_turn(connection, user, as_of))
    )
    return len(changed)


def judge_again(connection: Connection, users: set[int]) -> None:
    """Something changed that may change what the entries of these users are."""
    run_many(connection, _judge_again, [{"key": key} for key in sorted(users)])


def judge_everyone_again(connection: Connection) -> None:
    """All verdicts are to be made anew: something changed that they all hang on."""
    connection.execute(update(reading).values(judge_at=EPOCH))


def due_again(connection: Connection, user_id: str) -> None:
    """What the user's entries were just judged to be does not hold for long."""
    key = select(calendar_user.c.pk).where(calendar_user.c.id == user_id).scalar_subquery()
    connection.execute(update(reading).where(reading.c.user == key).values(judge_at=EPOCH))


def verdict_of(row: AnyRow) -> StoredVerdict | None:
    """The verdict in a row of entries; None when it was not judged yet."""
    if row.outcome is None:
        return None
    return StoredVerdict(**{name: getattr(row, name) for name in StoredVerdict.__slots__})


_judged = select(
    entry.c.pk,
    entry.c.outcome,
    entry.c.flags,
    entry.c.reason,
    entry.c.next_reason,
    entry.c.owner,
    entry.c.raw,
    entry.c.confidence,
    entry.c.by_rules,
    entry.c.bot,
)
_change = update(entry).where(entry.c.pk == bindparam("key"))
_judge_again = update(reading).where(reading.c.user == bindparam("key")).values(judge_at=EPOCH)


def _columns(value: StoredVerdict) -> dict[str, Any]:
    return {name: getattr(value, name) for name in StoredVerdict.__slots__}


def _next_turn(connection: Connection, user: int, as_of: datetime) -> datetime | None:
    """When the next entry of the user begins or ends after `as_of`."""
    turns = [
        connection.scalar(select(func.min(column)).where(entry.c.user == user, column > as_of))
        for column in (entry.c.start_at, entry.c.end_at)
    ]
    return min((turn for turn in turns if turn is not None), default=None)

"""What entries were judged to be, kept in their rows, so that figures need no judging. Keys are the catalogue's."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from lib.domain import ENTRY_FLAGS
from lib.store.columns import EPOCH
from lib.store.rows import AnyRow, from_row, run_many, user_key
from lib.store.tables.workspace import calendar_user, entry, last_read
from lib.store.version import bump


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """One entry judged (`lib.recording.verdict.Verdict`), as it is kept."""

    outcome: str
    flags: int
    """Bits, in the order of `ENTRY_FLAGS`."""
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
        """Whether the entry has one of `ENTRY_FLAGS`."""
        return bool(self.flags >> ENTRY_FLAGS.index(flag) & 1)


def bits(verdict: object) -> int:
    """The booleans of a verdict, whose attributes are called as in `ENTRY_FLAGS`, as one number."""
    return sum(1 << place for place, name in enumerate(ENTRY_FLAGS) if getattr(verdict, name))


def due(connection: Connection, as_of: datetime) -> tuple[str, ...]:
    """Users whose entries are to be judged as of `as_of`: something about them changed, or a meeting began or ended."""
    wanted = (
        select(calendar_user.c.id)
        .join(last_read, last_read.c.user == calendar_user.c.pk)
        .where(last_read.c.judge_at <= as_of)
        .order_by(calendar_user.c.pk)
    )
    return tuple(connection.scalars(wanted))


def write(connection: Connection, user_id: str, verdicts: Mapping[int, StoredVerdict], *, as_of: datetime) -> int:
    """Keep what a user's entries were judged to be as of `as_of`, by their keys. Answers how many had changed.

    Only those are written. The user is due again when the next of its entries begins or ends, or something changes.
    """
    user: int = connection.execute(select(user_key(user_id))).scalar_one()
    known = {row.pk: verdict_of(row) for row in connection.execute(_judged.where(entry.c.user == user))}
    changed = {key: value for key, value in verdicts.items() if key in known and known[key] != value}
    if changed:
        ver = bump(connection)
        rows = [{"key": key, "judged_as_of": as_of, "ver": ver} | asdict(value) for key, value in changed.items()]
        run_many(connection, _change, rows)
    connection.execute(
        update(last_read).where(last_read.c.user == user).values(judge_at=_next_turn(connection, user, as_of))
    )
    return len(changed)


def judge_again(connection: Connection, users: set[int]) -> None:
    """Something changed that may change what the entries of these users are."""
    run_many(connection, _judge_again, [{"key": key} for key in sorted(users)])


def judge_everyone_again(connection: Connection) -> None:
    """All verdicts are to be made anew: something changed that they all hang on."""
    connection.execute(update(last_read).values(judge_at=EPOCH))


def due_again(connection: Connection, user_id: str) -> None:
    """What the user's entries were just judged to be does not hold for long."""
    connection.execute(update(last_read).where(last_read.c.user == user_key(user_id)).values(judge_at=EPOCH))


def verdict_of(row: AnyRow) -> StoredVerdict | None:
    """The verdict in a row of entries; None when it was not judged yet."""
    return None if row.outcome is None else from_row(StoredVerdict, row)


_judged = select(entry.c.pk, *(entry.c[each.name] for each in fields(StoredVerdict)))
_change = update(entry).where(entry.c.pk == bindparam("key"))
_judge_again = update(last_read).where(last_read.c.user == bindparam("key")).values(judge_at=EPOCH)


def _next_turn(connection: Connection, user: int, as_of: datetime) -> datetime | None:
    """When the next entry of the user begins or ends after `as_of`."""
    turns = [
        connection.scalar(select(func.min(column)).where(entry.c.user == user, column > as_of))
        for column in (entry.c.start_at, entry.c.end_at)
    ]
    return min((turn for turn in turns if turn is not None), default=None)

"""Calendar entries as they are kept: what was read, when it was seen, how it was judged."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, literal, or_, select

from lib.domain import Entry, Preferences
from lib.store import preferences as rules
from lib.store.entry_rows import entry_of, number_of
from lib.store.occurrences import FormerBot, former_bots
from lib.store.rows import AnyRow, AnySelect, from_row, rows_in
from lib.store.tables.workspace import calendar_user, entry, entry_details, former_bot
from lib.store.verdicts import StoredVerdict, verdict_of


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One entry and what is known about it. Times are UTC."""

    key: int
    """The store's own number, which narrow rows carry."""
    user_id: str
    entry: Entry
    """Without title, organizer and attendees where these were erased."""
    erased: bool
    """Whether personal details were erased."""
    own_answer: str | None
    """The user's own status among the attendees; kept when they are erased."""
    attendees: int
    """How many attendees it had when last read; kept when they are erased."""
    first_seen_at: datetime
    changed_at: datetime
    """Start of the read that last found it new, different or back."""
    removed_at: datetime | None
    """Start of the first read without it; None while it is there."""
    removed_connected: bool | None
    """Whether a calendar of the user was connected at that read: if not, nobody knows what became of the entry."""
    seen_will_record: bool | None
    """`will_record` as last seen before the entry began; None when it was never seen before."""
    seen_preferences: Preferences | None
    """The user's preferences at that time."""
    first_preferences: Preferences | None
    """The user's preferences at the read that first showed the entry."""
    first_override: bool | None
    """`override_should_record` at that read."""
    first_answer: str | None
    """The user's own status among the attendees at that read."""
    occurrence: int
    """Counted from 0; the highest of an entry is what Recall shows."""
    dragged_at: datetime | None
    """Start of the read that showed a later start; None: this is the latest occurrence."""
    former_bots: tuple[FormerBot, ...]
    """Those that it named when it had begun, and names no longer."""
    verdict: StoredVerdict | None
    """What it was last judged to be; None before the first time."""
    last_shown_at: datetime | None = None
    """Start of the last read that showed it; None: the user's last read did."""
    seen_override: bool | None = None
    """`override_should_record` as last seen before the entry began."""

    @property
    def sent_bot(self) -> str | None:
        """The id of the bot that it was judged by; of one that was not judged yet, of the bot that it names."""
        if self.verdict is None:
            return self.entry.bot_id
        named = (self.entry.bot_id, *(former.bot_id for former in self.former_bots))
        return next((bot_id for bot_id in named if bot_id and number_of(bot_id) == self.verdict.bot), None)


def of_user(
    connection: Connection, user_id: str, *, after: datetime | None = None, before: datetime | None = None
) -> tuple[StoredEntry, ...]:
    """A user's entries, all occurrences, removed ones too, by start.

    `after` (included) and `before` (excluded) bound their starts. Entries without a start come first, and only where no
    bound is given.
    """
    theirs = _all.where(calendar_user.c.id == user_id, ~entry.c.suspected)
    wanted = theirs.order_by(entry.c.start_at.asc().nulls_first(), entry.c.pk)
    if after is not None:
        wanted = wanted.where(entry.c.start_at >= after)
    if before is not None:
        wanted = wanted.where(entry.c.start_at < before)
    return _stored(connection, connection.execute(wanted).all())


def find(connection: Connection, keys: Collection[int]) -> tuple[StoredEntry, ...]:
    """The entries with these numbers of the store's, in their order: the rows behind a figure."""
    by_key = {stored.key: stored for stored in _stored(connection, rows_in(connection, _all, entry.c.pk, keys))}
    return tuple(by_key[key] for key in keys if key in by_key)


def with_id(connection: Connection, user_id: str, entry_id: str) -> StoredEntry | None:
    """A user's entry by Recall's id of it, as its latest occurrence; None where it is not known, or not any more."""
    wanted = _all.where(calendar_user.c.id == user_id, entry.c.id == entry_id, entry.c.dragged_at.is_(None))
    return next(iter(_stored(connection, connection.execute(wanted).all())), None)


def of_bot(connection: Connection, bot_id: str) -> tuple[StoredEntry, ...]:
    """The entries that a bot was sent for, one for each user who has the meeting: those that name it, or did when they
    had begun. Of several occurrences of an entry the one that was judged by it."""
    did = select(former_bot.c.entry).where(former_bot.c.bot_id == bot_id)
    naming = _all.where(or_(entry.c.bot_id == bot_id, entry.c.pk.in_(did)), ~entry.c.suspected)
    rows = connection.execute(naming.order_by(entry.c.pk)).all()
    own = {(row.user, row.id) for row in rows if row.bot == number_of(bot_id)}
    return _stored(connection, [row for row in rows if row.bot == number_of(bot_id) or (row.user, row.id) not in own])


def upcoming(
    connection: Connection, user_ids: Collection[str], *, after: datetime, before: datetime
) -> dict[str, tuple[Entry, ...]]:
    """Entries that calendars hold now and that start between two times, by Recall's id of the user.

    They are what forecasts need: titles are not read. Users without any are missing.
    """
    found: dict[str, list[Entry]] = defaultdict(list)
    inside = _upcoming.where(entry.c.start_at > after, entry.c.start_at < before)
    for row in rows_in(connection, inside, calendar_user.c.id, user_ids):
        found[row.user_id].append(entry_of(row))
    return {user_id: tuple(entries) for user_id, entries in found.items()}


_kept = (
    select(
        entry,
        calendar_user.c.id.label("user_id"),
        entry_details.c.organizer_email,
        entry_details.c.attendees.label("people"),
    )
    .join(calendar_user, calendar_user.c.pk == entry.c.user)
    .outerjoin(entry_details, entry_details.c.entry == entry.c.pk)
)
_all: AnySelect = _kept.add_columns(entry_details.c.entry.label("details"), entry_details.c.title)
_upcoming: AnySelect = (
    _kept.add_columns(literal(None).label("title"))
    .where(entry.c.removed_at.is_(None), entry.c.dragged_at.is_(None))
    .order_by(entry.c.pk)
)


def _stored(connection: Connection, rows: Collection[AnyRow]) -> tuple[StoredEntry, ...]:
    known = rules.by_key(connection, {key for row in rows for key in (row.seen_preferences, row.first_preferences)})
    former = former_bots(connection, [row.pk for row in rows])
    return tuple(_one(row, known, former.get(row.pk, ())) for row in rows)


def _one(row: AnyRow, known: Mapping[int | None, Preferences | None], former: tuple[FormerBot, ...]) -> StoredEntry:
    was_seen = row.start_at is None or (row.seen_at is not None and row.seen_at < row.start_at)
    return from_row(
        StoredEntry,
        row,
        key=row.pk,
        entry=entry_of(row),
        erased=row.details is None,
        seen_will_record=row.seen_will_record if was_seen else None,
        seen_preferences=known[row.seen_preferences] if was_seen else None,
        seen_override=row.seen_override if was_seen else None,
        first_preferences=known[row.first_preferences],
        former_bots=former,
        verdict=verdict_of(row),
    )

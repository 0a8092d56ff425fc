"""One user's meetings brought into the store, in one transaction: only what changed is written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, delete, or_, select, update

from lib.domain import Connection as Calendar
from lib.domain import Entry, Listing, addresses_of
from lib.errors import RecallContested, RecallDoubted, RecallError, UnknownCalendarUser
from lib.store import bots, contests, diff, observations, occurrences
from lib.store.columns import EPOCH, digest
from lib.store.contests import ContestOwner
from lib.store.diff import Drag, EntryDiff, ReadUser, Window, compare
from lib.store.entry_rows import details_of, with_stored_ids
from lib.store.observations import NewObservation, ObservationKind
from lib.store.reads import LastTries, last_tries
from lib.store.rows import AnyRow, AnySelect, from_row, insert_many, next_key, portions, rows_in, run_many
from lib.store.tables.workspace import calendar_user, entry, entry_details, last_read, version
from lib.store.users import calendars_of
from lib.store.version import bump

HELD_BACK_AT_MOST = timedelta(hours=24)
"""So long rows that do not say which entries they are keep a user's entries from being taken for gone."""


@dataclass(frozen=True, slots=True)
class MeetingChanges:
    """What a read showed: how many entries it had, and how many were new, changed, gone or back."""

    seen: int = 0
    new: int = 0
    changed: int = 0
    vanished: int = 0
    reappeared: int = 0
    doubt: RecallError | None = None
    """Why nothing of it was stored: the user is not read."""


def store(
    connection: Connection,
    user_id: str,
    answer: Listing[Entry],
    *,
    window: Window,
    read_at: datetime,
    now: datetime,
    tries: LastTries | None = None,
) -> MeetingChanges:
    """Bring what Recall answered about one user's meetings into the store. `read_at` is the start of the read.

    An entry that is missing although it starts inside the window is marked removed, unless the answer was not complete,
    one of its unreadable rows may be that entry, or it is as old as Recall keeps any, or further ahead than is sure to
    be shown. One that is there again is back. What is seen of an entry that has not begun is kept as seen before its
    start, and stays once it begins. One that was dragged becomes another occurrence (`lib.store.occurrences`).

    Nothing is stored of an answer that is doubted: one that shows entries of another listed user, until it is told
    whose they are (`lib.store.contests`), and one without a row for a user of whom coming entries are known, until a
    second one says the same.

    A read that began before the one that is kept changes nothing, unless that one seems to lie after `now`: then a
    clock was put back meanwhile. So it is with one entry that was read by itself later, as after a change of ours.
    With `tries` (of `last_tries`, of this transaction) it is a read of a pass, which keeps in its own row that it tried
    the user: an unchanged user then costs no row. Raises `UnknownCalendarUser`.
    """
    reader = _reader(connection, user_id, tries or last_tries(connection))
    if reader.read_at is not None and read_at < reader.read_at <= now:
        return MeetingChanges()
    answered = {e.id: e for e in map(with_stored_ids, answer.rows)}
    rows = _rows_about(connection, reader.key, answered, window)
    contested = _contested(connection, reader.key, [i for i in answered if i not in rows], read_at)
    if contested is None:
        return MeetingChanges(seen=len(answered), doubt=RecallContested())
    if diff.is_doubtful(reader, rows, answer, read_at):
        empty_since = min(reader.empty_since or read_at, read_at)
        connection.execute(update(last_read).where(last_read.c.user == reader.key).values(empty_since=empty_since))
        return MeetingChanges(doubt=RecallDoubted())
    answered = {i: e for i, e in answered.items() if i not in contested}
    if contests.bring_back(connection, reader.key, [i for i in answered if i not in rows]):
        rows = _rows_about(connection, reader.key, answered, window)
    later = {entry_id for entry_id, row in rows.items() if _is_known_later(row, read_at, now)}
    rows = {entry_id: row for entry_id, row in rows.items() if entry_id not in later}
    met = [compare(e, rows.get(e.id), reader, read_at) for e in answered.values() if e.id not in later]
    touched = [one for one in met if one.is_touched]
    held_back_since = diff.held_back_since(reader, answer.unreadable, read_at)
    may_be_gone = answer.complete and (held_back_since is None or read_at - held_back_since >= HELD_BACK_AT_MOST)
    gone = diff.gone(rows, answered, window, read_at, answer.unreadable) if may_be_gone else []
    if touched or gone:
        ver = bump(connection)
        _write(connection, reader, touched, read_at, ver)
        removed = {"removed_at": read_at, "removed_connected": reader.connected, "ver": ver}
        run_many(connection, _change, [{"key": row.pk, **removed} for row in gone])
    missing = diff.newly_missing(rows, answered, read_at)
    run_many(connection, _change, [{"key": row.pk, "last_shown_at": reader.last_shown(row)} for row in missing])
    is_news = bool(touched or gone or missing)
    answered_with = {
        "unreadable": len(answer.unreadable),
        "odd": answer.odd,
        "held_back_since": held_back_since,
        "empty_since": None,
        "accounts": reader.accounts_now if reader.connected else reader.accounts,
    }
    if is_news or tries is None or _is_to_note(reader, read_at, answered_with):
        _note(connection, reader.key, read_at, answered_with, judge_again=is_news)
    return MeetingChanges(
        seen=len(answered),
        new=sum(one.row is None for one in met),
        changed=sum(one.is_changed and not one.is_back for one in met),
        vanished=len(gone),
        reappeared=sum(one.is_back for one in met),
    )


def store_entry(connection: Connection, user_id: str, found: Entry, *, read_at: datetime, now: datetime) -> None:
    """Bring one entry that was read by itself into the store. It says nothing about the user's other meetings.

    A read that began before the user's meetings, or this one, were last read changes nothing, as `store` has it. Raises
    `UnknownCalendarUser`.
    """
    reader = _reader(connection, user_id, last_tries(connection))
    if reader.read_at is not None and read_at < reader.read_at <= now:
        return
    answered = with_stored_ids(found)
    wanted = _rows.where(entry.c.user == reader.key, entry.c.id == answered.id)
    row = connection.execute(wanted).one_or_none()
    if row is not None and _is_known_later(row, read_at, now):
        return
    if row is None and contests.holders_of(connection, reader.key, [answered.id]):
        return
    met = compare(answered, row, reader, read_at)
    if met.is_touched:
        _write(connection, reader, [met], read_at, bump(connection))
        connection.execute(update(last_read).where(last_read.c.user == reader.key).values(judge_at=EPOCH))


_who: AnySelect = select(
    *calendar_user.c["pk", "connections", "preferences", "erased_at"],
    *last_read.c["read_at", "failure", "unreadable", "odd", "held_back_since", "empty_since", "accounts"],
).join(last_read, last_read.c.user == calendar_user.c.pk)
_rows: AnySelect = select(
    *entry.c["pk", "id", "hash", "uid", "start_at", "start_before", "bot_id", "override_should_record", "changed_at"],
    *entry.c["removed_at", "last_shown_at", "seen_at", "seen_will_record", "seen_preferences", "seen_override"],
).where(entry.c.dragged_at.is_(None))
_change = update(entry).where(entry.c.pk == bindparam("key"))


def _reader(connection: Connection, user_id: str, tries: LastTries) -> ReadUser:
    row = connection.execute(_who.where(calendar_user.c.id == user_id)).one_or_none()
    if row is None:
        raise UnknownCalendarUser
    calendars = calendars_of(row)
    return from_row(
        ReadUser,
        row,
        key=row.pk,
        addresses=addresses_of(calendars),
        connected=any(calendar.connected for calendar in calendars),
        read_at=tries.last_read(row, row.pk),
        failed=row.failure is not None,
        erased=row.erased_at is not None,
        accounts_now=_accounts(calendars),
    )


def _accounts(calendars: Sequence[Calendar]) -> int:
    """64 bits of the accounts that can be read."""
    named = sorted((each.platform, (each.email or "").casefold()) for each in calendars if each.connected)
    return digest(orjson.dumps(named))


def _contested(connection: Connection, user: int, new: Collection[str], read_at: datetime) -> frozenset[str] | None:
    """Of entries that are new with this user: those that are to be left out, because nobody can tell whether they are
    another's. None: nothing of the answer can be stored before that is told."""
    held = contests.holders_of(connection, user, new)
    told = contests.settled(connection, user) if held else {}
    waiting = {holder: ids for holder, ids in held.items() if holder not in told}
    if waiting:
        contests.note(connection, user, waiting, at=read_at)
        return None
    for holder, ids in held.items():
        if told[holder] is ContestOwner.CLAIMANT:
            contests.set_entries_aside(connection, holder, ids, at=read_at)
    undecided = {holder for holder in held if told[holder] is not ContestOwner.CLAIMANT}
    contests.lapse(connection, user, undecided)
    return frozenset(i for holder in undecided for i in held[holder])


def _rows_about(connection: Connection, user: int, answered: Collection[str], window: Window) -> dict[str, AnyRow]:
    """Rows of the window and of what the answer names from elsewhere."""
    rows = _rows.where(entry.c.user == user)
    inside = or_(entry.c.start_at.between(window.after, window.before), entry.c.start_at.is_(None))
    found: dict[str, AnyRow] = {row.id: row for row in connection.execute(rows.where(inside))}
    others = [entry_id for entry_id in answered if entry_id not in found]
    return found | {row.id: row for row in rows_in(connection, rows, entry.c.id, others)}


def _is_known_later(row: AnyRow, read_at: datetime, now: datetime) -> bool:
    """A read that began later than this one has changed the entry."""
    return bool(read_at < row.changed_at <= now)


def _write(connection: Connection, reader: ReadUser, touched: Sequence[EntryDiff], read_at: datetime, ver: int) -> None:
    moved = {one.row.pk: one.drag is not Drag.YES for one in touched if one.row is not None and one.drag is not Drag.NO}
    occurrences.keep_aside(connection, moved, at=read_at, ver=ver)
    new = [one for one in touched if one.row is None]
    known = [(one.row.pk, one) for one in touched if one.row is not None]
    numbered = list(enumerate(new, next_key(connection, entry.c.pk)))
    firsts = ((key, one.first_columns(reader, read_at, ver)) for key, one in numbered)
    insert_many(connection, entry, [{"pk": key, "user": reader.key, **columns} for key, columns in firsts])
    run_many(connection, _change, [{"key": key, **one.columns(read_at, ver)} for key, one in known])
    anew = ((key, one.first_columns(reader, read_at, ver)) for key, one in known if one.drag is Drag.YES)
    run_many(connection, _change, [{"key": key, **columns} for key, columns in anew])
    _remember_bots(connection, reader, [one for _, one in known if one.drag is Drag.NO], read_at)
    news = {key: one.entry for key, one in (*numbered, *known) if one.says_something_new}
    if not reader.erased:
        _write_details(connection, news, read_at)
    bots.name(connection, {one.entry.bot_id for one in touched if one.entry.bot_id}, at=read_at, ver=ver)
    observations.add(connection, read_at, [seen for one in touched if (seen := _override_changed(reader, one))])


def _remember_bots(connection: Connection, reader: ReadUser, known: Sequence[EntryDiff], read_at: datetime) -> None:
    """The bots that entries named and name no longer, though they had begun: evidence of what was held."""
    for one in known:
        row = one.row
        if row is None or row.bot_id is None or row.bot_id == one.entry.bot_id:
            continue
        if row.start_at is not None and row.start_at <= read_at:
            occurrences.remember_bot(connection, row.pk, row.bot_id, last_named_at=reader.last_shown(row))


def _override_changed(reader: ReadUser, one: EntryDiff) -> NewObservation | None:
    """What somebody set on an entry that was known before; of a new one nobody knows what was set first."""
    if one.row is None or one.row.override_should_record == one.entry.override_should_record:
        return None
    before, after = one.row.override_should_record, one.entry.override_should_record
    return NewObservation(
        reader.key,
        ObservationKind.OVERRIDE_CHANGED,
        entry_id=one.entry.id,
        override_before=before,
        override_after=after,
    )


def _write_details(connection: Connection, entries: Mapping[int, Entry], read_at: datetime) -> None:
    """Personal details, unless the meeting ended so long ago that nothing personal is kept of it."""
    erased_before: datetime | None = connection.scalar(select(version.c.erased_before))
    for keys in portions(entries):
        connection.execute(delete(entry_details).where(entry_details.c.entry.in_(keys)))
    rows: list[dict[str, Any]] = [
        {"entry": key} | details_of(one, ends_at)
        for key, one in entries.items()
        if (ends_at := one.ends_at or read_at) and (erased_before is None or ends_at >= erased_before)
    ]
    insert_many(connection, entry_details, rows)


def _is_to_note(reader: ReadUser, read_at: datetime, answered_with: Mapping[str, Any]) -> bool:
    """Whether a read says something about the reading itself, though nothing about the entries."""
    clock_was_put_back = reader.read_at is not None and read_at < reader.read_at
    differs = any(getattr(reader, name) != value for name, value in answered_with.items())
    return reader.failed or clock_was_put_back or differs


def _note(
    connection: Connection, user: int, read_at: datetime, answered_with: Mapping[str, Any], *, judge_again: bool
) -> None:
    """How far the reading of this user has come."""
    columns: dict[str, Any] = {"read_at": read_at, "failure": None, "failed_at": None, **answered_with}
    if judge_again:
        columns["judge_at"] = EPOCH
    connection.execute(update(last_read).where(last_read.c.user == user).values(columns))

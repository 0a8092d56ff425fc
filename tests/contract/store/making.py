"""Users, entries and bots for tests, and reads of them as the sync would bring them in."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection as Transaction

from lib.domain import (
    Attendee,
    Bot,
    CalendarUser,
    Connection,
    Entry,
    Listing,
    Preferences,
    StatusChange,
    UnreadableRow,
)
from lib.store import Store, entries, meetings, users, users_list
from lib.store.diff import Window
from lib.store.meetings import MeetingChanges
from lib.store.users_list import ListChanges

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
EXTERNAL = Preferences(record_external=True)
NOTHING = Preferences()


def at(hours: float) -> datetime:
    """So many hours after noon of the second of November."""
    return NOON + timedelta(hours=hours)


def user(name: str = "ada", *, connected: bool = True, preferences: Preferences | None = EXTERNAL) -> CalendarUser:
    calendar = Connection("google", connected, f"{name}@acme.com")
    return CalendarUser(f"id-{name}", f"ext-{name}", (calendar,), preferences)


def entry(name: str = "e", *, starts: float | None = 1, hours: float = 1, **fields: Any) -> Entry:
    """An entry that starts so many hours after noon; without times for None."""
    begin = None if starts is None else at(starts)
    people = (Attendee("ada@acme.com", "Ada", "accepted"), Attendee("bob@else.com", "Bob", None, is_organizer=True))
    known: dict[str, Any] = {
        "will_record": True,
        "title": f"Title of {name}",
        "meeting_platform": "zoom",
        "calendar_platform": "google",
        "invites": ("zoom",),
        "organizer_email": "bob@else.com",
        "attendees": people,
        "ical_uid": f"uid-{name}",
        "is_external": True,
    }
    end = None if begin is None else begin + timedelta(hours=hours)
    return Entry(**({"id": name, "start_time": begin, "end_time": end} | known | fields))


def bot(name: str = "bot", *codes: str) -> Bot:
    steps = tuple(StatusChange(code, at(hour), sub_code=None) for hour, code in enumerate(codes))
    return Bot(name, steps, bot_name="Notes", join_at=NOON, platform="zoom")


def window(now: datetime) -> Window:
    """What the sync asks for: 60 days back, 31 ahead."""
    return Window(now - timedelta(days=60), now + timedelta(days=31))


def listed(
    store: Store,
    *who: CalendarUser,
    now: datetime = NOON,
    complete: bool = True,
    unreadable: Sequence[UnreadableRow] = (),
) -> ListChanges:
    with store.write() as connection:
        return users_list.store(connection, who, read_at=now, complete=complete, unreadable=unreadable)


def answered(
    rows: Iterable[Entry], *, unreadable: Iterable[UnreadableRow] = (), odd: int = 0, complete: bool = True
) -> Listing[Entry]:
    """What Recall answers: all of one page, and every row whole, unless told otherwise."""
    return Listing(tuple(rows), tuple(unreadable), odd, complete)


def read(
    store: Store,
    rows: Iterable[Entry],
    *,
    now: datetime = NOON,
    read_at: datetime | None = None,
    who: str = "id-ada",
    asked: Window | None = None,
    **answer: Any,
) -> MeetingChanges:
    """An answer that is what `answered` makes of these."""
    with store.write() as connection:
        return meetings.store(
            connection,
            who,
            answered(rows, **answer),
            window=asked or window(now),
            read_at=read_at or now,
            now=now,
        )


def kept(store: Store, who: str = "id-ada") -> dict[str, entries.StoredEntry]:
    """A user's entries by id, each as its latest occurrence."""
    with store.read() as connection:
        found = sorted(entries.of_user(connection, who), key=lambda stored: stored.occurrence)
    return {stored.entry.id: stored for stored in found}


def known(store: Store, who: str = "id-ada") -> users.UserRow:
    with store.read() as connection:
        row = users.find(connection, who)
    assert row is not None
    return row


def rows_written(transaction: Transaction) -> dict[str, int]:
    """Rows that this transaction has inserted, updated and deleted so far; by table on PostgreSQL, in all on SQLite."""
    if transaction.dialect.name == "sqlite":
        raw: Any = transaction.connection.driver_connection
        return {"all": raw.total_changes}
    written = transaction.exec_driver_sql(
        "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
    )
    return {name: int(rows) for name, rows in written if rows}

"""A store as a large workspace fills it after months: a million entries, judged, as of one complete pass."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy.dialects import sqlite

from lib.clock import utc_now
from lib.domain import ENTRY_FLAGS, CalendarUser, Connection
from lib.store import Store, migrate, open_store, passes, users_list
from lib.store.columns import micros
from lib.store.passes import PassState
from lib.store.tables.workspace import entry

ENTRIES, USERS, CUSTOMERS, DAYS = 1_000_000, 10_000, 300, 90
RECALL = "http://127.0.0.1"
AT_ONCE = 50_000

_PAST = (  # share, outcome, reason, owner, what holds
    (0.50, "recorded", None, None, "recordable will_record booked recorded asked"),
    (0.03, "in_part", "left_early", "host", "recordable will_record booked recorded partial asked"),
    (0.05, "did_not_happen", "meeting_did_not_happen", "nobody", "recordable will_record booked did_not_happen asked"),
    (0.08, "fixable", "waiting_room_not_admitted", "host", "recordable will_record booked asked"),
    (0.04, "technical", "bot_not_scheduled", "us", "recordable will_record asked"),
    (0.12, "off_by_choice", "internal_not_enabled", "customer_success", "recordable"),
    (0.03, "off_by_choice", "override_do_not_record", "user", "recordable"),
    (0.15, "not_recordable", "no_meeting_link", "organiser", ""),
)
_COMING = (
    (0.62, "will_record", None, None, "recordable will_record booked"),
    (0.20, "off_by_choice", "internal_not_enabled", "customer_success", "recordable"),
    (0.03, "technical", "bot_not_scheduled", "us", "recordable will_record"),
    (0.15, "not_recordable", "no_meeting_link", "organiser", ""),
)
_PLATFORMS = ("zoom", "google_meet", "microsoft_teams")


def large_store(file: Path, entries: int = ENTRIES, users: int = USERS) -> Store:
    """Fill a new store at `file`: `entries` over 90 days, two thirds of them past, of `users` of 300 customers."""
    url = f"sqlite:///{file}"
    migrate(url)
    store = open_store(url, recall_base_url=RECALL)
    as_of = utc_now().replace(minute=0, second=0, microsecond=0)
    with store.write() as connection:
        users_list.store(connection, map(_user, range(users)), read_at=as_of, complete=True)
        done = passes.begin(connection, now=as_of, resume_within=timedelta(0))
        passes.end(connection, done.key, PassState.COMPLETE, now=as_of)
    _insert(store, entries, users, as_of)
    return store


def user_id(number: int) -> str:
    """Recall's id of a user of the store."""
    return f"00000000-0000-4000-8000-{number:012d}"


def _user(number: int) -> CalendarUser:
    email = f"user{number}@customer{number % CUSTOMERS}.example"
    return CalendarUser(user_id(number), f"ext-{number}", (Connection("google", True, email),))


def _insert(store: Store, entries: int, users: int, as_of: datetime) -> None:
    names = [column.name for column in entry.columns]
    # The driver's own form: a million rows made into the store's types would take minutes and show nothing more.
    statement = str(entry.insert().compile(dialect=sqlite.dialect()))
    for first in range(0, entries, AT_ONCE):
        rows = _rows(first, min(AT_ONCE, entries - first), users, as_of)
        with store.write() as connection:
            connection.exec_driver_sql(statement, [tuple(row.get(name) for name in names) for row in rows])


def _rows(first: int, count: int, users: int, as_of: datetime) -> Iterator[dict[str, Any]]:
    chance = np.random.default_rng(first + 1)
    begin = micros(as_of - timedelta(days=DAYS * 2 / 3))
    quarter = 15 * 60 * 1_000_000
    now, quarters = micros(as_of), chance.integers(0, DAYS * 96, count)
    whose, who_else = chance.integers(0, users, count), chance.integers(1, 2**40, count)
    dice, platform = chance.random(count), chance.integers(0, len(_PLATFORMS), count)
    for place in range(count):
        start = begin + int(quarters[place]) * quarter
        kind = _kind(_COMING if start > now else _PAST, float(dice[place]))
        yield _row(first + place, int(whose[place]) + 1, int(who_else[place]), start, kind, int(platform[place]), now)


def _kind(kinds: Any, dice: float) -> Any:
    for kind in kinds:
        dice -= kind[0]
        if dice < 0:
            return kind
    return kinds[-1]


def _row(pk: int, user: int, uid: int, start: int, kind: Any, platform: int, now: int) -> dict[str, Any]:
    _, outcome, reason, owner, words = kind
    holds = set(words.split())
    return {
        "pk": pk + 1,
        "user": user,
        "id": f"entry-{pk}",
        "occurrence": 0,
        "suspected": False,
        "uid": uid,
        "ical_uid": str(uid),
        "start_at": start,
        "end_at": start + 1_800_000_000,
        "will_record": "will_record" in holds,
        "meeting_platform": _PLATFORMS[platform] if "recordable" in holds else None,
        "calendar_platform": "google",
        "invites": "",
        "bot_id": f"bot-{pk}" if "booked" in holds else None,
        "bot": uid if "booked" in holds else 0,
        "is_external": uid % 2,
        "is_hosted_by_me": uid % 3 == 0,
        "is_recurring": uid % 5 == 0,
        "attendees": 4,
        "first_seen_at": now,
        "changed_at": now,
        "judged_as_of": now,
        "flags": sum(1 << place for place, name in enumerate(ENTRY_FLAGS) if name in holds),
        "outcome": outcome,
        "reason": reason,
        "owner": owner,
        "confidence": "derived" if reason else None,
        "hash": pk,
        "ver": 1,
    }

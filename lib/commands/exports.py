"""Export a table as a file: the right is looked up anew, and who got what is recorded."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from lib.clock import Clock, utc_now
from lib.customer.sight import Sight
from lib.errors import TooManyExports
from lib.export import Format, Table, file_of
from lib.staff import accounts
from lib.staff.permissions import Permission
from lib.store import Store, events
from lib.store.events import EventKind, Export

MOST_ROWS = 50_000
"""Of one file: whoever needs more of the workspace has the report on the command line."""
MOST_FILES = 60
"""That one account may take in any hour: far more than work needs, too few to carry everything away unseen."""
IN_TIME = timedelta(hours=1)


def hand_out(
    store: Store,
    actor: str,
    table: Callable[[], Table],
    what: str,
    format: Format,
    sight: Sight,
    *,
    filters: Mapping[str, str],
    clock: Clock = utc_now,
) -> bytes:
    """The file, for the staff member called `actor`. `what` is a word of ours for it and its sheet; of `filters`, by
    name, every word is one of a list that was offered, or a day. `sight` is whose data the table is made of: it may be
    less by now that this person sees.

    A file that cannot be recorded is not handed out. It holds at most `MOST_ROWS`, and says so in its last line where
    there are more. Raises `NotPermitted`, `TooManyExports`, `FileNotMade` or `StoreError`.
    """
    _require_few(store, actor, what, sight, None, clock())
    made = table()
    content = file_of(cut(made), format, what)
    handed = Export(what, min(len(made.rows), MOST_ROWS), format.value, filters)
    _require_few(store, actor, what, sight, handed, clock())
    return content


def cut(table: Table) -> Table:
    """The table as it is, or its first `MOST_ROWS` rows and a line that says how many there are."""
    if len(table.rows) <= MOST_ROWS:
        return table
    told = f"Only the first {MOST_ROWS:,} of {len(table.rows):,} rows are in this file. Narrow the filters for others."
    return replace(table, rows=[*table.rows[:MOST_ROWS], (told, *[None] * (len(table.heads) - 1))])


def _require_few(store: Store, actor: str, what: str, sight: Sight, handed: Export | None, now: datetime) -> None:
    """Refuse one file too many, or record `handed`; before it is made there is None, and other tabs may be quicker.

    The refusal is recorded in a transaction of its own, so that raising does not take it back.
    """
    with store.write() as connection:
        accounts.require_now(connection, actor, Permission.EXPORT_READ).require_all_in_sight(sight)
        many = events.exports_since(connection, actor, now - IN_TIME) >= MOST_FILES
        if many:
            events.add(connection, EventKind.EXPORT_REFUSED, actor, now=now, what=what)
        elif handed is not None:
            events.exported(connection, actor, handed, now=now)
    if many:
        raise TooManyExports(MOST_FILES)

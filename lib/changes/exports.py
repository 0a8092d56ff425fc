"""Hand out a table as a file: the right to it is looked up anew, and who got what stands in the record."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from lib.clock import Clock, utc_now
from lib.export import Table, csv_of, xlsx_of
from lib.staff import accounts
from lib.staff.permissions import Permission
from lib.store import Store, events
from lib.store.events import Export


class Format(StrEnum):
    """The kinds of file; the value is what its name ends with."""

    CSV = "csv"
    XLSX = "xlsx"


def hand_out(
    store: Store,
    actor: str,
    table: Callable[[], Table],
    what: str,
    format: Format,
    *,
    filters: Mapping[str, str],
    clock: Clock = utc_now,
) -> bytes:
    """The file, for the staff member called `actor`. `what` is a word of ours for it and its sheet; of `filters`, by
    name, every word is one of a list that was offered, or a day.

    A file that cannot be recorded is not handed out. Raises `NotPermitted` or `StoreError`.
    """
    with store.read() as connection:
        accounts.require_now(connection, actor, Permission.EXPORT_READ)
    made = table()
    content = csv_of(made) if format is Format.CSV else xlsx_of(made, what)
    with store.write() as connection:
        accounts.require_now(connection, actor, Permission.EXPORT_READ)
        events.exported(connection, actor, Export(what, len(made.rows), format.value, filters), now=clock())
    return content

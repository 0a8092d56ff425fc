"""Copies of a SQLite store, by SQLite's own way to copy a database that is in use."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL

from lib.errors import StoreError

_PAGES_AT_ONCE = 2_000
"""Between so many the others have their turn; what they change meanwhile is copied again."""


def copy_to(url: URL, file: Path) -> None:
    """The store as it is at the end of the copying, as one file without companions."""
    source = Path(url.database or "")
    if not source.exists():
        raise StoreError(f"There is no store {source.name} to back up.")
    with closing(_existing(source)) as store, closing(_existing(file)) as copy:
        store.backup(copy, pages=_PAGES_AT_ONCE, sleep=0.01)
        copy.execute("PRAGMA journal_mode = DELETE")


def copy_from(url: URL, file: Path) -> None:
    """Over the file of the store, in one transaction: after a fault it is as it was."""
    with closing(_existing(file, "ro")) as copy, closing(_existing(Path(url.database or ""))) as store:
        copy.backup(store)


def facts_of(file: Path) -> tuple[frozenset[str], str | None]:
    """Versions of the schema in a backup, and the Recall it was filled from; no version for what is no backup."""
    try:
        with closing(_existing(file, "ro")) as copy:
            versions = frozenset(name for (name,) in copy.execute("SELECT version_num FROM alembic_version"))
            found = copy.execute("SELECT v FROM meta WHERE k = 'recall_base_url'").fetchone()
            return versions, found and found[0]
    except sqlite3.Error:
        return frozenset(), None


def _existing(file: Path, mode: str = "rw") -> sqlite3.Connection:
    """A connection to a database that is there: none is made by looking for one."""
    return sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode={mode}", uri=True)

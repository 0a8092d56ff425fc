"""SQLite: one file on a local disk, in WAL, which many read while one writes."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine

from lib.errors import StoreError, StoreMissing
from lib.private_files import close_to_others, make_file, make_folder
from lib.store.sqlite_file import Opened, StoreFile, companions_of

BUSY_SECONDS = 5.0
"""How long a writer waits for another one, unless the URL says otherwise (`?timeout=1`)."""

WAL_KEPT_BYTES = 64_000_000
"""What the log is cut down to after it was needed for more."""

_PAGES_AT_ONCE = 2_000
"""Between so many the others have their turn; what they change meanwhile is copied again."""

_SENTENCES = {
    "BUSY": "The store {name} is being written by another process. Nothing was changed; try again in a moment.",
    "READONLY": "The store {name} cannot be written. Let this process write the file and its folder, and try again.",
    "FULL": "The disk with the store {name} is full. Nothing was changed; free some space and try again.",
    "NOTADB": "The file {name} is not a store. Name another in DATABASE_URL or DATA_DIR, or move this one away.",
    "CORRUPT": "The store {name} is damaged. Stop everything and put a backup in its place.",
    "CANTOPEN": "The store {name} cannot be opened. Let this process read and write the file and its folder.",
    "IOERR": "The disk with the store {name} has a fault or is full. Look at it, and try again.",
}
_GONE = (
    "The file of the store {name} is gone, and what belongs to it is still there ({left}). "
    "Put it back; or, to begin with an empty store, end everything that uses it and take that away too."
)
_MISSING = (
    "There is no store {name}. See that DATABASE_URL or DATA_DIR is right; "
    "`python -m lib.store` makes one and brings it up to date."
)


def make(url: URL) -> None:
    """The file that `url` names, empty, with its folder; nothing when it is there. Raises `StoreError`.

    None is made in the place of one that was taken away: what is left of that would be taken for the new one's.
    """
    path = _path(url)
    left = [each.name for each in companions_of(path) if each.exists()]
    if left and not path.exists():
        raise StoreError(_GONE.format(name=path.name, left=", ".join(left)))
    try:
        make_folder(path.parent)
        with suppress(FileExistsError):
            os.close(make_file(path))
    except OSError as error:
        raise StoreError(_SENTENCES["CANTOPEN"].format(name=path.name)) from error


def engine_of(url: URL) -> Engine:
    """An engine for the file that `url` names, which `make` has made. Raises `StoreError`."""
    path = _path(url)
    _require_usable(path)
    patience = float(str(url.query.get("timeout", BUSY_SECONDS)))
    # Parameters stay out of messages: one of them is a password's hash.
    file = StoreFile(path, patience, _set_up)
    return create_engine(url, hide_parameters=True, creator=file.connect)


def name_of(url: URL) -> str:
    """What to call the store in a sentence: the name of its file."""
    return _path(url).name


def require_in_place(connection: Connection) -> None:
    """Raise `StoreError` unless the files that the connection has open are those that are in their places now."""
    cast(Opened, connection.connection.driver_connection).file.require_in_place()


def begin(connection: Connection, *, writes: bool) -> None:
    """Begin a transaction that reads one view of the store, or one that is the only one to write."""
    # A transaction that reads first and writes later would find the file locked at once, without waiting for its turn.
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    require_in_place(connection)


def stream(connection: Connection, statement: str, batch: int) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of a statement as plain tuples, in lists of at most `batch`; the driver's own errors come through."""
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(batch):
            yield list(rows)


def sentence(error: BaseException | None, name: str) -> str:
    """What happened to the store called `name`, and what to do."""
    code = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
    known = _SENTENCES.get(code.split("_")[1])
    return known.format(name=name) if known else f"The store {name} does not do what was asked ({code})."


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


def _path(url: URL) -> Path:
    database = url.database or ":memory:"
    if database.startswith((":memory:", "file:")):
        raise StoreError("The store needs a file. Unset DATABASE_URL, or give one such as sqlite:////srv/desk/desk.db.")
    return Path(database)


def _require_usable(path: Path) -> None:
    """A file that is ours to read and write, and nobody else's."""
    try:
        if not path.exists():
            raise StoreMissing(_MISSING.format(name=path.name))
        for each in (path, *companions_of(path)):
            close_to_others(each)
    except OSError as error:
        raise StoreError(_SENTENCES["CANTOPEN"].format(name=path.name)) from error
    if not os.access(path, os.R_OK | os.W_OK, effective_ids=True):
        raise StoreError(_SENTENCES["READONLY"].format(name=path.name))


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
    connection.execute(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}")

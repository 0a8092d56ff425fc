"""SQLite: one file on a local disk, in WAL, which many read while one writes."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from lib.errors import StoreError

BUSY_SECONDS = 5.0
"""How long a writer waits for another one, unless the URL says otherwise (`?timeout=1`)."""

WAL_KEPT_BYTES = 64_000_000
"""What the log is cut down to after it was needed for more."""

_SENTENCES = {
    "BUSY": "The store {name} is being written by another process. Nothing was changed; try again in a moment.",
    "READONLY": "The store {name} cannot be written. Let this process write the file and its folder, and try again.",
    "FULL": "The disk with the store {name} is full. Nothing was changed; free some space and try again.",
    "NOTADB": "The file {name} is not a store. Name another in DATABASE_URL or DATA_DIR, or move this one away.",
    "CORRUPT": "The store {name} is damaged. Stop everything and put a backup in its place.",
    "CANTOPEN": "The store {name} cannot be opened. Let this process read and write the file and its folder.",
    "IOERR": "The disk with the store {name} has a fault or is full. Look at it, and try again.",
}
_REPLACED = (
    "The file of the store {name} was deleted or replaced while it was in use. "
    "Stop everything, put the right file in its place, and start again."
)


def engine_of(url: URL) -> Engine:
    """An engine for the file that `url` names, made with its folder when missing. Raises `StoreError`."""
    _make_file(_path(url))
    # Parameters stay out of messages: one of them is a password's hash.
    engine = create_engine(url, hide_parameters=True, connect_args=_patience(url))
    event.listen(engine, "connect", _set_up)
    return engine


def name_of(url: URL) -> str:
    """What to call the store in a sentence: the name of its file."""
    return _path(url).name


def guard(url: URL) -> Callable[[], None]:
    """Remembers which file is at `url` now; the answer raises `StoreError` once it was deleted or replaced.

    Connections go on with the file that they opened: they would answer, and whatever they write would be lost.
    """
    path, opened = _path(url), _file_at(_path(url))

    def require_the_same() -> None:
        if _file_at(path) != opened:
            raise StoreError(_REPLACED.format(name=path.name))

    return require_the_same


def begin(connection: Connection, *, writes: bool) -> None:
    """Begin a transaction that reads one view of the store, or one that is the only one to write."""
    # A transaction that reads first and writes later would find the file locked at once, without waiting for its turn.
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


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


def _path(url: URL) -> Path:
    database = url.database or ":memory:"
    if database.startswith((":memory:", "file:")):
        raise StoreError("The store needs a file. Unset DATABASE_URL, or give one such as sqlite:////srv/desk/desk.db.")
    return Path(database)


def _file_at(path: Path) -> tuple[int, int] | None:
    """Which file it is, whatever its name; None when there is none, or none that may be looked at."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _patience(url: URL) -> dict[str, float]:
    return {} if "timeout" in url.query else {"timeout": BUSY_SECONDS}


def _make_file(path: Path) -> None:
    """An empty file that only its owner may read; SQLite gives its companions (-wal, -shm) the same mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _create(path)
        _close_to_others(path)
    except OSError as error:
        raise StoreError(_SENTENCES["CANTOPEN"].format(name=path.name)) from error
    if not os.access(path, os.R_OK | os.W_OK, effective_ids=True):
        raise StoreError(_SENTENCES["READONLY"].format(name=path.name))


def _create(path: Path) -> None:
    # O_EXCL: a file in use must not be opened here, for closing it would drop SQLite's locks on it in this process.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _close_to_others(path: Path) -> None:
    status = path.stat()
    if status.st_mode & 0o077 and status.st_uid == os.geteuid():
        path.chmod(0o600)


def _set_up(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin in `begin` and nowhere else
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
    connection.execute(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}")

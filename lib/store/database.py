"""What depends on the database in use, in one place: engine, transactions, files, and the sentences for its errors.

SQLite only. Others are refused here, by name, until they are supported.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.pool import ConnectionPoolEntry

from lib.errors import StoreError

BUSY_SECONDS = 5.0
"""How long a writer waits for another one, unless the URL says otherwise (`?timeout=1`)."""

_WRITES = "desk_writes"

_SENTENCES = {
    "BUSY": "The store {name} is being written by another process. Nothing was changed; try again in a moment.",
    "READONLY": "The store {name} cannot be written. Let this process write the file and its folder, and try again.",
    "FULL": "The disk with the store {name} is full. Nothing was changed; free some space and try again.",
    "NOTADB": "The file {name} is not a store. Name another in DATABASE_URL or DATA_DIR, or move this one away.",
    "CORRUPT": "The store {name} is damaged. Stop everything and put a backup in its place.",
    "CANTOPEN": "The store {name} cannot be opened. Let this process read and write the file and its folder.",
    "IOERR": "The disk with the store {name} has a fault or is full. Look at it, and try again.",
}


def connect(url: str) -> Engine:
    """An engine for the store at `url`, its file and folder made when missing. Raises `StoreError`."""
    parsed = _parsed(url)
    _make_file(_path(parsed))
    # Parameters stay out of messages: one of them is a password's hash.
    engine = create_engine(parsed, hide_parameters=True, connect_args=_patience(parsed))
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine and pool, whose transactions write. Those of `engine` itself only read."""
    return engine.execution_options(**{_WRITES: True})


def name_of(url: str) -> str:
    """What to call the store in a sentence: the name of its file."""
    return _path(_parsed(url)).name


@contextmanager
def in_sentences(name: str) -> Iterator[None]:
    """Raise what the database reports as a `StoreError` that says what happened to the store called `name`."""
    try:
        yield
    except PoolExhausted as error:
        raise StoreError("The store is asked by too many at once. Try again in a moment.") from error
    except DBAPIError as error:
        raise StoreError(_sentence(error.orig, name)) from error


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError("DATABASE_URL is not a database URL. Give one such as sqlite:////srv/desk/desk.db.") from None
    if parsed.get_backend_name() != "sqlite":
        raise StoreError("This version keeps its store in SQLite only. Unset DATABASE_URL, or give a sqlite:/// URL.")
    return parsed


def _path(url: URL) -> Path:
    database = url.database or ":memory:"
    if database.startswith((":memory:", "file:")):
        raise StoreError("The store needs a file. Unset DATABASE_URL, or give one such as sqlite:////srv/desk/desk.db.")
    return Path(database)


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
    connection.isolation_level = None  # transactions begin in `_begin` and nowhere else
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut
    connection.execute("PRAGMA journal_mode = WAL")


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later would find the file locked at once, without waiting for its turn.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _sentence(error: BaseException | None, name: str) -> str:
    code = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
    known = _SENTENCES.get(code.split("_")[1])
    return known.format(name=name) if known else f"The store {name} does not do what was asked ({code})."

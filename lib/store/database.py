"""Which database it is, and what both have in common: engine, transactions, and a sentence for every error."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, Select, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from lib.errors import StoreError
from lib.store import postgres, sqlite

_WRITES = "desk_writes"
_KINDS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgres}


def connect(url: str, *, makes: bool = False) -> Engine:
    """An engine for the store at `url`. `makes`: a SQLite file and its folder are made when missing.

    Raises `StoreError`.
    """
    parsed, kind = kind_of(url)
    if makes:
        kind.make(parsed)
    engine: Engine = kind.engine_of(parsed)
    event.listen(engine, "begin", lambda connection: kind.begin(connection, writes=_writes(connection)))
    return engine


def writing(engine: Engine) -> Engine:
    """An engine on the pool of `engine` whose transactions write; those of `engine` itself only read."""
    return engine.execution_options(**{_WRITES: True})


def name_of(url: str) -> str:
    """What to call the store in a sentence. No password, no user."""
    parsed, kind = kind_of(url)
    name: str = kind.name_of(parsed)
    return name


def require_in_place(connection: Connection) -> None:
    """Raise `StoreError` when the store was deleted or replaced while it was open."""
    _KINDS[connection.dialect.name].require_in_place(connection)


@contextmanager
def in_sentences(name: str) -> Iterator[None]:
    """Raise what the database reports as a `StoreError` that says what happened to the store called `name`."""
    try:
        yield
    except PoolExhausted as error:
        raise StoreError("The store is asked by too many at once. Try again in a moment.") from error
    except DBAPIError as error:
        kind = sqlite if type(error.orig).__module__ == "sqlite3" else postgres
        raise StoreError(kind.sentence(error.orig, name)) from error
    except sqlite3.Error as error:
        raise StoreError(sqlite.sentence(error, name)) from error
    except psycopg.Error as error:
        raise StoreError(postgres.sentence(error, name)) from error


def stream(connection: Connection, statement: Select[Any], batch: int) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of a statement as the driver gives them, in lists of at most `batch`: quicker than SQLAlchemy's rows."""
    if not connection.in_transaction():
        connection.begin()
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
    rows: Iterator[list[tuple[Any, ...]]] = _KINDS[connection.dialect.name].stream(connection, str(compiled), batch)
    return rows


def kind_of(url: str) -> tuple[URL, ModuleType]:
    """The address in its parts, and the module of its database. Raises `StoreError` for any other database."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the port is no number
        raise StoreError("DATABASE_URL is not a database URL. Give one such as sqlite:////srv/desk/desk.db.") from None
    kind = _KINDS.get(parsed.get_backend_name())
    if kind is None:
        raise StoreError(
            "The store is kept in SQLite or PostgreSQL: give DATABASE_URL a sqlite:/// or postgresql:// URL."
        )
    return parsed, kind


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(_WRITES, False))

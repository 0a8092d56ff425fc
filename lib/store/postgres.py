"""PostgreSQL, for teams that run several servers. It behaves as SQLite does: many read while one writes.

One writer at a time costs little, for writes are short, and it buys two things: versions follow the order of commits,
and a rule that was looked up holds until the end of the transaction (the last admin, a ticket that is good once).
"""

from collections.abc import Iterator
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

LOCK_SECONDS = 5.0
"""How long a writer waits for another one, unless the URL says otherwise (`?timeout=1`)."""
STATEMENT_SECONDS = 60
IDLE_SECONDS = 60
"""After as long without a word in the middle of a transaction, the server ends it: its machine may be gone."""
CONNECT_SECONDS = 5

_WRITING = 0x436F7665726167  # the advisory lock of writers: a number of ours, kept from one version to the next

_SENTENCES = {
    "unreachable": "The store {name} cannot be reached. See that PostgreSQL runs and that DATABASE_URL is right "
    "(host, database, user, password), and try again.",
    "busy": "The store {name} is being written by another process. Nothing was changed; try again in a moment.",
    "slow": "The store {name} took too long to answer. Nothing was changed; try again in a moment.",
    "readonly": "The store {name} cannot be written. Let its PostgreSQL user write there, and try again.",
    "full": "The disk with the store {name} is full. Nothing was changed; free some space and try again.",
    "crowded": "The store {name} is asked by too many at once. Try again in a moment.",
    "emptied": "Tables of the store {name} are gone. Stop everything and put a backup in its place.",
    "corrupt": "The store {name} is damaged. Stop everything and put a backup in its place.",
}
_BY_STATE = {
    "55P03": "busy",
    "40001": "busy",
    "40P01": "busy",
    "57014": "slow",
    "25P03": "slow",
    "25006": "readonly",
    "42501": "readonly",
    "53100": "full",
    "53300": "crowded",
    "42P01": "emptied",
    "3F000": "emptied",
    "XX001": "corrupt",
    "XX002": "corrupt",
}
_UNREACHABLE = ("08", "57P", "28", "3D")
"""How states begin that say: no connection, shut down, not let in, no such database."""


def make(_url: URL) -> None:
    """Nothing to make: a database is made by who runs the server."""


def engine_of(url: URL) -> Engine:
    """An engine for the database that `url` names. Nothing is asked yet."""
    patience = float(str(url.query.get("timeout", LOCK_SECONDS)))
    engine = create_engine(
        url.difference_update_query(["timeout"]).set(drivername="postgresql+psycopg"),
        hide_parameters=True,  # one of them is a password's hash
        pool_pre_ping=True,  # a server that was started again costs nobody an error
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "coverage-desk"},
    )
    event.listen(engine, "connect", lambda connection, entry: _set_up(connection, entry, patience))
    return engine


def name_of(url: URL) -> str:
    """What to call the store in a sentence: its database and host."""
    return f"{url.database or url.username or 'postgres'} on {url.host or 'this machine'}"


def require_in_place(_connection: Connection) -> None:
    """Nothing to look at: a server whose database is gone says so itself."""


def begin(connection: Connection, *, writes: bool) -> None:
    """Begin a transaction that reads one view of the store, or one that is the only one to write."""
    if writes:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITING})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def stream(connection: Connection, statement: str, batch: int) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of a statement as plain tuples, in lists of at most `batch`; the driver's own errors come through."""
    driver: psycopg.Connection[tuple[Any, ...]] = connection.connection.driver_connection  # type: ignore[assignment]
    # A named cursor leaves the rows on the server until they are asked for; binary ones need no parsing.
    with driver.cursor("stream", binary=True) as cursor:
        cursor.execute(statement.encode())
        while rows := cursor.fetchmany(batch):
            yield rows


def sentence(error: BaseException | None, name: str) -> str:
    """What happened to the store called `name`, and what to do."""
    state: str | None = getattr(error, "sqlstate", None)
    if known := _BY_STATE.get(state or ""):
        return _SENTENCES[known].format(name=name)
    lost = state is None and isinstance(error, psycopg.OperationalError)
    if lost or (state or "").startswith(_UNREACHABLE):
        return _SENTENCES["unreachable"].format(name=name)
    return f"The store {name} does not do what was asked ({state})."


def _set_up(connection: Any, _entry: ConnectionPoolEntry, patience: float) -> None:
    for setting, milliseconds in (
        ("lock_timeout", patience * 1000),
        ("statement_timeout", STATEMENT_SECONDS * 1000),
        ("idle_in_transaction_session_timeout", IDLE_SECONDS * 1000),
    ):
        connection.execute(f"SET {setting} = {max(1, round(milliseconds))}")
    connection.execute("SET timezone = 'UTC'")
    connection.commit()

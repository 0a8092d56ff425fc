"""PostgreSQL, for teams that run several servers. It behaves as SQLite does: many read while one writes.

One writer at a time costs little, for writes are short, and it buys two things: versions follow the order of commits,
and a rule that was looked up holds until the end of the transaction (the last admin, a ticket that is good once).
"""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event

from lib.errors import StoreError

LOCK_SECONDS = 5.0
"""How long a writer waits for another one, unless the URL says otherwise (`?timeout=1`)."""
STATEMENT_SECONDS = 60
IDLE_SECONDS = 60
"""After as long without a word in the middle of a transaction, the server ends it: its machine may be gone."""
CONNECT_SECONDS = 5

_WRITING = 0x436F7665726167  # the advisory lock of writers: a number of ours, kept from one version to the next

_LONGEST_COPY_SECONDS = 6 * 3600
_MISSING = "{program} is not installed here. Install PostgreSQL's client programs (apt-get install postgresql-client)."

_SENTENCES = {
    "unreachable": "The store {name} cannot be reached. See that PostgreSQL runs and has connections left, and that "
    "DATABASE_URL is right (host, database, user, password), and try again.",
    "busy": "The store {name} is being written by another process. Nothing was changed; try again in a moment.",
    "slow": "The store {name} took too long to answer. Nothing was changed; try again in a moment.",
    "readonly": "The store {name} cannot be written: PostgreSQL only lets it be read there. Name the server that takes "
    "writes in DATABASE_URL, or wait until this one does, and try again.",
    "rights": "The store {name} cannot be written, or not all of it be read. Let its PostgreSQL user own the database, "
    "or read and write all of it, and try again.",
    "full": "The disk with the store {name} is full. Nothing was changed; free some space and try again.",
    "crowded": "The store {name} is asked by too many at once. Try again in a moment.",
    "emptied": "Tables of the store {name} are gone. Stop everything and put a backup in its place.",
    "corrupt": "The store {name} is damaged. Stop everything and put a backup in its place.",
    "encoding": "The store {name} keeps text as {encoding}, in which not every title can be written. Make another "
    "database: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0.",
}
_BY_STATE = {
    "55P03": "busy",
    "40001": "busy",
    "40P01": "busy",
    "57014": "slow",
    "25P03": "slow",
    "25006": "readonly",
    "42501": "rights",
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
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "coverage-desk",
            "client_encoding": "utf8",
        },
    )
    event.listen(engine, "connect", lambda connection, _entry: _set_up(connection, name_of(url), patience))
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


def copy_to(url: URL, file: Path) -> None:
    """Write a dump in the custom format: of one moment, made while others write.

    pg_dump and pg_restore must be on the PATH, and as new as the server. All that they need to connect goes into their
    environment: other users of the machine can read a command line.
    """
    _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password", f"--file={file}")


def copy_from(url: URL, file: Path) -> None:
    """Restore a dump into a database without these tables: all of it or none."""
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password")
    _run(url, "pg_restore", *options, f"--dbname={url.database}", str(file))


def facts_of(file: Path) -> tuple[frozenset[str], str | None]:
    """Versions of the schema in a backup, and the Recall it was filled from; no version for what is no backup."""
    wanted = ("--data-only", "--table=alembic_version", "--table=meta", "--file=-", str(file))
    try:
        rows = _run(None, "pg_restore", *wanted)
    except StoreError:
        if not file.exists() or file.read_bytes()[:5] == b"PGDMP":
            raise
        return frozenset(), None
    versions = re.search(r"^COPY \S*alembic_version .*?\n(.*?)^\\\.$", rows, re.DOTALL | re.MULTILINE)
    belongs_to = re.search(r"^recall_base_url\t(.*)$", rows, re.MULTILINE)
    return frozenset(versions[1].split() if versions else ()), belongs_to and belongs_to[1]


def _set_up(connection: Any, name: str, patience: float) -> None:
    """What we rest on, whatever is set for the database or its user. Raises `StoreError` for what cannot be set."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        connection.close()
        raise StoreError(_SENTENCES["encoding"].format(name=name, encoding=encoding))
    for setting, value in {
        "lock_timeout": _milliseconds(patience),
        "statement_timeout": _milliseconds(STATEMENT_SECONDS),
        "idle_in_transaction_session_timeout": _milliseconds(IDLE_SECONDS),
        "timezone": "'UTC'",
        "datestyle": "'ISO'",
        # Who waited for another writer must see what that one wrote: any other level looks before it waits.
        "default_transaction_isolation": "'read committed'",
    }.items():
        connection.execute(f"SET {setting} = {value}")
    connection.commit()


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _run(url: URL | None, program: str, *options: str) -> str:
    try:
        ran = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, and no shell
            [program, *options],
            env=_environment(url),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LONGEST_COPY_SECONDS,
        )
    except FileNotFoundError as error:
        raise StoreError(_MISSING.format(program=program)) from error
    if ran.returncode != 0:
        raise StoreError(f"{program} could not do it. {_last_line(ran.stderr)}")
    return ran.stdout


def _environment(url: URL | None) -> dict[str, str]:
    """What libpq reads: PGHOST and so on, and every parameter of the address by its name there."""
    if url is None:
        return dict(os.environ)
    query = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    query.pop("timeout", None)
    named = {"host": url.host, "port": url.port, "user": url.username, "password": url.password, **query}
    given = {f"PG{name.upper()}": str(value) for name, value in named.items() if value is not None}
    return {**os.environ, **given, "PGDATABASE": url.database or ""}


def _last_line(said: str) -> str:
    lines: Sequence[str] = said.strip().splitlines() or ("It said nothing.",)
    return lines[-1][:300]

"""Backup and restore: the whole store in one file, made while it is in use, and put back into an empty one.

Of SQLite the file is a store itself; of PostgreSQL it is what pg_dump writes in its custom format.
"""

import os
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from types import ModuleType

from sqlalchemy import Connection, MetaData, inspect, update

from lib.clock import Clock, utc_now
from lib.errors import StoreError, StoreOfAnotherRecall
from lib.private_files import make_file
from lib.store.database import connect, in_sentences, kind_of, name_of, writing
from lib.store.schema import migrate, refuse_versions
from lib.store.store import open_store
from lib.store.tables import metadata
from lib.store.tables.desk import session, ticket

_RESTORED = "restored"
_OF_VERSIONS_BEFORE = ("looked", "reading", "counting", "taken_out")
"""Tables that this version calls otherwise."""


def back_up(url: str, file: Path) -> int:
    """Write the store at `url`, as it is at one moment, into a new file that only its owner may read; its bytes.

    Raises `StoreError`; there is no half of a backup then.
    """
    address, kind = kind_of(url)
    if file.exists():
        raise StoreError(f"There is a file {file.name} already. Nothing was written; name another.")
    part = file.with_name(f"{file.name}.part")
    try:
        part.unlink(missing_ok=True)  # of one that was killed
        os.close(make_file(part))
        with in_sentences(name_of(url)):
            kind.copy_to(address, part)
        part.replace(file)
    except OSError as error:
        raise StoreError(f"The backup {file.name} could not be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return file.stat().st_size


def restore(url: str, file: Path, *, recall_base_url: str, replace: bool = False, clock: Clock = utc_now) -> None:
    """Put what `back_up` wrote into the store at `url`, bring it up to date, and end every session in it.

    A session that was ended after the backup would be in force again otherwise. Nothing else may use the store.
    Raises `StoreOfAnotherRecall` or `StoreSchemaMismatch` for a backup that does not belong here, and `StoreError` for
    a store that has something in it, unless `replace`; nothing was changed then.
    """
    address, kind = kind_of(url)
    _require_fitting(kind, file, recall_base_url)
    _require_empty(url, replace=replace)
    with in_sentences(name_of(url)):
        kind.copy_from(address, file)
    migrate(url)
    with closing(open_store(url, recall_base_url=recall_base_url)) as store, store.write() as connection:
        connection.execute(update(session).values(ended_at=clock(), ended_why=_RESTORED))
        connection.execute(update(ticket).where(ticket.c.used_at.is_(None)).values(used_at=clock()))


def _require_fitting(kind: ModuleType, file: Path, recall_base_url: str) -> None:
    """Looked at in the file itself, before anything is touched."""
    versions, belongs_to = kind.facts_of(file)
    if not versions:
        raise StoreError(f"The file {file.name} is no backup of a store. Nothing was changed; name another.")
    refuse_versions(versions)
    if belongs_to not in (None, recall_base_url):
        raise StoreOfAnotherRecall(
            f"The backup {file.name} was filled from {belongs_to}, and now {recall_base_url} is set. Nothing was "
            "changed; set the first again (RECALL_REGION or RECALL_BASE_URL)."
        )


def _require_empty(url: str, *, replace: bool) -> None:
    engine = connect(url, makes=True)
    try:
        with in_sentences(name_of(url)), writing(engine).begin() as connection:
            tables = set(inspect(connection).get_table_names())
            if tables and not replace:
                raise StoreError(
                    f"The store {name_of(url)} has something in it already. Nothing was changed; restore into an empty "
                    "one, or say --replace to lose what is there."
                )
            if connection.dialect.name == "postgresql":
                _drop(connection, tables & {*metadata.tables, *_OF_VERSIONS_BEFORE, "alembic_version"})
    finally:
        engine.dispose()


def _drop(connection: Connection, names: Collection[str]) -> None:
    """As they are there, whatever version of the schema that is; what else the database holds is left alone."""
    there = MetaData()
    there.reflect(connection, only=list(names))
    there.drop_all(connection)

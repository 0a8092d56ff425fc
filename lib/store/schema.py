"""The schema's version: bringing it up to date, and refusing a store of another one."""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from lib.errors import StoreSchemaMismatch
from lib.store.database import connect, in_sentences, name_of, writing

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(url: str, *, makes: bool = True) -> None:
    """Bring the store at `url` up to date; with `makes`, a missing one is made. Nothing else makes one.

    Safe when several processes do it at once. Raises `StoreSchemaMismatch` when the store was written by a newer
    version, else `StoreError`.
    """
    engine = connect(url, makes=makes)
    try:
        # One transaction: the second process waits for the first, and then finds nothing left to do.
        with in_sentences(name_of(url)), writing(engine).begin() as connection:
            _refuse_newer(connection)
            command.upgrade(_config(connection), "head")
    finally:
        engine.dispose()


def require_current(connection: Connection) -> None:
    """Raise `StoreSchemaMismatch` unless the store has exactly the schema that this version works with."""
    _refuse_newer(connection)
    if not _found(connection):
        raise StoreSchemaMismatch(
            "There is nothing of a store where it should be. "
            "A new one is made by `python -m lib.store`; if there was one, put a backup in its place."
        )
    if _found(connection) != _newest():
        raise StoreSchemaMismatch(
            "The store has an older schema than this version needs. "
            "`python -m lib.staff list` brings it up to date; so does `make run`."
        )


def version_of(connection: Connection) -> str:
    """The version of the schema that the store has, as its migration is called."""
    return ", ".join(sorted(_found(connection))) or "none"


def refuse_versions(found: Collection[str]) -> None:
    """Raise `StoreSchemaMismatch` for versions of the schema that came after this one."""
    if set(found) - _known():
        raise StoreSchemaMismatch(
            "The store was written by a newer version, which this one would damage. "
            "Start that version, or name another store in DATABASE_URL or DATA_DIR."
        )


def _refuse_newer(connection: Connection) -> None:
    refuse_versions(_found(connection))


def _found(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


@cache
def _newest() -> frozenset[str]:
    return frozenset(ScriptDirectory(MIGRATIONS).get_heads())


@cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory(MIGRATIONS).walk_revisions())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config

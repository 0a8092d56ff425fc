"""The store's version: it grows with every write that changes what a frame shows, in the order of the commits.

Rows carry the version of the write that last changed them, so that whoever knows version 7 asks for what is newer. One
writer at a time holds the order: a row of version 8 is never seen by somebody who then misses one of version 7.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from lib.store.tables.workspace import version

_now = select(version.c.version, version.c.epoch)
_next = update(version).values(version=version.c.version + 1).returning(version.c.version)
_new_epoch = update(version).values(version=version.c.version + 1, epoch=version.c.epoch + 1)


@dataclass(frozen=True, slots=True)
class StoreVersion:
    """How new the store is. Another `epoch` than the one known: rows were deleted, so read everything again."""

    version: int
    epoch: int


def current(connection: Connection) -> StoreVersion:
    """How new the store is now. Ask it first, then the rows, in one transaction."""
    return StoreVersion(*connection.execute(_now).one())


def bump(connection: Connection) -> int:
    """The version of the write that is under way: call it once there is something to write, and before the rows."""
    number: int = connection.execute(_next).scalar_one()
    return number


def begin_epoch(connection: Connection) -> None:
    """Rows are deleted in this transaction: every frame begins again."""
    connection.execute(_new_epoch)


def bots_doubted_since(connection: Connection) -> datetime | None:
    """Since when bots became final that are to be read once more; None: there are none."""
    since: datetime | None = connection.scalar(select(version.c.bots_doubted_since))
    return since


def doubt_bots(connection: Connection, *, since: datetime | None) -> None:
    """Remember since when bots that became final are doubted; None: none are any more."""
    connection.execute(update(version).values(bots_doubted_since=since))

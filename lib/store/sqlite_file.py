"""The file of a SQLite store with its companions, and whether they are still those that are open.

Connections go on with the files that they opened, whatever stands at their names: once these were taken away, all that
is written would be lost, and somebody who opens what is there instead would damage it.
"""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import RLock
from typing import TypeAlias
from urllib.parse import quote
from weakref import WeakSet

from lib.errors import StoreError

_Which: TypeAlias = tuple[int, int] | None
"""Device and number of a file, whatever its name; None where there is none, or none that may be looked at."""

_TAKEN_AWAY = (
    "The file of the store {name} was deleted or replaced while it was in use, so nothing is read or changed. "
    "Put back what was there; or stop everything, put the right file in its place, and start again."
)


class Opened(sqlite3.Connection):
    """A connection that its file knows of, for as long as it is open."""

    file: "StoreFile"

    def close(self) -> None:
        """Close it."""
        with self.file.changing:
            super().close()
            self.file.forget(self)


class StoreFile:
    """The file at one path. Safe for many threads."""

    def __init__(self, path: Path, patience: float, set_up: Callable[[sqlite3.Connection], None]):
        self._path, self._patience, self._set_up = path.absolute(), patience, set_up
        # As text: the look at every transaction takes a few microseconds so, and several times as long by way of paths.
        self._named, self._beside = str(self._path), [str(each) for each in companions_of(path)]
        self._main, self._companions = self._main_now(), self._companions_now()
        self._open: WeakSet[Opened] = WeakSet()
        self.changing = RLock()
        """Held while a connection is opened or closed: the first one makes the companions, the last takes them away."""

    def connect(self) -> Opened:
        """A new connection to the same file as all others. None is ever made by it. Raises `StoreError`."""
        with self.changing:
            self._require(self._companions if self._open else self._companions_now())
            connection = self._connected()
            if not self._open:
                self._companions = self._companions_now()
            self._open.add(connection)
            return connection

    def require_in_place(self) -> None:
        """Raise `StoreError` unless these are still the files that are open."""
        self._require(self._companions)

    def forget(self, connection: Opened) -> None:
        """It is closed."""
        self._open.discard(connection)

    def _connected(self) -> Opened:
        address = f"file:{quote(self._named)}?mode=rw"
        connection = sqlite3.connect(
            address, self._patience, isolation_level=None, check_same_thread=False, factory=Opened, uri=True
        )
        connection.file = self
        try:
            self._set_up(connection)
            connection.execute("PRAGMA schema_version").fetchone()  # opens the companions
            self._require(self._companions if self._open else self._companions_now())
        except BaseException:
            connection.close()
            raise
        return connection

    def _require(self, companions: tuple[_Which, ...]) -> None:
        if (self._main_now(), self._companions_now()) != (self._main, companions):
            raise StoreError(_TAKEN_AWAY.format(name=self._path.name))

    def _main_now(self) -> tuple[_Which, ...]:
        """The file, and what bears its name: they differ for a link."""
        return _which(self._named), _which(self._named, follow=False)

    def _companions_now(self) -> tuple[_Which, ...]:
        return tuple(_which(each) for each in self._beside)


def companions_of(path: Path) -> tuple[Path, ...]:
    """What SQLite keeps beside a database: beside the file itself, where `path` is a link."""
    real = path.resolve()
    return tuple(real.with_name(f"{real.name}{end}") for end in ("-wal", "-shm"))


def _which(file: str, *, follow: bool = True) -> _Which:
    try:
        status = os.stat(file, follow_symlinks=follow)
    except OSError:
        return None
    return status.st_dev, status.st_ino

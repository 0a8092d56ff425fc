"""The ledger in a file: written whole after every change and put in place at once: a kill leaves the last good one."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from .ledger import Ledger
from .world.world import World

_VERSION = 1


class StateOfAnotherWorld(Exception):
    """The file was written for another seed, number of users or number of meetings; its ids mean nothing here."""


class StateFile:
    """Keeps the ledger of one world."""

    def __init__(self, path: Path, world: World) -> None:
        self._path = path
        self._world = {
            "version": _VERSION,
            "seed": world.seed,
            "users": world.users,
            "meetings": world.meetings_per_user,
        }

    def load(self) -> Ledger:
        """What was kept; an empty ledger when there is no file yet. Raises `StateOfAnotherWorld`."""
        if not self._path.exists():
            return Ledger()
        with suppress(PermissionError):  # somebody else's
            self._path.chmod(0o600)
        saved: dict[str, Any] = orjson.loads(self._path.read_bytes())
        if saved["world"] != self._world:
            raise StateOfAnotherWorld(
                f"{self._path} was written for another world ({saved['world']}). Use another file."
            )
        return Ledger.from_json(saved["ledger"])

    def save(self, ledger: Ledger) -> None:
        """Write it beside the old one, for us alone, force it to the disk, then put it in the old one's place."""
        new = self._path.with_name(f"{self._path.name}.new")
        new.unlink(missing_ok=True)  # of one that was killed
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            os.fchmod(file.fileno(), 0o600)  # an umask may have left too little
            file.write(orjson.dumps({"world": self._world, "ledger": ledger.as_json()}))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)


def world_in(path: Path) -> dict[str, float]:
    """The `seed`, `users` and `meetings` of the world that a file was written for; nothing where there is no file."""
    saved = orjson.loads(path.read_bytes())["world"] if path.exists() else {}
    return {name: saved[name] for name in ("seed", "users", "meetings") if name in saved}


def forget(ledger: Ledger) -> None:
    """The way to save where nothing is kept."""

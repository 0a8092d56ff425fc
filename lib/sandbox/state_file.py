"""The ledger in a file, written whole after every change, then moved into place: a kill leaves the last good one."""

import os
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter

from .ledger import Ledger
from .world.world import World

_VERSION = 1
_LEDGER = TypeAdapter(Ledger)


class StateOfAnotherWorld(Exception):
    """The file was written for another seed, number of users or number of meetings; its ids mean nothing here."""


class StateFile:
    """The file that keeps the ledger of one world."""

    def __init__(self, path: Path, world: World) -> None:
        self._path = path
        self._world = {
            "version": _VERSION,
            "seed": world.seed,
            "users": world.users,
            "meetings": world.meetings_per_user,
        }

    def load(self) -> Ledger:
        """The saved ledger, or an empty one when there is no file yet. Raises `StateOfAnotherWorld`."""
        if not self._path.exists():
            return Ledger()
        with suppress(PermissionError):  # the file of another account
            self._path.chmod(0o600)
        saved: dict[str, Any] = orjson.loads(self._path.read_bytes())
        if saved["world"] != self._world:
            raise StateOfAnotherWorld(
                f"{self._path} was written for another world ({saved['world']}). Use another file."
            )
        return ledger_of(saved["ledger"])

    def save(self, ledger: Ledger) -> None:
        """Write a new file for the owner alone, force it to the disk, then replace the old one by it."""
        new = self._path.with_name(f"{self._path.name}.new")
        new.unlink(missing_ok=True)  # left by a process that was killed
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            os.fchmod(file.fileno(), 0o600)  # an umask may have left too little
            file.write(b'{"world":' + orjson.dumps(self._world) + b',"ledger":' + json_of(ledger) + b"}")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)


def world_in(path: Path) -> dict[str, float]:
    """The `seed`, `users` and `meetings` of the world that a file was written for; empty without a file."""
    saved = orjson.loads(path.read_bytes())["world"] if path.exists() else {}
    return {name: saved[name] for name in ("seed", "users", "meetings") if name in saved}


def json_of(ledger: Ledger) -> bytes:
    """The ledger as JSON; of overrides only the changes, as none is set in the beginning."""
    plain = {each.name: getattr(ledger, each.name) for each in fields(ledger)}
    plain["overrides"] = {id_: timeline.changes for id_, timeline in ledger.overrides.items()}
    return orjson.dumps(plain, _as_list, orjson.OPT_NON_STR_KEYS)


def ledger_of(saved: dict[str, Any]) -> Ledger:
    """The ledger that `json_of` wrote, by this version or by one that had fewer fields."""
    saved["overrides"] = {id_: [None, changes] for id_, changes in saved["overrides"].items()}
    saved.setdefault("settings", {"booking_lag_seconds": saved.get("booking_lag_seconds", 2.0)})
    return _LEDGER.validate_python(saved)


def discard(ledger: Ledger) -> None:
    """The `save` of a workspace that keeps nothing."""


def _as_list(value: Any) -> list[Any]:
    """Flags and timelines as JSON writes them."""
    return sorted(value) if isinstance(value, frozenset) else list(value)

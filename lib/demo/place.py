"""Where the past is made: in a folder beside the store, and put in place whole. Half of one counts for nothing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lib.errors import StoreError
from lib.private_files import make_folder
from lib.settings import Settings
from lib.store.backups import back_up
from lib.store.sqlite_file import companions_of

PART = "demo-past.part"
WORLD = ("--users", "44", "--meetings-per-user", "40")
"""Of the sandbox that is watched: as many as 30 passes read within the 30 seconds that a first start may take."""


@dataclass(frozen=True)
class Place:
    """Where the store and the sandbox's state are to be."""

    store: Path
    state: Path
    days: int

    @property
    def part(self) -> Path:
        """The folder in which they are made."""
        return self.store.parent / PART

    @property
    def part_state(self) -> Path:
        """Where the sandbox keeps its state meanwhile."""
        return self.part / self.state.name

    def begin(self) -> None:
        """An empty folder, whatever was left of one that was not finished. Raises `StoreError`."""
        with _in_a_sentence():
            shutil.rmtree(self.part, ignore_errors=True)
            make_folder(self.part)

    def finish(self) -> None:
        """Put both into their places. The store comes last: while it is missing, all is made again.

        Nothing may use them any more. Raises `StoreError`.
        """
        with _in_a_sentence():
            self.part_state.replace(self.state)
            back_up(store_url(self.part, self.store.name), self.store)
            shutil.rmtree(self.part)


def place_of_a_past(settings: Settings) -> Place | None:
    """Where a past is to be made; None where there is to be none, or where somebody was before.

    The real Recall has its own past, and so has a store that is there, or a sandbox that was written to. One is made
    in DATA_DIR alone.
    """
    if not settings.uses_own_sandbox or settings.demo == "fresh" or settings.database_url is not None:
        return None
    place = Place(Path(settings.store_url.removeprefix("sqlite:///")), settings.sandbox_state, settings.demo)
    was_there = any(each.exists() for each in (place.store, *companions_of(place.store)))
    if was_there or (place.state.exists() and not place.part.exists()):
        return None
    return place


def clear(settings: Settings) -> None:
    """Remove what is left of a past that was not finished and is not wanted any more."""
    shutil.rmtree(settings.data_dir / PART, ignore_errors=True)


def store_url(folder: Path, name: str) -> str:
    """SQLAlchemy URL of the store that is made in `folder`."""
    return f"sqlite:///{(folder / name).resolve()}"


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"DATA_DIR cannot be written: {error.strerror}. Correct it and start again.") from error

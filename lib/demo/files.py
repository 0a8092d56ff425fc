"""The files of the demo's history: made in a folder beside the store, then moved into place as a whole."""

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

UNFINISHED = "demo-past.part"
"""The folder of a history that is being made; one that was interrupted is made again."""
SANDBOX_OPTIONS = ("--users", "44", "--meetings-per-user", "40")
"""The size of the simulated world, for which 30 passes take at most the 30 seconds of a first start."""


@dataclass(frozen=True)
class DemoFiles:
    """The final paths of the store and of the sandbox's state, for a history of so many days."""

    store: Path
    state: Path
    days: int

    @property
    def folder(self) -> Path:
        """The folder in which they are made."""
        return self.store.parent / UNFINISHED

    @property
    def unfinished_state(self) -> Path:
        """Where the sandbox keeps its state in the meantime."""
        return self.folder / self.state.name

    def begin(self) -> None:
        """Make the folder, empty even if an interrupted history left one. Raises `StoreError`."""
        with _errors_as_sentence():
            shutil.rmtree(self.folder, ignore_errors=True)
            make_folder(self.folder)

    def finish(self) -> None:
        """Move both to their final paths. The store comes last: while it is missing, the history is made again.

        No process may use them any more. Raises `StoreError`.
        """
        with _errors_as_sentence():
            self.unfinished_state.replace(self.state)
            back_up(store_url(self.folder, self.store.name), self.store)
            shutil.rmtree(self.folder)


def demo_files(settings: Settings) -> DemoFiles | None:
    """The files of a history that is still to be made; None if none is wanted or there is one.

    The real Recall has a history of its own, as has an existing store or a sandbox with a state. A history is made
    in DATA_DIR only.
    """
    if not settings.uses_own_sandbox or settings.demo == "fresh" or settings.database_url is not None:
        return None
    files = DemoFiles(Path(settings.store_url.removeprefix("sqlite:///")), settings.sandbox_state, settings.demo)
    was_there = any(each.exists() for each in (files.store, *companions_of(files.store)))
    if was_there or (files.state.exists() and not files.folder.exists()):
        return None
    return files


def remove_unfinished(settings: Settings) -> None:
    """Remove what an interrupted history left, when none is wanted any more."""
    shutil.rmtree(settings.data_dir / UNFINISHED, ignore_errors=True)


def store_url(folder: Path, name: str) -> str:
    """The SQLAlchemy URL of a store in this folder."""
    return f"sqlite:///{(folder / name).resolve()}"


@contextmanager
def _errors_as_sentence() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"DATA_DIR cannot be written: {error.strerror}. Correct it and start again.") from error

"""A store of the sandbox's with three people in it, whose passwords nobody checks."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lib.staff import accounts
from lib.staff.permissions import Role
from lib.store import Store, migrate, open_store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the store is."""
    return tmp_path / "desk.db"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with nothing in it, to copy."""
    made = tmp_path_factory.mktemp("staff") / "desk.db"
    migrate(f"sqlite:///{made}")
    return made


@pytest.fixture
def store(file: Path, made: Path) -> Iterator[Store]:
    """An open store without staff."""
    shutil.copy(made, file)
    opened = open_store(f"sqlite:///{file}", recall_base_url="http://127.0.0.1:8600")
    yield opened
    opened.close()


@pytest.fixture
def staffed(store: Store) -> Store:
    """The same with ada (admin), dana (editor) and vera (viewer), who came at eight in the morning."""
    eight = datetime(2026, 11, 2, 8, tzinfo=UTC)
    for name, role in (("ada", Role.ADMIN), ("dana", Role.EDITOR), ("vera", Role.VIEWER)):
        accounts.add_with_hash(
            store, name, role=role, display=name.title(), password_hash="not checked", clock=lambda: eight
        )
    return store

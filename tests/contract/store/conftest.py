"""A store in a real file, and the address it is filled from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.store import Store, migrate, open_store

BASE_URL = "http://127.0.0.1:8600"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the store is; its folder does not exist yet."""
    return tmp_path / "data" / "desk.db"


@pytest.fixture
def url(file: Path) -> str:
    """The same, for SQLAlchemy, and with little patience for a locked file."""
    return f"sqlite:///{file}?timeout=0.05"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open store without staff."""
    migrate(url)
    opened = open_store(url, recall_base_url=BASE_URL)
    yield opened
    opened.close()

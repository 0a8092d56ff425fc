"""What the tests of changes have, and the store's address for another process."""

from pathlib import Path

import pytest

from lib.store import Store
from tests.contract.commands.conftest import (
    AddMeeting,
    Record,
    add_meeting,
    context,
    editor,
    made,
    numbers,
    recall,
    record,
    running,
    sandbox,
    store,
    user,
)

__all__ = [
    "AddMeeting",
    "Record",
    "add_meeting",
    "context",
    "editor",
    "made",
    "numbers",
    "recall",
    "record",
    "running",
    "sandbox",
    "store",
    "user",
]


@pytest.fixture
def patience() -> float:
    """That of a real store: here several write at once."""
    return 5


@pytest.fixture
def database(tmp_path: Path, store: Store) -> str:
    """Address of the store, for another process: with the patience of a real one."""
    return f"sqlite:///{tmp_path / 'desk.db'}"

"""What several folders use: a sandbox made ready for a test, a client without patience, an empty store's file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from lib.recall_api import Recall, open_recall
from lib.recall_api.retries import RetryPolicy
from lib.store import migrate
from tests.running import Sandbox, ready_for_a_test

AT_ONCE = RetryPolicy(attempts=1, total_seconds=5, read_seconds=3, longest_wait_seconds=0, pause_seconds=0.01)
"""A fault is final at the first try."""


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    """The folder's own `running` sandbox."""
    with ready_for_a_test(running) as sandbox:
        yield sandbox


@pytest.fixture
def recall(sandbox: Sandbox) -> Iterator[Recall]:
    with open_recall(sandbox.url, SecretStr(sandbox.key), retry_policy=AT_ONCE) as recall:
        yield recall


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An up-to-date, empty store in a file, to copy."""
    file = tmp_path_factory.mktemp("made") / "desk.db"
    migrate(f"sqlite:///{file}")
    return file

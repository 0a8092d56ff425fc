"""A Recall that answers what a test wrote down, and a store that is filled from it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lib.store import Store, open_store
from tests.contract.recall_api.scripted_recall import ScriptedRecall, serving


@pytest.fixture
def server() -> Iterator[ScriptedRecall]:
    """A Recall that answers what a test wrote down."""
    with serving() as recall:
        yield recall


@pytest.fixture
def kept(file: Path, server: ScriptedRecall) -> Iterator[Store]:
    """A store that is filled from it."""
    with closing(open_store(f"sqlite:///{file}?timeout=2", recall_base_url=server.url)) as store:
        yield store

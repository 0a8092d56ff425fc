"""F26: every pass fails for an hour. What was read stays and its age is told; nothing passes for new."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from lib.clock import utc_now
from lib.customer.sight import EVERYTHING
from lib.queries import Workspace
from lib.recall_api import open_recall
from lib.recall_api.retries import RetryPolicy
from lib.store import Store, open_store, passes
from lib.store.leases import new_holder
from lib.store.passes import PassState
from lib.sync.full_pass import run_pass
from lib.ui.widgets.status_strip import STALE_AFTER
from lib.ui.words.formats import age
from tests.faults.conftest import Served

AT_ONCE = RetryPolicy(attempts=1, total_seconds=5, read_seconds=3, longest_wait_seconds=0, pause_seconds=0.01)


@pytest.fixture
def store(served: Served, tmp_path: Path) -> Iterator[Store]:
    """A copy of what the dashboard has."""
    file = Path(shutil.copy(served.file, tmp_path / "desk.db"))
    with closing(open_store(f"sqlite:///{file}", recall_base_url="http://127.0.0.1")) as store:
        yield store


def test_after_an_hour_of_failed_passes_what_is_shown_is_an_hour_old_and_says_so(store: Store, served: Served) -> None:
    read_at, frames = shown(store)
    served.sandbox.break_calls("*", times=None, status=503)
    ages = [fail(store, served, read_at + timedelta(minutes=minutes)) for minutes in (20, 40, 61)]
    assert ages == ["20 min ago", "40 min ago", "1 h ago"]
    assert timedelta(minutes=20) < STALE_AFTER < timedelta(minutes=40), "from then on there is a warning"
    assert shown(store) == (read_at, frames)


def fail(store: Store, served: Served, now: datetime) -> str:
    """A pass that Recall refuses; answers what a page then says of the age of what it shows."""
    with open_recall(served.sandbox.url, SecretStr(served.sandbox.key), retry_policy=AT_ONCE) as recall:
        ended = run_pass(store, recall, holder=new_holder(), clock=lambda: now)
    assert ended.state is not PassState.COMPLETE
    with store.read() as connection:
        as_of = passes.as_of(connection)
    assert as_of is not None
    return age(now - as_of)


def shown(store: Store) -> tuple[datetime, int]:
    """What a page shows: as of when, and how many entries."""
    with closing(Workspace(store)) as workspace:
        deadline = utc_now() + timedelta(seconds=10)
        while not (known := workspace.snapshot(EVERYTHING)).looked:
            assert utc_now() < deadline
    assert known.as_of is not None
    return known.as_of, len(known.frame)

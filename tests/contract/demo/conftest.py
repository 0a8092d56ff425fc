"""A small sandbox world that was watched for five days, once for all tests here."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

import pytest
from pydantic import SecretStr

from lib.clock import utc_now
from lib.demo.clock import MovedClock
from lib.demo.staff import Staff
from lib.demo.watching import Watched
from lib.demo.world import World
from lib.recall_api import BACKGROUND, open_recall
from lib.settings import Settings
from lib.store import Store, migrate, open_store
from tests.running import Sandbox, running_sandbox

DAYS = 5


@dataclass(frozen=True)
class Past:
    """What came of it."""

    sandbox: Sandbox
    store: Store
    told: tuple[int, ...]
    """The days, as they were told of."""
    left_out: tuple[str, ...]
    today: datetime
    """When the watching began, by the machine's clock."""


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    folder = tmp_path_factory.mktemp("past")
    with running_sandbox(folder, users=24, meetings=30) as sandbox:
        url, clock, told, today = f"sqlite:///{folder / 'sandbox.db'}", MovedClock(), list[int](), utc_now()
        settings, key = Settings(sandbox_port=sandbox.port, data_dir=folder, _env_file=None), SecretStr(sandbox.key)
        migrate(url)
        with (
            closing(open_store(url, recall_base_url=settings.workspace_url)) as store,
            open_recall(sandbox.url, key, clock=clock, retry_policy=BACKGROUND) as recall,
        ):
            staff = Staff(store, recall, settings, clock)
            watched = Watched(World(sandbox.url, key), staff, clock, DAYS)
            watched.watch(told.append)
            yield Past(sandbox, store, tuple(told), tuple(watched.left_out), today)

"""The history of a small sandbox, simulated for five days, once for all tests here."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

import pytest
from pydantic import SecretStr

from lib.clock import utc_now
from lib.demo.sandbox_control import SandboxControl
from lib.demo.simulation import Simulation
from lib.demo.story import Demo
from lib.recall_api import BACKGROUND, open_recall
from lib.settings import Settings
from lib.store import Store, migrate, open_store
from tests.running import Sandbox, running_sandbox

DAYS = 5


@dataclass(frozen=True)
class History:
    """What the simulation left."""

    sandbox: Sandbox
    store: Store
    announced: tuple[int, ...]
    """The days as they were announced."""
    skipped: tuple[str, ...]
    today: datetime
    """When the simulation began, by the machine's clock."""


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    folder = tmp_path_factory.mktemp("history")
    with running_sandbox(folder, users=24, meetings=30) as sandbox:
        url, announced, today = f"sqlite:///{folder / 'sandbox.db'}", list[int](), utc_now()
        settings, key = Settings(sandbox_port=sandbox.port, data_dir=folder, _env_file=None), SecretStr(sandbox.key)
        control = SandboxControl(sandbox.url, key)
        migrate(url)
        with (
            closing(open_store(url, recall_base_url=settings.workspace_url)) as store,
            open_recall(sandbox.url, key, clock=control.clock, retry_policy=BACKGROUND) as recall,
        ):
            simulation = Simulation(Demo(control, store, recall, settings), DAYS)
            simulation.run(announced.append)
            yield History(sandbox, store, tuple(announced), tuple(simulation.skipped), today)

"""A scripted Recall, and the client that talks to it with little patience."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from lib.recall_api import Recall, RetryPolicy, open_recall
from tests.contract.recall_api.scripted_recall import KEY, ScriptedRecall, serving

QUICK = RetryPolicy(attempts=3, total_seconds=8, read_seconds=4, longest_wait_seconds=1, pause_seconds=0.01)
"""Pauses hardly at all, but gives a busy machine its time."""

HASTY = RetryPolicy(attempts=3, total_seconds=1.5, read_seconds=0.3, longest_wait_seconds=1, pause_seconds=0.01)
"""For tests of silence: sooner at the end of its tether than the server."""


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    now: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def server() -> Iterator[ScriptedRecall]:
    with serving() as recall:
        yield recall


@pytest.fixture
def recall(server: ScriptedRecall, clock: HandClock) -> Iterator[Recall]:
    with open_recall(server.url, SecretStr(KEY), clock=clock, retry_policy=QUICK) as client:
        yield client

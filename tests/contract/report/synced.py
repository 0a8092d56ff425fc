"""A sandbox that stands still, passes of the sync over it, and everything that it has shown so far."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from pydantic import SecretStr

from lib.recall_api import open_recall
from lib.store import migrate, open_store
from lib.store.leases import new_holder
from lib.store.passes import PassState
from lib.sync.full_pass import PassResult, run_pass
from tests.contract.report.history import History
from tests.contract.report.raw_world import World, ask, read_world
from tests.running import ROOT, Sandbox, clean_environment, running_sandbox

Json: TypeAlias = dict[str, Any]


@dataclass
class Workspace:
    """A sandbox, a store that is filled from it, and everything that the sandbox has shown so far."""

    sandbox: Sandbox
    folder: Path
    zone: str = "UTC"
    """REPORT_TIME_ZONE."""
    history: History = field(default_factory=History)
    _last: World | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The settings: no key."""
        return {
            "DATA_DIR": str(self.folder),
            "SANDBOX_PORT": str(self.sandbox.port),
            "REPORT_TIME_ZONE": self.zone,
        }

    def settle(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let these be the settings of this process, and no others."""
        for name in os.environ.keys() - clean_environment().keys():
            monkeypatch.delenv(name)
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)

    def run(self, module: str, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """`python -m module ...` to its end; `more` are other settings."""
        command = [sys.executable, "-m", module, *words]
        settings = clean_environment() | self.environment | more
        return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120)

    def as_user(self, external_id: str, method: str, path: str, body: Json | None = None) -> Any:
        """What Recall's API answers to a token of this user's, as to its own program."""
        api = f"{self.sandbox.url}/api/v1/calendar/"
        minted = ask(f"{api}authenticate/", {"Authorization": f"Token {self.sandbox.key}"}, {"user_id": external_id})
        return ask(f"{api}{path}", {"x-recallcalendarauthtoken": minted["token"]}, body, method)

    def look(self, as_of: datetime) -> None:
        """See for ourselves what the sandbox shows now, which is what the pass that began at `as_of` read."""
        self._last = read_world(self.sandbox.url, self.sandbox.key, as_of, before=self._last)
        self.history.add(self._last)


@contextmanager
def standing_still(folder: Path, now: datetime, *, users: int, meetings: int, seed: int = 7) -> Iterator[Workspace]:
    """A workspace whose sandbox keeps showing `now`, and books at once."""
    with running_sandbox(folder, users=users, meetings=meetings, seed=seed) as sandbox:
        sandbox.control("POST", "clock/", {"now": now.isoformat(), "frozen": True})
        sandbox.control("POST", "settings/", {"booking_lag_seconds": 0})
        yield Workspace(sandbox, folder / "data")


def sync_once(workspace: Workspace) -> Json:
    """One real pass in a process of its own; answers what it counted."""
    ended = workspace.run("lib.sync", "once", "--json")
    assert ended.returncode == 0, ended.stderr
    counted: Json = json.loads(ended.stdout)
    return counted


def sync_at(workspace: Workspace, moment: datetime) -> PassResult:
    """One complete pass in this process, whose clock stands still at `moment`."""
    url = f"sqlite:///{workspace.folder / 'sandbox.db'}"
    migrate(url)
    with (
        closing(open_store(url, recall_base_url="http://127.0.0.1")) as store,
        open_recall(workspace.sandbox.url, SecretStr(workspace.sandbox.key), clock=lambda: moment) as recall,
    ):
        done = run_pass(store, recall, holder=new_holder(), clock=lambda: moment)
    assert done.state is PassState.COMPLETE, done.problem
    return done


def now() -> datetime:
    return datetime.now(UTC)

"""kill -9 at twenty points chosen by a seed, then one more pass: the store is that of an undisturbed pass."""

import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.contract.sync.passes.looking import rows
from tests.running import ROOT, Sandbox, clean_environment, free_port, running

NOW = datetime(2026, 11, 24, 10, 17, tzinfo=UTC)
KILLS, STORES, SEED = 20, 5, 20261124

Ask = Callable[[Path, float], str]


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A small world in which time stands still, slow enough for a pass to be met in the middle."""
    port, log = free_port(), tmp_path / "sandbox.log"
    words = f"--port {port} --users 10 --meetings-per-user 10 --seed 3 --no-rate-limits --latency-ms 12"
    command = [sys.executable, "-m", "lib.sandbox", *words.split(), "--now", NOW.isoformat()]
    with running(command, log, f"http://127.0.0.1:{port}/control/clock/"):
        yield Sandbox(port, "sandbox-key", log)


@pytest.fixture
def ask(sandbox: Sandbox) -> Iterator[Ask]:
    """A pass into the store in a file, killed after so many seconds; 0 lets it come to its end."""
    command = [sys.executable, "-m", "tests.contract.sync.passes.dying", sandbox.url, sandbox.key, NOW.isoformat()]
    with subprocess.Popen(
        command, cwd=ROOT, env=clean_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        into, out = process.stdin, process.stdout

        def asked(file: Path, seconds: float) -> str:
            print(f"sqlite:///{file}?timeout=5 {seconds}", file=into, flush=True)
            return out.readline().strip()

        yield asked
        into.close()


def test_a_store_is_what_an_undisturbed_pass_leaves_however_often_its_passes_were_killed(
    ask: Ask, made_file: Path, tmp_path: Path
) -> None:
    chance, undisturbed = random.Random(SEED), tmp_path / "undisturbed.db"  # noqa: S311 - which points
    shutil.copy(made_file, undisturbed)
    began = monotonic()
    assert ask(undisturbed, 0) == "done"
    lasts, met = monotonic() - began, 0
    for number in range(STORES):
        file = Path(shutil.copy(made_file, tmp_path / f"killed-{number}.db"))
        met += sum(ask(file, chance.uniform(0.02, lasts * 0.8)) == "killed" for _ in range(KILLS // STORES))
        assert ask(file, 0) == "done"
        assert _as_told(file) == _as_told(undisturbed)
        passes = rows(file, without=frozenset())["sync_pass"]
        assert passes[-1]["state"] == "complete"
    assert met >= KILLS / 2


def _as_told(file: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows, with names of the world in place of the store's own numbers, and without versions."""
    tables = rows(file)
    users = {row["pk"]: row["id"] for row in tables["calendar_user"]}
    entries = {row["pk"]: (row["id"], users[row["user"]]) for row in tables["entry"]}
    for row in (*tables["reading"], *tables["entry"], *tables["observation"]):
        row["user"] = users[row["user"]]
    for row in tables["entry_details"]:
        row["entry"] = entries[row["entry"]]
    for row in tables["version"]:
        del row["version"]
    for table in tables.values():
        for row in table:
            row.pop("ver", None)
            row.pop("pk", None)
    return {name: sorted(table, key=repr) for name, table in tables.items()}

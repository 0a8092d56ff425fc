"""kill -9 at twenty points chosen by a seed, then one more pass: the store is that of an undisturbed pass."""

import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.contract.sync.passes.looking import rows
from tests.running import ROOT, Sandbox, clean_environment, free_port, running

NOW = datetime(2026, 11, 24, 10, 17, tzinfo=UTC)
KILLS, ON_ONE_STORE, SEED = 20, 4, 20261124

Ask = Callable[[Path, int], tuple[str, int]]


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A small world in which time stands still."""
    port, log = free_port(), tmp_path / "sandbox.log"
    words = f"--port {port} --users 8 --meetings-per-user 8 --seed 3 --no-rate-limits"
    command = [sys.executable, "-m", "lib.sandbox", *words.split(), "--now", NOW.isoformat()]
    with running(command, log, f"http://127.0.0.1:{port}/control/clock/"):
        yield Sandbox(port, "sandbox-key", log)


@pytest.fixture
def ask(sandbox: Sandbox) -> Iterator[Ask]:
    """A pass into the store in a file, killed before one of its statements (0: it comes to its end)."""
    command = [sys.executable, "-m", "tests.contract.sync.passes.dying", sandbox.url, sandbox.key, NOW.isoformat()]
    with subprocess.Popen(
        command, cwd=ROOT, env=clean_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        into, out = process.stdin, process.stdout

        def asked(file: Path, fatal: int) -> tuple[str, int]:
            print(f"sqlite:///{file}?timeout=5 {fatal}", file=into, flush=True)
            became, made = out.readline().split()
            return became, int(made)

        yield asked
        into.close()


def test_a_store_is_what_an_undisturbed_pass_leaves_however_often_its_passes_were_killed(
    ask: Ask, made_file: Path, tmp_path: Path
) -> None:
    chance, undisturbed = random.Random(SEED), tmp_path / "undisturbed.db"  # noqa: S311 - which points
    shutil.copy(made_file, undisturbed)
    became, statements = ask(undisturbed, 0)
    assert became == "done"
    expected, killed = _as_told(undisturbed), 0
    while killed < KILLS:
        file = Path(shutil.copy(made_file, tmp_path / f"killed-{killed}.db"))
        points = [chance.randint(1, statements) for _ in range(ON_ONE_STORE)]
        killed += sum(ask(file, point)[0] == "killed" for point in points)
        assert ask(file, 0)[0] == "done"
        assert _as_told(file) == expected
        assert rows(file, without=frozenset())["sync_pass"][-1]["state"] == "complete"


def _as_told(file: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows, with names of the world in place of the store's own numbers, and without versions."""
    tables = rows(file)
    users = {row["pk"]: row["id"] for row in tables["calendar_user"]}
    entries = {row["pk"]: (row["id"], users[row["user"]]) for row in tables["entry"]}
    for row in (*tables["last_read"], *tables["entry"], *tables["observation"]):
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

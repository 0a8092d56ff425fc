"""The supervisor in a folder of its own, on free ports."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.contract.supervisor.starting import WAITS_SECONDS, Run, Start
from tests.modes import umask
from tests.running import ROOT, free_port


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The project in a folder of its own, without the `.env` of the person who runs the tests."""
    house = tmp_path / "house"
    house.mkdir()
    for name in ("app.py", "lib", "pages", ".streamlit"):
        (house / name).symlink_to(ROOT / name)
    return house


@pytest.fixture
def start(house: Path, tmp_path: Path) -> Iterator[Start]:
    """Start it on free ports; whatever of it still runs at the end of the test is ended by its id."""
    runs: list[Run] = []

    def starting(**settings: str) -> Run:
        ports = free_port(), free_port()
        named = {"PORT": str(ports[0]), "SANDBOX_PORT": str(ports[1]), "DEMO": "fresh"} | settings
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("RECALL_", "DATABASE_", "DATA_"))}
        log = tmp_path / f"supervisor-{len(runs)}.log"
        with log.open("wb") as output, umask(0):  # what is for its owner alone is so by itself
            command = [sys.executable, "-m", "lib.supervisor"]
            process = subprocess.Popen(command, cwd=house, env=clean | named, stdout=output, stderr=subprocess.STDOUT)
        runs.append(Run(process, log, ports))
        return runs[-1]

    yield starting
    for run in runs:
        if run.process.poll() is None:
            run.process.terminate()
            run.process.wait(WAITS_SECONDS)
        for pid in run.seen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

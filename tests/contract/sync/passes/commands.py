"""`python -m lib.sync` as a process of its own."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from tests.running import ROOT, Sandbox, clean_environment

SECONDS = 20


def settings(sandbox: Sandbox, file: Path, **more: str) -> dict[str, str]:
    """The environment of a sync of this sandbox into a store in `file`."""
    own = {"RECALL_API_KEY": sandbox.key, "RECALL_BASE_URL": sandbox.url}
    return clean_environment() | own | {"DATABASE_URL": f"sqlite:///{file}?timeout=0.3"} | more


def once(environment: dict[str, str], *words: str, **more: object) -> "subprocess.CompletedProcess[str]":
    """Run `once` to its end."""
    command = [sys.executable, "-m", "lib.sync", "once", *words]
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False, **more
    )


@contextmanager
def started(environment: dict[str, str], word: str, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`once` or `run`, running until the end of the block at the latest. What it says goes to `log`."""
    with log.open("wb") as output:
        command = [sys.executable, "-m", "lib.sync", word]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def until(condition: Callable[[], object], what: str = "it did not come to pass", *, seconds: float = SECONDS) -> None:
    """Wait for something that another process does."""
    ends_at = monotonic() + seconds
    while not condition():
        assert monotonic() < ends_at, what
        sleep(0.03)

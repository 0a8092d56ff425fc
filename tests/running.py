"""Starts what a test needs as processes of their own, on loopback and free ports, and ends them by their process id."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[1]
STARTS_WITHIN_SECONDS = 60
_OURS = ("RECALL_", "DATABASE_", "DATA_", "DEMO", "OIDC_", "COOKIE_", "PUBLIC_")
WATCHED_WITHIN_SECONDS = 300
"""What the thirty days before a first start may take beside other tests."""


def free_port() -> int:
    """A port of this machine that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment() -> dict[str, str]:
    """The environment without the settings of whoever runs the tests. A first start has no past, which takes long."""
    return {key: value for key, value in os.environ.items() if not key.startswith(_OURS)} | {"DEMO": "fresh"}


@contextmanager
def running(
    command: list[str],
    log: Path,
    answers_at: str,
    environment: Mapping[str, str] | None = None,
    starts_within: float = STARTS_WITHIN_SECONDS,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `command` until the end of the block; it has answered at `answers_at` when the block begins."""
    settings = clean_environment() | dict(environment or {})
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_it_answers(process, answers_at, log, starts_within)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", url: str, log: Path, within: float) -> None:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"it ended while starting: {log.read_text(errors='replace')[-2000:]}")
        try:
            with urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"it does not answer at {url}: {log.read_text(errors='replace')[-2000:]}")


@dataclass(frozen=True)
class Sandbox:
    """A sandbox that runs, and its control route."""

    port: int
    key: str
    log: Path

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.port}"

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Call the control route; answers its JSON."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(f"{self.url}/control/{path}", data, headers, method=method)  # noqa: S310 - loopback
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            text = answer.read()
        return json.loads(text) if text else None

    def add_user(
        self,
        external_id: str | None,
        *,
        email: str | None = None,
        preferences: Mapping[str, Any] | None = None,
        connections: list[dict[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """Add a calendar user, with one Google calendar of `email` unless `connections` says otherwise."""
        own = [{"platform": "google", "email": email}] if email else []
        body = {"external_id": external_id, "connections": own if connections is None else connections}
        added: dict[str, Any] = self.control("POST", "users/", body | {"preferences": dict(preferences or {})})
        return added

    def add_meeting(self, user: str, **facts: Any) -> dict[str, Any]:
        """Put a meeting into the calendar of the user with this id; what is not named has a plain default."""
        added: dict[str, Any] = self.control("POST", "meetings/", {"user": user, **facts})
        return added

    def break_calls(self, path: str, **how: Any) -> None:
        """Let the next call of a path, such as `/api/v1/calendar/user/`, go wrong as the control route allows."""
        self.control("POST", "faults/", {"path": path, **how})

    def heal(self) -> None:
        """No call goes wrong any more."""
        self.control("DELETE", "faults/")

    def asked(self, method: str | None = None, path: str | None = None) -> list[dict[str, Any]]:
        """The requests that came so far, oldest first, or those of one method and path."""
        wanted = {name: word for name, word in (("method", method), ("path", path)) if word}
        noted: list[dict[str, Any]] = self.control("GET", f"log/?{urlencode(wanted)}")
        return noted

    def forget_asked(self) -> None:
        """Begin the request log anew."""
        self.control("DELETE", "log/")


@contextmanager
def running_sandbox(
    folder: Path, *, users: int = 25, meetings: int = 60, seed: int = 7, key: str = "sandbox-key", limits: bool = False
) -> Iterator[Sandbox]:
    """A sandbox of its own, without rate limits unless `limits`."""
    port, log = free_port(), folder / "sandbox.log"
    command = [sys.executable, "-m", "lib.sandbox", "--port", str(port), "--users", str(users)]
    command += ["--meetings-per-user", str(meetings), "--seed", str(seed), "--api-key", key]
    command += [] if limits else ["--no-rate-limits"]
    with running(command, log, f"http://127.0.0.1:{port}/control/clock/"):
        yield Sandbox(port, key, log)


@dataclass(frozen=True)
class RunningDesk:
    """What `make run` starts, running: the dashboard's address and its sandbox."""

    url: str
    sandbox: Sandbox
    log: Path


@contextmanager
def running_desk(folder: Path, *, watched: bool = False) -> Iterator[RunningDesk]:
    """Everything that `make run` starts, with the sandbox of its own defaults, its files in `folder`.

    `watched`: the sandbox has a past, which takes a while.
    """
    port, sandbox_port, log = free_port(), free_port(), folder / "desk.log"
    places = {"PORT": str(port), "SANDBOX_PORT": str(sandbox_port), "DATA_DIR": str(folder / "data")}
    url, within = f"http://127.0.0.1:{port}", WATCHED_WITHIN_SECONDS if watched else STARTS_WITHIN_SECONDS
    places |= {"DEMO": "30"} if watched else {}
    with running([sys.executable, "-m", "lib.supervisor"], log, f"{url}/healthz", places, within):
        yield RunningDesk(url, Sandbox(sandbox_port, "sandbox-key", log), log)


@contextmanager
def ready_for_a_test(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox whole, with an empty log, and booking at once; what the test breaks is healed after it."""
    sandbox.control("POST", "settings/", {"booking_lag_seconds": 0})
    sandbox.forget_asked()
    yield sandbox
    sandbox.heal()

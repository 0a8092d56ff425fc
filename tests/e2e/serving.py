"""Dashboards through their real start, with staff and calendar users of their own, each behind a wiretap."""

import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from lib.settings import load_settings
from lib.staff import accounts
from lib.staff.permissions import Role
from lib.store import migrate, open_store
from tests.e2e.wiretap import Wiretap, wiretap
from tests.running import ROOT, Sandbox, clean_environment, free_port, running, running_sandbox

KEY = f"canary/{secrets.token_hex(12)}+key="
"""The API key that must show up nowhere. Its signs look different once they are percent-encoded."""
PRIVATE_TITLE = f"canary of a private meeting {secrets.token_hex(6)}"
"""What the private meetings of one calendar user are called, at Recall alone."""
PASSWORD = "a long enough password"
STAFF = {"viewer": "Vera Lind", "editor": "Dana Weiss"}
"""Role, which is also the name to sign in with, and display name."""
INTERNAL = ("Design review", "Roadmap talk", "Hiring round")
EXTERNAL = ("Kick-off with Partner", "Quarterly with Partner")
EXTERNAL_ALONE = {"record_external": True}
PASSES_WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Dashboard:
    """A dashboard that runs. Browsers use `url`, which is the wiretap's."""

    tap: Wiretap
    log: Path
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        return self.tap.url

    def wait_for_a_pass(self) -> None:
        """Until the sync beside the server has read everybody once."""
        deadline = time.monotonic() + PASSES_WITHIN_SECONDS
        while self.health()["as_of"] is None:
            assert time.monotonic() < deadline, self.log.read_text()[-2000:]
            time.sleep(0.1)

    def health(self) -> dict[str, Any]:
        """What `/healthz` says, asked past the wiretap."""
        with urlopen(f"http://127.0.0.1:{self.environment['PORT']}/healthz", timeout=10) as answer:
            said: dict[str, Any] = json.load(answer)
        return said

    @property
    def data(self) -> Path:
        """Where its files are."""
        return Path(self.environment["DATA_DIR"])

    def store_files(self) -> bytes:
        """What lies in the data directory, byte for byte, the database's log of writes included."""
        files = self.data.iterdir()
        return b"\n".join(file.read_bytes() for file in files if file.is_file())

    def staff(self, *words: str, password: str = "") -> None:
        """`python -m lib.staff ...` on this dashboard's store."""
        command_line("lib.staff", *words, environment=self.environment, says=password)


@contextmanager
def running_dashboard(folder: Path, environment: Mapping[str, str]) -> Iterator[Dashboard]:
    """What `make run` starts, with these settings; its files are in `folder`."""
    port, log = free_port(), folder / "dashboard.log"
    settings = {"PORT": str(port), "DATA_DIR": str(folder / "data"), **environment}
    with (
        running([sys.executable, "-m", "lib.supervisor"], log, f"http://127.0.0.1:{port}/healthz", settings),
        wiretap(port) as tap,
    ):
        yield Dashboard(tap, log, settings)


@contextmanager
def running_with_a_key(folder: Path, recall_url: str) -> Iterator[Dashboard]:
    """A dashboard as in production: it has a key, and accounts that an admin added."""
    folder.mkdir(exist_ok=True)
    environment = {"RECALL_API_KEY": KEY, "RECALL_BASE_URL": recall_url, "DATA_DIR": str(folder / "data")}
    (folder / "data").mkdir()
    for role, display in STAFF.items():
        add_staff(environment, role, role=role, display=display)
    with running_dashboard(folder, environment) as dashboard:
        yield dashboard


@contextmanager
def running_beside(desk: Dashboard, log: Path, **settings: str) -> Iterator[Dashboard]:
    """A fresh server process on the same store as `desk`, with other settings or none, which has served nobody yet."""
    port, environment = free_port(), {**desk.environment, **settings}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with running(command, log, f"http://127.0.0.1:{port}/healthz", environment), wiretap(port) as tap:
        yield Dashboard(tap, log, environment)
    assert "Traceback" not in log.read_text()


def add_staff(environment: Mapping[str, str], name: str, *, role: str, display: str) -> None:
    """Add an account whose password is `PASSWORD`, as the command does, without a process for it."""
    with pytest.MonkeyPatch.context() as patch:
        for setting, value in environment.items():
            patch.setenv(setting, value)
        settings = load_settings()
    migrate(settings.store_url)
    with closing(open_store(settings.store_url, recall_base_url=settings.workspace_url)) as store:
        accounts.add(store, name, role=Role(role), display=display, password=PASSWORD)


def command_line(module: str, *words: str, environment: Mapping[str, str], says: str = "") -> None:
    """Run `python -m module ...` to its end, which must be a good one."""
    ended = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env=clean_environment() | dict(environment),
        input=says.encode(),
        capture_output=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr.decode()


@dataclass(frozen=True)
class Somebody:
    """A calendar user whom no other test touches: three internal meetings and two external ones ahead, one past.

    Only external meetings are recorded at first.
    """

    id: str
    external_id: str
    email: str


@dataclass
class Workspace:
    """A sandbox, what the dashboard says to it, and calendar users for tests to take."""

    sandbox: Sandbox
    line: Wiretap
    """Between the dashboard and the sandbox."""
    waiting: list[Somebody] = field(default_factory=list)
    people: int = 0
    """How many there have been."""
    private: str = ""
    """Recall's id of somebody all of whose meetings are private, and called `PRIVATE_TITLE`."""

    def take_somebody(self) -> Somebody:
        """A calendar user that is nobody else's, in the users list from the beginning."""
        assert self.waiting, "all calendar users are taken: let the workspace begin with more"
        return self.waiting.pop()

    def make_somebody_private(self) -> None:
        """One of the world's own, whose meetings stand in everybody's figures and lists."""
        users = self._ask("GET", "users/", None, {"Authorization": f"Token {KEY}"})
        one = next(user for user in users if user["external_id"] and any(c["connected"] for c in user["connections"]))
        self.private = one["id"]
        for meeting in self.ask_as(Somebody(one["id"], one["external_id"], ""), "GET", "meetings/"):
            facts = {"title": PRIVATE_TITLE, "visibility": "private"}
            self.sandbox.control("PATCH", f"meetings/{meeting['id']}/", facts)

    def add_somebody(self) -> Somebody:
        """A calendar user who comes now, after what was read so far."""
        self.people += 1
        return _add_somebody(self.sandbox, self.people)

    def ask_as(self, somebody: Somebody, method: str, path: str, body: Any = None) -> Any:
        """Call Recall's API as another program would, with that user's own token."""
        token = self._ask("POST", "authenticate/", {"user_id": somebody.external_id}, {"Authorization": f"Token {KEY}"})
        return self._ask(method, path, body, {"x-recallcalendarauthtoken": token["token"]})

    def preferences_of(self, somebody: Somebody) -> dict[str, Any]:
        """What is set now, asked of Recall itself."""
        found: dict[str, Any] = self.ask_as(somebody, "GET", "user/")["preferences"]
        return found

    def booked(self, somebody: Somebody) -> set[str]:
        """Titles of the meetings ahead that have a bot."""
        rows = self.ask_as(somebody, "GET", "meetings/")
        rows = rows["results"] if isinstance(rows, dict) else rows
        return {row["title"] for row in rows if row["bot_id"] and not row["title"].startswith("Past")}

    def writes(self) -> int:
        """How many changes of preferences were sent to Recall since `sandbox.forget_asked`."""
        return len(self.sandbox.asked("PUT", "/api/v1/calendar/user/"))

    def _ask(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Any:
        url = f"{self.sandbox.url}/api/v1/calendar/{path}"
        data = None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **headers}
        with urlopen(Request(url, data, sent, method=method), timeout=10) as answer:  # noqa: S310 - loopback
            return json.loads(answer.read() or b"null")


@contextmanager
def running_workspace(folder: Path, *, people: int) -> Iterator[Workspace]:
    """A small world, in which `people` calendar users are there for tests to take."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(running_sandbox(folder, users=12, meetings=20, key=KEY))
        workspace = Workspace(sandbox, stack.enter_context(wiretap(sandbox.port)))
        sandbox.control("POST", "settings/", {"booking_lag_seconds": 0.5})
        workspace.make_somebody_private()
        workspace.waiting.extend(workspace.add_somebody() for _ in range(people))
        yield workspace


def _add_somebody(sandbox: Sandbox, number: int) -> Somebody:
    external_id, email = f"somebody-{number:02}", f"somebody.{number:02}@browser.example"
    user = sandbox.add_user(external_id, email=email, preferences=EXTERNAL_ALONE)
    plan = [(title, False, hour) for hour, title in enumerate(INTERNAL, start=1)]
    plan += [(title, True, hour) for hour, title in enumerate(EXTERNAL, start=5)]
    plan += [("Past review", True, -24)]
    meetings = [
        {"user": user["id"], "title": title, "is_external": external, "start_in_seconds": hour * 3600}
        for title, external, hour in plan
    ]
    sandbox.control("POST", "meetings/", meetings)
    return Somebody(user["id"], external_id, email)

"""The sandbox as a process of its own on loopback, and short ways to talk to it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[3]
KEY = {"Authorization": "Token sandbox-key"}
CALENDAR = "/api/v1/calendar"
NOW = "2026-11-24T09:00:00+00:00"


class Sandbox:
    """A running sandbox: `get` and the like take paths, answer responses, and never follow a redirect."""

    def __init__(self, process: subprocess.Popen[str], base: str, session: requests.Session) -> None:
        self.process = process
        self.base = base
        self._session = session
        self._users = 0

    def ask(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        return self._session.request(method, self.base + path, allow_redirects=False, timeout=30, **kwargs)

    def get(self, path: str, **kwargs: Any) -> requests.Response:
        return self.ask("GET", path, **kwargs)

    def control(self, path: str, body: Any = None, method: str = "POST") -> Any:
        response = self.ask(method, f"/control/{path}", json=body)
        assert response.ok, response.text
        return response.json() if response.content else None

    def advance(self, seconds: float) -> None:
        self.control("clock/", {"advance_seconds": seconds})

    def new_user(self, *flags: str, platforms: tuple[str, ...] = ("google",), domain: str = "acme.example") -> str:
        """Add a user with these preferences on and these calendars; answers its external id."""
        self._users += 1
        name = f"user-{self._users}-{time.monotonic_ns()}"
        connections = [{"platform": p, "email": f"{name}@{p}.{domain}"} for p in platforms]
        self.control(
            "users/", {"external_id": name, "connections": connections, "preferences": dict.fromkeys(flags, True)}
        )
        return name

    def token(self, user: str) -> dict[str, str]:
        """The header that a fresh token of this user goes in."""
        answer = self.ask("POST", f"{CALENDAR}/authenticate/", headers=KEY, json={"user_id": user})
        return {"x-recallcalendarauthtoken": answer.json()["token"]}

    def add_meeting(self, user: str, **facts: Any) -> Any:
        return self.control("meetings/", {"user": user, **facts})

    def meeting(self, user: str, meeting: Any) -> Any:
        return self.get(f"{CALENDAR}/meetings/{meeting['id']}/", headers=self.token(user)).json()

    def meetings(self, user: str, **params: str) -> list[Any]:
        """All that are shown, unless bounds are given."""
        params = params or {"start_time_after": "2000-01-01T00:00:00Z"}
        return list(self.get(f"{CALENDAR}/meetings/", headers=self.token(user), params=params).json())

    def prefer(self, user: str, **preferences: Any) -> Any:
        answer = self.ask("PUT", f"{CALENDAR}/user/", headers=self.token(user), json={"preferences": preferences})
        assert answer.ok, answer.text
        return answer.json()

    def override(self, user: str, meeting: Any, value: bool | None) -> Any:
        path, body = f"{CALENDAR}/meetings/{meeting['id']}/", {"override_should_record": value}
        return self.ask("PUT", path, headers=self.token(user), json=body).json()

    def bot(self, id_: str) -> requests.Response:
        return self.get(f"/api/v1/bot/{id_}/", headers=KEY)


@contextmanager
def running(*options: str) -> Iterator[Sandbox]:
    """Start a sandbox on a free port, and end it by its own process id."""
    command = [sys.executable, "-m", "lib.sandbox", "--port", "0", *options]
    with (
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process,
        requests.Session() as session,
    ):
        try:
            assert process.stdout is not None
            yield Sandbox(process, process.stdout.readline().split()[-1], session)
        finally:
            process.kill()

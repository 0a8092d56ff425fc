"""Client of the sandbox's control route, through which the demo changes the world."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from time import monotonic
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from pydantic import SecretStr

CALENDAR = "api/v1/calendar"


class MovedClock:
    """A `lib.clock.Clock` that keeps step with a sandbox whose clock was set at the same moment."""

    def __init__(self) -> None:
        self._set_to, self._set_at = datetime.now(UTC), monotonic()

    def __call__(self) -> datetime:
        """The time (UTC)."""
        return self._set_to + timedelta(seconds=monotonic() - self._set_at)

    def set(self, now: datetime) -> None:
        """Set the time, which runs on from there."""
        self._set_to, self._set_at = now, monotonic()


class SandboxControl:
    """A sandbox on this machine. All methods raise `OSError` if it does not answer, or refuses."""

    def __init__(self, url: str, api_key: SecretStr) -> None:
        self._url, self._key = url, api_key
        self.clock = MovedClock()
        """The sandbox's time, once it is set."""

    def set_clock(self, now: datetime) -> None:
        """Set the sandbox's clock and `clock`, which run on from there."""
        self._control("POST", "clock/", {"now": now.isoformat(), "frozen": False})
        self.clock.set(now)

    def break_connection(self, user_id: str, platform: str) -> None:
        """Let Recall lose access to a calendar."""
        self._control("POST", "connections/", {"user": user_id, "platform": platform, "connected": False})

    def connect(self, user_id: str, platform: str, email: str) -> None:
        """Connect a calendar, or a lost one again, as its owner does."""
        body = {"user": user_id, "platform": platform, "email": email, "connected": True}
        self._control("POST", "connections/", body)

    def create_user(self, external_id: str, preferences: Mapping[str, bool]) -> str:
        """Create a calendar user without a calendar; answers Recall's id."""
        added = self._control("POST", "users/", {"external_id": external_id, "preferences": dict(preferences)})
        return str(added["id"])

    def delete_user(self, external_id: str) -> None:
        """Delete a user by Recall's API, as the owner's product does (contract 3.5)."""
        key = {"Authorization": f"Token {self._key.get_secret_value()}"}
        token = self._ask("POST", f"{CALENDAR}/authenticate/", {"user_id": external_id}, key)["token"]
        self._ask("DELETE", f"{CALENDAR}/user/", None, {"x-recallcalendarauthtoken": token})

    def set_preferences(self, user_id: str, preferences: Mapping[str, bool]) -> None:
        """Set a user's preferences, as the owner's product does."""
        self._control("POST", "preferences/", {"user": user_id, "preferences": dict(preferences)})

    def delete_meeting(self, meeting_id: str) -> None:
        """Delete an event; one that its calendar no longer shows counts as deleted."""
        try:
            self._control("DELETE", f"meetings/{meeting_id}/")
        except HTTPError as refusal:
            if refusal.code != HTTPStatus.BAD_REQUEST:
                raise

    def reschedule(self, meeting_id: str, start: datetime, end: datetime) -> None:
        """Give an upcoming event another time."""
        times = {"start_time": start.isoformat(), "end_time": end.isoformat()}
        self._control("PATCH", f"meetings/{meeting_id}/", times)

    def drag(self, meeting_id: str, start: datetime, *, keep_bot: bool) -> None:
        """Drag an event to another time, held or not: what was held keeps its bot."""
        self._control("POST", "drags/", {"meeting": meeting_id, "start_time": start.isoformat(), "keep_bot": keep_bot})

    def set_raw_fields(self, meeting_id: str, fields: Mapping[str, Any]) -> None:
        """Set fields of Recall's row of a meeting, of any form."""
        self._control("PATCH", f"meetings/{meeting_id}/", {"extra": dict(fields)})

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        return self._ask(method, f"control/{path}", body, {})

    def _ask(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Any:
        data = None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **headers}
        request = Request(f"{self._url}/{path}", data, sent, method=method)  # noqa: S310 - loopback, our own address
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback, our own address
            return json.loads(answer.read() or b"null")

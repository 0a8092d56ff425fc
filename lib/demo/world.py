"""What happens in the world whether anybody watches or not: asked of the sandbox's control route."""

import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from pydantic import SecretStr

CALENDAR = "api/v1/calendar"


class World:
    """A sandbox on this machine. Its methods raise `OSError` where it does not answer, or refuses."""

    def __init__(self, url: str, api_key: SecretStr) -> None:
        self._url, self._key = url, api_key

    def set_clock(self, now: datetime) -> None:
        """Make it this time there; it runs on."""
        self._control("POST", "clock/", {"now": now.isoformat(), "frozen": False})

    def lose(self, user_id: str, platform: str) -> None:
        """Recall cannot read this calendar any more."""
        self._control("POST", "connections/", {"user": user_id, "platform": platform, "connected": False})

    def connect(self, user_id: str, platform: str, email: str) -> None:
        """Its owner connects a calendar, a lost one too."""
        body = {"user": user_id, "platform": platform, "email": email, "connected": True}
        self._control("POST", "connections/", body)

    def arrive(self, external_id: str, preferences: Mapping[str, bool]) -> str:
        """A new calendar user without a calendar; answers Recall's id of it."""
        added = self._control("POST", "users/", {"external_id": external_id, "preferences": dict(preferences)})
        return str(added["id"])

    def leave(self, external_id: str) -> None:
        """The owner's product deletes a user, by Recall's API as it does (contract 3.5)."""
        key = {"Authorization": f"Token {self._key.get_secret_value()}"}
        token = self._ask("POST", f"{CALENDAR}/authenticate/", {"user_id": external_id}, key)["token"]
        self._ask("DELETE", f"{CALENDAR}/user/", None, {"x-recallcalendarauthtoken": token})

    def prefer(self, user_id: str, preferences: Mapping[str, bool]) -> None:
        """The owner's product sets a user's preferences."""
        self._control("POST", "preferences/", {"user": user_id, "preferences": dict(preferences)})

    def cancel(self, meeting_id: str) -> None:
        """The event is deleted; from a calendar that does not show it any more, it is gone already."""
        try:
            self._control("DELETE", f"meetings/{meeting_id}/")
        except HTTPError as refusal:
            if refusal.code != HTTPStatus.BAD_REQUEST:
                raise

    def move(self, meeting_id: str, start: datetime, end: datetime) -> None:
        """An event that is still to come gets another time."""
        times = {"start_time": start.isoformat(), "end_time": end.isoformat()}
        self._control("PATCH", f"meetings/{meeting_id}/", times)

    def drag(self, meeting_id: str, start: datetime, *, keep_bot: bool) -> None:
        """An event is dragged to another time, whether it was held or not: what was held stays with its bot."""
        self._control("POST", "drags/", {"meeting": meeting_id, "start_time": start.isoformat(), "keep_bot": keep_bot})

    def spoil(self, meeting_id: str, fields: Mapping[str, Any]) -> None:
        """From now on Recall's row of a meeting has these fields, of whatever form."""
        self._control("PATCH", f"meetings/{meeting_id}/", {"extra": dict(fields)})

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        return self._ask(method, f"control/{path}", body, {})

    def _ask(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Any:
        data = None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **headers}
        request = Request(f"{self._url}/{path}", data, sent, method=method)  # noqa: S310 - loopback, our own address
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback, our own address
            return json.loads(answer.read() or b"null")

"""Recall's own answers about a whole workspace, as plain JSON, read with urllib alone. Nothing of lib is used."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

Json: TypeAlias = dict[str, Any]

AHEAD = timedelta(days=31)


@dataclass(frozen=True)
class World:
    """What Recall answered around `at`."""

    at: datetime
    users: list[Json]
    meetings: dict[str, list[Any] | None]
    """By Recall's id of the user, rows as they came; None: they could not be read. Without external_id: not here."""
    bots: dict[str, Json | None]
    """By id; None: it could not be read."""


def read_world(base_url: str, key: str, at: datetime, *, before: World | None = None) -> World:
    """Read everybody's meetings from 60 days before `at` to 31 days after it, and all bots named now or `before`."""
    by_key = {"Authorization": f"Token {key}"}
    users = ask(f"{base_url}/api/v1/calendar/users/", by_key)
    assert isinstance(users, list)
    meetings = {u["id"]: _meetings(base_url, by_key, u["external_id"], at) for u in users if u.get("external_id")}
    rows = [row for of_one in meetings.values() for row in of_one or [] if isinstance(row, dict)]
    named = {row["bot_id"] for row in rows if row.get("bot_id") and isinstance(row["bot_id"], str)}
    wanted = sorted(named | (before.bots.keys() if before else set()))
    bots = {bot_id: ask(f"{base_url}/api/v1/bot/{bot_id}/", by_key) for bot_id in wanted}
    return World(at, users, meetings, bots)


def _meetings(base_url: str, by_key: dict[str, str], external_id: str, at: datetime) -> list[Any] | None:
    token = ask(f"{base_url}/api/v1/calendar/authenticate/", by_key, {"user_id": external_id})
    if token is None:
        return None
    bounds = {"start_time_after": at - timedelta(days=60), "start_time_before": at + AHEAD}
    query = urlencode({name: moment.isoformat() for name, moment in bounds.items()})
    by_token = {"x-recallcalendarauthtoken": token["token"]}
    found: list[Any] | None = ask(f"{base_url}/api/v1/calendar/meetings/?{query}", by_token)
    return found


def ask(url: str, headers: dict[str, str], body: Json | None = None, method: str | None = None) -> Any:
    """The JSON that Recall answers; None when it refuses, and for no content."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json", **headers}, method=method)  # noqa: S310 - loopback
    try:
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return json.loads(answer.read() or b"null")
    except HTTPError:
        return None

"""Everything this project may ask of Recall: a closed list of calls, checked before any socket is opened.

A key can do far more than this dashboard should (delete media, fetch calendars' own tokens), so what is not listed here
cannot be sent. Ids are uuids and nothing else, which leaves no room for `..`, `?` or `%2f` in a path.
"""

import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote

from lib.errors import CallNotAllowed

UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"


class Credential(Enum):
    """What a call is authorised with (contract 2.3). Never both."""

    KEY = "the workspace's API key"
    TOKEN = "one user's calendar token"  # noqa: S105 - a description, not a secret


class Retryable(Enum):
    """Whether a call may be repeated automatically when its answer was lost or was a 5xx (contract 12.4)."""

    SAFE = "reads, and minting"
    COSTLY = "harmless but dear: asked once"
    NEVER = "a write: its outcome is unknown, so the caller reads back"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many calls a minute Recall takes, and how many of them background work may take.

    The rest is kept for people who wait at a page, so that a pass does not hold them up for a minute.
    """

    calls: int
    in_background: int


MINTED = RateLimit(300, 290)
"""Tokens, per workspace (contract 3.1)."""
LISTED = RateLimit(60, 55)
"""The users list and the list of bots, each per workspace (contract 3.2 and 9.1)."""
BOTS_READ = RateLimit(300, 290)
"""Single bots, per workspace (contract 9.1)."""
OF_A_USER = RateLimit(120, 110)
"""All calls with one user's token, per calendar user (contract 3.3 to 3.10)."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the API.

    `seconds` is the least total time it gets, because some answers take long. `most_bytes` and `most_rows` limit an
    answer, or all pages of a list together. A late answer to a call that `may_be_slow` says nothing about Recall as a
    whole (contract N1).
    """

    method: str
    template: str
    credential: Credential
    limit: RateLimit = OF_A_USER
    repeat: Retryable = Retryable.SAFE
    tries: int = 5
    seconds: float = 0.0
    may_be_slow: bool = False
    most_bytes: int = 32_000_000
    most_rows: int = 1_000_000

    def matches(self, method: str, path: str) -> bool:
        """Whether `method` and `path`, character for character, are this call with a uuid in place of `{id}`."""
        pattern = re.escape(self.template).replace(r"\{id\}", UUID)
        return method == self.method and re.fullmatch(pattern, path) is not None

    def path(self, id: str = "") -> str:
        """The path with `id` filled in. Raises `CallNotAllowed` unless the id is a uuid."""
        if "{id}" in self.template and not re.fullmatch(UUID, id):
            raise CallNotAllowed(self.method)
        return self.template.replace("{id}", quote(id, safe=""))


_CALENDAR = "/api/v1/calendar/"
_KEY, _TOKEN = Credential.KEY, Credential.TOKEN

AUTHENTICATE = Endpoint("POST", f"{_CALENDAR}authenticate/", _KEY, MINTED, tries=3)
LIST_USERS = Endpoint("GET", f"{_CALENDAR}users/", _KEY, LISTED, seconds=20, most_bytes=100_000_000)
GET_USER = Endpoint("GET", f"{_CALENDAR}user/", _TOKEN)
UPDATE_USER = Endpoint("PUT", f"{_CALENDAR}user/", _TOKEN, repeat=Retryable.NEVER)
DELETE_USER = Endpoint("DELETE", f"{_CALENDAR}user/", _TOKEN, repeat=Retryable.NEVER)
DISCONNECT = Endpoint("POST", f"{_CALENDAR}user/disconnect/", _TOKEN, repeat=Retryable.NEVER)
LIST_MEETINGS = Endpoint("GET", f"{_CALENDAR}meetings/", _TOKEN, may_be_slow=True, most_rows=20_000)
GET_MEETING = Endpoint("GET", f"{_CALENDAR}meetings/{{id}}/", _TOKEN)
UPDATE_MEETING = Endpoint("PUT", f"{_CALENDAR}meetings/{{id}}/", _TOKEN, repeat=Retryable.NEVER)
REFRESH = Endpoint("POST", f"{_CALENDAR}meetings/refresh/", _TOKEN, repeat=Retryable.COSTLY, seconds=60)
LIST_BOTS = Endpoint("GET", "/api/v1/bot/", _KEY, LISTED)
GET_BOT = Endpoint("GET", "/api/v1/bot/{id}/", _KEY, BOTS_READ)

ENDPOINTS = (
    AUTHENTICATE,
    LIST_USERS,
    GET_USER,
    UPDATE_USER,
    DELETE_USER,
    DISCONNECT,
    LIST_MEETINGS,
    GET_MEETING,
    UPDATE_MEETING,
    REFRESH,
    LIST_BOTS,
    GET_BOT,
)


def endpoint_of(method: str, path: str) -> Endpoint:
    """The listed call that this is. Raises `CallNotAllowed` when it is none of them."""
    for endpoint in ENDPOINTS:
        if endpoint.matches(method, path):
            return endpoint
    raise CallNotAllowed(method)

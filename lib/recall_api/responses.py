"""What a response, or its absence, means: JSON, or the error that says what the caller does next. Pure.

Status first, then Content-Type, and JSON only where it says JSON (contract 12.1): any answer may be HTML from something
between us and Recall. A write whose answer does not say plainly what happened is of unknown outcome: never repeated.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any

from lib.errors import (
    RecallBlocked,
    RecallCalendarLost,
    RecallError,
    RecallKeyRefused,
    RecallLimited,
    RecallNotFound,
    RecallOutcomeUnknown,
    RecallOutOfCredit,
    RecallRejected,
    RecallSlow,
    RecallTokenRefused,
    RecallTooLarge,
    RecallUnreachable,
    RecallUnreadable,
)
from lib.recall_api.allow_list import Credential, Endpoint, Retryable

ABSENT = timedelta(seconds=30)
"""What to wait when the header is missing or says nothing we understand (contract 12.4)."""

LONGEST = timedelta(hours=1)
"""Nobody is believed about more than this: after an hour one call asks again and is told again."""
FIELDS_KEPT = 50
WORDS_KEPT = 300
DISTRUSTED = (
    "Recall's certificate could not be verified, so nothing was sent. "
    "An admin must check the network, and the proxy if there is one."
)


@dataclass(frozen=True, slots=True)
class Response:
    """A complete response. `headers` finds names in any case. The body may hold a token, so it is never shown."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_json(self) -> bool:
        """Whether Content-Type says so."""
        media_type = self.headers.get("Content-Type", "").split(";")[0].strip().lower()
        return media_type == "application/json" or media_type.endswith("+json")


class NoResponse(Enum):
    """Why there is no response."""

    NOT_SENT = "no connection: nothing was sent"
    DISTRUSTED = "the certificate is not the host's: nothing was sent"
    LOST = "sent, and the connection ended without an answer"
    TOO_LATE = "sent, and no whole answer came in time"
    CUT_SHORT = "the answer broke off"
    TOO_LARGE = "there is more of the answer than is taken"


@dataclass(frozen=True, slots=True)
class Attempt:
    """The result of one attempt: a value or an error, whether it may be repeated, and after how many seconds."""

    value: Any = field(default=None, repr=False)
    error: RecallError | None = None
    again: bool = False
    wait_seconds: float = 0.0


def interpret(endpoint: Endpoint, outcome: Response | NoResponse, now: datetime) -> Attempt:
    """The result of one attempt at `endpoint`, as of `now`."""
    if isinstance(outcome, NoResponse):
        return _unanswered(endpoint, outcome)
    if outcome.status == 429:
        return _limited(outcome, now)
    if outcome.status >= 500:
        return _broken(endpoint, outcome, now)
    if outcome.status >= 400:
        return Attempt(error=_refusal(endpoint, outcome))
    return _accepted(endpoint, outcome)


def unreadable(endpoint: Endpoint) -> Attempt:
    """The result for JSON that is not what `endpoint` answers with."""
    return Attempt(error=_unclear(endpoint, RecallUnreadable()))


def _unclear(endpoint: Endpoint, error: RecallError) -> RecallError:
    """`error` for a read; for a write, whose outcome is then unknown, the error that says so."""
    return RecallOutcomeUnknown() if endpoint.repeat is Retryable.NEVER else error


def _unanswered(endpoint: Endpoint, why: NoResponse) -> Attempt:
    if why is NoResponse.DISTRUSTED:
        return Attempt(error=RecallUnreachable(DISTRUSTED))
    if why is NoResponse.TOO_LARGE:
        return Attempt(error=_unclear(endpoint, RecallTooLarge()))
    if why is NoResponse.NOT_SENT:
        return Attempt(error=RecallUnreachable(), again=True)
    return Attempt(error=_unclear(endpoint, _lack(endpoint, why)), again=endpoint.repeat is Retryable.SAFE)


def _lack(endpoint: Endpoint, why: NoResponse) -> RecallError:
    if why is NoResponse.CUT_SHORT:
        return RecallUnreadable()
    return RecallSlow() if why is NoResponse.TOO_LATE and endpoint.may_be_slow else RecallUnreachable()


def _limited(answer: Response, now: datetime) -> Attempt:
    opens_at = _retry_at(answer, now)
    return Attempt(error=RecallLimited(opens_at), again=True, wait_seconds=(opens_at - now).total_seconds())


def _broken(endpoint: Endpoint, answer: Response, now: datetime) -> Attempt:
    asked_for = "Retry-After" in answer.headers
    wait = (_retry_at(answer, now) - now).total_seconds() if asked_for else 0.0
    error = _unclear(endpoint, RecallUnreachable())
    return Attempt(error=error, again=endpoint.repeat is Retryable.SAFE, wait_seconds=wait)


def _retry_at(answer: Response, now: datetime) -> datetime:
    return retry_at(answer.headers.get("Retry-After"), now, answer.headers.get("Date"))


def _refusal(endpoint: Endpoint, answer: Response) -> RecallError:
    """The error for a 4xx: it says that nothing was changed, for a write too."""
    if answer.status == 401 or (answer.status == 403 and answer.is_json):
        return RecallKeyRefused() if endpoint.credential is Credential.KEY else RecallTokenRefused()
    if answer.status == 402:
        return RecallOutOfCredit()
    if answer.status == 403:
        return RecallBlocked()
    # 404 is JSON for an unknown object and HTML for an unknown path: only the first is news of the object.
    if answer.status == 404 and answer.is_json:
        return RecallNotFound()
    if answer.status == 422 and endpoint.credential is Credential.TOKEN:
        return RecallCalendarLost(_fields(answer))
    return RecallRejected(answer.status, _fields(answer))


def _accepted(endpoint: Endpoint, answer: Response) -> Attempt:
    served = 200 <= answer.status < 300
    if served and endpoint.method == "DELETE":
        return Attempt()
    value = _json(answer) if served else None
    if value is None:
        return unreadable(endpoint)
    return Attempt(value=value)


def _json(answer: Response) -> Any:
    """The body as JSON; None when it is not JSON, or is `null`, which no call answers with."""
    if not answer.is_json:
        return None
    try:
        return json.loads(answer.body)
    # Nesting by the thousand is an answer too; so are digits by the thousand and bytes that are no text.
    except (ValueError, RecursionError):
        return None


def _fields(answer: Response) -> dict[str, tuple[str, ...]]:
    """Recall's words by field path, from a field map of any depth or `{code, detail}`; both bounded."""
    found: dict[str, tuple[str, ...]] = {}
    for path, words in _words("", _json(answer), depth=0):
        if path not in found and len(found) >= FIELDS_KEPT:
            break
        found[path] = (*found.get(path, ()), words)[:FIELDS_KEPT]
    return found


def _words(path: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value[:WORDS_KEPT]
    elif depth < 5 and isinstance(value, list):
        for item in value:
            yield from _words(path, item, depth + 1)
    elif depth < 5 and isinstance(value, dict):
        for name, item in value.items():
            yield from _words(f"{path}.{name[:WORDS_KEPT]}".lstrip("."), item, depth + 1)


def retry_at(header: str | None, now: datetime, server_now: str | None = None) -> datetime:
    """The instant from which a call may be sent, from `now` to `now` + 1 h, aware and in UTC.

    `header` is Retry-After: seconds, an HTTP date, or anything else. `server_now` is the answer's Date header: a date
    is counted from it, so that a clock that differs from Recall's does not lengthen or shorten the wait.
    """
    wait = _seconds(header) if header is not None else ABSENT
    if wait is None:
        wait = _until(header or "", _http_date(server_now or "") or now)
    return now.astimezone(UTC) + min(max(wait, timedelta(0)), LONGEST)


def _seconds(header: str) -> timedelta | None:
    digits = header.strip()
    if not re.fullmatch(r"[0-9]+", digits):
        return None
    # A number this long is over the cap anyway, and may be too long to convert.
    return LONGEST if len(digits) > 9 else timedelta(seconds=int(digits))


def _until(header: str, server_now: datetime) -> timedelta:
    date = _http_date(header)
    return ABSENT if date is None else date - server_now


def _http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None

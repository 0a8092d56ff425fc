"""When Recall may be asked again: any form of the Retry-After header becomes an instant. Pure."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

ABSENT = timedelta(seconds=30)
"""What to wait when the header is missing or says nothing we understand (contract 12.4)."""

LONGEST = timedelta(hours=1)
"""Nobody is believed about more than this: after an hour one call asks again and is told again."""


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

"""Settings of the workspace, as the control route sets them, and the values that each accepts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from .errors import not_understood

RECORDINGS_KEPT, ZERO_DATA_RETENTION = "kept", "none"
BOT_SHAPE_CURRENT, BOT_SHAPE_V1_10 = "current", "v1.10"
EMPTY_LIST, UNPROCESSABLE = "empty", 422
ALL_BOTS, UPCOMING_BOTS = "all", "coming"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. With `--no-rate-limits` the limits are off at the start whatever `rate_limits` is."""

    booking_lag_seconds: int | float = 2.0
    rate_limits: bool = True
    retention: str = RECORDINGS_KEPT
    """`none` is Zero Data Retention: recordings are never stored (contract 8.1)."""
    bot_shape: str = BOT_SHAPE_CURRENT
    """The shape of bots in answers: that of today, or of API v1.10 (contract N12)."""
    next_host: str | None = None
    """Scheme and host of links to other pages of a list, if not the sandbox's own (contract N15)."""
    tenants_that_ask_admins: tuple[str, ...] = ()
    """Mail domains whose users need an admin's approval with `prompt=consent` (contract 4.5)."""
    lost_calendars_answer: str | int = EMPTY_LIST
    """The answer to meetings of a user without a connected calendar: an empty list, or 422 (contract N2)."""
    bots_without_bounds: str = ALL_BOTS
    """Which bots a list without bounds includes: all, or those to come (contract N13)."""


def changed(settings: Settings, sent: dict[str, Any]) -> Settings:
    """The settings with those that were sent. Raises the 400 refusal for an unknown setting or value."""
    unknown = sent.keys() - _ACCEPTED.keys()
    if unknown:
        raise not_understood(f"There is no setting {', '.join(sorted(unknown))}.")
    for name, value in sent.items():
        accepts, words = _ACCEPTED[name]
        if not accepts(value):
            raise not_understood(f"{name} is {words}.")
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in sent.items()}
    return replace(settings, **values)


def _one_of(*words: str | int) -> tuple[Callable[[Any], bool], str]:
    return lambda value: not isinstance(value, bool) and value in words, " or ".join(map(str, words))


def _is_seconds(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _is_origin(value: Any) -> bool:
    parts = urlsplit(value) if isinstance(value, str) else None
    return value is None or (parts is not None and parts.scheme in ("http", "https") and bool(parts.netloc))


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


_ACCEPTED: dict[str, tuple[Callable[[Any], bool], str]] = {
    "booking_lag_seconds": (_is_seconds, "a number of seconds"),
    "rate_limits": (lambda value: isinstance(value, bool), "true or false"),
    "retention": _one_of(RECORDINGS_KEPT, ZERO_DATA_RETENTION),
    "bot_shape": _one_of(BOT_SHAPE_CURRENT, BOT_SHAPE_V1_10),
    "next_host": (_is_origin, "null or a scheme and host such as http://elsewhere.example"),
    "tenants_that_ask_admins": (_is_list_of_texts, "a list of mail domains"),
    "lost_calendars_answer": _one_of(EMPTY_LIST, UNPROCESSABLE),
    "bots_without_bounds": _one_of(ALL_BOTS, UPCOMING_BOTS),
}

"""What holds for the whole workspace, as the control route sets it: the words that each setting takes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from .errors import not_understood

RECORDINGS_KEPT, ZERO_DATA_RETENTION = "kept", "none"
SHAPE_NOW, SHAPE_BEFORE = "current", "v1.10"
EMPTY_LIST, UNPROCESSABLE = "empty", 422
ALL_BOTS, COMING_BOTS = "all", "coming"


@dataclass(frozen=True, slots=True)
class Settings:
    """The workspace's ways. What `--no-rate-limits` switched off counts as off, whatever stands here at the start."""

    booking_lag_seconds: float = 2.0
    rate_limits: bool = True
    retention: str = RECORDINGS_KEPT
    """`none` is Zero Data Retention: what was recorded was never stored (contract 8.1)."""
    bot_shape: str = SHAPE_NOW
    """How bots are written: as now, or as workspaces of API v1.10 do (contract N12)."""
    next_host: str | None = None
    """Scheme and host that links to other pages name instead of the sandbox's own (contract N15)."""
    tenants_that_ask_admins: tuple[str, ...] = ()
    """Mail domains at which `prompt=consent` ends at an admin (contract 4.5)."""
    lost_calendars_answer: str | int = EMPTY_LIST
    """What the meetings of a user are none of whose calendars is connected: an empty list, or 422 (contract N2)."""
    bots_without_bounds: str = ALL_BOTS
    """Which bots a list without bounds holds: all, or those of the coming days (contract N13)."""


def changed(settings: Settings, sent: dict[str, Any]) -> Settings:
    """The settings with those that were sent put over them. Raises the 400 refusal for what no setting takes."""
    unknown = sent.keys() - _TAKES.keys()
    if unknown:
        raise not_understood(f"There is no setting {', '.join(sorted(unknown))}.")
    for name, value in sent.items():
        takes, words = _TAKES[name]
        if not takes(value):
            raise not_understood(f"{name} is {words}.")
    return replace(settings, **{name: _kept(value) for name, value in sent.items()})


def read(saved: dict[str, Any]) -> Settings:
    """The settings out of a state file."""
    return Settings(**{name: _kept(value) for name, value in saved.items()})


def _kept(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _one_of(*words: str | int) -> tuple[Callable[[Any], bool], str]:
    return lambda value: not isinstance(value, bool) and value in words, " or ".join(map(str, words))


def _is_seconds(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _is_origin(value: Any) -> bool:
    parts = urlsplit(value) if isinstance(value, str) else None
    return value is None or (parts is not None and parts.scheme in ("http", "https") and bool(parts.netloc))


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


_TAKES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "booking_lag_seconds": (_is_seconds, "a number of seconds"),
    "rate_limits": (lambda value: isinstance(value, bool), "true or false"),
    "retention": _one_of(RECORDINGS_KEPT, ZERO_DATA_RETENTION),
    "bot_shape": _one_of(SHAPE_NOW, SHAPE_BEFORE),
    "next_host": (_is_origin, "null or a scheme and host such as http://elsewhere.example"),
    "tenants_that_ask_admins": (_is_texts, "a list of mail domains"),
    "lost_calendars_answer": _one_of(EMPTY_LIST, UNPROCESSABLE),
    "bots_without_bounds": _one_of(ALL_BOTS, COMING_BOTS),
}

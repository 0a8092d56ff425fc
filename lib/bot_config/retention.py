"""How long Recall stores what bots record (contract 8.1).

Where nothing stands it stores for ever, where null stands nothing at all: here the two are never the same.
"""

from collections.abc import Iterator
from typing import Any

from lib.bot_config.findings import Finding, Path, error, found, note

FREE_HOURS = 168
_PATH: Path = ("recording_config", "retention")
_COST = "Storage is billed from day 8: about $0.05 for each hour of media per 30 days."
_ADVICE = f'{{"type": "timed", "hours": {FREE_HOURS}}}'


def retention(preset: dict[str, Any]) -> Iterator[Finding]:
    """An error where nothing would ever be stored; else a note on how long it is, and what that costs."""
    kind, hours = found(preset, *_PATH, "type"), _hours(preset)
    if stores_nothing(preset):
        yield error(_PATH, _nothing_stored(preset))
    elif not _is_set(preset):
        yield note(
            _PATH,
            "Retention is not set, so recordings are kept for ever (for 7 days in accounts older than 12 June 2025). "
            f"{_COST} To have them deleted, write {_ADVICE}.",
        )
    elif kind == "forever":
        yield note((*_PATH, "type"), f"Recordings are kept for ever. {_COST}")
    elif hours:
        cost = f" {_COST}" if hours > FREE_HOURS else ""
        yield note((*_PATH, "hours"), f"Recordings are deleted after {_span(hours)}.{cost}")


def stores_nothing(preset: dict[str, Any]) -> bool:
    """Whether it asks for Zero Data Retention, which is null and nothing else."""
    return found(preset, *_PATH, missing=...) is None


def retention_change(before: dict[str, Any], after: dict[str, Any]) -> str:
    """ "Recordings: kept for ever (retention not set) → never stored (retention is null)."; empty where that is equal.

    Our own words and numbers.
    """
    old, new = _words(before), _words(after)
    return "" if old == new else f"Recordings: {old} → {new}."


def _words(preset: dict[str, Any]) -> str:
    hours = _hours(preset)
    if stores_nothing(preset):
        return "never stored (retention is null)"
    if not _is_set(preset):
        return "kept for ever (retention not set)"
    if found(preset, *_PATH, "type") == "forever":
        return "kept for ever"
    return f"deleted after {_span(hours)}" if hours else "unclear (retention cannot be understood)"


def _nothing_stored(preset: dict[str, Any]) -> str:
    endpoints = found(preset, "recording_config", "realtime_endpoints")
    live = (
        "Only realtime endpoints get anything." if endpoints else "No realtime endpoint is set, so all of it is lost."
    )
    return (
        "null is Zero Data Retention: Recall never stores a recording of any meeting, for any customer, and none can "
        f"be recovered later. {live} Unless you are sure that this is wanted, write {_ADVICE}, or leave retention out."
    )


def _is_set(preset: dict[str, Any]) -> bool:
    return found(preset, *_PATH, missing=...) is not ...


def _hours(preset: dict[str, Any]) -> int:
    """Of "timed"; 0 for what is no usable number of hours."""
    hours = found(preset, *_PATH, "hours")
    is_timed = found(preset, *_PATH, "type") == "timed"
    return hours if is_timed and isinstance(hours, int) and not isinstance(hours, bool) and hours > 0 else 0


def _span(hours: int) -> str:
    """ "7 days (168 hours)", "30 hours"."""
    words = "1 hour" if hours == 1 else f"{hours:,} hours"
    days = hours // 24
    return words if hours % 24 or not days else f"{days:,} {'day' if days == 1 else 'days'} ({words})"

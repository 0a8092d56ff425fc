"""When bots leave by themselves: limits that end a recording before anybody wants it to."""

from collections.abc import Iterator
from typing import Any

from lib.bot_config.finding import Finding, Path
from lib.bot_config.rules import note, warning
from lib.bot_config.within import found

JOINS_BEFORE_SECONDS = 120
"""Before the start of its calendar entry (contract 7.1)."""
SHORT_RECORDING_SECONDS = 3600
CEILINGS = {"Google Meet": 600, "Teams": 1800}
"""What the waiting room of a platform allows at most."""
_LEAVE: Path = ("automatic_leave",)


def leaving(preset: dict[str, Any]) -> Iterator[Finding]:
    """Warnings and notes about `automatic_leave`."""
    for name in ("waiting_room_timeout", "noone_joined_timeout"):
        yield from _before_start(name, found(preset, *_LEAVE, name))
    yield from _waiting_room(_seconds(found(preset, *_LEAVE, "waiting_room_timeout")))
    yield from _longest(_seconds(found(preset, *_LEAVE, "in_call_recording_timeout")))
    yield from _listeners(preset)


def _seconds(value: Any) -> int:
    """0 for what is no number of seconds."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _before_start(name: str, value: Any) -> Iterator[Finding]:
    seconds = _seconds(value)
    if 30 <= seconds <= JOINS_BEFORE_SECONDS:
        yield warning(
            (*_LEAVE, name),
            "Bots join 2 minutes before the start, and this counts from there: the bot leaves before the meeting "
            "begins. Take more than 120; 1200 is the default.",
        )


def _waiting_room(seconds: int) -> Iterator[Finding]:
    beyond = [f"{platform} after {most}" for platform, most in CEILINGS.items() if seconds > most]
    if beyond:
        yield note((*_LEAVE, "waiting_room_timeout"), f"Some end it earlier: {' and '.join(beyond)} seconds.")


def _longest(seconds: int) -> Iterator[Finding]:
    path = (*_LEAVE, "in_call_recording_timeout")
    if 0 < seconds < SHORT_RECORDING_SECONDS:
        after = f"{seconds} s" if seconds < 60 else f"{seconds / 60:,.0f} min"
        yield warning(path, f"Every recording ends after {after}, also in the middle of a meeting.")
    elif seconds:
        yield note(path, f"Every recording ends after {round(seconds / 3600, 1):g} h.")


def _listeners(preset: dict[str, Any]) -> Iterator[Finding]:
    path = (*_LEAVE, "bot_detection", "using_participant_events")
    if found(preset, *path) is not None:
        yield note(path, "Who neither speaks nor shares counts as a bot: a call of listeners can end early.")

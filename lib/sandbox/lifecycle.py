"""A bot's lifecycle: its status changes in order of time, and what it recorded (contract 9.2, 9.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from .booking import EARLY
from .outcomes import Outcome, Shape

_SECOND = timedelta(seconds=1)
_WAITING_ROOM_TIMEOUTS = {"google_meet": 600, "microsoft_teams": 1800}
_TIMEOUT = 1200


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A status that the bot takes, and when."""

    at: datetime
    code: str
    sub_code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All status changes, past and to come, and start and end of the recording if the bot leaves one behind."""

    status_changes: tuple[StatusChange, ...]
    recording: tuple[datetime, datetime] | None = None

    def until(self, now: datetime) -> tuple[StatusChange, ...]:
        """The status changes up to now."""
        return tuple(change for change in self.status_changes if change.at <= now)


def draw_lifecycle(rng: Random, outcome: Outcome, start: datetime, end: datetime, meeting_platform: str) -> Lifecycle:
    """The lifecycle of a bot sent to a call at these times, fixed by the generator's seed."""
    log = _StatusLog(start - EARLY + rng.uniform(0.1, 4.0) * _SECOND)
    log.after(0, "joining_call")
    if outcome.shape is Shape.FATAL:
        log.after(rng.uniform(8, 60), "fatal", outcome.sub_code, "The bot could not join the meeting.")
        return log.lifecycle()
    if meeting_platform != "webex" or outcome.shape is Shape.NOT_ADMITTED:
        log.after(rng.uniform(5, 25), "in_waiting_room")
    if outcome.shape is Shape.NOT_ADMITTED:
        kicked = outcome.sub_code == "bot_kicked_from_waiting_room"
        wait = rng.uniform(60, 300) if kicked else _WAITING_ROOM_TIMEOUTS.get(meeting_platform, _TIMEOUT)
        log.after(wait, "call_ended", outcome.sub_code)
        return log.done(rng)
    log.after(rng.uniform(15, 60), "in_call_not_recording")
    if outcome.shape is Shape.PERMISSION_DENIED:
        log.after(rng.uniform(5, 60), "recording_permission_denied", outcome.sub_code)
        log.after(31, "call_ended", "timeout_exceeded_recording_permission_denied")
        return log.done(rng)
    if outcome.shape is Shape.NOT_RECORDING:
        log.after(_TIMEOUT, "call_ended", outcome.sub_code)
        return log.done(rng)
    if meeting_platform == "zoom":
        log.after(rng.uniform(3, 20), "recording_permission_allowed")
    return _recorded(log, rng, outcome, start, end)


def _recorded(log: "_StatusLog", rng: Random, outcome: Outcome, start: datetime, end: datetime) -> Lifecycle:
    log.after(rng.uniform(1, 15), "in_call_recording")
    started = log.now
    length = max(end - start, timedelta(minutes=2))
    share = rng.uniform(0.85, 1.1) if outcome.shape is Shape.RECORDED else rng.uniform(0.1, 0.7)
    ended = max(start + length * share, started + 30 * _SECOND)
    if outcome.shape is Shape.CRASHED:
        log.at(ended, "fatal", outcome.sub_code, "The bot ended unexpectedly.")
        return log.lifecycle((started, ended))
    log.at(ended, "call_ended", outcome.sub_code)
    return log.done(rng, None if outcome.shape is Shape.EMPTY else (started, ended))


class _StatusLog:
    """Status changes one after another; `now` is the time of the last one."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._changes: list[StatusChange] = []

    def after(self, seconds: float, code: str, sub_code: str | None = None, message: str | None = None) -> None:
        self.at(self.now + seconds * _SECOND, code, sub_code, message)

    def at(self, now: datetime, code: str, sub_code: str | None = None, message: str | None = None) -> None:
        self.now = now
        self._changes.append(StatusChange(now, code, sub_code, message))

    def done(self, rng: Random, recording: tuple[datetime, datetime] | None = None) -> Lifecycle:
        self.after(rng.uniform(10, 60), "done")
        return self.lifecycle(recording)

    def lifecycle(self, recording: tuple[datetime, datetime] | None = None) -> Lifecycle:
        return Lifecycle(tuple(self._changes), recording)

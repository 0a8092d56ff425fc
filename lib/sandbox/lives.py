"""A bot's life: its statuses in the order in which they come to pass, and what it recorded (contract 9.2, 9.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from .booking import EARLY
from .outcomes import Outcome, Shape

_SECOND = timedelta(seconds=1)
_PATIENCE_IN_WAITING_ROOM = {"google_meet": 600, "microsoft_teams": 1800}
_PATIENCE = 1200


@dataclass(frozen=True, slots=True)
class Step:
    """A status the bot takes."""

    at: datetime
    code: str
    sub_code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """All steps, past and to come, and when recording begins and ends if it leaves a recording."""

    steps: tuple[Step, ...]
    recording: tuple[datetime, datetime] | None = None

    def until(self, now: datetime) -> tuple[Step, ...]:
        """The steps that have come to pass."""
        return tuple(step for step in self.steps if step.at <= now)


def live(rng: Random, outcome: Outcome, start: datetime, end: datetime, meeting_platform: str) -> Life:
    """The life of a bot sent to a call at these times, fixed by the generator's seed."""
    road = _Road(start - EARLY + rng.uniform(0.1, 4.0) * _SECOND)
    road.step(0, "joining_call")
    if outcome.shape is Shape.FATAL:
        road.step(rng.uniform(8, 60), "fatal", outcome.sub_code, "The bot could not join the meeting.")
        return road.life()
    if outcome.shape is Shape.NOT_ADMITTED:
        return _wait_in_vain(road, rng, outcome, meeting_platform)
    if meeting_platform != "webex":
        road.step(rng.uniform(5, 25), "in_waiting_room")
    road.step(rng.uniform(15, 60), "in_call_not_recording")
    if outcome.shape is Shape.PERMISSION_DENIED:
        return _be_denied(road, rng, outcome)
    if outcome.shape is Shape.NOT_RECORDING:
        road.step(_PATIENCE, "call_ended", outcome.sub_code)
        return _be_done(road, rng)
    if meeting_platform == "zoom":
        road.step(rng.uniform(3, 20), "recording_permission_allowed")
    return _record(road, rng, outcome, start, end)


def _wait_in_vain(road: "_Road", rng: Random, outcome: Outcome, meeting_platform: str) -> Life:
    road.step(rng.uniform(5, 25), "in_waiting_room")
    kicked = outcome.sub_code == "bot_kicked_from_waiting_room"
    patience = rng.uniform(60, 300) if kicked else _PATIENCE_IN_WAITING_ROOM.get(meeting_platform, _PATIENCE)
    road.step(patience, "call_ended", outcome.sub_code)
    return _be_done(road, rng)


def _be_denied(road: "_Road", rng: Random, outcome: Outcome) -> Life:
    road.step(rng.uniform(5, 60), "recording_permission_denied", outcome.sub_code)
    road.step(31, "call_ended", "timeout_exceeded_recording_permission_denied")
    return _be_done(road, rng)


def _record(road: "_Road", rng: Random, outcome: Outcome, start: datetime, end: datetime) -> Life:
    road.step(rng.uniform(1, 15), "in_call_recording")
    began = road.at
    length = max(end - start, timedelta(minutes=2))
    if outcome.shape is Shape.RECORDED:
        stop = start + length * rng.uniform(0.85, 1.1)
    else:
        stop = start + length * rng.uniform(0.1, 0.7)
    ended = max(stop, began + 30 * _SECOND)
    if outcome.shape is Shape.CRASHED:
        road.until(ended, "fatal", outcome.sub_code, "The bot ended unexpectedly.")
        return road.life((began, ended))
    road.until(ended, "call_ended", outcome.sub_code)
    life = _be_done(road, rng)
    return life if outcome.shape is Shape.EMPTY else Life(life.steps, (began, ended))


def _be_done(road: "_Road", rng: Random) -> Life:
    road.step(rng.uniform(10, 60), "done")
    return road.life()


class _Road:
    """Steps one after another, each so many seconds after the last."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._steps: list[Step] = []

    def step(self, seconds: float, code: str, sub_code: str | None = None, message: str | None = None) -> None:
        self.until(self.at + seconds * _SECOND, code, sub_code, message)

    def until(self, at: datetime, code: str, sub_code: str | None = None, message: str | None = None) -> None:
        self.at = at
        self._steps.append(Step(at, code, sub_code, message))

    def life(self, recording: tuple[datetime, datetime] | None = None) -> Life:
        return Life(tuple(self._steps), recording)

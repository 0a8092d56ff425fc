"""One bot's life as people read it: every status it took, and the few phases these make up (contract 9.3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lib.domain import Bot, StatusChange
from lib.recording.bot_result import in_time_order


class Phase(StrEnum):
    """What a bot does, in the order in which it comes to it."""

    BOOKED = "booked"
    JOINING = "joining"
    WAITING_ROOM = "waiting_room"
    IN_CALL = "in_call"
    """In the call, not recording: setting up, asking for permission, or refused."""
    RECORDING = "recording"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The phase in words."""
        return _LABELS[self]


_LABELS = {
    Phase.BOOKED: "Booked",
    Phase.JOINING: "Joining",
    Phase.WAITING_ROOM: "Waiting room",
    Phase.IN_CALL: "In the call",
    Phase.RECORDING: "Recording",
    Phase.ENDED: "Ended",
}
_PHASES = {
    "ready": Phase.BOOKED,
    "joining_call": Phase.JOINING,
    "in_waiting_room": Phase.WAITING_ROOM,
    "in_call_not_recording": Phase.IN_CALL,
    "recording_permission_allowed": Phase.IN_CALL,
    "recording_permission_denied": Phase.IN_CALL,
    "in_call_recording": Phase.RECORDING,
    "call_ended": Phase.ENDED,
    "recording_done": Phase.ENDED,
    "done": Phase.ENDED,
    "fatal": Phase.ENDED,
    "media_expired": Phase.ENDED,
    "analysis_done": Phase.ENDED,
    "analysis_failed": Phase.ENDED,
}
"""Breakout rooms are missing because a bot goes on there with what it did before."""


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One status change. `code`, `sub_code` and `message` are Recall's words: text from outside."""

    code: str
    phase: Phase | None
    """What the bot does from now on; None where the code does not tell, one not known to us among them."""
    at: datetime | None
    """When; None where Recall names no time."""
    lasted: timedelta | None
    """Until the next status. None for the last one, and where one of the two has no time."""
    sub_code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A time in which a bot was in one phase: statuses that follow each other and mean the same are one."""

    phase: Phase
    began: datetime | None
    ended: datetime | None
    """Start of the next phase. None where Recall names no time for it, and while nothing has followed."""

    @property
    def lasted(self) -> timedelta | None:
        """None where one end is not known."""
        return self.ended - self.began if self.began and self.ended else None


def steps_of(bot: Bot) -> tuple[TimelineStep, ...]:
    """All status changes in time order. One without a time stays behind the one it came after."""
    changes = in_time_order(bot.status_changes)
    following: list[StatusChange | None] = [*changes[1:], None]
    return tuple(_step(change, then) for change, then in zip(changes, following, strict=False))


def phases_of(bot: Bot, until: datetime | None = None) -> tuple[PhaseSpan, ...]:
    """The phases the bot went through, in time order; one that it came back to stands there twice.

    `until` (aware) is when the bot was read: a last phase that is not the end lasted at least until then. What does not
    tell a phase belongs to the one before it.
    """
    runs = list(_runs(steps_of(bot)))
    ends = [*(began for _, began in runs[1:]), _still(runs, until)]
    return tuple(PhaseSpan(phase, began, ended) for (phase, began), ended in zip(runs, ends, strict=False))


def waiting_time(bot: Bot) -> timedelta | None:
    """How long it stood in the waiting room, all times together; None where that is not known."""
    stood = [stretch.lasted for stretch in phases_of(bot) if stretch.phase is Phase.WAITING_ROOM]
    known = [lasted for lasted in stood if lasted is not None]
    return sum(known, timedelta()) if known and len(known) == len(stood) else None


def _step(change: StatusChange, then: StatusChange | None) -> TimelineStep:
    return TimelineStep(
        code=change.code,
        phase=_PHASES.get(change.code),
        at=change.created_at,
        lasted=_between(change.created_at, then.created_at if then else None),
        sub_code=change.sub_code,
        message=change.message,
    )


def _between(began: datetime | None, ended: datetime | None) -> timedelta | None:
    return ended - began if began and ended else None


def _runs(steps: Sequence[TimelineStep]) -> Iterator[tuple[Phase, datetime | None]]:
    """Each phase that differs from the one before it, and when it began."""
    current: Phase | None = None
    for step in steps:
        if step.phase is not None and step.phase is not current:
            current = step.phase
            yield current, step.at


def _still(runs: Sequence[tuple[Phase, datetime | None]], until: datetime | None) -> datetime | None:
    if not runs or until is None:
        return None
    phase, began = runs[-1]
    return None if phase is Phase.ENDED or began is None or began > until else until

"""How a change ended, for who asked for it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from lib.domain import CalendarUser, Entry
from lib.errors import DeskError
from lib.store.outbox import Value


class WriteOutcome(StrEnum):
    """What became of a write, as Recall's own answer to a later question tells."""

    APPLIED = "applied"
    NOT_APPLIED = "not applied"
    UNKNOWN = "unknown"


class WriteStep(StrEnum):
    """How far a change has come."""

    LOOKING = "looking"
    MADE = "made"
    """It is in the record, and not sent."""
    SENDING = "sending"
    """The record says that it is sent."""
    ANSWERED = "answered"
    """Recall has answered, or has not."""
    READ_BACK = "read back"
    CLOSED = "closed"


Progress = Callable[[WriteStep], None]
"""Told each step just after it was reached. It must not raise, nor ask Streamlit, which may stop the script there."""


@dataclass(frozen=True, slots=True)
class WriteResult:
    """How one change ended. With a `problem` nothing was changed."""

    applied: WriteOutcome
    seq: int | None = None
    """Its number in the record. None: there was nothing to send, and nobody here did it before."""
    already: bool = False
    """It was so before anything was sent; `seq` is then of who did it here, if anybody did."""
    now: Value | None = None
    """What Recall had afterwards; None when it could not be asked."""
    user: CalendarUser | None = None
    """As Recall had it afterwards, where that was looked at."""
    entry: Entry | None = None
    problem: DeskError | None = None

    @property
    def sentence(self) -> str:
        """What to tell who asked for it."""
        if self.problem is not None:
            return str(self.problem)
        if self.already:
            return "This is so already. Nothing more was sent."
        if self.applied is WriteOutcome.APPLIED:
            return "Done, and read back from Recall."
        if self.applied is WriteOutcome.NOT_APPLIED:
            return "Sent, but Recall still has what was there before. Look at it, then decide again."
        if self.now is None:
            return (
                "Sent, but Recall could not be asked what became of it. Do not repeat it: it is looked up "
                "with the next sync, and Activity says how it ended."
            )
        return "Sent, but Recall has something else by now. Look at what is set, then decide again."

    def or_raised(self) -> "WriteResult":
        """The same; raises the problem where there is one."""
        if self.problem is not None:
            raise self.problem
        return self

"""How a write ended, for the staff member who asked for it, and how far one has come."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from lib.domain import CalendarUser, Entry
from lib.errors import DeskError
from lib.store.outbox import Value, WriteState


class WriteStep(StrEnum):
    """How far a write has come."""

    READ = "read"
    """What Recall has now was read."""
    RECORDED = "recorded"
    """It is in the outbox, and not sent."""
    SENDING = "sending"
    """The outbox says that it is sent."""
    ANSWERED = "answered"
    """Recall has answered, or its answer is lost."""
    READ_BACK = "read back"
    CLOSED = "closed"


Progress = Callable[[WriteStep], None]
"""Called with each step just after it was reached. It must neither raise nor call Streamlit, which may stop the script
there."""


@dataclass(frozen=True, slots=True)
class WriteResult:
    """How one write ended. With a `problem` nothing was changed."""

    state: WriteState
    """What became of it, by what Recall had when it was asked afterwards."""
    seq: int | None = None
    """Its number in the outbox; None when nothing was recorded."""
    already: bool = False
    """Recall had the wanted value already, so nothing was sent. `seq` then is the change that made it so, if any."""
    now: Value | None = None
    """What Recall had afterwards; None when it could not be asked."""
    user: CalendarUser | None = None
    """The user as Recall had it afterwards, where that was read."""
    entry: Entry | None = None
    problem: DeskError | None = None

    @property
    def sentence(self) -> str:
        """What to tell the staff member who asked for it."""
        if self.problem is not None:
            return str(self.problem)
        if self.already:
            return "This is so already. Nothing more was sent."
        if self.state is WriteState.APPLIED:
            return "Done, and read back from Recall."
        if self.state is WriteState.NOT_APPLIED:
            return "Sent, but Recall still has what was there before. Look at it, then decide again."
        if self.now is None:
            return (
                "Sent, but Recall could not be asked what became of it. Do not repeat it: it is looked up "
                "with the next sync, and Activity says how it ended."
            )
        return "Sent, but Recall has something else by now. Look at what is set, then decide again."

    def or_raised(self) -> "WriteResult":
        """This result, or its problem raised if it has one."""
        if self.problem is not None:
            raise self.problem
        return self

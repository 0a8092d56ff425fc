"""What it takes to change something."""

from dataclasses import dataclass
from datetime import datetime

from lib.clock import Clock, utc_now
from lib.recall_api import Recall
from lib.store import Store


@dataclass(frozen=True, slots=True)
class WriteContext:
    """The record, who is asked, and the time."""

    store: Store
    recall: Recall
    clock: Clock = utc_now

    def now(self) -> datetime:
        """The time (UTC)."""
        return self.clock()

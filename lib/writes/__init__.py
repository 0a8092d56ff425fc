"""Every write to Recall: recorded, sent once, read back, closed. What a process left open is settled by reading Recall.

`carry_out` does it, `settle` takes up what nobody finished. The commands that staff give are in `lib.commands`.
"""

from lib.writes.carry_out import carry_out
from lib.writes.context import WriteContext, writes_in_flight
from lib.writes.intent import PERMISSION, Intent
from lib.writes.result import Progress, WriteResult, WriteStep
from lib.writes.settlement import settle

__all__ = [
    "PERMISSION",
    "Intent",
    "Progress",
    "WriteContext",
    "WriteResult",
    "WriteStep",
    "carry_out",
    "settle",
    "writes_in_flight",
]

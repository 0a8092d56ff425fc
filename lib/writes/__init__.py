"""Every write to Recall: made durable, sent once, read back, closed. What died half-way is settled by reading Recall.

`carry_out` does it, `settle` takes up what nobody finished. The commands that people give are in `lib.commands`.
"""

from lib.writes.carry_out import carry_out
from lib.writes.context import WriteContext
from lib.writes.in_flight import writes_in_flight
from lib.writes.intent import PERMISSION, Intent
from lib.writes.result import Progress, WriteOutcome, WriteResult, WriteStep
from lib.writes.settlement import SettlementCounts, settle

__all__ = [
    "PERMISSION",
    "Intent",
    "Progress",
    "SettlementCounts",
    "WriteContext",
    "WriteOutcome",
    "WriteResult",
    "WriteStep",
    "carry_out",
    "settle",
    "writes_in_flight",
]

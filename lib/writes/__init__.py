"""Every write to Recall: made durable, sent once, read back, closed. What died half-way is settled by reading Recall.

`carry_out` does it, `settle` takes up what nobody finished. The commands that people give are in `lib.commands`.
"""

from lib.writes.carry_out import carry_out
from lib.writes.context import Means
from lib.writes.in_flight import changes_under_way
from lib.writes.intent import PERMISSION, Order
from lib.writes.result import Applied, Progress, Result, Step
from lib.writes.settlement import Settled, settle

__all__ = [
    "PERMISSION",
    "Applied",
    "Means",
    "Order",
    "Progress",
    "Result",
    "Settled",
    "Step",
    "carry_out",
    "changes_under_way",
    "settle",
]

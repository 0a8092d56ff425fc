"""Every write to Recall: made durable, sent once, read back, closed. What died half-way is settled by reading Recall.

`carry_out` does it, `settle` takes up what nobody finished. The commands that people give are in `lib.changes`.
"""

from lib.intents.carrying_out import carry_out
from lib.intents.means import Means
from lib.intents.order import PERMISSION, Order
from lib.intents.result import Applied, Progress, Result, Step
from lib.intents.settling import Settled, settle
from lib.intents.under_way import changes_under_way

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

"""Change the preferences of many users at once: chosen, looked at, durable before the first send, and taken back whole.

`parse_selection` and `plan_bulk` only look. `begin`, `stop`, `resume`, `retry` and `undo` are what people decide;
`run` does it, user by user, by the one way to write.
"""

from lib.commands.bulk.batch_lease import state_now
from lib.commands.bulk.control import begin, resume, retry, stop, undo
from lib.commands.bulk.outcome import reconcile
from lib.commands.bulk.plan import MOST_USERS, BulkPlan, PlannedUser, SkipReason, is_individual, plan_bulk, planned
from lib.commands.bulk.runner import run, stop_abandoned
from lib.commands.bulk.selection import Selection, parse_selection

__all__ = [
    "MOST_USERS",
    "BulkPlan",
    "PlannedUser",
    "Selection",
    "SkipReason",
    "begin",
    "is_individual",
    "parse_selection",
    "plan_bulk",
    "planned",
    "reconcile",
    "resume",
    "retry",
    "run",
    "state_now",
    "stop",
    "stop_abandoned",
    "undo",
]

"""Change the preferences of many users at once: selected, previewed, recorded before the first is sent, undone whole.

`parse_selection` and `plan_bulk` only read. `begin`, `stop`, `resume`, `retry` and `undo` are what staff decide; `run`
carries it out, user by user.
"""

from lib.commands.bulk.batch_lease import state_now
from lib.commands.bulk.control import begin, resume, retry, stop, undo
from lib.commands.bulk.plan import MOST_USERS, BulkPlan, PlannedUser, SkipReason, is_individual, plan_bulk, plan_lines
from lib.commands.bulk.runner import reconcile, run, stop_abandoned
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
    "plan_lines",
    "reconcile",
    "resume",
    "retry",
    "run",
    "state_now",
    "stop",
    "stop_abandoned",
    "undo",
]

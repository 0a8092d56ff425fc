"""Change the preferences of many users at once: chosen, looked at, durable before the first send, and taken back whole.

`chosen_from` and `plan_many` only look. `begin`, `stop`, `go_on`, `try_again` and `take_back` are what people decide;
`run` does it, user by user, by the one way to write.
"""

from lib.commands.bulk.batch_lease import state_now
from lib.commands.bulk.control import begin, go_on, stop, take_back, try_again
from lib.commands.bulk.outcome import reconcile
from lib.commands.bulk.plan import MOST_USERS, Line, ManyPlan, Stays, is_individual, plan_many, planned
from lib.commands.bulk.runner import run, stop_the_dead
from lib.commands.bulk.selection import Chosen, chosen_from

__all__ = [
    "MOST_USERS",
    "Chosen",
    "Line",
    "ManyPlan",
    "Stays",
    "begin",
    "chosen_from",
    "go_on",
    "is_individual",
    "plan_many",
    "planned",
    "reconcile",
    "run",
    "state_now",
    "stop",
    "stop_the_dead",
    "take_back",
    "try_again",
]

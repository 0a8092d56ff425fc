"""Change the preferences of many users at once: chosen, looked at, durable before the first send, and taken back whole.

`chosen_from` and `plan_many` only look. `begin`, `stop`, `go_on`, `try_again` and `take_back` are what people decide;
`run` does it, user by user, by the one way to write.
"""

from lib.changes.many.chosen import Chosen, chosen_from
from lib.changes.many.commands import begin, go_on, stop, take_back, try_again
from lib.changes.many.hold import state_now
from lib.changes.many.outcome import reconcile
from lib.changes.many.planning import MOST_USERS, Line, ManyPlan, Stays, is_individual, plan_many, planned
from lib.changes.many.running import run, stop_the_dead

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

"""Recall -> store: passes over the workspace, resumable and within Recall's limits, and the read of one user.

`python -m lib.sync once|run` makes passes, in a process of its own. A server uses `read_user` and `read_users` between
them: they write to the store in the same way, and need no lease.
"""

from lib.store.leases import new_holder
from lib.sync.failures import failure_sentence
from lib.sync.full_pass import Failure, PassResult, run_pass
from lib.sync.on_demand import Progress, UserRead, read_user, read_users

__all__ = [
    "Failure",
    "PassResult",
    "Progress",
    "UserRead",
    "failure_sentence",
    "new_holder",
    "read_user",
    "read_users",
    "run_pass",
]

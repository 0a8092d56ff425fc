"""What is personal is erased in time, whether Recall answers or not."""

from datetime import timedelta

from lib.store import privacy, users
from lib.sync.running_pass import RunningPass

GONE_FOR = timedelta(hours=24)
"""Who has been missing from the users list for so long was deleted."""


def erase(running: RunningPass, keep_personal: timedelta) -> None:
    """Erase details of meetings that ended longer ago than `keep_personal`, and users that have been gone for a day."""
    now = running.clock()
    before = (now - keep_personal).replace(minute=0, second=0, microsecond=0)  # once an hour there is something to do
    with running.store.read() as connection:
        gone = users.gone_since(connection, now - GONE_FOR)
        old = privacy.erased_before(connection) != before
    if not gone and not old:
        return
    with running.write() as (connection, _):
        if old:
            privacy.erase_personal(connection, before)
        for user_id in gone:
            privacy.erase_user(connection, user_id, now=now)

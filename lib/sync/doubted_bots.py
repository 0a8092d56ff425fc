"""Bots that became final while Recall gave answers that were doubted: they are read once more when it is well again."""

from datetime import timedelta

from lib.store import bots, version
from lib.sync.running_pass import RunningPass

BEFORE = timedelta(hours=1)
"""So long before the first doubt Recall may have been wrong already."""


def read_bots_again(running: RunningPass) -> None:
    """Remember since when, as long as this pass met a doubt; else have these bots read once more."""
    with running.write() as (connection, counts):
        since = version.bots_doubted_since(connection)
        if counts["doubted"]:
            if since is None:
                version.doubt_bots(connection, since=running.begun_at - BEFORE)
        elif since is not None:
            bots.doubt(connection, since)
            version.doubt_bots(connection, since=None)

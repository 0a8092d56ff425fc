"""A batch in which one calendar cannot be stored: that user is marked, and the others are stored."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from lib.clock import utc_now
from lib.domain import Entry, Listing
from lib.errors import SyncBusy
from lib.recall_api import Recall
from lib.store import Store, passes, users
from lib.store.freshness import SYNC_LEASE
from lib.store.leases import held
from lib.sync import meetings_stage, read_users
from lib.sync.meetings_stage import MeetingsOutcome
from lib.sync.running_pass import RunningPass
from lib.sync.user_meetings import MeetingsRead, window_of
from lib.sync.worker_pool import Finished
from tests.contract.sync.passes.looking import calendar, everyone, latest


def test_one_that_meets_a_defect_of_ours_costs_itself_alone(store: Store, recall: Recall) -> None:
    now = utc_now()
    read_users(store, recall, now=now)
    with store.read() as connection:
        first, second, third = users.readable(connection)[:3]
    entry = Entry("e", True, now + timedelta(hours=1), now + timedelta(hours=2))
    good = MeetingsOutcome(MeetingsRead(now, window_of(now), Listing((entry,))), None, 0.1)
    without_zone = replace(entry, id="broken", start_time=(now + timedelta(hours=1)).replace(tzinfo=None))
    other = MeetingsOutcome(MeetingsRead(now, window_of(now), Listing((replace(entry, id="another"),))), None, 0.1)
    bad = MeetingsOutcome(MeetingsRead(now, window_of(now), Listing((without_zone,))), None, 0.1)
    with held(store, SYNC_LEASE, ttl=timedelta(seconds=45), taken=SyncBusy, clock=utc_now) as lease:
        with store.write() as connection:
            begun = passes.begin(connection, now=now, resume_within=timedelta(0))
        counts: Counter[str] = Counter()
        running = RunningPass(store, recall, utc_now, lease, threading.Event(), 1, begun.key, now, counts=counts)
        meetings_stage._keep(
            running, [Finished(first, good, None), Finished(second, bad, None), Finished(third, other, None)]
        )
    assert [len(calendar(store, who.id)) for who in (first, second, third)] == [1, 0, 1]
    assert [everyone(store)[who.id].failure for who in (first, second, third)] == [None, "defect", None]
    assert latest(store).users_done == 3
    assert latest(store).counts["users_failed"] == 1

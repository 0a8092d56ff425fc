"""A meeting that was dragged when only its bot can tell whether it had begun: told as soon as the bot was read."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from lib.clock import utc_now
from lib.domain import Listing
from lib.recall_api import Recall
from lib.store import Store, entries, meetings
from lib.store.entries import StoredEntry
from lib.sync import read_user, read_users
from lib.sync.user_meetings import window_of
from tests.contract.sync.passes.looking import Raw, a_pass
from tests.running import Sandbox

HOUR = timedelta(hours=1)


@pytest.fixture
def dragged(sandbox: Sandbox, store: Store, recall: Recall, numbers: "count[int]") -> tuple[str, str]:
    """Recall's ids of a user and of its meeting, which is to begin in two hours.

    When it was last read, three hours ago, it was to begin an hour later, with a bot that has recorded then.
    """
    name = f"dragged-{next(numbers)}"
    rules = {"record_external": True, "record_internal": True}
    user = str(sandbox.add_user(name, email=f"{name}@acme.example", preferences=rules)["id"])
    held = sandbox.add_meeting(user, start_in_seconds=-7200, title="Held")
    sandbox.control("POST", "outcomes/", {"meeting": held["id"], "shape": "recorded"})
    moved = sandbox.add_meeting(user, start_in_seconds=7200, title="Moved")
    bot_id = Raw(sandbox).meetings(name)[held["id"]]["bot_id"]
    before = utc_now() - 3 * HOUR
    read_users(store, recall, now=before)
    shown = recall.get_meeting(name, moved["id"])
    was = replace(shown, start_time=before + HOUR, end_time=before + 2 * HOUR, bot_id=bot_id)
    with store.write() as connection:
        meetings.store(connection, user, Listing((was,)), window=window_of(before), read_at=before, now=before)
    return user, str(moved["id"])


def occurrences(store: Store, dragged: tuple[str, str]) -> list[StoredEntry]:
    with store.read() as connection:
        found = [one for one in entries.of_user(connection, dragged[0]) if one.entry.id == dragged[1]]
    return sorted(found, key=lambda one: one.occurrence)


def test_a_pass_that_reads_the_bot_knows_at_its_end_that_it_was_held_and_recorded(
    store: Store, recall: Recall, dragged: tuple[str, str]
) -> None:
    a_pass(store, recall)
    was, now = occurrences(store, dragged)
    assert was.verdict is not None
    assert now.verdict is not None
    assert (was.verdict.outcome, was.verdict.has("recorded")) == ("recorded", True)
    assert not now.verdict.has("recorded")
    assert now.entry.start_time is not None
    assert now.entry.start_time > utc_now()


def test_so_does_a_read_of_the_one_user(store: Store, recall: Recall, dragged: tuple[str, str]) -> None:
    read_user(store, recall, dragged[0])
    assert [one.dragged_at is None for one in occurrences(store, dragged)] == [False, True]

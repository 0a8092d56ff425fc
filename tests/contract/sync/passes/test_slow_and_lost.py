"""Calendars that take Recall long and calendars that it has lost: no pass ends for them, and nobody waits for them."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from lib.errors import RecallCalendarLost, RecallCalendarUnclear, RecallSlow
from lib.recall_api import Recall, open_recall
from lib.store import Store
from lib.store.passes import PassState
from lib.sync import read_user
from lib.sync.meetings_stage import SLOW_THREADS
from lib.sync.running_pass import FAILURES_IN_A_ROW
from tests.contract.conftest import AT_ONCE
from tests.contract.recall_api.scripted_recall import (
    KEY,
    ScriptedRecall,
    Sent,
    answer,
    html,
    meeting,
)
from tests.contract.sync.passes.answering import Answer, Workspace
from tests.contract.sync.passes.looking import a_pass, calendar, everyone, latest, rows
from tests.contract.sync.passes.scripted import kept as kept
from tests.contract.sync.passes.scripted import server as server

IMPATIENT = replace(AT_ONCE, total_seconds=1.5, read_seconds=1.5, slow_seconds=1.5)
SLOW_AFTER = 0.5
SOME_SECONDS = 10.0
DISCONNECTED = [{"platform": "google", "connected": False, "email": None}]


def after(seconds: float, step: Answer = lambda *_: None) -> Answer:
    def waiting(to: socket.socket, sent: Sent) -> None:
        time.sleep(seconds)
        step(to, sent)

    return waiting


@pytest.fixture
def client(server: ScriptedRecall) -> Iterator[Recall]:
    with open_recall(server.url, SecretStr(KEY), retry_policy=IMPATIENT) as recall:
        yield recall


def slow_ones(store: Store) -> set[str]:
    return {row.user.external_id or "" for row in everyone(store).values() if row.slow}


def test_any_number_of_calendars_that_never_come_ends_no_pass_and_costs_nobody_else(
    kept: Store, client: Recall, server: ScriptedRecall
) -> None:
    late = tuple(f"late{n}" for n in range(FAILURES_IN_A_ROW + 3))
    recall = Workspace(server, ("quick", *late))
    recall.meetings |= dict.fromkeys(late, after(3.0))
    done = a_pass(kept, client, threads=8)
    assert (done.state, done.problem) == (PassState.COMPLETE, None)
    assert {failure.user.external_id for failure in done.failures} == set(late)
    assert {failure.why for failure in done.failures} == {
        "Recall took too long over this calendar. It is read again, after the others, by the next pass."
    }
    assert len(calendar(kept, "id-quick")) == 1
    assert slow_ones(kept) == set(late)


def test_who_was_slow_last_time_comes_last_and_two_at_a_time_and_the_others_are_there_before(
    kept: Store, client: Recall, server: ScriptedRecall
) -> None:
    slow, quick = tuple(f"slow{n}" for n in range(5)), tuple(f"quick{n}" for n in range(20))
    recall = Workspace(server, (*slow, *quick))
    recall.meetings |= dict.fromkeys(slow, after(0.8, answer([])))
    a_pass(kept, client, threads=8, slow_after=SLOW_AFTER)
    assert slow_ones(kept) == set(slow)
    recall.begun.clear()
    recall.watched = frozenset(slow)
    go_on = threading.Event()

    def until_told(to: socket.socket, sent: Sent) -> None:
        go_on.wait(SOME_SECONDS)
        answer([])(to, sent)

    recall.meetings |= dict.fromkeys(slow, until_told)
    patient = replace(IMPATIENT, slow_seconds=SOME_SECONDS)
    with (
        open_recall(server.url, SecretStr(KEY), retry_policy=patient) as second,
        ThreadPoolExecutor(1) as pool,
    ):
        running = pool.submit(a_pass, kept, second, threads=8, slow_after=SLOW_AFTER)
        try:
            _until(lambda: latest(kept).key == 2 and latest(kept).users_done == len(quick))
            time.sleep(0.3)
            assert recall.most_at_once == SLOW_THREADS == 2
        finally:
            go_on.set()
        assert running.result(SOME_SECONDS).state is PassState.COMPLETE
    assert sorted(recall.begun) == sorted((*slow, *quick))
    first = next(n for n, name in enumerate(recall.begun) if name in slow)
    assert len(quick) - first < 8, "but for those that the other threads had taken before"
    assert recall.most_at_once == 2


def test_a_read_that_took_long_marks_the_user_a_quicker_one_unmarks_it_and_neither_costs_a_row_twice(
    kept: Store, client: Recall, server: ScriptedRecall, file: Path
) -> None:
    recall = Workspace(server, ("ann", "bob"))
    recall.meetings["ann"] = after(0.8, answer([meeting(1, bot_id=None)]))
    assert a_pass(kept, client, slow_after=SLOW_AFTER).failures == ()
    assert slow_ones(kept) == {"ann"}
    assert len(calendar(kept, "id-ann")) == 1
    before = rows(file)
    a_pass(kept, client, slow_after=SLOW_AFTER)
    assert _without_time(rows(file)) == _without_time(before)
    del recall.meetings["ann"]
    a_pass(kept, client, slow_after=SLOW_AFTER)
    assert slow_ones(kept) == set()
    before = rows(file)
    a_pass(kept, client, slow_after=SLOW_AFTER)
    assert _without_time(rows(file)) == _without_time(before)


def test_a_read_that_fails_at_once_says_nothing_of_how_slow_a_user_is(
    kept: Store, client: Recall, server: ScriptedRecall
) -> None:
    recall = Workspace(server, ("ann", "bob"))
    recall.meetings["ann"] = after(0.8, answer([]))
    a_pass(kept, client, slow_after=SLOW_AFTER)
    recall.meetings |= {"ann": html(200), "bob": html(200)}
    a_pass(kept, client, slow_after=SLOW_AFTER)
    assert slow_ones(kept) == {"ann"}


def test_a_user_read_by_itself_is_marked_and_unmarked_alike(
    kept: Store, client: Recall, server: ScriptedRecall
) -> None:
    recall = Workspace(server, ("ann",))
    a_pass(kept, client)
    recall.meetings["ann"] = after(3.0)
    with pytest.raises(RecallSlow):
        read_user(kept, client, "id-ann")
    assert (slow_ones(kept), everyone(kept)["id-ann"].failure) == ({"ann"}, "slow")
    assert len(calendar(kept, "id-ann")) == 1
    del recall.meetings["ann"]
    assert not read_user(kept, client, "id-ann").user.slow


LOST = answer({"detail": "The calendar is not connected."}, 422)


def test_lost_calendars_are_found_to_be_lost_and_end_no_pass(
    kept: Store, client: Recall, server: ScriptedRecall
) -> None:
    """The list of users was read before Recall had noticed; `user/` says it now."""
    lost = tuple(f"lost{n}" for n in range(FAILURES_IN_A_ROW + 3))
    recall = Workspace(server, (*lost, "well"))
    a_pass(kept, client)
    shown = {"id": "", "preferences": None, "connections": DISCONNECTED}
    recall.meetings |= dict.fromkeys(lost, LOST)
    recall.users |= {name: answer(shown | {"id": f"id-{name}", "external_id": name}) for name in lost}
    done = a_pass(kept, client)
    assert (done.state, done.problem) == (PassState.COMPLETE, None)
    assert {failure.user.external_id for failure in done.failures} == set(lost)
    assert {f.why for f in done.failures} == {
        "The connection to the calendar is lost. Its owner must connect it again."
    }
    for name in lost:
        row = everyone(kept)[f"id-{name}"]
        assert (row.failure, [c.email for c in row.user.lost]) == ("calendar_lost", ["somebody@acme.example"])
        assert len(calendar(kept, f"id-{name}")) == 1
    assert not everyone(kept)["id-well"].stale


def test_one_that_is_named_as_connected_all_the_same_is_said_to_be_tried_again(
    kept: Store, client: Recall, server: ScriptedRecall
) -> None:
    recall = Workspace(server, ("ann",))
    recall.meetings["ann"] = LOST
    done = a_pass(kept, client)
    (failure,) = done.failures
    assert done.state is PassState.COMPLETE
    assert "status 422" in failure.why
    assert "The next pass tries again." in failure.why
    del recall.meetings["ann"]
    assert a_pass(kept, client).failures == ()


@pytest.mark.parametrize("told", [LOST, html(503), html(200), answer({"detail": "No."}, 401)])
def test_where_the_connection_cannot_be_looked_at_either_recalls_first_word_stands(
    kept: Store, client: Recall, server: ScriptedRecall, told: Answer
) -> None:
    names = tuple(f"lost{n}" for n in range(FAILURES_IN_A_ROW + 3))
    recall = Workspace(server, names)
    recall.meetings |= dict.fromkeys(names, LOST)
    recall.users |= dict.fromkeys(names, told)
    done = a_pass(kept, client)
    assert done.state is PassState.COMPLETE
    assert {row.failure for row in everyone(kept).values()} == {"calendar_lost"}


def test_one_that_is_somebody_else_by_now_is_not_marked_for_it(
    kept: Store, client: Recall, server: ScriptedRecall
) -> None:
    """Deleted, and made again under the same external id, while the pass was at it."""
    recall = Workspace(server, ("ann",))
    a_pass(kept, client)
    recall.meetings["ann"] = LOST
    recall.users["ann"] = answer({"id": "id-another", "external_id": "ann", "connections": [], "preferences": None})
    done = a_pass(kept, client)
    assert (done.state, done.failures) == (PassState.COMPLETE, ())
    assert everyone(kept).keys() == {"id-ann"}
    assert not everyone(kept)["id-ann"].user.lost


def test_a_user_read_by_itself_shows_the_lost_calendar_at_once(
    kept: Store, client: Recall, server: ScriptedRecall
) -> None:
    recall = Workspace(server, ("ann",))
    a_pass(kept, client)
    recall.meetings["ann"] = LOST
    with pytest.raises(RecallCalendarUnclear, match="status 422"):
        read_user(kept, client, "id-ann")
    assert everyone(kept)["id-ann"].failure == "calendar_unclear"
    recall.connections["ann"] = DISCONNECTED
    with pytest.raises(RecallCalendarLost, match="connect the calendar again"):
        read_user(kept, client, "id-ann")
    row = everyone(kept)["id-ann"]
    assert (row.failure, [c.platform for c in row.user.lost]) == ("calendar_lost", ["google"])
    assert len(calendar(kept, "id-ann")) == 1


def _until(condition: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + SOME_SECONDS
    while not condition():
        assert time.monotonic() < ends_at, "it did not come to pass"
        time.sleep(0.02)


def _without_time(all_rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The rows without when the users list was last read, which every pass writes."""
    return {
        name: [{column: value for column, value in row.items() if column != "users_listed_at"} for row in some]
        for name, some in all_rows.items()
    }

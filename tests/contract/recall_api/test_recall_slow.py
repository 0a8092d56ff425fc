"""A list of meetings that takes minutes: waited for, in bounds, while every other call is as impatient as ever."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import pytest
from pydantic import SecretStr

from lib.errors import RecallSlow, RecallUnreachable
from lib.recall_api import Recall, RetryPolicy, open_recall, timing_meetings
from tests.contract.recall_api.scripted_recall import (
    BOTS,
    KEY,
    MEETINGS,
    REFRESH,
    USER,
    ScriptedRecall,
    Sent,
    Step,
    answer,
    bot,
    html,
    meeting,
    raw,
    silence,
    slow_body,
    user,
)

SHORT = RetryPolicy(
    attempts=1, total_seconds=0.6, read_seconds=0.3, longest_wait_seconds=1, pause_seconds=0.4, slow_seconds=2.0
)
AFTER, BEFORE = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
BOT = bot()["id"]


@pytest.fixture
def recall(server: ScriptedRecall) -> Iterator[Recall]:
    server.knows("ann")
    with open_recall(server.url, SecretStr(KEY), retry_policy=SHORT) as client:
        yield client


def late(step: Step, seconds: float) -> Step:
    """The step, after a silence."""

    def waiting(connection: socket.socket, sent: Sent) -> None:
        time.sleep(seconds)
        step(connection, sent)

    return waiting


def listed(recall: Recall, **how: bool) -> list[str | None]:
    return [entry.title for entry in recall.list_meetings("ann", AFTER, BEFORE, **how)]


def test_a_list_whose_first_byte_is_late_is_waited_for(recall: Recall, server: ScriptedRecall) -> None:
    server.script("GET", MEETINGS, late(answer([meeting()]), 1.0))
    assert listed(recall) == ["Meeting 1"]


def test_one_that_is_later_than_that_is_slow_and_recall_may_be_well(recall: Recall, server: ScriptedRecall) -> None:
    server.script("GET", MEETINGS, silence(4))
    began = monotonic()
    with pytest.raises(RecallSlow):
        listed(recall)
    assert SHORT.slow_seconds - 0.1 <= monotonic() - began < SHORT.slow_seconds + 1


def test_all_of_it_may_take_no_longer_than_its_first_byte(recall: Recall, server: ScriptedRecall) -> None:
    server.script("GET", MEETINGS, late(slow_body([]), 1.5))
    began = monotonic()
    with pytest.raises(RecallSlow):
        listed(recall)
    assert SHORT.slow_seconds - 0.1 <= monotonic() - began < SHORT.slow_seconds + 1


def test_once_bytes_flow_a_silence_ends_it_as_it_ends_any_other(recall: Recall, server: ScriptedRecall) -> None:
    """Half of it comes, after a while, and then nothing more."""
    half = raw(200, b'[{"id":', Content_Length="5000")

    def stopping(connection: socket.socket, sent: Sent) -> None:
        late(half, 0.6)(connection, sent)
        time.sleep(3)

    server.script("GET", MEETINGS, stopping)
    began = monotonic()
    with pytest.raises(RecallSlow):
        listed(recall)
    assert 0.6 + SHORT.read_seconds - 0.1 <= monotonic() - began < SHORT.slow_seconds - 0.1


def test_who_waits_for_the_list_waits_no_longer_than_for_any_other_call(recall: Recall, server: ScriptedRecall) -> None:
    server.script("GET", MEETINGS, silence(3))
    began = monotonic()
    with pytest.raises(RecallSlow):
        listed(recall, in_a_hurry=True)
    assert monotonic() - began < SHORT.slow_seconds - 0.1


@pytest.mark.parametrize(
    ("method", "path", "call"),
    [
        ("GET", f"{BOTS}{BOT}/", lambda recall: recall.get_bot(BOT)),
        ("GET", USER, lambda recall: recall.get_user("ann")),
        ("GET", f"{MEETINGS}{meeting()['id']}/", lambda recall: recall.get_meeting("ann", meeting()["id"])),
    ],
)
def test_no_other_call_is_given_more_time(
    recall: Recall, server: ScriptedRecall, method: str, path: str, call: Any
) -> None:
    server.script(method, path, silence(3))
    began = monotonic()
    with pytest.raises(RecallUnreachable) as caught:
        call(recall)
    assert not isinstance(caught.value, RecallSlow)
    assert monotonic() - began < SHORT.slow_seconds - 0.1


def test_a_list_that_recall_does_not_answer_at_all_is_no_slow_one(recall: Recall, server: ScriptedRecall) -> None:
    for step in (html(502), html(504), lambda *_: None):
        server.script("GET", MEETINGS, step)
        with pytest.raises(RecallUnreachable) as caught:
            listed(recall)
        assert not isinstance(caught.value, RecallSlow)


def test_what_recall_took_is_told_without_pauses_and_other_calls(server: ScriptedRecall) -> None:
    server.knows("ann")
    twice = RetryPolicy(attempts=2, total_seconds=9, read_seconds=9, longest_wait_seconds=9, pause_seconds=2)
    following = {"next": f"{server.url}{MEETINGS}?page=2", "results": []}
    server.script("GET", MEETINGS, html(502), late(answer(following), 0.3), late(answer([meeting()]), 0.3))
    server.script("GET", USER, late(answer(user("ann")), 0.5))
    server.script("POST", REFRESH, late(answer([]), 0.5))
    began = monotonic()
    with open_recall(server.url, SecretStr(KEY), retry_policy=twice) as recall, timing_meetings() as watch:
        recall.get_user("ann")
        recall.refresh_meetings("ann")
        assert watch.seconds == 0
        assert listed(recall) == ["Meeting 1"]
    assert monotonic() - began > 0.6 + 1.0 + 1.0  # of which a second and more was a pause
    assert 0.55 <= watch.seconds < 1.2

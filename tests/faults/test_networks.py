"""F5, F21, F34: nobody answers, a token ends in the middle of a list, and a name that leads nowhere."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic

import pytest
from pydantic import SecretStr

from lib.errors import RecallUnreachable
from lib.recall_api import Recall, open_recall
from lib.recall_api.retries import INTERACTIVE
from lib.recall_api.transport import CONNECT_SECONDS
from tests.contract.recall_api.conftest import QUICK
from tests.contract.recall_api.scripted_recall import (
    AUTHENTICATE,
    KEY,
    MEETINGS,
    ScriptedRecall,
    answer,
    meeting,
    serving,
)

ONCE = replace(INTERACTIVE, attempts=1)


@pytest.fixture
def black_hole() -> Iterator[str]:
    """An address where whoever connects hears nothing: those who wait to be let in are as many as there is room for."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_where_nobody_lets_us_in_a_try_ends_after_three_seconds(black_hole: str) -> None:
    began = monotonic()
    with open_recall(black_hole, SecretStr(KEY), retry_policy=ONCE) as recall, pytest.raises(RecallUnreachable):
        recall.list_users()
    assert CONNECT_SECONDS <= 3
    assert CONNECT_SECONDS - 0.1 <= monotonic() - began < CONNECT_SECONDS + 4


@pytest.fixture
def server() -> Iterator[ScriptedRecall]:
    with serving() as recall:
        yield recall


@pytest.fixture
def recall(server: ScriptedRecall) -> Iterator[Recall]:
    with open_recall(server.url, SecretStr(KEY), retry_policy=QUICK) as client:
        yield client


def test_a_token_refused_at_the_third_page_is_replaced_once_and_the_list_goes_on(
    recall: Recall, server: ScriptedRecall
) -> None:
    server.knows("ann")
    page = f"{server.url}{MEETINGS}?cursor="
    server.script(
        "GET",
        MEETINGS,
        answer({"next": f"{page}2", "results": [meeting(1)]}),
        answer({"next": f"{page}3", "results": [meeting(2)]}),
        answer({"detail": "Invalid token."}, 401),
        answer({"next": None, "results": [meeting(3)]}),
    )
    found = recall.list_meetings("ann", datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC))
    assert [entry.title for entry in found] == ["Meeting 1", "Meeting 2", "Meeting 3"]
    assert found.complete
    asked = [(sent.query, sent.token) for sent in server.sent if sent.path == MEETINGS][1:]
    assert asked == [
        ("cursor=2", "canary-token-1"),
        ("cursor=3", "canary-token-1"),
        ("cursor=3", "canary-token-2"),
    ]
    assert server.count("POST", AUTHENTICATE) == 2


def test_a_name_that_leads_nowhere_is_told_as_no_answer_and_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def nobody_knows(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody_knows)
    with (
        open_recall("https://us-west-2.recall.ai", SecretStr(KEY), retry_policy=QUICK) as recall,
        pytest.raises(RecallUnreachable) as told,
    ):
        recall.list_users()
    assert set(asked) == {"us-west-2.recall.ai"}
    assert len(asked) <= QUICK.attempts
    assert "Nothing was changed" in str(told.value)

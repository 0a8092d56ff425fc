"""Calendars beyond all measure: each fails alone and says why, none keeps the others or the process's end waiting."""

import json
import signal
import socket
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import pytest
from pydantic import SecretStr

from lib.recall_api import Recall, open_recall
from lib.store import Store
from lib.store.passes import PassState
from tests.contract.conftest import AT_ONCE
from tests.contract.recall_api.scripted_recall import KEY, MEETINGS, ScriptedRecall, Sent, answer, meeting
from tests.contract.sync.passes.answering import Answer, Workspace
from tests.contract.sync.passes.commands import started, until
from tests.contract.sync.passes.looking import a_pass, calendar
from tests.contract.sync.passes.scripted import kept as kept
from tests.contract.sync.passes.scripted import server as server
from tests.running import clean_environment

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
ROWS_OF_A_PAGE = 3_000
A_ROW = json.dumps(meeting(description="x" * 2_000)).encode() + b","
AN_EMPTY_ROW = b"{},"


def without_end(row: bytes, *, length: int | None = None) -> Answer:
    """One row after the other, until the client has gone; perhaps it is said how long that is."""

    def step(to: socket.socket, _: Sent) -> None:
        said = b"" if length is None else b"Content-Length: %d\r\n" % length
        to.sendall(HEAD + said + b"\r\n[")
        for piece in repeat(row * (65_536 // len(row))):
            to.sendall(piece)

    return step


def page_after_page(to: socket.socket, sent: Sent) -> None:
    """A list with thousands of rows on each page, each of which names another."""
    number = int(sent.query.partition("page=")[2] or 1)
    rows = [{"id": f"a0000000-0000-4000-8000-{number:06}{n:06}", "will_record": True} for n in range(ROWS_OF_A_PAGE)]
    answer({"results": rows, "next": f"http://recall{MEETINGS}?page={number + 1}"})(to, sent)


KINDS: dict[str, Answer] = {
    "endless": without_end(A_ROW),
    "dense": without_end(AN_EMPTY_ROW),
    "announced": without_end(A_ROW, length=900_000_000),
    "pages": page_after_page,
}


@pytest.fixture
def client(server: ScriptedRecall) -> Iterator[Recall]:
    with open_recall(server.url, SecretStr(KEY), retry_policy=AT_ONCE) as recall:
        yield recall


def test_a_calendar_beyond_all_measure_fails_alone_and_says_why(
    kept: Store, client: Recall, server: ScriptedRecall
) -> None:
    others = tuple(f"other{n}" for n in range(12))
    recall = Workspace(server, (*KINDS, *others))
    recall.meetings |= KINDS
    done = a_pass(kept, client, threads=8)
    assert (done.state, done.problem) == (PassState.COMPLETE, None)
    assert {failure.user.external_id for failure in done.failures} == set(KINDS)
    assert {failure.why for failure in done.failures} == {
        "Recall's answer for this calendar is far larger than a calendar can be, so it was not taken. "
        "What was read before still stands; look what fills it."
    }
    assert all(len(calendar(kept, f"id-{name}")) == 1 for name in others)
    assert [recall.begun.count(name) for name in ("endless", "dense", "announced")] == [1, 1, 1]


def test_long_calendars_wait_for_each_other_and_all_are_read(
    kept: Store, client: Recall, server: ScriptedRecall
) -> None:
    names = tuple(f"long{n}" for n in range(8))
    recall = Workspace(server, names)
    for name in names:
        rows = [meeting(names.index(name) * 1000 + n, bot_id=None, description="x" * 100_000) for n in range(90)]
        recall.meetings[name] = answer(rows)
    done = a_pass(kept, client, threads=8)
    assert (done.state, done.failures) == (PassState.COMPLETE, ())
    assert {len(calendar(kept, f"id-{name}")) for name in names} == {90}


@pytest.mark.parametrize("megabytes", [30, 90])
def test_told_to_end_in_the_middle_of_eight_of_them_the_sync_ends(
    file: Path, server: ScriptedRecall, tmp_path: Path, megabytes: int
) -> None:
    recall, given = Workspace(server, tuple(f"long{n}" for n in range(8))), list[bool]()

    def step(to: socket.socket, _: Sent) -> None:
        to.sendall(HEAD + b"\r\n[")
        try:
            for piece in repeat(A_ROW * 24, megabytes * 1_000_000 // (24 * len(A_ROW))):
                to.sendall(piece)
            to.sendall(A_ROW[:-1] + b"]")
        finally:
            given.append(True)
            to.close()

    recall.meetings |= dict.fromkeys(recall.names, step)
    environment = clean_environment() | {
        "RECALL_API_KEY": KEY,
        "RECALL_BASE_URL": server.url,
        "DATABASE_URL": f"sqlite:///{file}",
    }
    with started(environment, "run", tmp_path / "run.log") as run:
        until(lambda: len(given) >= 7, seconds=90)
        run.send_signal(signal.SIGTERM)
        assert run.wait(20) == 0
    assert "Traceback" not in (tmp_path / "run.log").read_text()

"""Neither the key nor a token is ever in an error, its traceback, a log or a repr, even when Recall says them back."""

import logging
import socket
import traceback
from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr

from lib.domain import Preferences
from lib.errors import RecallError
from lib.recall_api import Recall, RetryPolicy, open_recall
from tests.contract.recall_api.conftest import QUICK, HandClock
from tests.contract.recall_api.scripted_recall import (
    AUTHENTICATE,
    BOTS,
    CALENDAR,
    KEY,
    TOKEN,
    USER,
    USERS,
    ScriptedRecall,
    Sent,
    Step,
    answer,
    bot,
    cut_short,
    html,
    raw,
    reset,
    silence,
    slow_body,
)


def saying_back(make: Callable[[str], Step]) -> Step:
    """A step whose body repeats the credentials that came with the request."""

    def step(connection: socket.socket, sent: Sent) -> None:
        make(f"{sent.headers.get('authorization', '')} {sent.token or ''}")(connection, sent)

    return step


FAILURES: dict[str, Step] = {
    "reset": reset(),
    "closed": lambda *_: None,
    "silent": silence(0.3),
    "slow": saying_back(lambda said: slow_body({"detail": said})),
    "cut short": saying_back(lambda said: cut_short({"id": said, "detail": said})),
    "reset in the body": saying_back(lambda said: reset(after=cut_short([said]))),
    "200 page": saying_back(lambda said: html(200, said)),
    "200 text": saying_back(lambda said: raw(200, said.encode(), "text/plain")),
    "200 of another shape": saying_back(lambda said: answer({"token": [said], "id": [said], "results": said})),
    "302": saying_back(lambda said: raw(302, said.encode(), "text/html", Location=f"http://127.0.0.1:1/?{said}")),
    "400": saying_back(lambda said: answer({"detail": said, "user_id": [said]}, 400)),
    "401": saying_back(lambda said: answer({"detail": said}, 401)),
    "402": saying_back(lambda said: answer({"detail": said}, 402)),
    "403": saying_back(lambda said: answer({"detail": said}, 403)),
    "403 page": saying_back(lambda said: html(403, said)),
    "404": saying_back(lambda said: answer({"detail": said}, 404)),
    "404 page": saying_back(lambda said: html(404, said)),
    "429": saying_back(lambda said: answer({"detail": said}, 429, Retry_After=said)),
    "500": saying_back(lambda said: html(500, said)),
    "503 JSON": saying_back(lambda said: answer({"detail": said}, 503)),
    "a head that is none": saying_back(lambda said: lambda c, _: c.sendall(said.encode() + b"\r\n\r\n")),
}
CALLS: dict[str, tuple[str, str, Callable[[Recall], object]]] = {
    "key read": ("GET", f"{BOTS}{bot()['id']}/", lambda r: r.get_bot(bot()["id"])),
    "mint": ("POST", AUTHENTICATE, lambda r: r.get_user("ann")),
    "token read": ("GET", USER, lambda r: r.get_user("ann")),
    "write": ("PUT", USER, lambda r: r.update_preferences("ann", Preferences())),
}


@pytest.fixture
def recall(server: ScriptedRecall, clock: HandClock) -> Iterator[Recall]:
    """With less patience than elsewhere: which error comes is not the question here."""
    retry_policy = RetryPolicy(
        attempts=2, total_seconds=0.4, read_seconds=0.25, longest_wait_seconds=0, pause_seconds=0.01
    )
    with open_recall(server.url, SecretStr(KEY), clock=clock, retry_policy=retry_policy) as client:
        yield client


def whole_chain(error: BaseException) -> str:
    """Everything a report of this error could show, the local variables of each frame included."""
    parts, queue, seen = [], [error], set()
    while queue:
        current = queue.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        parts += [str(current), repr(current), repr(vars(current))]
        # Of our own frames only: those of the test hold the secrets themselves.
        for frame, _ in traceback.walk_tb(current.__traceback__):
            if "/lib/recall_api/" in frame.f_code.co_filename:
                parts += [repr(value) for value in frame.f_locals.values()]
        queue += [e for e in (current.__cause__, current.__context__) if e is not None]
    return "\n".join([*parts, *traceback.format_exception(error)])


@pytest.mark.parametrize(("method", "path", "call"), CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("step", FAILURES.values(), ids=FAILURES)
def test_no_failure_shows_a_secret(
    recall: Recall,
    server: ScriptedRecall,
    caplog: pytest.LogCaptureFixture,
    step: Step,
    method: str,
    path: str,
    call: Callable[[Recall], object],
) -> None:
    caplog.set_level(logging.DEBUG)
    server.knows("ann")
    server.always(method, path, step)
    with pytest.raises(RecallError) as caught:
        call(recall)
    told = whole_chain(caught.value) + caplog.text + repr(recall)
    told += "".join(repr(vars(record)) for record in caplog.records)
    assert "canary" not in told
    assert any(record.name.startswith("lib.recall_api") for record in caplog.records)


def test_a_token_that_no_header_takes_is_not_shown(
    recall: Recall, server: ScriptedRecall, caplog: pytest.LogCaptureFixture
) -> None:
    server.knows("ann")
    server.script("POST", AUTHENTICATE, answer({"token": f"{TOKEN}1\n"}))
    with caplog.at_level(logging.DEBUG), pytest.raises(RecallError) as caught:
        recall.get_user("ann")
    assert "canary" not in whole_chain(caught.value) + caplog.text


def test_a_failed_call_is_logged_in_one_line_without_its_query(
    recall: Recall, server: ScriptedRecall, caplog: pytest.LogCaptureFixture
) -> None:
    server.script("GET", f"{BOTS}{bot()['id']}/", html(403, "<b>\x1b[31mno\r\n</b>" + "x" * 900))
    with caplog.at_level(logging.DEBUG, "lib.recall_api"), pytest.raises(RecallError):
        recall.get_bot(bot()["id"])
    line, detail = [record.getMessage() for record in caplog.records]
    assert line.startswith("GET /api/v1/bot/{id}/: status 403, attempt 1, ")
    assert detail.startswith(r"the answer began with '<b>\x1b[31mno\r\n</b>xxx")
    assert len(detail) < 350
    assert caplog.records[1].levelno == logging.DEBUG


def test_what_is_served_is_left_as_it_is_even_where_it_holds_the_key(recall: Recall, server: ScriptedRecall) -> None:
    server.script("GET", f"{BOTS}{bot()['id']}/", answer(bot(bot_name=f"The {KEY} call")))
    assert recall.get_bot(bot()["id"]).bot_name == f"The {KEY} call"


def test_no_query_is_logged(recall: Recall, server: ScriptedRecall, caplog: pytest.LogCaptureFixture) -> None:
    server.script(
        "GET", USERS, answer({"results": [], "next": f"{server.url}{CALENDAR}users/?cursor=private"}), html(403)
    )
    with caplog.at_level(logging.DEBUG, "lib.recall_api"), pytest.raises(RecallError):
        recall.list_users()
    assert "private" not in caplog.text


def test_an_exception_keeps_nothing_of_the_request(server: ScriptedRecall) -> None:
    with open_recall(server.url, SecretStr(KEY), retry_policy=QUICK) as recall:
        server.always("GET", USERS, reset())
        with pytest.raises(RecallError) as caught:
            recall.list_users()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None

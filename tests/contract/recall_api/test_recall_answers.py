"""What the client makes of answers that are late, broken, from elsewhere, or refusals."""

import socket
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from lib.errors import (
    RecallBlocked,
    RecallError,
    RecallKeyRefused,
    RecallNotFound,
    RecallOutOfCredit,
    RecallRejected,
    RecallUnreachable,
    RecallUnreadable,
)
from lib.recall_api import Recall, open_recall
from tests.contract.recall_api.conftest import HASTY, QUICK
from tests.contract.recall_api.scripted_recall import (
    BOTS,
    CALENDAR,
    KEY,
    MEETINGS,
    REFRESH,
    USERS,
    ScriptedRecall,
    Sent,
    Step,
    answer,
    bot,
    cut_short,
    drip,
    html,
    meeting,
    raw,
    reset,
    serving,
    silence,
    slow_body,
    user,
)

BOT = bot()["id"]
BOT_PATH = f"{BOTS}{BOT}/"
A_BODY = [user("ann"), user("bob")]

BROKEN_FOR_GOOD = {
    "an HTML page with status 200": html(200),
    "an empty body with status 200": raw(200),
    "JSON that calls itself text": raw(200, b"[]", "text/plain"),
    "JSON without a type": raw(200, b"[]", None),
    "half a JSON text of the promised length": raw(200, b'[{"id": "a'),
    "bytes that are no text": raw(200, b"\xff\xfe\xff\x00"),
    "nesting by the thousand": raw(200, b"[" * 100_000),
    "a number of five thousand digits": raw(200, b"[" + b"9" * 5000 + b"]"),
    "null": raw(200, b"null"),
    "another shape": answer({"users": []}),
    "an empty 204": raw(204, content_type=None),
}


@pytest.mark.parametrize("step", BROKEN_FOR_GOOD.values(), ids=BROKEN_FOR_GOOD)
def test_an_answer_in_no_agreed_form_is_an_error_and_is_not_asked_for_again(
    recall: Recall, server: ScriptedRecall, step: Step
) -> None:
    server.script("GET", USERS, step)
    with pytest.raises(RecallUnreadable):
        recall.list_users()
    assert server.count("GET", USERS) == 1


CUT = {
    "reset before a word": (reset(), RecallUnreachable),
    "closed before a word": (lambda *_: None, RecallUnreachable),
    "reset in the body": (reset(after=cut_short(A_BODY)), RecallUnreadable),
    "closed in the body": (cut_short(A_BODY), RecallUnreadable),
    "a body that is not the gzip it says": (raw(200, b"[]", Content_Encoding="gzip"), RecallUnreadable),
    "500": (html(500), RecallUnreachable),
    "502": (html(502), RecallUnreachable),
    "503 without a body": (raw(503, content_type=None), RecallUnreachable),
    "504": (html(504), RecallUnreachable),
    "507": (answer({"code": "no_bots"}, 507), RecallUnreachable),
}


@pytest.mark.parametrize(("step", "error"), CUT.values(), ids=CUT)
def test_a_read_is_tried_again_a_few_times_and_then_an_error(
    recall: Recall, server: ScriptedRecall, step: Step, error: type[RecallError]
) -> None:
    server.always("GET", BOT_PATH, step)
    with pytest.raises(error):
        recall.get_bot(BOT)
    assert server.count("GET", BOT_PATH) == QUICK.attempts


@pytest.mark.parametrize(("step", "error"), CUT.values(), ids=CUT)
def test_a_read_survives_one_mishap(
    recall: Recall, server: ScriptedRecall, step: Step, error: type[RecallError]
) -> None:
    server.script("GET", BOT_PATH, step, answer(bot()))
    assert recall.get_bot(BOT).id == BOT


def test_silence_is_ended_and_tried_again(server: ScriptedRecall) -> None:
    server.always("GET", BOT_PATH, silence(0.6))
    with open_recall(server.url, SecretStr(KEY), retry_policy=HASTY) as recall:
        with pytest.raises(RecallUnreachable):
            recall.get_bot(BOT)
        assert server.count("GET", BOT_PATH) == HASTY.attempts
        server.script("GET", BOT_PATH, silence(0.6), answer(bot()))
        assert recall.get_bot(BOT).id == BOT


@pytest.mark.parametrize("failures", range(4))
def test_a_burst_of_5xx_is_sat_out_by_two_more_tries_and_no_more(
    recall: Recall, server: ScriptedRecall, failures: int
) -> None:
    server.script("GET", USERS, *[html(502)] * failures)
    server.always("GET", USERS, answer(A_BODY))
    if failures < 3:
        assert len(recall.list_users()) == 2
    else:
        with pytest.raises(RecallUnreachable):
            recall.list_users()
    assert server.count("GET", USERS) == min(failures + 1, 3)


@pytest.mark.parametrize("step", [slow_body(bot()), drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 300)])
def test_the_deadline_ends_an_answer_that_trickles_in(server: ScriptedRecall, step: Step) -> None:
    server.always("GET", BOT_PATH, step)
    retry_policy = replace(QUICK, total_seconds=1)
    began = time.monotonic()
    with open_recall(server.url, SecretStr(KEY), retry_policy=retry_policy) as recall, pytest.raises(RecallUnreachable):
        recall.get_bot(BOT)
    assert 0.7 <= time.monotonic() - began < 1.9


def test_the_deadline_ends_an_answer_that_stops_half_way(server: ScriptedRecall) -> None:
    def trickle_and_stop(connection: socket.socket, sent: Sent) -> None:
        drip(b"HTTP/1.1 200 OK\r\nX-A: bcdef", every=0.03)(connection, sent)
        time.sleep(2)

    server.always("GET", BOT_PATH, trickle_and_stop)
    retry_policy = replace(QUICK, total_seconds=1.1, read_seconds=0.9)
    began = time.monotonic()
    with open_recall(server.url, SecretStr(KEY), retry_policy=retry_policy) as recall, pytest.raises(RecallUnreachable):
        recall.get_bot(BOT)
    assert 0.9 <= time.monotonic() - began < 1.6  # the silence alone would end it at 1.8


def test_a_pause_that_would_outlast_the_deadline_is_not_begun(server: ScriptedRecall) -> None:
    server.always("GET", BOT_PATH, html(502))
    retry_policy = replace(QUICK, total_seconds=2, pause_seconds=10)
    began = time.monotonic()
    with open_recall(server.url, SecretStr(KEY), retry_policy=retry_policy) as recall, pytest.raises(RecallUnreachable):
        recall.get_bot(BOT)
    assert time.monotonic() - began < 1
    assert server.count("GET", BOT_PATH) == 1


def test_nobody_listening_is_an_answer_within_the_deadline() -> None:
    with serving() as gone:
        url = gone.url
    with open_recall(url, SecretStr(KEY), retry_policy=QUICK) as recall, pytest.raises(RecallUnreachable):
        recall.list_users()


@pytest.mark.parametrize("status", [302, 307])
@pytest.mark.parametrize("place", ["{}/api/v1/calendar/users/", "//evil\\@x:y", "http://[bad", "\xff\xfe"])
def test_no_redirect_is_followed(recall: Recall, server: ScriptedRecall, status: int, place: str) -> None:
    with serving() as elsewhere:
        server.script("GET", USERS, raw(status, b"", "text/html", Location=place.format(elsewhere.url)))
        with pytest.raises(RecallUnreadable):
            recall.list_users()
        assert elsewhere.sent == []
    assert server.count("GET", USERS) == 1


REFUSALS = {
    "401 of now": (answer({"code": "authentication_failed", "detail": "other region"}, 401), RecallKeyRefused),
    "401 without credentials": (answer({"code": "not_authenticated", "detail": "none"}, 401), RecallKeyRefused),
    "401 of old": (answer({"detail": "Invalid token."}, 401), RecallKeyRefused),
    "401 as a page": (html(401), RecallKeyRefused),
    "402": (answer({}, 402), RecallOutOfCredit),
    "403 as JSON": (answer({"detail": "no"}, 403), RecallKeyRefused),
    "403 as a page": (html(403), RecallBlocked),
    "404 as JSON": (answer({"code": "not_found", "detail": "Not found."}, 404), RecallNotFound),
    "404 as a page": (html(404), RecallRejected),
    "405": (answer({"detail": "no"}, 405), RecallRejected),
    "409": (answer({"detail": "busy"}, 409), RecallRejected),
}


@pytest.mark.parametrize(("step", "error"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_told_by_its_status_and_never_asked_again(
    recall: Recall, server: ScriptedRecall, step: Step, error: type[RecallError]
) -> None:
    server.script("GET", BOT_PATH, step)
    with pytest.raises(error):
        recall.get_bot(BOT)
    assert server.count("GET", BOT_PATH) == 1


def test_a_refusal_says_which_field_is_wrong(recall: Recall, server: ScriptedRecall) -> None:
    words = {"preferences": {"bot_name": ["May not be blank.", "x" * 9000]}, "platform": ["no"], "n": [1, [["deep"]]]}
    server.script("GET", BOT_PATH, answer(words, 400))
    with pytest.raises(RecallRejected) as caught:
        recall.get_bot(BOT)
    assert caught.value.fields == {
        "preferences.bot_name": ("May not be blank.", "x" * 300),
        "platform": ("no",),
        "n": ("deep",),
    }


def test_the_key_goes_out_with_key_calls_and_no_body_or_token(recall: Recall, server: ScriptedRecall) -> None:
    server.script("GET", USERS, answer([]))
    recall.list_users()
    sent = server.last("GET", USERS)
    assert sent.headers["authorization"] == f"Token {KEY}"
    assert sent.headers["accept"] == "application/json"
    assert (sent.body, sent.token) == (b"", None)
    assert not {"content-length", "content-type", "transfer-encoding", "cookie"} & set(sent.headers)


def test_cookies_are_not_kept(recall: Recall, server: ScriptedRecall) -> None:
    server.always("GET", USERS, answer([], Set_Cookie="seen=1; Path=/"))
    recall.list_users()
    recall.list_users()
    assert "cookie" not in server.last("GET", USERS).headers


def test_a_proxy_and_a_netrc_of_the_outside_world_are_not_used_for_this_machine(
    recall: Recall, server: ScriptedRecall, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script("GET", USERS, answer([]))
    with serving() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        recall.list_users()
        assert proxy.sent == []


def test_meetings_are_asked_for_with_both_bounds_in_utc(recall: Recall, server: ScriptedRecall) -> None:
    server.knows("ann")
    server.script("GET", MEETINGS, answer([meeting()]))
    after, before = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, 12, 30, tzinfo=UTC)
    found = recall.list_meetings("ann", after, before)
    assert [entry.title for entry in found] == ["Meeting 1"]
    query = server.last("GET", MEETINGS).query
    assert query == "start_time_after=2026-09-01T00:00:00Z&start_time_before=2026-10-01T12:30:00Z"


def test_a_refresh_is_a_post_with_its_slash_and_is_asked_once(recall: Recall, server: ScriptedRecall) -> None:
    server.knows("ann")
    server.script("POST", REFRESH, answer([meeting(1), meeting(2)]), html(502))
    assert len(recall.refresh_meetings("ann")) == 2
    with pytest.raises(RecallUnreachable):
        recall.refresh_meetings("ann")
    assert server.count("POST", REFRESH) == 2


def test_another_object_than_the_one_asked_for_is_not_shown_as_it(recall: Recall, server: ScriptedRecall) -> None:
    server.knows("ann")
    server.script("GET", f"{CALENDAR}user/", answer(user("bob")))
    server.script("GET", BOT_PATH, answer(bot(2)))
    server.script("GET", f"{MEETINGS}{meeting(1)['id']}/", answer(meeting(2)))
    with pytest.raises(RecallUnreadable):
        recall.get_user("ann")
    with pytest.raises(RecallUnreadable):
        recall.get_bot(BOT)
    with pytest.raises(RecallUnreadable):
        recall.get_meeting("ann", meeting(1)["id"])

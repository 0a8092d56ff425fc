"""What an answer means, for every call and every status."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from lib.errors import (
    RecallCalendarLost,
    RecallError,
    RecallKeyRefused,
    RecallLimited,
    RecallOutcomeUnknown,
    RecallRejected,
    RecallSlow,
    RecallTokenRefused,
    RecallUnreachable,
    RecallUnreadable,
)
from lib.recall_api.allow_list import (
    DELETE_USER,
    ENDPOINTS,
    GET_USER,
    LIST_MEETINGS,
    LIST_USERS,
    REFRESH,
    UPDATE_USER,
    Credential,
    Endpoint,
    Retryable,
)
from lib.recall_api.pagination import contents, pages
from lib.recall_api.responses import NoResponse, Response, interpret
from lib.recall_api.retries import BACKGROUND, INTERACTIVE

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CALLS = st.sampled_from(ENDPOINTS)


def answered(status: int, body: Any = None, content_type: str = "application/json", **headers: str) -> Response:
    sent = CaseInsensitiveDict({"content-type": content_type} | headers)
    return Response(status, sent, json.dumps(body).encode() if not isinstance(body, bytes) else body)


ANSWERS = st.builds(
    answered,
    st.integers(200, 599),
    st.binary(max_size=20) | st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
    st.sampled_from(
        ["application/json", "Application/JSON; charset=utf-8", "text/html", "", "application/problem+json"]
    ),
)


@given(call=CALLS, outcome=ANSWERS | st.sampled_from(NoResponse))
def test_every_outcome_is_a_value_or_one_error_of_the_tree(call: Endpoint, outcome: Response | NoResponse) -> None:
    tried = interpret(call, outcome, NOW)
    assert (tried.error is None) or isinstance(tried.error, RecallError)
    assert tried.error is None or tried.value is None
    assert tried.error is not None or not tried.again


@given(call=CALLS.filter(lambda c: c.repeat is Retryable.NEVER), outcome=ANSWERS | st.sampled_from(NoResponse))
def test_a_write_is_sent_again_only_when_it_was_certainly_not_applied(
    call: Endpoint, outcome: Response | NoResponse
) -> None:
    tried = interpret(call, outcome, NOW)
    limited = isinstance(outcome, Response) and outcome.status == 429
    assert not tried.again or limited or outcome is NoResponse.NOT_SENT


@given(call=CALLS.filter(lambda c: c.repeat is Retryable.NEVER), outcome=ANSWERS)
def test_a_write_is_done_or_refused_or_limited_or_of_unknown_outcome(call: Endpoint, outcome: Response) -> None:
    error = interpret(call, outcome, NOW).error
    if 400 <= outcome.status < 500:
        assert not isinstance(error, RecallOutcomeUnknown | RecallUnreachable | RecallUnreadable)
    elif error is not None:
        assert isinstance(error, RecallOutcomeUnknown)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_credential_is_named(status: int) -> None:
    assert isinstance(interpret(LIST_USERS, answered(status, {}), NOW).error, RecallKeyRefused)
    assert isinstance(interpret(GET_USER, answered(status, {}), NOW).error, RecallTokenRefused)


@given(call=CALLS, media=st.sampled_from(["application/json", "text/html", ""]), body=st.just({"detail": "no"}))
def test_422_is_a_lost_calendar_for_who_comes_with_a_users_token_and_for_nobody_else(
    call: Endpoint, media: str, body: Any
) -> None:
    tried = interpret(call, answered(422, body, media), NOW)
    expected = RecallCalendarLost if call.credential is Credential.TOKEN else RecallRejected
    assert (type(tried.error), tried.again) == (expected, False)


@given(call=CALLS)
def test_only_a_late_list_of_meetings_says_nothing_of_recall(call: Endpoint) -> None:
    late, lost = interpret(call, NoResponse.TOO_LATE, NOW), interpret(call, NoResponse.LOST, NOW)
    assert isinstance(late.error, RecallSlow) == (call is LIST_MEETINGS)
    assert late.again == lost.again
    assert call is LIST_MEETINGS or type(late.error) is type(lost.error)


def test_a_limit_says_when_and_is_worth_another_try() -> None:
    tried = interpret(UPDATE_USER, answered(429, {}, **{"retry-after": "7"}), NOW)
    assert isinstance(tried.error, RecallLimited)
    assert (tried.again, tried.wait_seconds) == (True, 7)


def test_a_costly_call_is_harmless_but_asked_once() -> None:
    tried = interpret(REFRESH, NoResponse.LOST, NOW)
    assert isinstance(tried.error, RecallUnreachable)
    assert not tried.again


def test_a_certificate_that_is_not_the_hosts_is_said_and_not_tried_again() -> None:
    for call in (LIST_USERS, UPDATE_USER):
        tried = interpret(call, NoResponse.DISTRUSTED, NOW)
        assert "certificate" in str(tried.error)
        assert not tried.again


def test_a_deletion_needs_no_body() -> None:
    for answer in (answered(204, b"", ""), answered(200, b"", ""), answered(200, b"<html>", "text/html")):
        assert interpret(DELETE_USER, answer, NOW).error is None


def test_an_answer_does_not_show_its_body() -> None:
    assert "secret" not in repr(answered(200, {"token": "secret"})) + repr(
        interpret(GET_USER, answered(200, ["secret"]), NOW)
    )


@given(st.recursive(st.none() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)).map(json.dumps))
def test_no_body_makes_reading_a_page_raise(body: str) -> None:
    contents(json.loads(body))
    contents({"results": json.loads(body), "next": json.loads(body)})


HOSTS = st.sampled_from(["", "https://us-east-1.recall.ai", "http://api.recall.ai", "//evil.example", "ftp://a@b:1"])
QUERIES = st.text("page=2&%é #", max_size=12) | st.text(max_size=20)
NEXTS = st.builds(lambda host, tail: f"{host}/api/v1/bot/?{tail}", HOSTS, QUERIES)


@given(st.text(max_size=60) | NEXTS | st.text(max_size=20).map(lambda tail: f"https://us-east-1.recall.ai/api/{tail}"))
def test_no_next_changes_where_the_second_page_is_read(following: str) -> None:
    queries: list[str] = []

    def fetch(query: str) -> tuple[list[Any], Any]:
        queries.append(query)
        return [1], following if len(queries) == 1 else None

    list(pages(fetch, "/api/v1/bot/"))
    assert all(query.isascii() and query.isprintable() and "#" not in query for query in queries)


@given(HOSTS, HOSTS, QUERIES)
def test_the_host_that_a_next_names_makes_no_difference(one: str, other: str, tail: str) -> None:
    def asked(host: str) -> list[str]:
        queries: list[str] = []

        def fetch(query: str) -> tuple[list[Any], Any]:
            queries.append(query)
            return [1], f"{host}/api/v1/bot/?{tail}" if len(queries) == 1 else None

        list(pages(fetch, "/api/v1/bot/"))
        return queries

    assert asked(one) == asked(other)


def test_patience_keeps_its_promises_to_whoever_waits() -> None:
    assert (INTERACTIVE.attempts, INTERACTIVE.total_seconds) == (3, 8)
    assert INTERACTIVE.longest_wait_seconds < INTERACTIVE.total_seconds
    assert (BACKGROUND.attempts, BACKGROUND.total_seconds) == (5, 60)
    assert (BACKGROUND.in_background, INTERACTIVE.in_background) == (True, False)
    assert BACKGROUND.slow_seconds == INTERACTIVE.slow_seconds == 180, "contract N1"
    assert BACKGROUND.longest_wait_seconds > 2 * 61, "the turn of the last of many askers comes after two minutes"

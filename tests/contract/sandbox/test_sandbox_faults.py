"""Every fault as it is seen on the socket."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from urllib3.exceptions import ProtocolError

from tests.contract.sandbox.sandbox_process import CALENDAR, KEY, Sandbox

USERS, MEETINGS = f"{CALENDAR}/users/", f"{CALENDAR}/meetings/"


def set_fault(sandbox: Sandbox, **fault: Any) -> None:
    sandbox.control("faults/", {"path": USERS, **fault})


def users(sandbox: Sandbox) -> requests.Response:
    return sandbox.get(USERS, headers=KEY)


@pytest.mark.parametrize("status", [402, 409, 422, 429, 500, 502, 503, 504, 507])
def test_any_status_can_be_answered_once(sandbox: Sandbox, status: int) -> None:
    set_fault(sandbox, status=status)
    assert [users(sandbox).status_code for _ in range(2)] == [status, 200]


@pytest.mark.parametrize(
    "value", ["23", "0", "3600", "999999999999", "-5", "soon", "", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT"]
)
def test_retry_after_is_sent_as_it_was_written(sandbox: Sandbox, value: str) -> None:
    set_fault(sandbox, retry_after=value)
    answer = users(sandbox)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, value)


def test_retry_after_can_be_a_date_ahead_of_the_clock_or_missing(sandbox: Sandbox) -> None:
    set_fault(sandbox, retry_after_date_in=90)
    assert users(sandbox).headers["Retry-After"] == "Tue, 24 Nov 2026 09:01:30 GMT"
    set_fault(sandbox, status=429)
    assert "Retry-After" not in users(sandbox).headers


def test_body_and_content_type_are_the_testers(sandbox: Sandbox) -> None:
    set_fault(sandbox, status=400, body={"field": ["No."]})
    assert users(sandbox).json() == {"field": ["No."]}
    set_fault(sandbox, status=503, body="<p>busy", content_type="text/plain")
    answer = users(sandbox)
    assert (answer.text, answer.headers["Content-Type"].split(";")[0]) == ("<p>busy", "text/plain")


def test_a_page_may_come_with_success(sandbox: Sandbox) -> None:
    set_fault(sandbox, html200=True)
    answer = users(sandbox)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (200, "text/html")


def test_an_answer_may_be_late(sandbox: Sandbox) -> None:
    set_fault(sandbox, delay_ms=300)
    before = time.monotonic()
    assert users(sandbox).ok
    assert time.monotonic() - before > 0.3


def test_a_late_answer_holds_nobody_else_up(sandbox: Sandbox) -> None:
    slow, quick = sandbox.new_user(), sandbox.new_user()
    tokens = {user: sandbox.token(user) for user in (slow, quick)}
    sandbox.control("faults/", {"path": MEETINGS, "user": slow, "delay_ms": 1500})
    with ThreadPoolExecutor() as threads:
        began = time.monotonic()
        late = threads.submit(requests.get, sandbox.base + MEETINGS, headers=tokens[slow], timeout=30)
        while sandbox.control("faults/", method="GET"):  # until the slow one is on its way
            time.sleep(0.01)
        answers = [sandbox.get(MEETINGS, headers=tokens[quick]).status_code for _ in range(20)]
        between = time.monotonic() - began
        assert late.result().status_code == 200
    assert answers == [200] * 20
    assert between < 1.5 <= time.monotonic() - began


def test_a_fault_may_be_meant_for_the_calls_of_one_user(sandbox: Sandbox) -> None:
    meant, other = sandbox.new_user(), sandbox.new_user()
    sandbox.control("faults/", {"path": f"{CALENDAR}/*", "user": meant, "status": 422, "times": None})
    statuses = [sandbox.get(MEETINGS, headers=sandbox.token(user)).status_code for user in (other, meant, other, meant)]
    assert statuses == [200, 422, 200, 422]
    assert users(sandbox).status_code == 200
    answer = sandbox.ask("POST", "/control/faults/", json={"path": MEETINGS, "user": "nobody"})
    assert answer.status_code == 400


def test_a_dropped_request_has_no_answer_and_no_effect(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    token = sandbox.token(user)
    sandbox.control("faults/", {"path": f"{CALENDAR}/user/", "method": "PUT", "drop": True})
    with pytest.raises(requests.ConnectionError):
        sandbox.ask("PUT", f"{CALENDAR}/user/", headers=token, json={"preferences": {"bot_name": "Lost"}})
    assert sandbox.get(f"{CALENDAR}/user/", headers=token).json()["preferences"]["bot_name"] != "Lost"


def test_a_lost_answer_belongs_to_a_request_that_was_applied(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    token = sandbox.token(user)
    sandbox.control("faults/", {"path": f"{CALENDAR}/user/", "method": "PUT", "lose_answer": True})
    with pytest.raises(requests.ConnectionError):
        sandbox.ask("PUT", f"{CALENDAR}/user/", headers=token, json={"preferences": {"bot_name": "Applied"}})
    assert sandbox.get(f"{CALENDAR}/user/", headers=token).json()["preferences"]["bot_name"] == "Applied"


def test_a_truncated_answer_is_shorter_than_it_says(sandbox: Sandbox) -> None:
    whole = len(users(sandbox).content)
    set_fault(sandbox, truncate=True)
    with sandbox.get(USERS, headers=KEY, stream=True) as answer:
        assert (answer.status_code, int(answer.headers["Content-Length"])) == (200, whole)
        assert len(answer.raw.read(whole // 2)) == whole // 2
        with pytest.raises(ProtocolError):
            answer.raw.read()
    assert users(sandbox).ok


def test_a_body_may_trickle(sandbox: Sandbox) -> None:
    set_fault(sandbox, status=200, body="x" * 100, slow_body=200)
    before = time.monotonic()
    assert users(sandbox).text == "x" * 100
    assert time.monotonic() - before > 0.4


def test_faults_happen_as_often_as_told_and_to_those_meant(sandbox: Sandbox) -> None:
    sandbox.control("faults/", {"path": f"{CALENDAR}/*", "method": "GET", "status": 503, "times": 2})
    token = sandbox.token("not-meant")
    answers = [users(sandbox), sandbox.get(f"{CALENDAR}/user", headers=token), users(sandbox)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]


def test_a_fault_without_end_lasts_until_it_is_cleared(sandbox: Sandbox) -> None:
    set_fault(sandbox, status=502, times=None)
    assert {users(sandbox).status_code for _ in range(5)} == {502}
    assert len(sandbox.control("faults/", method="GET")) == 1
    sandbox.control("faults/", method="DELETE")
    assert users(sandbox).ok


def test_a_fault_that_makes_no_sense_is_refused(sandbox: Sandbox) -> None:
    for fault in ({"path": USERS, "explode": True}, {"status": 500}):
        assert sandbox.ask("POST", "/control/faults/", json=fault).status_code == 400


def test_the_log_tells_what_was_asked_and_never_a_secret(sandbox: Sandbox) -> None:
    token = sandbox.token("logged")
    sandbox.control("log/", method="DELETE")
    set_fault(sandbox, drop=True)
    with pytest.raises(requests.ConnectionError):
        users(sandbox)
    sandbox.get(f"{CALENDAR}/meetings?ical_uid=x", headers={**token, **KEY})
    sandbox.get(f"{CALENDAR}/google_oauth_callback/?code=c&state={token['x-recallcalendarauthtoken']}")
    log = sandbox.control("log/", method="GET")
    assert [(e["method"], e["path"], e["query"], e["status"], e["credential"]) for e in log] == [
        ("GET", USERS, "", None, "key"),
        ("GET", f"{CALENDAR}/meetings/", "ical_uid=x", 200, "key+token"),
        ("GET", f"{CALENDAR}/google_oauth_callback/", "code=hidden&state=hidden", 400, "none"),
    ]
    assert len(sandbox.control(f"log/?path={USERS}", method="GET")) == 1
    assert token["x-recallcalendarauthtoken"] not in str(log)
    assert "sandbox-key" not in str(log)

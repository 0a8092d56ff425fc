"""The calls of Recall's own Calendar V1 sample client, as it makes them: from a page of another origin."""

from typing import Any

import pytest
import requests

from tests.contract.sandbox.sandbox_process import CALENDAR, KEY, Sandbox

ORIGIN = {"Origin": "http://localhost:3000"}
PATHS = ["user", "user/", "user/disconnect/", "meetings/", "meetings/refresh", "meetings/some-id/"]


class SampleClient:
    """Sends what the sample's page sends; the header's name is spelt as there."""

    def __init__(self, sandbox: Sandbox, user: str) -> None:
        answer = sandbox.ask("POST", f"{CALENDAR}/authenticate/", headers=KEY, json={"user_id": user})
        self._headers = {**ORIGIN, "X-RecallCalendarAuthToken": answer.json()["token"]}
        self._sandbox = sandbox

    def ask(self, method: str, path: str, body: Any = None) -> requests.Response:
        answer = self._sandbox.ask(method, f"{CALENDAR}/{path}", headers=self._headers, json=body)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        return answer


def preflight(sandbox: Sandbox, path: str, method: str) -> requests.Response:
    asks = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "x-recallcalendarauthtoken"}
    return sandbox.ask("OPTIONS", f"{CALENDAR}/{path}", headers={**ORIGIN, **asks})


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "POST", "DELETE"])
def test_a_browser_is_told_that_it_may_send_the_token(sandbox: Sandbox, path: str, method: str) -> None:
    answer = preflight(sandbox, path, method)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert method in answer.headers["Access-Control-Allow-Methods"]
    assert "x-recallcalendarauthtoken" in answer.headers["Access-Control-Allow-Headers"].lower()


@pytest.mark.parametrize("path", ["authenticate/", "users/", "../bot/"])
def test_a_browser_is_not_let_near_the_endpoints_that_take_the_key(sandbox: Sandbox, path: str) -> None:
    answer = preflight(sandbox, path, "POST")
    assert not answer.ok
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_sample_client_does_its_whole_work(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    meeting = sandbox.add_meeting(user)
    client = SampleClient(sandbox, user)

    found = client.ask("GET", "user/").json()
    assert found["external_id"] == user
    assert [m["id"] for m in client.ask("GET", "meetings/").json()] == [meeting["id"]]
    assert client.ask("POST", "meetings/refresh").json()[0]["id"] == meeting["id"]

    wanted = found["preferences"] | {"record_internal": True, "bot_name": "Sample"}
    assert client.ask("PUT", "user", {**found, "preferences": wanted}).json()["preferences"] == wanted
    for value in (True, False, None):
        answer = client.ask("PUT", f"meetings/{meeting['id']}", {"override_should_record": value}).json()
        assert answer["override_should_record"] is value
        assert answer["will_record"] is (value is not False)

    deleted = client.ask("DELETE", "user")
    assert (deleted.status_code, deleted.content) == (204, b"")


def test_a_page_may_read_why_it_was_refused(sandbox: Sandbox) -> None:
    answer = sandbox.get(f"{CALENDAR}/user/", headers={**ORIGIN, "x-recallcalendarauthtoken": "forged"})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (401, "*")


@pytest.mark.parametrize("path", ["user", "user/", "meetings", "meetings/", "meetings/refresh", "meetings/refresh/"])
def test_no_path_is_answered_by_a_redirect(sandbox: Sandbox, path: str) -> None:
    method = "POST" if "refresh" in path else "GET"
    answer = sandbox.ask(method, f"{CALENDAR}/{path}", headers=sandbox.token(sandbox.new_user()))
    assert answer.status_code == 200

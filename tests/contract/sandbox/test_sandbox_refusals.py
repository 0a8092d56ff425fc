"""Refusals that are pages, and those that are JSON."""

import pytest

from tests.contract.sandbox.sandbox_process import CALENDAR, KEY, Sandbox


@pytest.mark.parametrize("body", [b"null", b"{}", b"x"])
def test_a_read_with_a_body_is_blocked_by_a_page(sandbox: Sandbox, body: bytes) -> None:
    answer = sandbox.get(f"{CALENDAR}/users/", headers=KEY, data=body)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (403, "text/html")
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize("name", ["<script>x</script>", "see http://localhost:3000/x", "x onerror=alert(1)"])
def test_a_suspicious_payload_is_blocked_by_a_page(sandbox: Sandbox, name: str) -> None:
    user = sandbox.new_user()
    body = {"preferences": {"bot_name": name}}
    answer = sandbox.ask("PUT", f"{CALENDAR}/user/", headers=sandbox.token(user), json=body)
    assert (answer.status_code, answer.text.startswith("<!DOCTYPE html>")) == (403, True)
    assert sandbox.get(f"{CALENDAR}/user/", headers=sandbox.token(user)).json()["preferences"]["bot_name"] != name


@pytest.mark.parametrize("path", ["/", "/api/v1/", "/api/v2/calendars/", f"{CALENDAR}/nothing/", "/api/v1/bot/a/b/"])
def test_an_unknown_path_is_a_page(sandbox: Sandbox, path: str) -> None:
    answer = sandbox.get(path, headers=KEY)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (404, "text/html")


@pytest.mark.parametrize("id_", ["nothing", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_object_is_json(sandbox: Sandbox, id_: str) -> None:
    answer = sandbox.bot(id_)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", f"{CALENDAR}/user/", "GET, HEAD, PUT, PATCH, DELETE"),
        ("GET", f"{CALENDAR}/authenticate/", "POST"),
        ("POST", f"{CALENDAR}/users/", "GET"),
        ("DELETE", f"{CALENDAR}/meetings/x/", "GET, HEAD, PUT, PATCH"),
        ("GET", f"{CALENDAR}/meetings/refresh/", "POST"),
        ("POST", "/api/v1/bot/", "GET"),
    ],
)
def test_a_wrong_verb_is_told_the_right_ones(sandbox: Sandbox, method: str, path: str, allowed: str) -> None:
    answer = sandbox.ask(method, path, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"].startswith(allowed)


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"text"'])
def test_a_body_that_is_no_object_is_refused(sandbox: Sandbox, body: bytes) -> None:
    answer = sandbox.ask("PUT", f"{CALENDAR}/user/", headers=sandbox.token(sandbox.new_user()), data=body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/json"

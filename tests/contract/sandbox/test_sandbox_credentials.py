"""Which endpoint takes which credential, and how each is refused."""

import pytest

from tests.contract.sandbox.sandbox_process import CALENDAR, KEY, Sandbox, running

KEY_ENDPOINTS = [("POST", f"{CALENDAR}/authenticate/"), ("GET", f"{CALENDAR}/users/"), ("GET", "/api/v1/bot/")]
TOKEN_ENDPOINTS = [
    ("GET", f"{CALENDAR}/user/"),
    ("PUT", f"{CALENDAR}/user/"),
    ("DELETE", f"{CALENDAR}/user/"),
    ("POST", f"{CALENDAR}/user/disconnect/"),
    ("GET", f"{CALENDAR}/meetings/"),
    ("POST", f"{CALENDAR}/meetings/refresh/"),
    ("GET", f"{CALENDAR}/meetings/some-id/"),
    ("PUT", f"{CALENDAR}/meetings/some-id/"),
]


@pytest.mark.parametrize(("method", "path"), TOKEN_ENDPOINTS)
def test_the_key_opens_no_endpoint_of_a_user(sandbox: Sandbox, method: str, path: str) -> None:
    answer = sandbox.ask(method, path, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize(("method", "path"), KEY_ENDPOINTS)
def test_a_token_opens_no_endpoint_of_the_workspace(sandbox: Sandbox, method: str, path: str) -> None:
    answer = sandbox.ask(method, path, headers=sandbox.token("somebody"))
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize(
    ("sent", "code", "words"),
    [
        (None, "not_authenticated", "not provided"),
        ("Token", "authentication_failed", "region"),
        ("Token wrong", "authentication_failed", "region"),
        ("wrong", "authentication_failed", "region"),
        ("Bearer sandbox-key", "authentication_failed", "region"),
        ("Basic c2FuZGJveA==", "authentication_failed", "not provided"),
    ],
)
def test_each_wrong_key_is_refused_in_its_own_words(sandbox: Sandbox, sent: str | None, code: str, words: str) -> None:
    answer = sandbox.get(f"{CALENDAR}/users/", headers={"Authorization": sent} if sent else {})
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert words in answer.json()["detail"]
    assert answer.headers["WWW-Authenticate"] == "Token"
    assert "Allow" in answer.headers


@pytest.mark.parametrize("sent", ["Token sandbox-key", "token sandbox-key", "sandbox-key"])
def test_the_key_is_taken_with_its_word_and_without(sandbox: Sandbox, sent: str) -> None:
    assert sandbox.get(f"{CALENDAR}/users/", headers={"Authorization": sent}).ok


@pytest.mark.parametrize("token", ["", "forged", "WzEsOTk5OTk5OTk5OV0.c2lnbmF0dXJl"])
def test_a_forged_token_is_refused(sandbox: Sandbox, token: str) -> None:
    answer = sandbox.get(f"{CALENDAR}/user/", headers={"x-recallcalendarauthtoken": token})
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")


def test_a_token_is_good_for_a_day_and_no_longer(sandbox: Sandbox) -> None:
    token = sandbox.token("a-day")
    sandbox.advance(86_399)
    assert sandbox.get(f"{CALENDAR}/user/", headers=token).ok
    sandbox.advance(1)
    assert sandbox.get(f"{CALENDAR}/user/", headers=token).status_code == 401


def test_tokens_survive_a_restart_and_belong_to_one_key() -> None:
    small = ("--users", "3", "--meetings-per-user", "5")
    with running(*small) as first:
        external_id = first.get(f"{CALENDAR}/users/", headers=KEY).json()[0]["external_id"]
        token = first.token(external_id)
    with running(*small) as second:
        assert second.get(f"{CALENDAR}/user/", headers=token).json()["external_id"] == external_id
    with running(*small, "--api-key", "another") as third:
        assert third.get(f"{CALENDAR}/user/", headers=token).status_code == 401
        assert third.get(f"{CALENDAR}/users/", headers=KEY).status_code == 401
        assert third.get(f"{CALENDAR}/users/", headers={"Authorization": "Token another"}).ok

"""The contract's limits, each to the last request, on the sandbox's clock."""

from collections.abc import Iterator

import pytest

from tests.contract.sandbox.sandbox_process import CALENDAR, KEY, NOW, Sandbox, running


@pytest.fixture(scope="module")
def limited() -> Iterator[Sandbox]:
    with running("--users", "3", "--meetings-per-user", "3", "--now", NOW) as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    ("method", "path", "body", "per_minute"),
    [
        ("GET", f"{CALENDAR}/users/", None, 60),
        ("GET", "/api/v1/bot/", None, 60),
        ("GET", "/api/v1/bot/00000000-0000-4000-8000-000000000000/", None, 300),
        ("POST", f"{CALENDAR}/authenticate/", {"user_id": "one"}, 300),
    ],
)
def test_the_workspace_has_so_many_a_minute(
    limited: Sandbox, method: str, path: str, body: dict[str, str] | None, per_minute: int
) -> None:
    limited.advance(61)
    statuses = {limited.ask(method, path, headers=KEY, json=body).status_code for _ in range(per_minute)}
    assert 429 not in statuses
    refused = limited.ask(method, path, headers=KEY, json=body)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    limited.advance(18.2)
    assert limited.ask(method, path, headers=KEY, json=body).headers["Retry-After"] == "42"
    limited.advance(42)
    assert limited.ask(method, path, headers=KEY, json=body).status_code != 429


@pytest.mark.parametrize(("method", "path"), [("GET", "user/"), ("GET", "meetings/"), ("POST", "meetings/refresh/")])
def test_each_user_has_a_hundred_and_twenty_a_minute_at_each_endpoint(limited: Sandbox, method: str, path: str) -> None:
    limited.advance(61)
    mine, yours = limited.token("one"), limited.token("two")
    answers = [limited.ask(method, f"{CALENDAR}/{path}", headers=mine).status_code for _ in range(121)]
    assert answers == [200] * 120 + [429]
    assert limited.ask(method, f"{CALENDAR}/{path}", headers=yours).ok
    assert limited.get(f"{CALENDAR}/meetings/some-id/", headers=mine).status_code == 404

"""What somebody sees who has not signed in: the sign-in, and nothing else, whatever is asked for and shown."""

import base64
import json
import secrets
from collections.abc import Iterator, Mapping
from urllib.parse import quote

import jwt
import pytest
from playwright.sync_api import Page, expect

from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from tests.browsing import fill_sign_in, wait_until_signed_in
from tests.e2e.looking import expect_sign_in_alone
from tests.e2e.scanning import words_of_others
from tests.e2e.serving import PASSWORD, Dashboard, Workspace, running_beside
from tests.e2e.wiretap import Wiretap
from tests.running import ROOT
from tests.websocket_client import connect

PAGES = tuple(f"/{file.stem}" for file in sorted((ROOT / "pages").glob("*.py")))
OF_ONE_USER = tuple(f"/users?user={{user}}&section={name}" for name in ("preferences", "connections", "history"))
ELSEWHERE = ("/", "/admin", "/admin?user=1", "/anything", "/many?customer=browser.example", "/customers?do=assign")
FORM_COOKIES = ("coverage_desk_form", "some_cookie_name")
"""Names that streamlit-authenticator could keep its own cookie under: ours, and the library's when none is given."""


@pytest.fixture(scope="module")
def cold_server(desk: Dashboard, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiretap]:
    """What a process says that has served nobody signed in, on the shared dashboard's store and Recall."""
    with running_beside(desk, tmp_path_factory.mktemp("cold") / "cold.log") as server:
        yield server.tap


def test_no_run_of_any_page_by_message_gets_more_of_a_cold_server_than_the_sign_in(
    cold_server: Wiretap, desk: Dashboard, workspace: Workspace
) -> None:
    with connect(cold_server.url) as tab:
        tab.rerun()
        pages = {**tab.page_hashes, "admin": "", "pages/users": "", "entry/desk.py": "0" * 32}
    assert {page.removeprefix("/") for page in PAGES} - {"start"} <= set(pages)
    secret = words_of_others(desk)
    for page, page_hash in pages.items():
        with connect(cold_server.url, path=page, query=f"user={workspace.waiting[0].id}&section=preferences") as tab:
            tab.page_hash = page_hash
            heard = b"".join(frame.SerializeToString() for frame in tab.rerun())
            assert b"Sign in" in heard
            assert [word for word in secret if word in heard] == []


def test_a_cold_server_shows_a_stranger_the_sign_in_alone_at_every_address(
    cold_server: Wiretap, stranger: Page, workspace: Workspace
) -> None:
    somebody = workspace.waiting[0]
    for address in (*PAGES, *OF_ONE_USER, *ELSEWHERE):
        stranger.goto(cold_server.url + address.format(user=somebody.id))
        expect_sign_in_alone(stranger)
        expect(stranger.get_by_label("Password").first).to_be_editable()
    frames = b"".join(talk.answered for talk in cold_server.conversations if talk.is_websocket)
    assert b"Sign in" in frames, "the frames must be readable for this test to mean anything"
    assert b"@browser.example" not in frames
    assert somebody.external_id.encode() not in frames


def test_forged_cookies_show_the_sign_in_which_still_lets_in(stranger: Page, desk: Dashboard) -> None:
    for session, form in zip(_forged_sessions(), _forged_forms(), strict=True):
        for name, value in {SESSION_COOKIE: session, **dict.fromkeys(FORM_COOKIES, form)}.items():
            stranger.context.add_cookies([{"name": name, "value": value, "url": desk.url}])
        stranger.goto(f"{desk.url}/users")
        expect_sign_in_alone(stranger)
        expect(stranger.get_by_test_id("stAlert")).to_have_count(0)
    fill_sign_in(stranger, "viewer", PASSWORD)
    wait_until_signed_in(stranger)


def _forged_sessions() -> list[str]:
    """Of the right length, the longest that a browser keeps, and text that is not ASCII, injected or empty."""
    return [secrets.token_urlsafe(32), "x" * 4000, quote("ключ \u202e \0 ☃"), quote("' OR 1=1 --"), ""]


def _forged_forms() -> list[str]:
    """No token at all, signed by the library's default key, without an expiry, expired, and unsigned."""
    claims = {"username": "editor", "exp_date": 9_999_999_999}
    return [
        "a.b.c",
        _signed(claims),
        _signed({"username": "editor"}),
        _signed({"username": "editor", "exp": 1}),
        _unsigned(claims),
    ]


def _signed(claims: Mapping[str, object]) -> str:
    return str(jwt.encode(dict(claims), "some_key" * 8, "HS256"))


def _unsigned(claims: Mapping[str, object]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."

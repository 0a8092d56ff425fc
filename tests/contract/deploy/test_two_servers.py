"""Two dashboards, one PostgreSQL and one sync behind the proxy of deploy/: either does all, none is missed for long."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from streamlit.proto.Button_pb2 import Button

from lib.clock import utc_now
from lib.staff import sessions
from lib.store import Store, open_store, passes
from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from tests import postgres
from tests.browsing import CHROMIUM, WAITS_MS, chromium, fill_sign_in, wait_until_signed_in
from tests.contract.deploy.house import (
    HOW_TO_INSTALL,
    METRICS_TOKEN,
    NGINX,
    PASSWORD,
    PROXY,
    SILENT_FOR_SECONDS,
    House,
    as_of,
    running_house,
    until,
)
from tests.contract.deploy.preferences import choose_the_other, preferences, somebody
from tests.e2e.looking import save_button
from tests.websocket_client import Tab, pressed, sign_in

pytestmark = [
    pytest.mark.skipif(NGINX is None, reason=HOW_TO_INSTALL),
    pytest.mark.skipif(postgres.binaries() is None, reason=postgres.HOW_TO_INSTALL),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with pytest.MonkeyPatch.context() as patch, running_house(folder) as house:
        patch.setenv("SSL_CERT_FILE", str(folder / "tls.crt"))  # whoever speaks TLS here trusts the proxy
        yield house


@pytest.fixture(scope="module")
def user(house: House) -> str:
    return somebody(house)


def change(tab: Tab) -> None:
    """Choose the other of two presets, and save it."""
    tab.rerun(pressed(choose_the_other(tab)))
    assert "Saved and read back" in tab.text(), tab.text()[-3000:]


def test_what_goes_through_the_proxy_is_sealed_and_what_only_machines_ask_for_does_not(house: House) -> None:
    with house.ask("/users?user=1") as page:
        headers = page.headers
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["x-frame-options"] == "DENY"
    assert len(headers["x-request-id"]) == 32
    for path in ("/metrics", "/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/script-health-check"):
        with pytest.raises(HTTPError) as refused:
            house.ask(path, Authorization=f"Bearer {METRICS_TOKEN}")
        assert refused.value.code == 404, path
        refused.value.close()
    assert _direct(house, "GET", "/metrics", Authorization=f"Bearer {METRICS_TOKEN}")[0] == 200
    assert "?" not in (house.folder / "access.log").read_text()


def test_only_the_proxy_that_is_named_says_how_somebody_came(house: House) -> None:
    """From anywhere else the cookie is not marked as one of https, and the address is the caller's own."""
    with _store(house) as store:
        marked = {}
        for source in (PROXY, "127.0.0.8"):
            ticket = sessions.mint_ticket(store, "editor").encode()
            origin = f"https://127.0.0.1:{house.desks['a']}"
            claims = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
            status, cookie = _direct(house, "POST", "/session", ticket, source, Origin=origin, **claims)
            assert status == 204
            marked[source] = "secure" in cookie.lower()
    assert marked == {PROXY: True, "127.0.0.8": False}


def test_either_server_alone_does_all_and_what_was_begun_at_one_goes_on_at_the_other(house: House, user: str) -> None:
    before = house.applied()
    house.parts["b"].kill()
    stays, leaves = sign_in(house.url, "second", PASSWORD), sign_in(house.url, "editor", PASSWORD)
    with preferences(house.url, stays, user) as tab:
        change(tab)
        _sign_out(house, leaves)
        house.parts["b"].start()
        house.parts["a"].kill()
    with preferences(house.url, stays, user) as tab:
        change(tab)
    with preferences(house.url, leaves, user) as tab:
        assert tab.labelled(Button, "Sign in")
    with preferences(house.url, sign_in(house.url, "editor", PASSWORD), user) as tab:
        change(tab)
    _sign_out(house, stays)
    with preferences(house.url, stays, user) as tab:
        assert tab.labelled(Button, "Sign in")
    house.parts["a"].start()
    assert house.asked_of("/session") == ["a", "a", "a", "b", "b"]
    assert house.applied() == before + 3


def test_somebody_stays_with_one_server_and_people_are_spread(house: House) -> None:
    before = len(house.asked_of("/healthz"))
    for number in range(24):
        for _ in range(2):
            house.ask("/healthz", Cookie=f"{SESSION_COOKIE}=somebody-{number}").close()
    until(lambda: _has(len(house.asked_of("/healthz")) >= before + 48))
    served = house.asked_of("/healthz")[before:]
    assert served[0::2] == served[1::2]
    assert set(served) == {"a", "b"}


def test_a_silent_tab_is_kept_open_by_pings_longer_than_the_proxy_waits(house: House, user: str) -> None:
    cookie = sign_in(house.url, "second", PASSWORD)
    with preferences(house.url, cookie, user) as tab:
        time.sleep(SILENT_FOR_SECONDS * 1.5)
        assert tab.rerun()


def test_a_proxy_that_is_killed_is_followed_by_one_that_goes_on(house: House, user: str) -> None:
    before = house.applied()
    cookie = sign_in(house.url, "second", PASSWORD)
    with preferences(house.url, cookie, user) as tab:
        change(tab)
        house.parts["proxy"].kill()
    house.parts["proxy"].start()
    with preferences(house.url, cookie, user) as tab:
        change(tab)
    assert house.applied() == before + 2


def test_a_sync_that_is_killed_is_followed_by_one_that_goes_on(house: House) -> None:
    house.parts["sync"].kill()
    read_at = as_of(house.desks["a"])
    with _store(house) as store, store.write() as connection:
        passes.ask(connection, by="editor", now=utc_now())
    house.parts["sync"].start()
    until(lambda: _has(as_of(house.desks["b"]) > read_at))


def test_a_database_that_was_killed_is_missed_and_then_used_again(house: House, user: str) -> None:
    before = house.applied()
    cookie = sign_in(house.url, "second", PASSWORD)
    house.kill_database()
    with pytest.raises(HTTPError) as refused:
        house.ask("/healthz")
    assert refused.value.code == 503
    assert json.load(refused.value)["status"] == "unavailable"
    refused.value.close()
    house.start_database()
    until(lambda: house.ask("/healthz").close())
    with preferences(house.url, cookie, user) as tab:
        change(tab)
    assert house.applied() == before + 1


@pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
def test_somebody_with_a_browser_signs_in_changes_and_signs_out(house: House, user: str) -> None:
    before = house.applied()
    with chromium() as browser:
        context = browser.new_context(ignore_https_errors=True)
        context.set_default_timeout(WAITS_MS)
        expect.set_options(timeout=WAITS_MS)
        page = context.new_page()
        page.goto(f"{house.url}/users?user={user}&section=preferences")
        fill_sign_in(page, "editor", PASSWORD)
        wait_until_signed_in(page)
        [cookie] = [each for each in context.cookies() if each["name"] == SESSION_COOKIE]
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Strict")
        assert all(each["secure"] for each in context.cookies())
        expect(page.get_by_text("Preset: ").first).to_be_visible()
        other = "Everything" if page.get_by_text("Preset: External meetings").count() else "External meetings"
        page.get_by_role("radiogroup", name="What is recorded").get_by_text(other, exact=True).click()
        save_button(page).click()
        expect(page.get_by_text(f"Preset: {other}").first).to_be_visible()  # a save before this one is told of as well
        expect(page.get_by_text("Saved and read back").first).to_be_visible()
        page.get_by_test_id("stSidebar").get_by_role("button", name="·").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        assert not [each for each in context.cookies() if each["name"] == SESSION_COOKIE]
        context.close()
    assert house.applied() == before + 1


def _store(house: House) -> "closing[Store]":
    return closing(open_store(house.database.url("desk"), recall_base_url=house.sandbox.url))


def _has(condition: bool) -> None:
    assert condition


def _direct(
    house: House, method: str, path: str, body: bytes = b"", source: str = "127.0.0.1", **headers: str
) -> tuple[int, str]:
    """Past the proxy, from an address of this machine; the status and the cookie that was set."""
    connection = http.client.HTTPConnection("127.0.0.1", house.desks["a"], timeout=20, source_address=(source, 0))
    try:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get("set-cookie", "")
    finally:
        connection.close()


def _sign_out(house: House, cookie: dict[str, str]) -> None:
    parts = urlsplit(house.url)
    connection = http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        named = {"Origin": house.url, "Cookie": "; ".join(f"{name}={value}" for name, value in cookie.items())}
        connection.request("DELETE", "/session", headers=named)
        assert connection.getresponse().status == 204
    finally:
        connection.close()

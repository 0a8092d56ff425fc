"""The last file of each half of this package: nothing that any of its tests brought to light held the API key or a
calendar token, but for the one thing that is made to hold one: a connect link, on the page that showed it. Nor did a
password leave, its hash, the key of the cookies, the title of a private meeting, or a session's cookie but as a cookie;
no address that was asked for and no line of the log names a person or a meeting.

The wiretap before the dashboard heard every byte between it and all browsers: HTTP answers with their headers, cookies,
downloads, and websocket frames in both directions, in the clear. The one between dashboard and Recall heard the key and
every calendar token in use, so that they can be looked for as they are, not by their looks. Beside these stand the HTML
of each page at the end of its test, what the processes wrote to their log (the sync's words stand in it too), and the
files of the store.
"""

import os
import re
import sqlite3
import subprocess
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from contextlib import closing
from tempfile import NamedTemporaryFile
from urllib.parse import quote, quote_plus, unquote_plus

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from tests.browsing import refused_by_policy
from tests.e2e.looking import cell
from tests.e2e.serving import KEY, PASSWORD, PRIVATE_TITLE, Dashboard, Workspace

SEEN_IN_THE_LIST = "@northpoint.example"
SEEN_ON_EVERY_PAGE = "Refresh from Recall"
SAID_BY_THE_SYNC = "lib.sync.loop: pass 1: complete"
_TOKEN = re.compile(rb"^x-recallcalendarauthtoken: *(\S+)\r$", re.IGNORECASE | re.MULTILINE)
_COOKIE = re.compile(rf"^set-cookie: *{SESSION_COOKIE}=([^;\r]{{20,}})".encode(), re.IGNORECASE | re.MULTILINE)
_COOKIES = re.compile(rb"^(?:set-)?cookie:[^\r\n]*\r$", re.IGNORECASE | re.MULTILINE)
_ASKED = re.compile(rb"^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\S+) HTTP/1", re.MULTILINE)
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
_FRAME_OF_THE_SIGN_IN = re.compile(r"Framing 'http://127\.0\.0\.1:\d+/' violates .*frame-ancestors 'none'")
"""streamlit-authenticator's own cookie lives in a frame that the sign-in takes away again. A slow browser asks for it
first, and is refused: rightly, for nobody wants that cookie."""
_MINTED = re.compile(rb'"token": ?"([^"\s]{10,})"')
FEWEST = {"connections": 20, "frames": 20, "pages": 10, "tokens": 10}
"""Of a whole half, which brings far more. Less means that this file ran alone, or that nothing was heard."""
MADE_UP = {
    "imported": "import(made).catch(() => 0)",
    "an element": "document.body.append(Object.assign(document.createElement('script'), {src: made}))",
    "a worker": "new Worker(made)",
    "inline": "document.body.append(Object.assign(document.createElement('script'), {text: 'ran = 1'}))",
    "an attribute": "document.body.insertAdjacentHTML('beforeend', '<img src=x: onerror=\"ran = 1\">')",
    "an address": "window.location.assign('javascript:ran = 1')",
    "text": "setTimeout('ran = 1')",
}
"""How text in a page could become a script, were it once let through as markup or by a script that misreads it."""
_TRIED = """(way) => new Promise((told) => {
  const made = URL.createObjectURL(new Blob(["ran = 1"], { type: "text/javascript" }));
  document.addEventListener("securitypolicyviolation", (refused) => told(refused.effectiveDirective));
  setTimeout(() => told("nothing was refused"), 5000);
  %s;
})"""


def test_the_policy_keeps_a_page_from_asking_elsewhere_and_kept_no_page_from_what_it_needs(
    page: Page, desk: Dashboard, workspace: Workspace
) -> None:
    assert [each for each in refused_by_policy if not _FRAME_OF_THE_SIGN_IN.search(each)] == []
    page.goto(f"{desk.url}/users?user={workspace.private}")
    expect(cell(page, "Private meeting").first).to_be_attached()
    page.evaluate("fetch('http://127.0.0.1:9/').catch(() => 0)")
    page.wait_for_timeout(0)
    assert [told for told in refused_by_policy if "connect-src" in told]
    refused_by_policy.clear()


@pytest.mark.parametrize("way", MADE_UP)
def test_no_script_runs_that_was_made_up_in_a_page(stranger: Page, desk: Dashboard, way: str) -> None:
    stranger.goto(desk.url)
    expect(stranger.get_by_role("button", name="Sign in")).to_be_visible()
    assert stranger.evaluate(_TRIED % MADE_UP[way]).startswith(("script-src", "worker-src"))
    assert stranger.evaluate("typeof ran") == "undefined"


def test_no_other_site_shows_a_page_of_ours_inside_its_own(browser: Browser, desk: Dashboard) -> None:
    with closing(browser.new_page()) as elsewhere:
        with elsewhere.expect_console_message(lambda told: "frame-ancestors" in told.text):
            elsewhere.set_content(f"<iframe src='{desk.url}/users'></iframe>", wait_until="commit")
        assert [frame.url for frame in elsewhere.frames if frame.url.startswith(desk.url)] == []


@pytest.fixture(scope="module")
def heard(desk: Dashboard, workspace: Workspace, pages_seen: list[str]) -> dict[str, bytes]:
    """All that left the dashboard, by where it went."""
    return {
        "to browsers": desk.tap.heard_from_server(),
        "from browsers": desk.tap.heard_from_clients(),
        "pages": "\n".join(pages_seen).encode(),
        "log": desk.log.read_bytes(),
        "store": desk.store_files(),
    }


@pytest.fixture(scope="module")
def minted(workspace: Workspace) -> set[bytes]:
    """Every calendar token that Recall gave the dashboard, those of links too, which the dashboard uses nowhere."""
    return set(_MINTED.findall(workspace.line.heard_from_server()))


@pytest.fixture(scope="module")
def tokens(workspace: Workspace) -> set[bytes]:
    """Every calendar token that the dashboard used."""
    return set(_TOKEN.findall(workspace.line.heard_from_clients()))


def test_enough_was_heard_and_in_the_clear(
    heard: dict[str, bytes], tokens: set[bytes], desk: Dashboard, workspace: Workspace, pages_seen: list[str]
) -> None:
    sockets = [talk for talk in desk.tap.conversations if talk.is_websocket]
    found = {
        "connections": len(desk.tap.conversations),
        "frames": len(sockets),
        "pages": len(pages_seen),
        "tokens": len(tokens),
    }
    assert all(found[name] >= fewest for name, fewest in FEWEST.items()), f"{found}: run the whole folder"
    assert f"Authorization: Token {KEY}".encode() in workspace.line.heard_from_clients()
    assert not re.search(rb"content-encoding:|sec-websocket-extensions:", heard["to browsers"], re.IGNORECASE)


@pytest.mark.parametrize("place", ["to browsers", "from browsers", "pages", "log", "store"])
def test_what_was_there_would_have_been_found(place: str, heard: dict[str, bytes]) -> None:
    planted = {
        "to browsers": SEEN_IN_THE_LIST,
        "from browsers": "\r\nHost: 127.0.0.1:",
        "pages": SEEN_ON_EVERY_PAGE,
        "log": SAID_BY_THE_SYNC,
        "store": SEEN_IN_THE_LIST,
    }
    assert list(_found(planted[place].encode(), heard[place]))


def test_every_disguise_is_seen_through() -> None:
    key = KEY.encode()
    in_base64 = [encode(b"a" * n + key + b"b") for encode in (b64encode, urlsafe_b64encode) for n in range(4)]
    for disguised in (key, key.hex().encode(), quote(key, safe="").encode(), *in_base64):
        assert list(_found(key, b"..." + disguised + b"...")), disguised
        assert _those_in({key, b"another-secret"}, b"...\n\0" + disguised + b"...") == {key}, disguised
    assert list(_found(key, b"canary/ and what else there is")) == []
    assert _those_in({key}, b"canary/ and what else there is") == set()


@pytest.mark.parametrize("place", ["to browsers", "from browsers", "pages", "log", "store"])
def test_neither_the_key_nor_a_token_left_the_server(place: str, heard: dict[str, bytes], tokens: set[bytes]) -> None:
    assert list(_found(KEY.encode(), heard[place])) == []
    assert _those_in(tokens, heard[place]) == set()


def test_a_token_that_is_shown_is_one_of_a_link_and_every_other_one_is_not(
    heard: dict[str, bytes], minted: set[bytes], tokens: set[bytes], links_sent: set[bytes]
) -> None:
    shown = _those_in(minted, heard["to browsers"])
    assert shown == links_sent
    assert links_sent
    assert links_sent < minted
    assert not links_sent & tokens
    assert len(minted) >= FEWEST["tokens"]


@pytest.mark.parametrize("place", ["from browsers", "pages", "log", "store"])
def test_the_token_of_a_link_is_nowhere_but_on_the_page_that_showed_it(
    place: str, heard: dict[str, bytes], minted: set[bytes]
) -> None:
    assert _those_in(minted, heard[place]) == set()


@pytest.fixture(scope="module")
def of_the_store(desk: Dashboard) -> dict[str, list[bytes]]:
    """What stands in the store and may not go where it is looked for."""
    asked = {
        "hashes": "SELECT password_hash FROM staff WHERE password_hash IS NOT NULL",
        "people": "SELECT json_extract(value, '$.email') FROM calendar_user, json_each(connections)",
        "titles": "SELECT DISTINCT title FROM entry_details WHERE length(title) > 8",
    }
    [file] = desk.data.glob("*.db")
    with closing(sqlite3.connect(file)) as connection:
        return {name: [str(row[0]).encode() for row in connection.execute(sql)] for name, sql in asked.items()}


@pytest.mark.parametrize("place", ["to browsers", "from browsers", "pages", "log"])
def test_no_hash_of_a_password_and_no_key_of_the_cookies_left(
    place: str, heard: dict[str, bytes], of_the_store: dict[str, list[bytes]], desk: Dashboard
) -> None:
    key = (desk.data / "cookie_key").read_bytes().strip()
    assert len(key) >= 32
    assert of_the_store["hashes"]
    assert _those_in({key, *of_the_store["hashes"]}, heard[place]) == set()


@pytest.mark.parametrize("place", ["to browsers", "pages", "log", "store"])
def test_a_password_that_was_typed_is_nowhere_but_on_its_way_here(place: str, heard: dict[str, bytes]) -> None:
    in_its_field = f'value="{PASSWORD}"'.encode()  # where a page still shows the form that it was typed into
    assert list(_found(PASSWORD.encode(), heard["from browsers"])) == ["plain"]
    assert list(_found(PASSWORD.encode(), heard[place].replace(in_its_field, b""))) == []


def test_a_password_travels_by_the_websocket_alone(desk: Dashboard) -> None:
    plain = b"\n".join(bytes(talk.asked) for talk in list(desk.tap.conversations) if not talk.is_websocket)
    assert list(_found(PASSWORD.encode(), plain)) == []


@pytest.mark.parametrize("place", ["to browsers", "from browsers", "pages", "log", "store"])
def test_the_cookie_of_a_session_is_a_cookie_and_nothing_else(place: str, heard: dict[str, bytes]) -> None:
    cookies = set(_COOKIE.findall(heard["to browsers"]))
    assert len(cookies) > 1
    assert _those_in(cookies, _COOKIES.sub(b"", heard[place])) == set()


@pytest.mark.parametrize("place", ["to browsers", "from browsers", "pages", "log"])
def test_the_title_of_a_private_meeting_went_nowhere(
    place: str, heard: dict[str, bytes], of_the_store: dict[str, list[bytes]]
) -> None:
    assert PRIVATE_TITLE.encode() in of_the_store["titles"]
    assert list(_found(PRIVATE_TITLE.encode(), heard[place])) == []


def test_no_address_names_a_person_or_a_meeting(heard: dict[str, bytes], of_the_store: dict[str, list[bytes]]) -> None:
    addresses = {unquote_plus(found.decode("latin-1")) for found in _ASKED.findall(heard["from browsers"])}
    assert len(addresses) > 20
    assert [address for address in addresses if _E_MAIL.search(address)] == []
    titles = {title.decode() for title in of_the_store["titles"]}
    assert [address for address in addresses for title in titles if title in address] == []


def test_no_line_of_the_log_names_a_person_or_a_meeting(
    heard: dict[str, bytes], of_the_store: dict[str, list[bytes]]
) -> None:
    assert _E_MAIL.findall(heard["log"].decode()) == []
    named = [*of_the_store["people"], *of_the_store["titles"]]
    assert [name for name in named if name in heard["log"]] == []


def _those_in(secrets: Iterable[bytes], text: bytes) -> set[bytes]:
    """Those of many secrets that stand in `text` in any form: grep looks for all of them in one go."""
    whose = {form: secret for secret in secrets for _, form in _forms(secret)}
    with NamedTemporaryFile() as forms:
        forms.write(b"\n".join(whose))
        forms.flush()
        command = ["grep", "--text", "--only-matching", "--fixed-strings", "--file", forms.name]
        found = subprocess.run(command, input=text, capture_output=True, env={"LC_ALL": "C", "PATH": os.defpath})
    assert found.returncode in (0, 1), found.stderr
    return {whose[form] for form in set(found.stdout.splitlines())}


def _found(secret: bytes, text: bytes) -> Iterator[str]:
    """The forms in which `secret` stands in `text`."""
    return (name for name, form in _forms(secret) if form in text)


def _forms(secret: bytes) -> Iterator[tuple[str, bytes]]:
    yield "plain", secret
    yield "hex", secret.hex().encode()
    yield "HEX", secret.hex().upper().encode()
    yield "percent-encoded", quote(secret, safe="").encode()
    yield "as a form", quote_plus(secret).encode()
    for encode in (b64encode, urlsafe_b64encode):
        # Base64 writes three bytes as four letters, so the letters depend on how many bytes stood before. Those that
        # hold bits of a neighbour are left out.
        for before, mixed in ((0, 0), (1, 2), (2, 3)):
            whole = encode(b"-" * before + secret)
            yield "base64", whole[mixed : (before + len(secret)) * 8 // 6]

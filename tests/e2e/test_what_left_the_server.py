"""The last file of this package: nothing that any of its tests brought to light held the API key or a calendar token,
but for the one thing that is made to hold one: a connect link, on the page that showed it.

The wiretap before the dashboard heard every byte between it and all browsers: HTTP answers with their headers, cookies,
downloads, and websocket frames in both directions, in the clear. The one between dashboard and Recall heard the key and
every calendar token in use, so that they can be looked for as they are, not by their looks. Beside these stand the HTML
of each page at the end of its test, what the processes wrote to their log (the sync's words stand in it too), and the
files of the store.
"""

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import pytest

from tests.e2e.serving import KEY, Dashboard, Workspace

SEEN_IN_THE_LIST = "@northpoint.example"
SEEN_ON_EVERY_PAGE = "Read again"
SAID_BY_THE_SYNC = "lib.sync.forever: pass 1: complete"
_TOKEN = re.compile(rb"^x-recallcalendarauthtoken: *(\S+)\r$", re.IGNORECASE | re.MULTILINE)
_MINTED = re.compile(rb'"token": ?"([^"]{10,})"')
FEWEST = {"connections": 20, "frames": 20, "pages": 10, "tokens": 10}
"""Of a whole run, which brings far more. Less means that this file ran alone, or that nothing was heard."""


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
    assert all(found[name] >= fewest for name, fewest in FEWEST.items()), f"{found}: run the whole of tests/e2e"
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
    assert list(_found(key, b"canary/ and what else there is")) == []


@pytest.mark.parametrize("place", ["to browsers", "from browsers", "pages", "log", "store"])
def test_neither_the_key_nor_a_token_left_the_server(place: str, heard: dict[str, bytes], tokens: set[bytes]) -> None:
    assert list(_found(KEY.encode(), heard[place])) == []
    assert [form for token in tokens for form in _found(token, heard[place])] == []


def test_a_token_that_is_shown_is_one_of_a_link_and_every_other_one_is_not(
    heard: dict[str, bytes], minted: set[bytes], tokens: set[bytes], links_sent: set[bytes]
) -> None:
    shown = {token for token in minted if list(_found(token, heard["to browsers"]))}
    assert shown == links_sent
    assert links_sent
    assert links_sent < minted
    assert not links_sent & tokens
    assert len(minted) >= FEWEST["tokens"]


@pytest.mark.parametrize("place", ["from browsers", "pages", "log", "store"])
def test_the_token_of_a_link_is_nowhere_but_on_the_page_that_showed_it(
    place: str, heard: dict[str, bytes], minted: set[bytes]
) -> None:
    assert [form for token in minted for form in _found(token, heard[place])] == []


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

"""What somebody gets who speaks Streamlit's own protocol, and knows every id that an admin's pages were sent.

No browser sends such messages: all that can be pressed on any page at once, fragments without their page, files of
others, another tab's session. The answers hold the sign-in and nothing else, and nothing is done.
"""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import cycle
from urllib.request import Request, urlopen

import pytest

from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from tests.e2e.scanning import (
    OF_A_USER,
    View,
    everything_tried,
    files_of,
    recorded,
    somebody_of,
    views,
    words_of_others,
)
from tests.e2e.serving import PASSWORD, Dashboard, Workspace, add_staff
from tests.websocket_client import connect, sign_in

NOBODYS: tuple[dict[str, str], ...] = ({}, {SESSION_COOKIE: "A" * 43})
"""Cookies of nobody: none, and one that was never given out."""
ALWAYS_TOLD = (b"Coverage Desk", b"Sign in")
WRITES = ("PUT", "DELETE", "POST")
VIEWERS_MAY = ("last_visit", "sync_request")
SOME = 4
"""What is the same for all pages is tried on every so manyth."""
OWN, NOT_OWN = "browser.example", "northpoint.example"


@pytest.fixture(scope="module")
def admin(desk: Dashboard) -> dict[str, str]:
    """The cookie of an admin who stays signed in."""
    add_staff(desk.environment, "scanned", role="admin", display="Sam Scanned")
    return sign_in(desk.url, "scanned", PASSWORD)


@pytest.fixture(scope="module")
def seen(desk: Dashboard, workspace: Workspace, admin: dict[str, str]) -> Iterator[tuple[View, ...]]:
    """All that the admin sees, in tabs that stay open."""
    with views(desk.url, admin, workspace.waiting[0].id) as found:
        yield found


@pytest.fixture
def untouched(desk: Dashboard, workspace: Workspace, seen: tuple[View, ...]) -> Iterator[None]:
    """Nothing is recorded during the test, and Recall is asked to change nothing."""
    before, asked = recorded(desk), _writes(workspace)
    yield
    assert recorded(desk) == before
    assert _writes(workspace) == asked


def test_what_an_admin_sees_would_be_found(desk: Dashboard, seen: tuple[View, ...]) -> None:
    heard = b"".join(message.SerializeToString() for view in seen for message in view.heard)
    found = [word for word in words_of_others(desk) if word in heard]
    assert len(found) > 30
    assert len({button.id for view in seen for button in view.pressed}) > 30
    assert all(view.fragments for view in seen)
    assert sum(len(view.files) for view in seen) > 10


def test_a_stranger_who_knows_every_id_gets_the_sign_in_alone(
    desk: Dashboard, seen: tuple[View, ...], untouched: None
) -> None:
    for view, cookie in zip(seen, cycle(NOBODYS), strict=False):
        with connect(desk.url, cookie=cookie, path=view.page, query=view.query) as tab:
            tab.page_hash = view.tab.page_hash
            _expect_the_sign_in_alone(desk, everything_tried(tab, view))


def test_a_session_that_was_ended_opens_nothing_again(desk: Dashboard, seen: tuple[View, ...], untouched: None) -> None:
    cookie = sign_in(desk.url, "scanned", PASSWORD)
    _sign_out(desk, cookie)
    for view in seen[::SOME]:
        with connect(desk.url, cookie=cookie, path=view.page, query=view.query) as tab:
            _expect_the_sign_in_alone(desk, everything_tried(tab, view))


def test_a_tab_that_is_open_when_its_session_ends_does_nothing_any_more(
    desk: Dashboard, workspace: Workspace, untouched: None
) -> None:
    cookie = sign_in(desk.url, "scanned", PASSWORD)
    with views(desk.url, cookie, workspace.waiting[0].id) as open_tabs:
        _sign_out(desk, cookie)
        for view in open_tabs:
            _expect_nothing_of_others(desk, everything_tried(view.tab, view))


def test_another_tabs_session_is_not_taken_over_without_its_cookie(
    desk: Dashboard, seen: tuple[View, ...], untouched: None
) -> None:
    for view in seen[::SOME]:
        with connect(desk.url, path=view.page, query=view.query, session_id=view.tab.session_id) as tab:
            _expect_the_sign_in_alone(desk, everything_tried(tab, view))
            assert tab.session_id != view.tab.session_id


def test_a_viewer_presses_nothing_that_is_hidden_or_disabled(
    desk: Dashboard, workspace: Workspace, seen: tuple[View, ...]
) -> None:
    before, asked = recorded(desk), _writes(workspace)
    cookie = sign_in(desk.url, "viewer", PASSWORD)
    for view in seen:
        with connect(desk.url, cookie=cookie, path=view.page, query=view.query) as tab:
            tab.rerun()
            tab.rerun(*view.pressed)
    after = recorded(desk)
    assert {table for table in after if after[table] != before[table]} <= set(VIEWERS_MAY)
    assert _writes(workspace) == asked


def test_who_sees_one_customer_is_told_nothing_of_others_by_any_address_and_in_no_file(
    desk: Dashboard, workspace: Workspace, seen: tuple[View, ...]
) -> None:
    """The server has shown everything to the admin before, so that whatever it remembers is there."""
    words = ("--role", "editor", "--display", "Nora Narrow", "--customers", OWN)
    desk.staff("add", "narrow", *words, "--password-stdin", password=PASSWORD)
    cookie, others = sign_in(desk.url, "narrow", PASSWORD), words_of_others(desk, OWN)
    before, asked = recorded(desk), _writes(workspace)
    with views(desk.url, cookie, workspace.waiting[0].id, _addresses_of_others(desk)) as found:
        heard = b"".join(message.SerializeToString() for view in found for message in view.heard)
        files = [file for view in found for file in files_of(desk.url, cookie, view)]
        for view in found[-SOME:]:  # addresses of others
            view.tab.rerun(*(button for view in seen for button in view.pressed))
    assert OWN.encode() in heard
    assert any(OWN.encode() in file for file in files)
    assert [word for word in others if word in heard] == []
    assert [word for file in files for word in others if word in file] == []
    assert {table for table, rows in recorded(desk).items() if rows != before[table]} <= {*VIEWERS_MAY, "event"}
    assert _writes(workspace) == asked


def test_a_file_that_no_page_offers_any_more_is_one_line_of_the_log(desk: Dashboard, admin: dict[str, str]) -> None:
    before = len(desk.log.read_text())
    with connect(desk.url, cookie=admin, path="users") as tab:
        tab.rerun()
        with pytest.raises(AssertionError, match="Failed to generate file"):
            tab.file("gone")
    told = desk.log.read_text()[before:]
    assert "a file was asked for that its page no longer offers" in told
    assert "Traceback" not in told


def _expect_the_sign_in_alone(desk: Dashboard, heard: bytes) -> None:
    assert all(words in heard for words in ALWAYS_TOLD)
    _expect_nothing_of_others(desk, heard)


def _expect_nothing_of_others(desk: Dashboard, heard: bytes) -> None:
    assert [word for word in words_of_others(desk) if word in heard] == []
    assert b"/media/" not in heard
    assert b"/_stcore/upload_file/" not in heard


def _writes(workspace: Workspace) -> list[tuple[str, str]]:
    """What was changed at Recall. Tokens are minted for reads, also by the sync."""
    asked = [(sent["method"], sent["path"]) for sent in workspace.sandbox.asked() if sent["method"] in WRITES]
    return [sent for sent in asked if not sent[1].endswith("/authenticate/")]


def _addresses_of_others(desk: Dashboard) -> list[tuple[str, str]]:
    """Of another customer, of its users and of their bots."""
    users, bots = somebody_of(desk, NOT_OWN)
    of_it = [(page, f"customer={NOT_OWN}") for page in ("customers", "coverage", "users", "bots", "many", "activity")]
    of_users = [("users", f"user={users[0]}{section}") for section in OF_A_USER]
    return [*of_it, *of_users, ("activity", f"person={users[0]}"), ("bots", f"bot={bots[0]}")]


def _sign_out(desk: Dashboard, cookie: dict[str, str]) -> None:
    sent = "; ".join(f"{name}={value}" for name, value in cookie.items())
    request = Request(f"{desk.url}/session", headers={"Cookie": sent, "Origin": desk.url}, method="DELETE")  # noqa: S310
    with urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
        assert answer.status == HTTPStatus.NO_CONTENT

"""What may be said over a websocket changes with the session of its cookie, at the very next message."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed

from lib.staff import sessions
from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from tests.contract.ui.conftest import Server
from tests.websocket_client import Tab, connect

NAMES = ("Remote-User", "X-Forwarded-User", "X-Auth-Request-User", "X-Streamlit-User", "X-Forwarded-Email")
TOO_LONG = 40 * 1024 * 1024


@pytest.fixture
def cookie(server: Server) -> str:
    """Of a session that has just begun."""
    begun = sessions.redeem(server.store, server.ticket())
    assert begun is not None
    return begun


@pytest.fixture
def tab(server: Server, cookie: str) -> Iterator[Tab]:
    """A page of somebody signed in, with a part that runs by itself."""
    with connect(server.origin, cookie={SESSION_COOKIE: cookie}, path="activity") as tab:
        tab.rerun()
        assert tab.repeats
        yield tab


def in_sql(server: Server, statement: str) -> None:
    """Another process changes the store."""
    with closing(sqlite3.connect(server.file)) as connection:
        connection.execute(statement)
        connection.commit()


def parts_run(frames: list[ForwardMsg]) -> set[str]:
    """The fragments that ran alone."""
    return {id for frame in frames for id in frame.metadata.run.fragment_ids}


def test_whoever_is_signed_in_runs_a_part_of_the_page_alone(tab: Tab) -> None:
    [part, *_] = tab.repeats
    assert parts_run(tab.rerun(fragment=part, is_auto_rerun=True)) == {part}


def test_once_the_session_has_run_out_a_part_becomes_the_whole_page_which_asks_for_the_password(
    server: Server, tab: Tab
) -> None:
    in_sql(server, "UPDATE session SET last_seen_at = datetime(last_seen_at, '-3 hours') || '.000000'")
    [part, *_] = tab.repeats
    assert parts_run(tab.rerun(fragment=part, is_auto_rerun=True)) == set()
    assert "You were signed out" in tab.text()


def test_a_connection_ends_with_its_session(server: Server, tab: Tab, cookie: str) -> None:
    sessions.end(server.store, cookie)
    with pytest.raises(ConnectionClosed):
        tab.rerun()


def test_while_the_store_cannot_tell_who_is_signed_in_no_part_runs_alone_and_nothing_is_lost(
    server: Server, tab: Tab
) -> None:
    [part, *_] = tab.repeats
    in_sql(server, "ALTER TABLE session RENAME TO session_gone")
    try:
        assert parts_run(tab.rerun(fragment=part, is_auto_rerun=True)) == set()
        assert "Vera Lind" not in tab.text()
    finally:
        in_sql(server, "ALTER TABLE session_gone RENAME TO session")
    tab.rerun()
    assert "Vera Lind" in tab.text()


def test_no_header_says_who_somebody_is(server: Server) -> None:
    with connect(server.origin, path="activity", headers=dict.fromkeys(NAMES, "vera")) as tab:
        tab.rerun()
        assert "Sign in" in tab.text()
        assert "Vera Lind" not in tab.text()


def test_a_message_without_end_ends_the_connection(server: Server) -> None:
    with connect(server.origin, path="activity") as tab:
        tab.rerun()
        with suppress(ConnectionClosed):  # while it is still being sent
            tab.send(b"\0" * TOO_LONG)
        with pytest.raises(ConnectionClosed):
            tab.run()
    assert server.ask("GET", "/healthz").status == 200

"""F17: another process holds the store; what can be read is shown, and nothing is sent that could not be recorded."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from streamlit.proto.Button_pb2 import Button

from tests.faults.conftest import Open, Served
from tests.websocket_client import BROKE, pressed


@contextmanager
def held(served: Served) -> Iterator[None]:
    """Another process writes the store, for longer than anybody waits."""
    with closing(sqlite3.connect(served.file, isolation_level=None)) as other:
        # Whoever looks is noted once a minute: that minute is over.
        other.execute("UPDATE session SET last_seen_at = datetime(last_seen_at, '-2 minutes') || '.000000'")
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_while_the_store_cannot_be_written_every_page_is_shown(open_tab: Open, served: Served) -> None:
    with held(served):
        tab = open_tab("coverage")
        for page in tab.page_hashes:
            tab.go_to(page)
            assert BROKE not in tab.text(), page
            assert "Sign out" in tab.text(), page
    assert {"coverage", "customers", "users", "bots", "activity"} <= set(tab.page_hashes)


def test_while_the_store_cannot_be_written_a_user_is_shown(open_tab: Open, served: Served) -> None:
    with held(served):
        tab = open_tab("users", user=served.users[0].id)
        assert served.users[0].label in tab.text()


def test_what_cannot_be_written_is_said_in_a_sentence_and_works_once_it_can(open_tab: Open, served: Served) -> None:
    tab = open_tab("coverage")
    with held(served):
        tab.rerun(pressed(tab.labelled(Button, "Sync now").id))
        assert "is being written by another process" in tab.text()
    tab.rerun(pressed(tab.labelled(Button, "Sync now").id))
    assert "is being written by another process" not in tab.text()

"""F42: the file of the store is taken away under all that runs: nothing is sent, nothing is made, and it says so."""

import json
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from streamlit.proto.Button_pb2 import Button
from streamlit.proto.TextInput_pb2 import TextInput

from tests.contract.store.test_a_store_taken_away import (
    TakeAway,
    deleted,
    index_of_the_log_deleted,
    log_deleted,
    moved,
    replaced_by_a_copy,
    replaced_by_a_link_to_itself,
)
from tests.contract.sync.passes.commands import once
from tests.faults.conftest import Open, Served
from tests.running import clean_environment
from tests.websocket_client import pressed, typed

USER = "/api/v1/calendar/user/"
TAKEN_AWAY = "was deleted or replaced while it was in use, so nothing is read or changed"


@pytest.mark.parametrize("take_away", [moved, deleted, replaced_by_a_copy, replaced_by_a_link_to_itself, log_deleted])
def test_a_save_is_refused_in_a_sentence_sends_nothing_and_is_done_once_the_file_is_back(
    open_tab: Open, served: Served, take_away: TakeAway
) -> None:
    tab = open_tab("users", user=served.users[1].id, section="preferences")
    field, name = tab.labelled(TextInput, "Bot name").id, f"Notes {take_away.__name__}"
    tab.rerun(typed(field, name))
    save = tab.labelled(Button, "Save").id
    put_back = take_away(served.file)
    try:
        before = names_in(served.file.parent)
        tab.rerun(typed(field, name), pressed(save))
        assert TAKEN_AWAY in tab.text()
        assert health(served) == (503, "unavailable")
        assert names_in(served.file.parent) == before
        assert served.sandbox.asked("PUT", USER) == []
    finally:
        put_back()
    assert health(served) == (200, "ok")
    tab.rerun(typed(field, name))
    assert served.sandbox.asked("PUT", USER) == []
    tab.rerun(typed(field, name), pressed(tab.labelled(Button, "Save").id))
    assert TAKEN_AWAY not in tab.text()
    assert len(served.sandbox.asked("PUT", USER)) == 1


@pytest.mark.parametrize("take_away", [moved, deleted])
def test_a_command_beside_it_makes_no_other_store_and_says_why(served: Served, take_away: TakeAway) -> None:
    environment = clean_environment() | {
        "RECALL_API_KEY": served.sandbox.key,
        "RECALL_BASE_URL": served.sandbox.url,
        "DATABASE_URL": f"sqlite:///{served.file}",
    }
    put_back = take_away(served.file)
    try:
        before = names_in(served.file.parent)
        done = once(environment)
        assert (done.returncode, done.stdout) == (1, "")
        assert "The file of the store sandbox.db is gone" in done.stderr
        assert "(sandbox.db-wal, sandbox.db-shm)" in done.stderr
        assert names_in(served.file.parent) == before
        assert served.sandbox.asked() == []
    finally:
        put_back()
    assert health(served) == (200, "ok")


def test_every_page_says_it_and_is_there_again_once_the_file_is(open_tab: Open, served: Served) -> None:
    tab = open_tab("coverage")
    put_back = index_of_the_log_deleted(served.file)
    try:
        for page in tab.page_hashes:
            tab.go_to(page)
            assert TAKEN_AWAY in tab.text(), page
    finally:
        put_back()
    tab.go_to("coverage")
    assert "Sign out" in tab.text()


def names_in(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def health(served: Served) -> tuple[int, str]:
    try:
        with urlopen(f"{served.url}/healthz", timeout=10) as answer:  # noqa: S310 - loopback
            return answer.status, json.load(answer)["status"]
    except HTTPError as refused:
        return refused.code, json.load(refused)["status"]

"""`make run` as a process of its own: what it says, and that whatever ends, everything ends with it."""

import os
import re
import signal
import socket
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from lib.staff import accounts
from lib.staff.permissions import Role
from lib.store import migrate, open_store
from tests.contract.supervisor.starting import Start, children_of
from tests.modes import others_may_open

KEY = "a-key-that-must-not-be-seen"
RECALL = "http://127.0.0.1:9"
PARTS = ["lib.sandbox", "lib.sync", "streamlit"]


def test_ctrl_c_ends_everything_a_second_start_finds_what_was_there_and_a_kill_leaves_nothing_behind_either(
    start: Start, house: Path
) -> None:
    run = start().until_it_serves()
    assert f"Coverage Desk serves at http://127.0.0.1:{run.ports[0]}" in run.said
    assert "Sign in as viewer, editor, admin; the password is sandbox-demo" in run.said
    assert [word for word in PARTS if run.child(word)] == PARTS
    assert len(run.seen) == 3
    assert (house / "data" / "sandbox.db").exists()
    assert others_may_open(house / "data") == {}
    run.process.send_signal(signal.SIGINT)
    assert run.ended() == 0
    assert run.nothing_is_left()
    assert "Traceback" not in run.said

    again = start().until_it_serves()
    assert "Sign in as viewer" in again.said
    again.process.kill()
    again.ended()
    again.until(again.nothing_is_left)  # even a supervisor that is killed leaves nothing behind


def test_beside_what_is_left_of_a_store_that_was_taken_away_it_makes_no_other(start: Start, house: Path) -> None:
    run = start().until_it_serves()
    (house / "data" / "sandbox.db").rename(house / "kept")
    run.until(lambda: "sandbox.db was deleted or replaced while it was in use" in run.said)  # the sync says so
    run.process.send_signal(signal.SIGTERM)
    assert run.ended() == 0

    for demo in ("fresh", "30"):
        (house / "data" / "sandbox-state.json").unlink(missing_ok=True)
        refused = start(DEMO=demo)
        assert refused.ended() == 1
        assert "The file of the store sandbox.db is gone" in refused.said
        assert not (house / "data" / "sandbox.db").exists()
    (house / "kept").rename(house / "data" / "sandbox.db")
    start().until_it_serves()


def test_a_sync_that_dies_is_started_again_after_pauses_that_grow_and_term_ends_everything(
    start: Start,
) -> None:
    run = start().until_it_serves()
    others = run.child("lib.sandbox"), run.child("streamlit")
    for pause in ("1 second", "2 seconds"):
        died = run.child("lib.sync")
        os.kill(died, signal.SIGKILL)
        run.until(lambda: f"The sync ended by itself. It starts again in {pause};" in run.said)  # noqa: B023
        run.until(lambda: any("lib.sync" in c for pid, c in children_of(run.process.pid).items() if pid != died))  # noqa: B023
        run.seen = children_of(run.process.pid)
    assert (run.child("lib.sandbox"), run.child("streamlit")) == others
    with urlopen(f"http://127.0.0.1:{run.ports[0]}/healthz", timeout=10) as answer:
        assert answer.status == 200
    run.process.send_signal(signal.SIGTERM)
    assert run.ended() == 0
    assert run.nothing_is_left()
    assert "Traceback" not in run.said


def test_ctrl_c_while_things_are_starting_ends_everything(start: Start) -> None:
    run = start()
    run.until(lambda: children_of(run.process.pid))
    run.seen = children_of(run.process.pid)
    run.process.send_signal(signal.SIGINT)
    assert run.ended() == 0
    run.until(run.nothing_is_left)
    assert "serves at" not in run.said
    assert "Traceback" not in run.said


@pytest.mark.parametrize(("name", "word"), [("sandbox", "lib.sandbox"), ("dashboard", "streamlit")])
def test_when_one_part_dies_everything_ends_and_says_which_it_was(start: Start, name: str, word: str) -> None:
    run = start().until_it_serves()
    os.kill(run.child(word), signal.SIGKILL)
    assert run.ended() == 1
    assert f"The {name} ended; everything is stopped." in run.said
    assert run.nothing_is_left()


@pytest.mark.parametrize("name", ["PORT", "SANDBOX_PORT"])
def test_a_port_that_is_taken_is_named_with_what_to_do(start: Start, name: str) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = start(**{name: str(port)})
        assert run.ended() == 1
    assert f"Port {port} is in use. Stop what uses it, or choose others" in run.said
    assert "Traceback" not in run.said


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"RECALL_API_KEY": KEY, "RECALL_REGION": "moon-1"}, "RECALL_REGION"),
        ({"RECALL_API_KEY": KEY, "RECALL_BASE_URL": "http://recall.moon-1.example"}, "RECALL_BASE_URL"),
        ({"RECALL_API_KEY": KEY, "RECALL_BASE_URL": "https://us-west-2.recall.ai.moon-1.example"}, "RECALL_BASE_URL"),
        ({"RECALL_BASE_URL": "https://us-west-2.recall.ai"}, "RECALL_API_KEY"),
        ({"PORT": "moon-1"}, "PORT"),
        ({"DATABASE_URL": "moon-1://user:secret@host/db"}, "DATABASE_URL"),
        ({"REPORT_TIME_ZONE": "moon-1"}, "REPORT_TIME_ZONE"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_repeated(
    start: Start, settings: dict[str, str], names: str
) -> None:
    run = start(**settings)
    assert run.ended() == 1
    assert names in run.said
    assert "moon-1" not in run.said
    assert "secret" not in run.said
    assert KEY not in run.said
    assert "Traceback" not in run.said


def test_with_a_key_and_nobody_to_sign_in_it_says_the_command_and_starts_nothing(start: Start) -> None:
    run = start(RECALL_API_KEY=KEY, RECALL_BASE_URL=RECALL)
    assert run.ended() == 1
    assert re.search(r"python -m lib\.staff add NAME --role admin", run.said)
    assert "sandbox-demo" not in run.said
    assert "Traceback" not in run.said


def test_with_a_key_there_is_no_sandbox_no_demo_account_and_no_key_in_sight(start: Start, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    migrate(url)
    with closing(open_store(url, recall_base_url=RECALL)) as store:
        accounts.add(store, "ada", role=Role.ADMIN, display="Ada Okafor", password="a good password")
    run = start(RECALL_API_KEY=KEY, RECALL_BASE_URL=RECALL, DATABASE_URL=url).until_it_serves()
    assert f"Recall: {RECALL}" in run.said
    assert "sandbox-demo" not in run.said
    assert len(run.seen) == 2
    assert run.child("streamlit")
    assert run.child("lib.sync run")
    assert KEY not in run.said + "".join(run.seen.values())
    with closing(open_store(url, recall_base_url=RECALL)) as store:
        assert [member.name for member in accounts.everyone(store)] == ["ada"]

"""`make run` as a process of its own: what it says, and that whatever ends, everything ends with it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from urllib.request import urlopen

import pytest

from lib.demo.place import PART
from lib.staff import accounts
from lib.staff.permissions import Role
from lib.store import migrate, open_store, passes
from tests.running import ROOT, free_port

WAITS_SECONDS = 60
KEY = "a-key-that-must-not-be-seen"
RECALL = "http://127.0.0.1:9"
PARTS = ["lib.sandbox", "lib.sync", "streamlit"]
SERVES = "Ctrl-C ends everything."


@dataclass
class Run:
    """A supervisor that was started."""

    process: "subprocess.Popen[bytes]"
    log: Path
    ports: tuple[int, int]
    seen: dict[int, str] = field(default_factory=dict)
    """Its children so far: command by process id."""

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for it; bounded."""
        ends_at = monotonic() + WAITS_SECONDS
        while not condition():
            assert monotonic() < ends_at, self.said
            sleep(0.05)

    def until_it_serves(self) -> "Run":
        self.until(lambda: SERVES in self.said or self.process.poll() is not None)
        assert self.process.poll() is None, self.said
        self.seen = _children(self.process.pid)
        return self

    def until_it_watches(self) -> "Run":
        """Until the second of the days before a first start."""
        self.until(lambda: "Watching day 2 of" in self.said or self.process.poll() is not None)
        assert self.process.poll() is None, self.said
        self.seen = _children(self.process.pid)
        assert len(self.seen) == 2
        return self

    def child(self, word: str) -> int:
        """The process id of the child whose command holds the word."""
        return next(pid for pid, command in self.seen.items() if word in command)

    def ended(self) -> int:
        """The exit status, once it has one."""
        return self.process.wait(WAITS_SECONDS)

    def nothing_is_left(self) -> bool:
        return not any(_is_running(pid) for pid in self.seen)


Start = Callable[..., Run]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The project in a folder of its own, without the `.env` of the person who runs the tests."""
    house = tmp_path / "house"
    house.mkdir()
    for name in ("app.py", "lib", "pages", ".streamlit"):
        (house / name).symlink_to(ROOT / name)
    return house


@pytest.fixture
def start(house: Path, tmp_path: Path) -> Iterator[Start]:
    """Start it on free ports; whatever of it still runs at the end of the test is ended by its id."""
    runs: list[Run] = []

    def starting(**settings: str) -> Run:
        ports = free_port(), free_port()
        named = {"PORT": str(ports[0]), "SANDBOX_PORT": str(ports[1]), "DEMO": "fresh"} | settings
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("RECALL_", "DATABASE_", "DATA_"))}
        log = tmp_path / f"supervisor-{len(runs)}.log"
        with log.open("wb") as output:
            command = [sys.executable, "-m", "lib.supervisor"]
            process = subprocess.Popen(command, cwd=house, env=clean | named, stdout=output, stderr=subprocess.STDOUT)
        runs.append(Run(process, log, ports))
        return runs[-1]

    yield starting
    for run in runs:
        if run.process.poll() is None:
            run.process.terminate()
            run.process.wait(WAITS_SECONDS)
        for pid in run.seen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def test_ctrl_c_ends_everything_a_second_start_finds_what_was_there_and_a_kill_leaves_nothing_behind_either(
    start: Start, house: Path
) -> None:
    run = start().until_it_serves()
    assert f"Coverage Desk serves at http://127.0.0.1:{run.ports[0]}" in run.said
    assert "Sign in as viewer, editor or admin; the password is sandbox-demo" in run.said
    assert [word for word in PARTS if run.child(word)] == PARTS
    assert len(run.seen) == 3
    assert (house / "data" / "sandbox.db").exists()
    run.process.send_signal(signal.SIGINT)
    assert run.ended() == 0
    assert run.nothing_is_left()
    assert "Traceback" not in run.said

    again = start().until_it_serves()
    assert "Sign in as viewer" in again.said
    again.process.kill()
    again.ended()
    again.until(again.nothing_is_left)  # even a supervisor that is killed leaves nothing behind


def test_a_sync_that_dies_is_started_again_after_pauses_that_grow_and_term_ends_everything(
    start: Start,
) -> None:
    run = start().until_it_serves()
    others = run.child("lib.sandbox"), run.child("streamlit")
    for pause in ("1 second", "2 seconds"):
        died = run.child("lib.sync")
        os.kill(died, signal.SIGKILL)
        run.until(lambda: f"The sync ended by itself. It starts again in {pause};" in run.said)  # noqa: B023
        run.until(lambda: any("lib.sync" in c for pid, c in _children(run.process.pid).items() if pid != died))  # noqa: B023
        run.seen = _children(run.process.pid)
    assert (run.child("lib.sandbox"), run.child("streamlit")) == others
    with urlopen(f"http://127.0.0.1:{run.ports[0]}/healthz", timeout=10) as answer:
        assert answer.status == 200
    run.process.send_signal(signal.SIGTERM)
    assert run.ended() == 0
    assert run.nothing_is_left()
    assert "Traceback" not in run.said


def test_ctrl_c_while_things_are_starting_ends_everything(start: Start) -> None:
    run = start()
    run.until(lambda: _children(run.process.pid))
    run.seen = _children(run.process.pid)
    run.process.send_signal(signal.SIGINT)
    assert run.ended() == 0
    run.until(run.nothing_is_left)
    assert "serves at" not in run.said
    assert "Traceback" not in run.said


def test_a_first_start_is_watched_once_and_what_a_kill_cut_off_is_made_again(start: Start, house: Path) -> None:
    store, days = house / "data" / "sandbox.db", 2
    cut = start(DEMO="30").until_it_watches()
    cut.process.kill()
    cut.ended()
    cut.until(cut.nothing_is_left)
    assert not store.exists()

    run = start(DEMO=str(days)).until_it_serves()
    assert [f"Watching day {day} of {days}" in run.said for day in (1, 2)] == [True, True]
    assert not (store.parent / PART).exists()
    began = watched_since(store)
    assert (datetime.now(UTC).date() - began.date()).days == days
    run.process.send_signal(signal.SIGTERM)
    assert run.ended() == 0
    assert "Traceback" not in run.said

    again = start(DEMO="30").until_it_serves()
    assert "Watching day" not in again.said
    assert watched_since(store) == began


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_first_start_that_is_ended_leaves_no_store_and_a_fresh_one_has_no_past(
    start: Start, house: Path, how: signal.Signals
) -> None:
    run = start(DEMO="30").until_it_watches()
    run.process.send_signal(how)
    assert run.ended() == 0
    assert run.nothing_is_left()
    assert "Watching day 30" not in run.said
    assert "Traceback" not in run.said
    assert [file.name for file in (house / "data").iterdir()] == [PART]

    fresh = start(DEMO="fresh").until_it_serves()
    assert "Watching" not in fresh.said
    assert not (house / "data" / PART).exists()


def watched_since(store: Path) -> datetime:
    """The start of the first complete pass."""
    url = f"sqlite:///{store}"
    with closing(open_store(url, recall_base_url="http://127.0.0.1")) as opened, opened.read() as connection:
        began = passes.first_complete(connection)
    assert began is not None
    return began


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


def _children(pid: int) -> dict[int, str]:
    ids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child): Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ") for child in ids}


def _is_running(pid: int) -> bool:
    """Whether the process lives; one that has ended and only waits to be fetched does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False

"""`once` and `run` as processes: exit statuses, what is said and to whom, one at a time, and none of it lost."""

import json
import resource
import signal
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from time import sleep

import pytest

from lib.clock import utc_now
from lib.store import Store, leases, migrate, open_store, passes
from lib.store.freshness import SYNC_LEASE
from lib.store.passes import PassState
from lib.sync.__main__ import main
from lib.sync.full_pass import LIST_NOT_WHOLE
from tests.contract.store.test_sqlite_faults import an_ordinary_person
from tests.contract.sync.passes.commands import once, settings, started, until
from tests.contract.sync.passes.looking import Raw, everyone, latest, rows
from tests.running import Sandbox

MEETINGS = "/api/v1/calendar/meetings/"


class Here:
    """Runs the command in this process: quicker than starting one, where nothing is to be killed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, word: str, environment: Mapping[str, str]) -> int:
        """Its exit code."""
        handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        for name, value in environment.items():
            self._monkeypatch.setenv(name, value)
        try:
            return main([word])
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def said(self) -> str:
        """What stands on stderr since this was last asked."""
        return self._capsys.readouterr().err


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(monkeypatch, capsys)


def state(store: Store) -> PassState | None:
    with store.read() as connection:
        found = passes.latest(connection)
    return found.state if found else None


def holder(store: Store) -> str | None:
    with store.read() as connection:
        found = leases.find(connection, SYNC_LEASE)
    return found.holder if found else None


def test_once_on_a_fresh_machine_fills_a_store_and_says_what_it_did(sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "new" / "desk.db"
    done = once(settings(sandbox, file), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert list(told) == [
        "users",
        "users_failed",
        "users_without_external_id",
        "meetings_seen",
        "meetings_changed",
        "bots_seen",
        "tokens_minted",
        "seconds",
    ]
    assert all(isinstance(told[name], int) for name in list(told)[:-1])
    assert isinstance(told["seconds"], float)
    with closing(open_store(f"sqlite:///{file}", recall_base_url=sandbox.url)) as store:
        assert len(everyone(store)) == told["users"] == told["tokens_minted"] + told["users_without_external_id"]
        assert holder(store) is None


def test_a_user_that_could_not_be_read_is_named_in_a_line_and_makes_status_3(
    sandbox: Sandbox, file: Path, store: Store
) -> None:
    sandbox.break_calls(MEETINGS, status=400, body={"detail": "Recall's own words"})
    done = once(settings(sandbox, file), "--json")
    (named,) = [row for row in everyone(store).values() if row.stale]
    assert (done.returncode, json.loads(done.stdout)["users_failed"]) == (3, 1)
    assert done.stderr == f"{named.user.label}: Recall did not accept the request.\n"
    assert once(settings(sandbox, file)).returncode == 0


def test_a_wrong_key_makes_status_1_and_is_not_repeated(here: Here, sandbox: Sandbox, file: Path) -> None:
    assert here("once", settings(sandbox, file, RECALL_API_KEY="wrong-key-of-somebody")) == 1
    said = here.said()
    assert said.startswith("Recall refused the API key")
    assert "wrong-key" not in said
    assert said.count("\n") == 1


def test_a_list_with_a_page_missing_makes_status_3_and_is_said(here: Here, sandbox: Sandbox, file: Path) -> None:
    body = {"results": Raw(sandbox).users(), "next": "http://elsewhere.example/"}
    sandbox.break_calls("/api/v1/calendar/users/", status=200, body=body)
    assert here("once", settings(sandbox, file)) == 3
    assert here.said() == f"{LIST_NOT_WHOLE}\n"


def test_while_one_is_at_work_another_is_refused_and_told_who_it_is_until_it_dies(
    sandbox: Sandbox, file: Path, store: Store, tmp_path: Path
) -> None:
    sandbox.break_calls(MEETINGS, delay_ms=5000, times=None)
    with started(settings(sandbox, file), "once", tmp_path / "first.log") as first:
        until(lambda: sandbox.asked("POST"))
        second = once(settings(sandbox, file))
        assert (second.returncode, second.stdout) == (1, "")
        assert f"process {first.pid} on " in second.stderr
        assert "Another sync is at work" in second.stderr
        first.kill()
        first.wait()
    assert (state(store), holder(store) is None) == (PassState.RUNNING, False)
    sandbox.heal()
    assert once(settings(sandbox, file)).returncode == 0
    assert (latest(store).key, latest(store).resumed, holder(store)) == (1, 1, None)


def test_run_ends_soon_after_term_and_the_next_one_goes_on(
    sandbox: Sandbox, file: Path, store: Store, tmp_path: Path
) -> None:
    sandbox.break_calls(MEETINGS, delay_ms=120_000, times=None)  # a slow calendar is waited for that long
    with started(settings(sandbox, file), "run", tmp_path / "run.log") as run:
        until(lambda: len(sandbox.asked("POST")) > 3)
        began = utc_now()
        run.send_signal(signal.SIGTERM)
        assert run.wait(10) == 0
        assert utc_now() - began < timedelta(seconds=3)
    assert (state(store), holder(store)) == (PassState.RUNNING, None)
    assert "Traceback" not in (tmp_path / "run.log").read_text()
    sandbox.heal()
    with started(settings(sandbox, file), "run", tmp_path / "again.log"):
        until(lambda: state(store) is PassState.COMPLETE)
    assert (latest(store).key, latest(store).resumed) == (1, 1)


def test_run_takes_up_requests_at_once_and_outlives_a_recall_that_is_down(
    sandbox: Sandbox, file: Path, store: Store, tmp_path: Path
) -> None:
    log = tmp_path / "run.log"
    with started(settings(sandbox, file, SYNC_MINUTES="60"), "run", log) as run:
        until(lambda: state(store) is PassState.COMPLETE, log.read_text())
        sandbox.break_calls("*", status=401, body={"code": "not_authenticated"}, times=None)
        _ask(store)
        until(lambda: latest(store).state is PassState.PARTIAL)
        sandbox.heal()
        began = utc_now()
        _ask(store)
        until(lambda: latest(store).key == 3)
        assert utc_now() - began < timedelta(seconds=2)
        until(lambda: latest(store).state is PassState.COMPLETE)
        with store.read() as connection:
            assert passes.asked(connection) == ()
        assert run.poll() is None
    assert "Recall refused the API key" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_run_outlives_a_store_that_is_taken_away_makes_no_other_and_goes_on_once_it_is_back(
    sandbox: Sandbox, file: Path, store: Store, tmp_path: Path
) -> None:
    log = tmp_path / "run.log"
    with started(settings(sandbox, file, SYNC_MINUTES="0.001"), "run", log) as run:
        until(lambda: latest(store).key > 1 if state(store) else False)
        file.rename(tmp_path / "kept")
        until(lambda: "desk.db was deleted or replaced while it was in use" in log.read_text())
        sandbox.forget_asked()
        sleep(1)
        assert sandbox.asked() == []
        assert not file.exists()
        (tmp_path / "kept").rename(file)
        before = latest(store).key
        until(lambda: latest(store).key > before, seconds=60)  # it looks again every 15 s
        assert run.poll() is None
    assert "Traceback" not in log.read_text()


def test_a_store_of_another_recall_is_refused_and_left_as_it_is(
    here: Here, sandbox: Sandbox, file: Path, store: Store
) -> None:
    before = rows(file, without=frozenset())
    assert here("once", settings(sandbox, file, RECALL_BASE_URL="http://127.0.0.1:9")) == 1
    assert f"was filled from {sandbox.url}" in here.said()
    assert rows(file, without=frozenset()) == before


def test_a_store_of_a_newer_version_is_refused(here: Here, sandbox: Sandbox, file: Path) -> None:
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    assert here("once", settings(sandbox, file)) == 1
    assert "newer version" in here.said()


def test_a_locked_store_is_said_to_be_and_served_when_it_is_free(
    here: Here, sandbox: Sandbox, file: Path, store: Store
) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert here("once", settings(sandbox, file)) == 1
        other.execute("ROLLBACK")
    assert "being written by another process" in here.said()
    assert here("once", settings(sandbox, file)) == 0


def test_a_store_on_a_full_disk_loses_nothing(sandbox: Sandbox, file: Path, store: Store) -> None:
    store.close()
    kept = file.stat().st_size + 150_000
    done = once(settings(sandbox, file), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (kept, kept)))
    assert done.returncode == 1
    assert "disk with the store desk.db" in done.stderr
    assert "Traceback" not in done.stderr
    assert once(settings(sandbox, file)).returncode == 0
    assert latest(store).state is PassState.COMPLETE


def test_a_store_that_may_not_be_written_is_refused(here: Here, sandbox: Sandbox) -> None:
    with an_ordinary_person() as folder:
        file = folder / "desk.db"
        migrate(f"sqlite:///{file}")
        file.chmod(0o400)
        assert here("once", settings(sandbox, file)) == 1
    assert "desk.db cannot be written" in here.said()


def _ask(store: Store) -> None:
    with store.write() as connection:
        passes.ask(connection, by="vera", now=utc_now())


def test_an_empty_users_list_makes_a_complete_pass_that_takes_nobody_and_an_admin_may_believe_it(
    sandbox: Sandbox, store: Store, file: Path, here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = settings(sandbox, file)
    assert here("once", environment) == 0
    known = everyone(store)
    here.said()
    sandbox.break_calls("/api/v1/calendar/users/", status=200, body=[])
    assert here("once", environment) == 0
    assert f"{len(known)} users are not in Recall's list, which is doubted; they stay as they were." in here.said()
    assert state(store) is PassState.COMPLETE
    assert all(row.vanished_at is None and row.unlisted_since is not None for row in everyone(store).values())
    assert here("believe", environment) == 0
    assert capsys.readouterr().out == f"Users taken for gone: {len(known)}\n"
    assert all(row.vanished_at is not None for row in everyone(store).values())
    assert here("once", environment) == 0
    assert {name: row.user for name, row in everyone(store).items()} == {n: row.user for n, row in known.items()}


def test_a_check_finds_entries_that_two_users_have(
    sandbox: Sandbox, store: Store, file: Path, here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = settings(sandbox, file)
    assert here("once", environment) == 0
    capsys.readouterr()
    assert here("check", environment) == 0
    assert capsys.readouterr().out == "Pairs of users with the same entries: 0\n"

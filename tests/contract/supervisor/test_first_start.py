"""The first start of our own sandbox: it is watched for some days before, once, and whole or not at all."""

import os
import signal
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lib.demo.files import UNFINISHED
from lib.store import open_store, passes
from tests.contract.supervisor.starting import Start
from tests.modes import others_may_open


def test_a_first_start_is_watched_once_and_what_a_kill_cut_off_is_made_again(start: Start, house: Path) -> None:
    store, days = house / "data" / "sandbox.db", 2
    cut = start(DEMO="30").until_it_watches()
    assert others_may_open(house / "data") == {}
    cut.process.kill()
    cut.ended()
    cut.until(cut.nothing_is_left)
    assert not store.exists()

    run = start(DEMO=str(days)).until_it_serves()
    assert [f"Watching day {day} of {days}" in run.said for day in (1, 2)] == [True, True]
    assert not (store.parent / UNFINISHED).exists()
    assert others_may_open(house / "data") == {}
    began = watched_since(store)
    assert (datetime.now(UTC).date() - began.date()).days == days
    run.process.send_signal(signal.SIGTERM)
    assert run.ended() == 0
    assert "Traceback" not in run.said

    again = start(DEMO="30").until_it_serves()
    assert "Watching day" not in again.said
    assert watched_since(store) == began


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_first_start_that_is_ended_ends_at_once_and_leaves_no_store(
    start: Start, house: Path, how: signal.Signals
) -> None:
    run = start(DEMO="30").until_it_watches()
    run.process.send_signal(how)
    assert run.ended() == 0
    assert run.nothing_is_left()
    assert "Watching day 30" not in run.said
    assert "Traceback" not in run.said
    assert [file.name for file in (house / "data").iterdir()] == [UNFINISHED]


def watched_since(store: Path) -> datetime:
    """The start of the first complete pass."""
    url = f"sqlite:///{store}"
    with closing(open_store(url, recall_base_url="http://127.0.0.1")) as opened, opened.read() as connection:
        began = passes.first_complete(connection)
    assert began is not None
    return began


def test_when_the_watching_fails_it_says_how_to_go_without_and_a_fresh_start_has_no_past(
    start: Start, house: Path
) -> None:
    run = start(DEMO="30").until_it_watches()
    os.kill(run.child("lib.demo"), signal.SIGKILL)
    assert run.ended() == 1
    assert run.nothing_is_left()
    assert "The demo's past did not come to its end; its own words stand above." in run.said
    assert "Start again; with DEMO=fresh it goes without." in run.said
    assert not (house / "data" / "sandbox.db").exists()

    fresh = start(DEMO="fresh").until_it_serves()
    assert "Watching" not in fresh.said
    assert not (house / "data" / UNFINISHED).exists()

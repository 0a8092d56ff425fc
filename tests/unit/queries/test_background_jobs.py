"""Background jobs: one at a time for each key, none lost silently, all ended together."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from lib.queries.background_jobs import BackgroundJobs
from tests.running import ROOT

PATIENCE_SECONDS = 10.0


@pytest.fixture
def background() -> Iterator[BackgroundJobs]:
    made = BackgroundJobs("jobs", threads=2)
    yield made
    made.close()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.002)


class Gate:
    """A job that says when it has begun and waits until it is let through."""

    def __init__(self) -> None:
        self.runs = 0
        self.begun = threading.Event()
        self.open = threading.Event()

    def __call__(self) -> None:
        self.runs += 1
        self.begun.set()
        assert self.open.wait(PATIENCE_SECONDS)


def test_askers_of_one_key_share_one_job(background: BackgroundJobs) -> None:
    job = Gate()
    started = [background.start("anna", job) for _ in range(5)]
    job.open.set()
    until(lambda: not background.is_running("anna"))
    assert started == [True, False, False, False, False]
    assert job.runs == 1


def test_a_key_can_be_started_again_when_its_job_has_ended(background: BackgroundJobs) -> None:
    job = Gate()
    job.open.set()
    for _ in range(3):
        assert background.start("anna", job)
        until(lambda: not background.is_running("anna"))
    assert job.runs == 3


def test_keys_do_not_wait_for_each_other(background: BackgroundJobs) -> None:
    slow, quick = Gate(), Gate()
    quick.open.set()
    background.start("slow", slow)
    background.start("quick", quick)
    until(lambda: not background.is_running("quick"))
    assert background.is_running("slow")
    slow.open.set()


def test_a_job_that_waits_for_a_thread_counts_as_running(background: BackgroundJobs) -> None:
    jobs = {key: Gate() for key in "abc"}
    for key, job in jobs.items():
        background.start(key, job)
    until(lambda: jobs["a"].begun.is_set() and jobs["b"].begun.is_set())
    assert background.is_running("c")
    assert not background.start("c", jobs["c"])
    assert not jobs["c"].begun.is_set()
    for job in jobs.values():
        job.open.set()
    until(jobs["c"].begun.is_set)


def test_an_error_is_logged_and_the_key_is_free_again(
    background: BackgroundJobs, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks() -> None:
        raise LookupError("a defect of ours")

    background.start("anna", breaks)
    until(lambda: bool(caplog.records))
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert record.exc_info
    assert isinstance(record.exc_info[1], LookupError)
    until(lambda: not background.is_running("anna"))
    job = Gate()
    job.open.set()
    assert background.start("anna", job)
    until(lambda: job.runs == 1)


def test_a_job_that_ends_well_logs_nothing(background: BackgroundJobs, caplog: pytest.LogCaptureFixture) -> None:
    job = Gate()
    job.open.set()
    background.start("anna", job)
    until(lambda: not background.is_running("anna"))
    background.close()
    assert not caplog.records


def test_closing_wakes_what_waits_drops_what_has_not_begun_and_starts_no_more(
    background: BackgroundJobs, caplog: pytest.LogCaptureFixture
) -> None:
    woken = threading.Event()
    begun = threading.Semaphore(0)
    never = Gate()

    def waits() -> None:
        begun.release()
        if background.closing.wait(PATIENCE_SECONDS):
            woken.set()

    for key in ("a", "b"):
        background.start(key, waits)
        assert begun.acquire(timeout=PATIENCE_SECONDS)
    background.start("queued", never)
    background.close()
    until(lambda: not any(background.is_running(key) for key in ("a", "b", "queued")))
    assert woken.is_set()
    assert not background.start("late", never)
    assert never.runs == 0
    assert not caplog.records


def test_a_job_to_follow_begins_when_the_one_before_has_ended_and_of_several_the_last(
    background: BackgroundJobs,
) -> None:
    first, second, third = Gate(), Gate(), Gate()
    third.open.set()
    background.start("anna", first)
    background.start_after("anna", second)
    background.start_after("anna", third)
    assert third.runs == 0
    first.open.set()
    until(lambda: not background.is_running("anna"))
    assert (first.runs, second.runs, third.runs) == (1, 0, 1)


def test_a_job_to_follow_begins_at_once_where_nothing_runs(background: BackgroundJobs) -> None:
    job = Gate()
    background.start_after("anna", job)
    assert background.is_running("anna")
    job.open.set()
    until(lambda: not background.is_running("anna"))
    assert job.runs == 1


def test_a_job_to_follow_is_not_lost_by_an_error_before_it(
    background: BackgroundJobs, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = Gate(), Gate()
    second.open.set()

    def breaks() -> None:
        first()
        raise LookupError("a defect of ours")

    background.start("anna", breaks)
    background.start_after("anna", second)
    first.open.set()
    until(lambda: bool(second.runs) and bool(caplog.records))
    assert [record.getMessage() for record in caplog.records] == ["a background job ended with an error"]


def test_a_process_that_ends_waits_for_no_job() -> None:
    """A list of meetings may take Recall minutes; a server that is told to end is given seconds."""
    waiting = (
        "import time; from lib.queries.background_jobs import BackgroundJobs; made = BackgroundJobs('jobs', threads=2);"
        "made.start('slow', lambda: time.sleep(120)); time.sleep(0.2); made.close(); print('over')"
    )
    ended = subprocess.run([sys.executable, "-c", waiting], cwd=ROOT, capture_output=True, timeout=30, check=True)
    assert ended.stdout == b"over\n"


def test_nothing_follows_once_the_process_ends(background: BackgroundJobs, caplog: pytest.LogCaptureFixture) -> None:
    first, before, after = Gate(), Gate(), Gate()
    background.start("anna", first)
    assert first.begun.wait(PATIENCE_SECONDS)
    background.start_after("anna", before)
    background.close()
    background.start_after("anna", after)
    first.open.set()
    until(lambda: not background.is_running("anna"))
    assert (before.runs, after.runs) == (0, 0)
    assert not caplog.records

"""One works, all who ask meanwhile get what came of it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from lib.recall_api.single_flight import SingleFlight


class Work:
    """Counts its runs, and ends each when told to."""

    def __init__(self, error: Exception | None = None):
        self.runs = 0
        self.began, self.may_end = Event(), Event()
        self._error = error

    def __call__(self) -> int:
        self.runs += 1
        self.began.set()
        assert self.may_end.wait(5)
        if self._error:
            raise self._error
        return self.runs


def test_askers_of_the_same_key_share_one_run_and_a_later_one_runs_anew() -> None:
    flights, work = SingleFlight[int](), Work()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(flights.do, "ann", work)
        assert work.began.wait(5)
        second = pool.submit(flights.do, "ann", work)
        work.may_end.set()
        assert first.result(5) == 1
        assert second.result(5) in (1, 2)
    assert flights.do("ann", work) == work.runs


def test_another_key_does_not_wait() -> None:
    flights, work = SingleFlight[int](), Work()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(flights.do, "ann", work)
        assert work.began.wait(5)
        assert flights.do("bob", lambda: 7) == 7
        work.may_end.set()
        assert first.result(5) == 1


def test_an_error_is_shared_and_not_kept() -> None:
    flights, work = SingleFlight[int](), Work(ValueError("no"))
    work.may_end.set()
    with pytest.raises(ValueError, match="no"):
        flights.do("ann", work)
    assert flights.do("ann", lambda: 3) == 3

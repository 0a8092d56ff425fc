"""Each thing is worked out once for all who look at the same workspace."""

import threading
from time import sleep

import pytest

from lib.queries.shared_cache import SharedCache


def test_many_at_once_wait_for_one_working_out() -> None:
    memory, worked_out = SharedCache(10), []

    def work_out() -> int:
        worked_out.append(1)
        sleep(0.05)
        return 7

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(memory.remembered("a", "key", work_out))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [7] * 8
    assert worked_out == [1]


def test_another_state_of_the_workspace_forgets_everything() -> None:
    memory = SharedCache(10)
    assert memory.remembered("a", "key", lambda: 1) == 1
    assert memory.remembered("b", "key", lambda: 2) == 2
    assert memory.remembered("a", "key", lambda: 3) == 3


def test_what_was_used_longest_ago_goes_first() -> None:
    memory = SharedCache(2)
    for key in ("one", "two", "one", "three"):
        memory.remembered("a", key, lambda key=key: key)  # type: ignore[misc]
    assert memory.remembered("a", "one", lambda: "again") == "one"
    assert memory.remembered("a", "two", lambda: "again") == "again"


def test_what_goes_wrong_is_not_remembered() -> None:
    memory = SharedCache(2)
    with pytest.raises(ZeroDivisionError):
        memory.remembered("a", "key", lambda: 1 / 0)
    assert memory.remembered("a", "key", lambda: 1) == 1


def test_what_one_works_out_for_long_holds_up_nobody_who_asks_for_something_else() -> None:
    memory, begun, ends = SharedCache(10), threading.Event(), threading.Event()

    def work_out() -> int:
        begun.set()
        assert ends.wait(10)
        return 1

    slow = threading.Thread(target=memory.remembered, args=("a", "slow", work_out))
    slow.start()
    try:
        assert begun.wait(10)
        found: list[int] = []
        other = threading.Thread(target=lambda: found.append(memory.remembered("a", "quick", lambda: 2)))
        other.start()
        other.join(10)
        assert found == [2]
    finally:
        ends.set()
        slow.join()
    assert memory.remembered("a", "slow", lambda: 3) == 1

"""How much of a list is taken, and how many long ones are held side by side."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lib.recall_api.allow_list import GET_USER, LIST_MEETINGS
from lib.recall_api.memory_limits import BYTES_OF_A_THING, SIDE_BY_SIDE, MemoryLimits, weight

LONG, VERY_LONG = (longer_than + 1 for longer_than, _number in SIDE_BY_SIDE)
SOON = 0.2


def test_small_things_count_more_than_their_letters() -> None:
    assert weight(b"x" * 1000) == 1000
    assert weight(b"{}," * 1000) == 2000 * BYTES_OF_A_THING


def test_a_list_takes_so_much_with_all_its_pages_and_no_more() -> None:
    with MemoryLimits().of(LIST_MEETINGS) as memory:
        assert memory.has(LIST_MEETINGS.most_bytes)
        assert memory.take(b"x" * (LIST_MEETINGS.most_bytes - 10))
        assert not memory.has(11)
        assert memory.take(b"x" * 10)
        assert not memory.take(b"x")
        assert memory.take_rows(LIST_MEETINGS.most_rows)
        assert not memory.take_rows(1)


def test_what_broke_off_has_taken_nothing() -> None:
    with MemoryLimits().of(GET_USER) as memory:
        memory.take(b"x" * GET_USER.most_bytes)
        memory.give_back(GET_USER.most_bytes)
        assert memory.has(GET_USER.most_bytes)


def test_another_long_one_waits_until_one_is_done_and_short_ones_do_not() -> None:
    memory_limits, waited = MemoryLimits(), threading.Event()

    @contextmanager
    def waiting() -> Iterator[None]:
        waited.set()
        yield

    second = threading.Thread(target=lambda: _take(memory_limits, VERY_LONG, waiting), daemon=True)
    with memory_limits.of(LIST_MEETINGS) as first:
        first.take(b"x" * VERY_LONG)
        second.start()
        assert waited.wait(10)
        _take(memory_limits, LONG)
        second.join(SOON)
        assert second.is_alive()
    second.join(10)
    assert not second.is_alive()


def _take(memory_limits: MemoryLimits, number: int, *waiting: object) -> None:
    with memory_limits.of(LIST_MEETINGS) as memory:
        memory.take(b"x" * number, *waiting)  # type: ignore[arg-type]

"""Single flight: whoever asks for work that is in flight gets its result, or its error."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Runs work once for all who ask for the same key at the same time; nothing is kept afterwards. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._under_way: dict[str, Future[T]] = {}

    def do(self, key: str, work: Callable[[], T]) -> T:
        """The result of `work`, or of the work that is already in flight for `key`. Raises what it raises."""
        with self._lock:
            theirs = self._under_way.get(key)
            mine: Future[T] = Future()
            if theirs is None:
                self._under_way[key] = mine
        return theirs.result() if theirs is not None else self._fly(key, work, mine)

    def _fly(self, key: str, work: Callable[[], T], flight: "Future[T]") -> T:
        try:
            result = work()
        except BaseException as error:
            self._land(key)
            flight.set_exception(error)
            raise
        self._land(key)
        flight.set_result(result)
        return result

    def _land(self, key: str) -> None:
        with self._lock:
            del self._under_way[key]

"""A bounded cache of what is worked out of one state of the workspace, shared by all sessions that look at it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lib.coverage.period import Period
from lib.coverage.period_view import PeriodView, view_period
from lib.coverage.scope import Scope, within
from lib.queries.workspace import WorkspaceSnapshot

MOST_VIEWS, MOST_RESULTS = 6, 500
"""A view of a million entries takes tens of megabytes, a result worked out of it a few kilobytes."""

T = TypeVar("T")


@dataclass(slots=True)
class _Slot:
    """One result, or the place for it. Whoever works it out holds the lock; only those who want this one wait."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    known: bool = False
    result: Any = None


class SharedCache:
    """Results by key, for one state of the workspace alone; the least recently used one is dropped first."""

    def __init__(self, most: int):
        self._most = most
        self._mark = ""
        self._slots: OrderedDict[Hashable, _Slot] = OrderedDict()
        self._lock = threading.Lock()

    def remembered(self, mark: str, key: Hashable, work_out: Callable[[], T]) -> T:
        """What `work_out` answers for this key, called once however many sessions wait for it."""
        slot = self._slot(mark, key)
        with slot.lock:
            if not slot.known:
                slot.result, slot.known = work_out(), True
            found: T = slot.result
            return found

    def _slot(self, mark: str, key: Hashable) -> _Slot:
        with self._lock:
            if mark != self._mark:
                self._slots.clear()
                self._mark = mark
            slot = self._slots.setdefault(key, _Slot())
            self._slots.move_to_end(key)
            if len(self._slots) > self._most:
                self._slots.popitem(last=False)
            return slot


_views, _results = SharedCache(MOST_VIEWS), SharedCache(MOST_RESULTS)
_views_in_part, _results_in_part = SharedCache(MOST_VIEWS), SharedCache(MOST_RESULTS)
"""For staff who do not see every customer: apart, so that what they look at displaces nothing of the others."""


def remembered(known: WorkspaceSnapshot, key: Hashable, work_out: Callable[[], T]) -> T:
    """What `work_out` answers of this state of the workspace. `key` names it and all that it depends on besides.

    Keep small things only: counts, lists of words. Views are kept by `view_of`.
    """
    results = _results if known.sight.is_everything else _results_in_part
    return results.remembered(known.whole, (known.mark, key), work_out)


def view_of(known: WorkspaceSnapshot, scope: Scope, period: Period) -> PeriodView:
    """The meetings of a scope and a period. The workspace has an `as_of`."""
    as_of, views = known.figures_as_of, _views if known.sight.is_everything else _views_in_part
    return views.remembered(
        known.whole, (known.mark, scope, period), lambda: view_period(within(known.frame, scope), period, as_of)
    )

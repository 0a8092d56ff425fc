"""What was worked out once for everybody who looks at the same workspace, period and scope. Bounded."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lib.coverage.period import Period
from lib.coverage.scope import Scope, within
from lib.coverage.view import View, view
from lib.queries.workspace import WorkspaceSnapshot

MOST_VIEWS, MOST_CUTS = 6, 500
"""A view of a million entries takes tens of megabytes, a cut of it a few kilobytes."""

T = TypeVar("T")


@dataclass(slots=True)
class _Slot:
    """One result, or the place for it. The lock is of whoever works it out: the others wait for that one alone."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    known: bool = False
    result: Any = None


class Memory:
    """Results by key, for one state of the workspace alone; the one used longest ago goes first."""

    def __init__(self, most: int):
        self._most = most
        self._mark = ""
        self._slots: OrderedDict[Hashable, _Slot] = OrderedDict()
        self._lock = threading.Lock()

    def remembered(self, mark: str, key: Hashable, work_out: Callable[[], T]) -> T:
        """What `work_out` answered for this key, asked once however many sessions wait for it."""
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


_views, _cuts = Memory(MOST_VIEWS), Memory(MOST_CUTS)
_views_of_parts, _cuts_of_parts = Memory(MOST_VIEWS), Memory(MOST_CUTS)
"""Of people who do not see everything: apart, so that what they look at takes no place from the others."""


def remembered(known: WorkspaceSnapshot, key: Hashable, work_out: Callable[[], T]) -> T:
    """What `work_out` answers of this state of the workspace. `key` names it and all that it depends on besides.

    Keep small things only: counts, cuts, lists of words. Views are kept by `view_of`.
    """
    cuts = _cuts if known.sight.is_everything else _cuts_of_parts
    return cuts.remembered(known.whole, (known.mark, key), work_out)


def view_of(known: WorkspaceSnapshot, scope: Scope, period: Period) -> View:
    """The meetings of a scope and a period. The workspace has an `as_of`."""
    if known.as_of is None:
        raise ValueError("no pass is complete yet")
    as_of, views = known.as_of, _views if known.sight.is_everything else _views_of_parts
    return views.remembered(
        known.whole, (known.mark, scope, period), lambda: view(within(known.frame, scope), period, as_of)
    )

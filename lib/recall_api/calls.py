"""Calls: each waits for its budget, is tried as often as is safe, and ends with what was asked for or one error."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from itertools import count
from time import monotonic
from typing import Any, TypeVar

from lib.clock import Clock
from lib.errors import RecallLimited
from lib.recall_api.allow_list import LIST_MEETINGS, Endpoint
from lib.recall_api.deadline import Timeouts
from lib.recall_api.memory_limits import MemoryBudget, MemoryLimits
from lib.recall_api.rate_limits import Budget, RateLimiter, budget_of
from lib.recall_api.responses import Attempt, NoResponse, Response, interpret, unreadable
from lib.recall_api.retries import RetryPolicy, Sleep, try_until_settled
from lib.recall_api.tokens import CalendarToken
from lib.recall_api.transport import Request, Transport

SHOWN_OF_A_BODY = 300

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Stopwatch:
    """The `seconds` that Recall took over all pages and attempts so far, without our waits between them."""

    seconds: float = 0.0


_running: ContextVar[Stopwatch | None] = ContextVar("running", default=None)


@contextmanager
def timing_meetings() -> Iterator[Stopwatch]:
    """Measure how long Recall takes over the lists of meetings that this thread asks for in the block."""
    token = _running.set(watch := Stopwatch())
    try:
        yield watch
    finally:
        _running.reset(token)


@dataclass(slots=True)
class _CallInProgress:
    """One call with all its attempts. `ends_at` (monotonic) bounds them together; the silences bound each."""

    endpoint: Endpoint
    call: Request
    read: Callable[[Any], object | None]
    budget: Budget
    memory: MemoryBudget
    ends_at: float
    first_byte: float
    silence: float

    def seconds_left(self) -> float:
        return self.ends_at - monotonic()

    def timeouts(self) -> Timeouts:
        return Timeouts(max(self.seconds_left(), 0.001), self.first_byte, self.silence)


class Calls:
    """Makes the calls of a process. Thread-safe."""

    def __init__(
        self, transport: Transport, clock: Clock, retry_policy: RetryPolicy, rate_limiter: RateLimiter, sleep: Sleep
    ):
        self._transport, self._clock, self._patience = transport, clock, retry_policy
        self._pace, self._sleep = rate_limiter, sleep
        self.memory_limits = MemoryLimits()

    def make(
        self,
        endpoint: Endpoint,
        read: Callable[[Any], T | None],
        *,
        id: str = "",
        query: str = "",
        body: Any = None,
        token: CalendarToken | None = None,
        in_a_hurry: bool = False,
        memory: MemoryBudget | None = None,
    ) -> T:
        """Make a call; returns what `read` makes of Recall's JSON, or of None for an answer that is rightly empty.

        `read` returns None for what it cannot read. `id` fills the path, `query` is percent-encoded, `body` is sent as
        JSON unless None, `token` is the user's. With `in_a_hurry` a call that may be slow gets no more time than any
        other. Pages of one list share a `memory` budget.

        Raises the `RecallError` that fits, and `CallNotAllowed` for an id that is no uuid.
        """
        sent = None if body is None else json.dumps(body).encode()
        call = Request(endpoint.method, endpoint.path(id), query, sent, token.secret if token else None)
        retry_policy = self._patience
        slow = retry_policy.slow_seconds if endpoint.may_be_slow and not in_a_hurry else 0.0
        seconds = max(retry_policy.total_seconds, endpoint.seconds, slow)
        silence = max(retry_policy.read_seconds, endpoint.seconds)
        budget = budget_of(endpoint, token.external_id if token else None)
        with self.memory_limits.of(endpoint) as own:
            task = _CallInProgress(
                endpoint, call, read, budget, memory or own, monotonic() + seconds, max(silence, slow), silence
            )
            numbers = count(1)
            tried = try_until_settled(
                lambda: self._try(task, next(numbers)), retry_policy, endpoint.tries, task.seconds_left, self._sleep
            )
        if tried.error is not None:
            raise tried.error
        value: T = tried.value
        return value

    def _try(self, task: _CallInProgress, number: int) -> Attempt:
        return self._held_up(task) or self._send(task, number)

    def _held_up(self, task: _CallInProgress) -> Attempt | None:
        """Wait until the budget lets the call go; returns the error when that takes longer than the caller may wait."""
        limit, retry_policy = task.endpoint.limit, self._patience
        per_minute = limit.in_background if retry_policy.in_background else limit.calls
        began = monotonic()
        try:
            self._pace.wait(task.budget, per_minute, self._longest_wait(task))
        except RecallLimited as error:
            return Attempt(error=error)
        if retry_policy.in_background:
            task.ends_at += monotonic() - began
        return None

    def _longest_wait(self, task: _CallInProgress) -> float:
        longest = self._patience.longest_wait_seconds
        return longest if self._patience.in_background else min(longest, task.seconds_left())

    def _send(self, task: _CallInProgress, number: int) -> Attempt:
        began = monotonic()
        outcome = self._transport.send(task.call, task.timeouts(), task.memory)
        took = monotonic() - began
        if task.endpoint is LIST_MEETINGS and (watch := _running.get()) is not None:
            watch.seconds += took
        tried = self._understood(task, interpret(task.endpoint, outcome, self._clock()))
        if tried.error is not None:
            _report(task.endpoint, outcome, number, took * 1000)
        return self._closed(task, tried.error, tried) if isinstance(tried.error, RecallLimited) else tried

    def _closed(self, task: _CallInProgress, error: RecallLimited, tried: Attempt) -> Attempt:
        """Close the budget for everybody; the next attempt waits with them, if it opens soon enough."""
        self._pace.close(task.budget, error.retry_at)
        return replace(tried, again=tried.wait_seconds <= self._longest_wait(task), wait_seconds=0.0)

    def _understood(self, task: _CallInProgress, tried: Attempt) -> Attempt:
        if tried.error is not None:
            return tried
        value = task.read(tried.value)
        return unreadable(task.endpoint) if value is None else Attempt(value)


def _report(endpoint: Endpoint, outcome: Response | NoResponse, number: int, milliseconds: float) -> None:
    status = outcome.status if isinstance(outcome, Response) else outcome.name.lower()
    line = "%s %s: status %s, attempt %d, %.0f ms"
    log.warning(line, endpoint.method, endpoint.template, status, number, milliseconds)
    if isinstance(outcome, Response) and outcome.status >= 400 and not outcome.is_json:
        log.debug("the answer began with %s", ascii(outcome.body[:SHOWN_OF_A_BODY].decode("utf-8", "replace")))

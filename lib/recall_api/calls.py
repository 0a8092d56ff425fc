"""A call made well: its budget respected, tried as often as is safe, and answered by JSON or one typed error."""

import json
import logging
from time import monotonic, sleep
from typing import Any

from lib.clock import Clock
from lib.errors import RecallLimited
from lib.recall_api.allowed import Endpoint, endpoint_of
from lib.recall_api.answers import Answer, NoAnswer, Tried, judge
from lib.recall_api.limits import Budget, Limits, budget_of
from lib.recall_api.retries import Patience, try_until_settled
from lib.recall_api.tokens import CalendarToken
from lib.recall_api.transport import Call, Transport

SHOWN_OF_A_BODY = 300

log = logging.getLogger(__name__)


class Calls:
    """Makes calls for the whole process. Thread-safe."""

    def __init__(self, transport: Transport, clock: Clock, patience: Patience):
        self._transport, self._clock, self._patience = transport, clock, patience
        self._limits = Limits(clock)

    def make(
        self, endpoint: Endpoint, *, id: str = "", query: str = "", body: Any = None, token: CalendarToken | None = None
    ) -> Any:
        """The JSON that Recall answers `endpoint` with; None for an answer that is empty by right.

        `id` fills the path, `query` is percent-encoded, `body` is sent as JSON unless None, `token` is the user's.
        Raises the `RecallError` that fits, and `CallNotAllowed` for an id that is no uuid.
        """
        sent = None if body is None else json.dumps(body).encode()
        call = Call(endpoint.method, endpoint.path(id), query, sent, token.secret if token else None)
        budget = budget_of(endpoint, token.external_id if token else None)
        tried = _Tries(self._transport, self._limits, self._clock, self._patience).of(call, budget)
        if tried.error is not None:
            raise tried.error
        return tried.value


class _Tries:
    """The tries of one call, against one deadline."""

    def __init__(self, transport: Transport, limits: Limits, clock: Clock, patience: Patience):
        self._transport, self._limits, self._clock, self._patience = transport, limits, clock, patience
        self._number = 0

    def of(self, call: Call, budget: Budget) -> Tried:
        endpoint = endpoint_of(call.method, call.path)
        seconds = max(self._patience.total_seconds, endpoint.seconds)
        silence = max(self._patience.read_seconds, endpoint.seconds)
        ends_at = monotonic() + seconds

        def once() -> Tried:
            self._number += 1
            barred = self._barred(budget, ends_at)
            return barred or self._sent(call, endpoint, budget, ends_at, silence)

        return try_until_settled(once, self._patience, endpoint.tries, seconds)

    def _barred(self, budget: Budget, ends_at: float) -> Tried | None:
        """Waits while the budget is closed for a short time; the error when it is closed for longer."""
        waited_for = None
        while (until := self._limits.closed_until(budget)) is not None and until != waited_for:
            wait = (until - self._clock()).total_seconds()
            if wait > min(self._patience.longest_wait_seconds, ends_at - monotonic()):
                return Tried(error=RecallLimited(until))
            sleep(max(wait, 0))
            waited_for = until
        return None

    def _sent(self, call: Call, endpoint: Endpoint, budget: Budget, ends_at: float, silence: float) -> Tried:
        began = monotonic()
        outcome = self._transport.send(call, max(ends_at - began, 0.001), silence)
        tried = judge(endpoint, outcome, self._clock())
        if isinstance(tried.error, RecallLimited):
            self._limits.close(budget, tried.error.retry_at)
        if tried.error is not None:
            self._report(endpoint, outcome, (monotonic() - began) * 1000)
        return tried

    def _report(self, endpoint: Endpoint, outcome: Answer | NoAnswer, milliseconds: float) -> None:
        status = outcome.status if isinstance(outcome, Answer) else outcome.name.lower()
        log.warning(
            "%s %s: status %s, attempt %d, %.0f ms",
            endpoint.method,
            endpoint.template,
            status,
            self._number,
            milliseconds,
        )
        if isinstance(outcome, Answer) and outcome.status >= 300 and not outcome.is_json:
            log.debug("the answer began with %s", ascii(outcome.body[:SHOWN_OF_A_BODY].decode("utf-8", "replace")))

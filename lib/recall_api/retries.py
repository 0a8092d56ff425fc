"""Retries: how often, for how long and with which pauses a call is tried. The only place that repeats anything.

Whether a call may be repeated at all is decided in `responses`. Pauses double and are
cut by up to half at random, so that many callers do not come back at the same moment.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from tenacity import RetryCallState, Retrying, retry_if_result

from lib.recall_api.responses import Attempt

Sleep = Callable[[float], None]
"""Waits for so many seconds. One that raises ends the call that waits."""

LONGEST_PAUSE_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How much of its caller's time a call may take. All times in seconds.

    `total_seconds` bounds everything: tries, pauses and slow bodies. `read_seconds` is the longest silence in one try.
    A budget that is spent or closed (429) is waited for when it opens within `longest_wait_seconds`; a longer wait is
    raised at once. Work `in_background` leaves a part of each minute's calls to others, and its waits for a budget
    are no part of `total_seconds`: waiting for one's turn is not failing.

    A call that may be slow gets `slow_seconds` to the first byte and in all, where that is more; between two bytes
    no silence is longer than for any other.
    """

    attempts: int
    total_seconds: float
    read_seconds: float
    longest_wait_seconds: float
    pause_seconds: float
    in_background: bool = False
    slow_seconds: float = 0.0


SLOW_LIST_SECONDS = 180.0
"""What a client in production gives the list of meetings, and that list alone (contract N1)."""

INTERACTIVE = RetryPolicy(
    attempts=3,
    total_seconds=8,
    read_seconds=6,
    longest_wait_seconds=3,
    pause_seconds=0.3,
    slow_seconds=SLOW_LIST_SECONDS,
)
"""For somebody who waits at a page: an answer or a sentence within 8 s; what may be slow comes later."""

BACKGROUND = RetryPolicy(
    attempts=5,
    total_seconds=60,
    read_seconds=30,
    longest_wait_seconds=300,
    pause_seconds=1,
    in_background=True,
    slow_seconds=SLOW_LIST_SECONDS,
)
"""For work that nobody waits for: a minute, and before each attempt up to five more for a spent budget."""


def try_until_settled(
    attempt: Callable[[], Attempt],
    retry_policy: RetryPolicy,
    tries: int,
    seconds_left: Callable[[], float],
    sleep: Sleep,
) -> Attempt:
    """Call `attempt` until it needs no repeating, or attempts or time run out; returns the last result."""

    def worth_repeating(tried: Attempt) -> bool:
        return tried.again and tried.wait_seconds <= retry_policy.longest_wait_seconds

    def pause(state: RetryCallState) -> float:
        step: float = min(retry_policy.pause_seconds * 2 ** (state.attempt_number - 1), LONGEST_PAUSE_SECONDS)
        jitter = random.uniform(0.5, 1)  # noqa: S311 - spreads callers out, guards nothing
        return _last(state).wait_seconds + step * jitter

    def enough(state: RetryCallState) -> bool:
        return state.attempt_number >= min(retry_policy.attempts, tries) or state.upcoming_sleep >= seconds_left()

    retrying = Retrying(
        retry=retry_if_result(worth_repeating),
        stop=enough,
        wait=pause,
        sleep=sleep,
        retry_error_callback=_last,
    )
    return retrying(attempt)


def _last(state: RetryCallState) -> Attempt:
    if state.outcome is None:
        raise RuntimeError("asked about a try that has not been made")
    tried: Attempt = state.outcome.result()
    return tried

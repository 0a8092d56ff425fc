"""Client of Recall's Calendar V1: the only package that knows requests."""

from lib.recall_api.calls import timing_meetings
from lib.recall_api.client import Recall, open_recall
from lib.recall_api.rate_limits import PER_MINUTE, ProcessRateLimiter, RateLimiter
from lib.recall_api.retries import BACKGROUND, INTERACTIVE, RetryPolicy
from lib.recall_api.tokens import external_id_of

__all__ = [
    "BACKGROUND",
    "INTERACTIVE",
    "PER_MINUTE",
    "ProcessRateLimiter",
    "RateLimiter",
    "Recall",
    "RetryPolicy",
    "external_id_of",
    "open_recall",
    "timing_meetings",
]

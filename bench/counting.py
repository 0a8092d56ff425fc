"""The numbers of a million entries: how long one count takes."""

from datetime import UTC, datetime, timedelta
from time import perf_counter

import numpy as np
import pandas as pd

from bench.table import Row, series
from lib.coverage.frame import FLAGS, arrange
from lib.coverage.numbers import numbers
from lib.recording.outcome import Outcome
from lib.recording.reasons import REASON_KEYS

ENTRIES = 1_000_000
USERS, CUSTOMERS = 10_000, 300
DAYS = 90
COUNTS = 10

_FROM = datetime(2026, 1, 1, tzinfo=UTC)


def measure_counting() -> list[Row]:
    """`numbers()` over 90 days of one million entries, two thirds of them ended."""
    frame, to = invented_entries(), _FROM + timedelta(days=DAYS)
    taken = []
    for _ in range(COUNTS):
        began = perf_counter()
        numbers(frame, _FROM, to, _FROM + timedelta(days=DAYS * 2 / 3))
        taken.append((perf_counter() - began) * 1000)
    return [series("numbers(): 1,000,000 entries, 90 days", taken)]


def invented_entries() -> pd.DataFrame:
    """Entries without sense but with the frame's columns (`lib.coverage.frame.frame_of`), arranged."""
    chance = np.random.default_rng(1)
    minutes = chance.integers(0, DAYS * 24 * 4, ENTRIES) * 15
    start = pd.Timestamp(_FROM) + pd.to_timedelta(minutes, unit="min").as_unit("us")
    columns: dict[str, object] = {
        "user": _some(chance, [f"user-{n}" for n in range(USERS)]),
        "customer": _some(chance, [f"customer-{n}" for n in range(CUSTOMERS)]),
        "platform": _some(chance, ["zoom", "google_meet", "microsoft_teams"]),
        "uid": chance.integers(1, ENTRIES // 2, ENTRIES).astype(np.uint64),
        "start": start,
        "end": start + pd.Timedelta(minutes=30),
        **{name: chance.random(ENTRIES) < 0.5 for name in FLAGS},
        "outcome": _some(chance, [str(outcome) for outcome in Outcome]),
        "reason": _some(chance, list(REASON_KEYS)),
    }
    return arrange(pd.DataFrame(columns))


def _some(chance: np.random.Generator, words: list[str]) -> "pd.Categorical[str]":
    return pd.Categorical.from_codes(chance.integers(0, len(words), ENTRIES), categories=pd.Index(words))

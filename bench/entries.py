"""A million entries of a workspace, invented as a frame: colleagues share meetings, and much goes wrong."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import BY_RULES, OUTCOMES, OWNERS, TIME
from lib.coverage.frame_order import arrange
from lib.recording.reasons import REASON_KEYS
from lib.recording.verdict import RECORD

ENTRIES, USERS, CUSTOMERS = 1_000_000, 10_000, 300
AS_OF = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
PAST_DAYS, COMING_DAYS = 180, 28
SIZES = (1, 1, 1, 2, 2, 3, 5)
"""How many entries a meeting has, each as often as another."""
UNASSIGNED_SHARE = 0.03
UNWATCHED_UNTIL = AS_OF - timedelta(days=120)
"""What began before was never seen before its start."""


def invented_entries(entries: int = ENTRIES) -> pd.DataFrame:
    """Entries of 180 days back and 28 ahead, arranged; the same every time."""
    chance = np.random.default_rng(1)
    meeting = np.repeat(np.arange(entries), chance.choice(SIZES, entries))[:entries]
    user = _users(chance, meeting)
    customer = np.where(chance.random(USERS) < UNASSIGNED_SHARE, -1, np.arange(USERS) % CUSTOMERS)
    start = _starts(chance, meeting)
    columns: dict[str, Any] = {
        "key": np.arange(1, entries + 1),
        "user": _words(user, [f"user-{n}" for n in range(USERS)]),
        "customer": _words(customer[user], [f"customer-{n}.example" for n in range(CUSTOMERS)]),
        "team": _words(user % 7 - 1, [f"team-{n}" for n in range(6)]),
        "platform": _words(_shared(chance, meeting, 3), ["google_meet", "microsoft_teams", "zoom"]),
        "calendar": _words(user % 2, ["google", "microsoft"]),
        **{name: chance.choice(np.array([-1, 0, 1], np.int8), entries) for name in ("external", "hosted", "recurring")},
        "uid": (meeting + 1).astype(np.uint64),
        "bot": np.zeros(entries, np.uint64),
        "start": pd.DatetimeIndex(start, tz="UTC"),
        "end": pd.DatetimeIndex(start + np.timedelta64(30, "m"), tz="UTC"),
        **_flags(chance, start > np.datetime64(AS_OF.replace(tzinfo=None))),
    }
    columns["outcome"] = _words(chance.integers(0, len(OUTCOMES), entries), OUTCOMES)
    columns["reason"] = _words(
        np.where(columns["recorded"], -1, chance.integers(0, len(REASON_KEYS), entries)), REASON_KEYS
    )
    columns["owner"] = _words(chance.integers(0, len(OWNERS), entries), OWNERS)
    _leave_unwatched(chance, columns, start < np.datetime64(UNWATCHED_UNTIL.replace(tzinfo=None)))
    return arrange(pd.DataFrame(columns))


def _leave_unwatched(chance: np.random.Generator, columns: dict[str, Any], early: NDArray[np.bool_]) -> None:
    """The rules first seen say what happened, of all but one in a hundred; what had no bot has no other reason."""
    booked, recordable = columns["booked"], columns["recordable"]
    excluded = BY_RULES.index("internal_not_enabled")
    said = np.where(booked ^ (chance.random(len(early)) < 0.01), BY_RULES.index(RECORD), excluded)
    columns["by_rules"] = _words(np.where(early & recordable, said, -1), BY_RULES)
    unseen = REASON_KEYS.index("not_seen_before_start")
    reason = np.where(early & recordable & ~booked, unseen, columns["reason"].codes)
    columns["reason"] = _words(reason, REASON_KEYS)
    columns |= {"inferred": np.zeros(len(early), np.bool_), "unknown": np.zeros(len(early), np.int8)}


def _users(chance: np.random.Generator, meeting: NDArray[np.int64]) -> NDArray[np.int64]:
    """Users of one customer for one meeting, for their numbers are a customer's apart."""
    lead = chance.integers(0, USERS, meeting[-1] + 1)
    colleague = chance.integers(0, USERS // CUSTOMERS, len(meeting)) * CUSTOMERS
    users: NDArray[np.int64] = (lead[meeting] + colleague) % (USERS // CUSTOMERS * CUSTOMERS)
    return users


def _starts(chance: np.random.Generator, meeting: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Quarters of an hour between eight and six of every day."""
    days = chance.integers(-PAST_DAYS, COMING_DAYS, meeting[-1] + 1)
    quarters = chance.integers(32, 72, meeting[-1] + 1)
    midnight = np.datetime64(AS_OF.replace(hour=0, minute=0, tzinfo=None))
    start = midnight + days * np.timedelta64(1, "D") + quarters * np.timedelta64(15, "m")
    starts: NDArray[np.datetime64] = start.astype(TIME)[meeting]
    return starts


def _shared(chance: np.random.Generator, meeting: NDArray[np.int64], among: int) -> NDArray[np.int64]:
    chosen: NDArray[np.int64] = chance.integers(0, among, meeting[-1] + 1)[meeting]
    return chosen


def _flags(chance: np.random.Generator, coming: NDArray[np.bool_]) -> dict[str, NDArray[np.bool_]]:
    """The booleans of a verdict, as they go together."""

    def some(share: float) -> NDArray[np.bool_]:
        return chance.random(len(coming)) < share

    recordable, will_record = some(0.85), some(0.6)
    booked = will_record & some(0.95)
    recorded = booked & ~coming & some(0.8)
    open_ = booked & ~coming & ~recorded
    nobody = open_ & some(0.2)
    return {
        "recordable": recordable,
        "will_record": will_record,
        "booked": booked,
        "recorded": recorded,
        "partial": recorded & some(0.05),
        "empty": recorded & some(0.02),
        "unsettled": open_ & ~nobody & some(0.05),
        "did_not_happen": nobody,
        "asked": ~coming & (booked | some(0.1)),
    }


def _words(codes: NDArray[Any], words: Sequence[str]) -> "pd.Categorical[str]":
    return pd.Categorical.from_codes(codes, categories=pd.Index(words))


def moved(frame: pd.DataFrame, rows: int) -> pd.DataFrame:
    """Some rows from everywhere, an hour later: what a pass may find changed."""
    some = frame.iloc[np.linspace(0, len(frame) - 1, rows).astype(int)].copy()
    for name in ("start", "end"):
        some[name] = some[name] + timedelta(hours=1)
    return some

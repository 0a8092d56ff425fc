"""One narrow pandas frame of entries: one row an entry, in an order that makes meetings and ranges contiguous.

What the columns are: `lib.coverage.columns`. A million entries take about 70 MB, and no text of a calendar stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import BY_RULES, CATEGORIES, FLAGS, NO_UID, OUTCOMES, OWNERS, TERNARY, TIME
from lib.coverage.frame_order import arrange
from lib.domain import Entry, comparable_uid
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis
from lib.recording.reasons import REASON_KEYS
from lib.recording.verdict import Verdict


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry, as far as the numbers need it. Times are aware; `customer` None: the user stands alone."""

    user: str
    customer: str | None
    ical_uid: str | None
    """As meetings are told apart by it (`lib.domain.comparable_uid`)."""
    start: datetime | None
    end: datetime | None
    """`end_time`, else `start_time`."""
    recordable: bool
    will_record: bool
    booked: bool
    recorded: bool
    partial: bool
    empty: bool
    unsettled: bool
    did_not_happen: bool
    asked: bool
    outcome: Outcome
    reason: str | None
    """Key of the reason, as in `lib.recording.reasons`."""
    by_rules: str | None = None
    """What the rules first seen say of it (`lib.recording.verdict.Verdict.by_rules`)."""
    inferred: bool = False
    """Its reason is that of the rules first seen."""
    owner: str | None = None
    """Who can act (`lib.recording.reason.Owner`); None: nobody needs to, or the reason's own owner."""
    platform: str | None = None
    team: str | None = None
    calendar: str | None = None
    """The calendar's platform."""
    external: bool | None = None
    hosted: bool | None = None
    recurring: bool | None = None
    bot: str | None = None
    key: int | None = None
    """The store's number of the entry; None: its position among the rows."""

    @classmethod
    def of(
        cls,
        entry: Entry,
        verdict: Verdict,
        *,
        user: str,
        customer: str | None,
        team: str | None = None,
        key: int | None = None,
        bot: str | None = None,
    ) -> "EntryRow":
        """The row of a judged entry; `bot` is the one it was judged by, where that is not the one it names."""
        flags = {name: getattr(verdict, name) for name in FLAGS}
        return cls(
            user=user,
            customer=customer,
            team=team,
            ical_uid=comparable_uid(entry.ical_uid),
            start=entry.start_time,
            end=entry.ends_at,
            outcome=verdict.outcome,
            reason=verdict.reason.key if verdict.reason else None,
            by_rules=verdict.by_rules,
            inferred=verdict.basis is Basis.INFERRED,
            owner=verdict.owner,
            platform=entry.meeting_platform,
            calendar=entry.calendar_platform,
            external=entry.is_external,
            hosted=entry.is_hosted_by_me,
            recurring=entry.is_recurring,
            bot=bot or entry.bot_id,
            key=key,
            **flags,
        )


def frame_of(rows: Iterable[EntryRow]) -> pd.DataFrame:
    """Entries as a frame, arranged. A row without a `key` takes its position in `rows` for one."""
    kept = list(rows)

    def every(name: str) -> list[Any]:
        return [getattr(row, name) for row in kept]

    columns: dict[str, object] = {
        "key": np.array([place if row.key is None else row.key for place, row in enumerate(kept)], np.int64),
        **{name: _words(every(name)) for name in CATEGORIES},
        **{name: _ternary(every(name)) for name in TERNARY},
        "uid": hashes(every("ical_uid")),
        "bot": hashes(every("bot")),
        "start": _times(every("start")),
        "end": _times(every("end")),
        **{name: np.array(every(name), np.bool_) for name in FLAGS},
        "outcome": pd.Categorical(list(map(str, every("outcome"))), categories=list(OUTCOMES)),
        "reason": pd.Categorical(every("reason"), categories=list(REASON_KEYS)),
        "owner": pd.Categorical(every("owner"), categories=list(OWNERS)),
        "by_rules": pd.Categorical(every("by_rules"), categories=list(BY_RULES)),
        "inferred": np.array(every("inferred"), np.bool_),
        "unknown": np.zeros(len(kept), np.int8),
    }
    return arrange(pd.DataFrame(columns))


def hashes(texts: Sequence[str | None]) -> NDArray[np.uint64]:
    """A 64-bit hash for each text, 0 for none."""
    plain = np.array([text or "" for text in texts], dtype=object)
    found = pd.util.hash_array(plain, categorize=False)
    return np.where(plain == "", NO_UID, found)


def _words(values: Sequence[Any]) -> "pd.Categorical[Any]":
    return pd.Categorical(
        values, categories=pd.Index(sorted({value for value in values if value is not None}), dtype="str")
    )


def _ternary(values: Sequence[bool | None]) -> NDArray[np.int8]:
    return np.array([-1 if value is None else value for value in values], np.int8)


def _times(values: Sequence[datetime | None]) -> pd.DatetimeIndex:
    plain = [None if value is None else value.astimezone(UTC).replace(tzinfo=None) for value in values]
    return pd.DatetimeIndex(np.array(plain, dtype=TIME), tz="UTC")

"""One narrow pandas frame of entries: one row an entry, in an order that makes meetings and ranges contiguous."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.domain import Entry
from lib.recording.outcome import Outcome, Verdict
from lib.recording.reasons import REASON_KEYS

FLAGS = (
    "recordable",
    "will_record",
    "booked",
    "recorded",
    "partial",
    "empty",
    "unsettled",
    "did_not_happen",
    "asked",
)
"""The booleans of a `Verdict` that a meeting has if any of its entries has them."""

TIME = "datetime64[us]"
NO_UID = np.uint64(0)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry, as far as the numbers need it. Times are aware; `customer` None: the user stands alone."""

    user: str
    customer: str | None
    ical_uid: str | None
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
    platform: str | None = None

    @classmethod
    def of(cls, entry: Entry, verdict: Verdict, *, user: str, customer: str | None) -> "EntryRow":
        """The row of a judged entry."""
        flags = {name: getattr(verdict, name) for name in FLAGS}
        return cls(
            user=user,
            customer=customer,
            ical_uid=entry.ical_uid,
            start=entry.start_time,
            end=entry.ends_at,
            outcome=verdict.outcome,
            reason=verdict.reason.key if verdict.reason else None,
            platform=entry.meeting_platform,
            **flags,
        )


def frame_of(rows: Iterable[EntryRow]) -> pd.DataFrame:
    """Entries as a frame, arranged (see `arrange`). The index is each row's position in `rows`.

    Columns: `user`, `customer`, `platform` (categories), `uid` (a 64-bit hash of `ical_uid`, 0 for none, so that a
    million long strings need not stay), `start`, `end` (UTC, NaT for none), the booleans of `FLAGS`, `outcome` and
    `reason` (categories; a higher code of `reason` got further), and `meeting`.
    """
    kept = list(rows)
    columns: dict[str, object] = {
        "user": pd.Categorical([row.user for row in kept]),
        "customer": pd.Categorical([row.customer for row in kept]),
        "platform": pd.Categorical([row.platform for row in kept]),
        "uid": uid_of([row.ical_uid for row in kept]),
        "start": _times([row.start for row in kept]),
        "end": _times([row.end for row in kept]),
        **{name: np.fromiter((getattr(row, name) for row in kept), bool, len(kept)) for name in FLAGS},
        "outcome": pd.Categorical([row.outcome.value for row in kept], categories=list(map(str, Outcome))),
        "reason": pd.Categorical([row.reason for row in kept], categories=list(REASON_KEYS)),
    }
    return arrange(pd.DataFrame(columns))


def arrange(frame: pd.DataFrame) -> pd.DataFrame:
    """Order by start, then customer, then `ical_uid`, and number the meetings in `meeting`.

    A meeting is the entries of one customer that share `ical_uid` and start; an entry without either is one of its own;
    a user without a customer stands alone (design, section 2). Needed again after rows were added or a customer
    changed; any part of an arranged frame that keeps the order is arranged.
    """
    owner, uid, start = _owners(frame), frame["uid"].to_numpy(), instants(frame, "start")
    order = np.lexsort((uid, owner, start))
    owner, uid, start = owner[order], uid[order], start[order]
    same = (owner[1:] == owner[:-1]) & (uid[1:] == uid[:-1]) & (start[1:] == start[:-1]) & (uid[1:] != NO_UID)
    meeting = np.concatenate(([True], ~same)).cumsum()[: len(order)] - 1
    return frame.iloc[order].assign(meeting=meeting.astype(np.int32))


def instants(frame: pd.DataFrame, column: str) -> NDArray[np.datetime64]:
    """A column of times as a plain array in UTC. NaT sorts last and equals nothing, itself included."""
    return frame[column].to_numpy(dtype=TIME)


def uid_of(ical_uids: Sequence[str | None]) -> NDArray[np.uint64]:
    """A 64-bit hash for each `ical_uid`, 0 for none. Only two of one customer at one instant could collide."""
    texts = np.array([text or "" for text in ical_uids], dtype=object)
    hashes = pd.util.hash_array(texts, categorize=False).astype(np.uint64)
    return np.where(texts == "", NO_UID, np.maximum(hashes, np.uint64(1)))


def _owners(frame: pd.DataFrame) -> NDArray[np.int64]:
    """One number for each customer, and one for each user without a customer."""
    customers, users = frame["customer"].cat, frame["user"].cat
    customer = customers.codes.to_numpy().astype(np.int64)
    return np.where(customer >= 0, customer, len(customers.categories) + users.codes.to_numpy())


def _times(values: Sequence[datetime | None]) -> pd.DatetimeIndex:
    plain = [None if value is None else value.astimezone(UTC).replace(tzinfo=None) for value in values]
    return pd.DatetimeIndex(np.array(plain, dtype=TIME), tz="UTC")

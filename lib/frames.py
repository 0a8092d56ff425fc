"""The rows of the store made into the columns of a frame (`lib.coverage.frame`), in bulk: no object for an entry."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import BY_RULES, FLAGS, OWNERS, codes
from lib.domain import ENTRY_FLAGS
from lib.recording.outcome import Outcome
from lib.recording.reason import Owner
from lib.recording.reasons import REASON_KEYS
from lib.recording.verdict import UNSAID
from lib.store.columns import micros
from lib.store.frame_rows import FRAME_COLUMNS, FrameRow
from lib.store.users import UserRow

Columns: TypeAlias = dict[str, NDArray[Any]]

NEVER: int = np.iinfo(np.int64).max
NO_TIME: int = np.iinfo(np.int64).min
"""NaT, as a number."""
UNJUDGED = -1

_BITS = {name: 1 << ENTRY_FLAGS.index(name) for name in FLAGS}
_TRUTH: dict[int | None, int] = {None: -1, 0: 0, 1: 1}


class Words(dict[str | None, int]):
    """Words numbered as they are met; None is -1, as in pandas. They only grow, so that an older frame keeps fitting.

    Where `other` is given nothing is added: it stands for every word that is not known.
    """

    def __init__(self, known: Iterable[str] = (), other: str | None = None):
        super().__init__({None: -1} | {word: code for code, word in enumerate(known)})
        self._other = other

    def __missing__(self, word: str | None) -> int:
        if self._other is not None:
            return self[self._other]
        self[word] = code = len(self) - 1
        return code

    def column(self, codes: NDArray[Any]) -> pd.Categorical:
        """The words that `codes` name."""
        return pd.Categorical.from_codes(codes, categories=list(self)[1:])  # type: ignore[call-overload, no-any-return]


class FrameUsers:
    """What a frame says of users, and which of their entries begin after they vanished."""

    def __init__(self, users: Sequence[UserRow]):
        self._users = users
        self._code = np.full(max((row.key for row in users), default=0) + 1, -1, np.int32)
        self._code[[row.key for row in users]] = np.arange(len(users))

    def codes(self, keys: NDArray[np.int64]) -> NDArray[np.int32]:
        """Places in `users` by the store's numbers."""
        found: NDArray[np.int32] = self._code[keys]
        return found

    @cached_property
    def ids(self) -> list[str]:
        """Recall's ids."""
        return [row.user.id for row in self._users]

    @cached_property
    def vanished(self) -> NDArray[np.int64]:
        """When each user vanished from the list, in microseconds; `NEVER` for a listed one, and for nobody (-1)."""
        times = [NEVER if row.vanished_at is None else micros(row.vanished_at) for row in self._users]
        return np.array([*times, NEVER], np.int64)

    def later_ones(self, start: NDArray[np.int64], user: NDArray[Any]) -> NDArray[np.bool_]:
        """Which entries begin after their user vanished. One without a start never begins."""
        later: NDArray[np.bool_] = np.where(start == NO_TIME, NEVER - 1, start) > self.vanished[user]
        return later

    @cached_property
    def customers(self) -> tuple[str | None, ...]:
        """The customer of each user."""
        return tuple(row.customer for row in self._users)

    @cached_property
    def teams(self) -> tuple[str | None, ...]:
        """The team of each user."""
        return tuple(row.team for row in self._users)

    def columns(self, user: NDArray[Any]) -> dict[str, pd.Categorical]:
        """The columns `user`, `customer` and `team` for the places of users in `user`."""
        users = pd.Categorical.from_codes(user, categories=self.ids)  # type: ignore[call-overload]
        return {"user": users, "customer": _of_users(self.customers, user), "team": _of_users(self.teams, user)}

    def assigned(self, frame: pd.DataFrame) -> pd.DataFrame:
        """An older frame with users, customers and teams as they are now."""
        return frame.assign(**self.columns(codes(frame, "user")))


class FrameBuilder:
    """Makes frames of the store's rows; one for the life of a frame, so that later parts fit it."""

    def __init__(self) -> None:
        self._words = {
            "platform": Words(),
            "calendar": Words(),
            "outcome": Words(map(str, Outcome), other=str(Outcome.UNKNOWN)),
            "reason": Words(REASON_KEYS, other="unclassified"),
            "owner": Words(OWNERS, other=str(Owner.US)),
            "by_rules": Words(BY_RULES, other=UNSAID),
        }

    def frame(self, batches: Iterable[list[FrameRow]], whose: FrameUsers) -> tuple[pd.DataFrame, NDArray[np.int64]]:
        """The entries of `batches` that count, not arranged yet, and the keys of all that were in `batches`.

        Left out are those not judged yet, those that were cancelled or moved (gone before their start while a calendar
        of their user was connected), and those that begin after their user vanished.
        """
        parts = [self._columns(batch, whose) for batch in batches]
        keys = np.concatenate([np.zeros(0, np.int64), *(part.pop("all") for part in parts)])
        return self._made(parts or [self._columns([_NOTHING], whose)], whose), keys

    def _columns(self, batch: list[FrameRow], whose: FrameUsers) -> Columns:
        row: dict[str, Sequence[Any]] = dict(zip(FRAME_COLUMNS, zip(*batch, strict=True), strict=True))
        flags = _numbers(row["flags"], UNJUDGED)
        start = _numbers(row["start_at"], NO_TIME)
        end = _numbers(row["end_at"], NO_TIME)
        key = _numbers(row["pk"], 0)
        user = whose.codes(_numbers(row["user"], 0))
        kept = (flags != UNJUDGED) & ~_is_off(row, start) & ~whose.later_ones(start, user)
        columns: Columns = {
            "key": key,
            "who": user,
            "platform": self._coded("platform", row["meeting_platform"]),
            "calendar": self._coded("calendar", row["calendar_platform"]),
            "external": _truths(row["is_external"]),
            "hosted": _truths(row["is_hosted_by_me"]),
            "recurring": _truths(row["is_recurring"]),
            "uid": _numbers(row["uid"], 0).view(np.uint64),
            "bot": _numbers(row["bot"], 0).view(np.uint64),
            "start": start,
            "end": np.where(end == NO_TIME, start, end),
            "flags": flags.astype(np.int16),
            "outcome": self._coded("outcome", row["outcome"]),
            "reason": self._coded("reason", row["reason"]),
            "owner": self._coded("owner", row["owner"]),
            "by_rules": self._coded("by_rules", row["by_rules"]),
        }
        return {name: values[kept] for name, values in columns.items()} | {"all": key[key != 0]}

    def _coded(self, name: str, values: Sequence[str | None]) -> NDArray[np.int16]:
        words = self._words[name]
        return np.fromiter(map(words.__getitem__, values), np.int16, len(values))

    def _made(self, parts: list[Columns], whose: FrameUsers) -> pd.DataFrame:
        def whole(name: str) -> NDArray[Any]:
            return np.concatenate([part.pop(name) for part in parts])  # popped: a million rows are not held twice

        key, who, flags = whole("key"), whole("who"), whole("flags")
        columns: dict[str, Any] = {"key": key} | whose.columns(who)
        columns |= {name: self._words[name].column(whole(name)) for name in ("platform", "calendar")}
        columns |= {name: whole(name) for name in ("external", "hosted", "recurring", "uid", "bot")}
        columns |= {name: pd.DatetimeIndex(whole(name).view("M8[us]"), tz="UTC") for name in ("start", "end")}
        columns |= {name: flags & bit != 0 for name, bit in _BITS.items()}
        columns |= {name: self._words[name].column(whole(name)) for name in ("outcome", "reason", "owner", "by_rules")}
        columns |= {"inferred": np.zeros(len(key), np.bool_), "unknown": np.zeros(len(key), np.int8)}
        return pd.DataFrame(columns, copy=False)


_NOTHING: FrameRow = tuple(0 if name in ("pk", "user", "uid", "bot") else None for name in FRAME_COLUMNS)
"""A row of no entry, not judged and so left out: gives an empty frame its columns."""


def _numbers(values: Sequence[int | None], missing: int) -> NDArray[np.int64]:
    return np.array([missing if value is None else value for value in values], np.int64)


def _truths(values: Sequence[int | None]) -> NDArray[np.int8]:
    return np.fromiter(map(_TRUTH.__getitem__, values), np.int8, len(values))


def _is_off(row: Mapping[str, Sequence[Any]], start: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Cancelled or moved: it vanished before its start (or never had one) while its calendar could be read."""
    removed = _numbers(row["removed_at"], NEVER)
    connected = _truths(row["removed_connected"]) == 1
    off: NDArray[np.bool_] = connected & ((removed < start) | ((start == NO_TIME) & (removed != NEVER)))
    return off


def _of_users(names: Sequence[str | None], user: NDArray[Any]) -> pd.Categorical:
    """What `names` says of each user, for the places of users in `user`."""
    known = sorted({name for name in names if name is not None})
    code = {None: -1} | {name: place for place, name in enumerate(known)}
    codes = np.array([code[name] for name in names] or [-1], np.int32)
    return pd.Categorical.from_codes(codes[user], categories=known)  # type: ignore[call-overload, no-any-return]

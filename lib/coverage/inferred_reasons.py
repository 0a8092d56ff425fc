"""Causes of a past that nobody watched: by the rules first seen, where nothing speaks against it (design, section 2).

An entry that was never seen before its start, and has no bot, has a reason only if the rules that held when it was
first seen would have excluded it, and if what happened in the unwatched time bears them out. All else stays unknown. No
rate hangs on any of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import BY_RULES, OUTCOMES, OWNERS, codes, instants, rank_of, words
from lib.coverage.frame_order import customer_codes
from lib.recording.reasons import REASON_KEYS, REASONS
from lib.recording.verdict import RECORD, UNSAID, outcome_of

LEAST_AGREEMENT = 0.9
"""Where the rules first seen agree with fewer of a customer's unwatched meetings, they explain none of them."""

_UNSEEN = REASON_KEYS.index("not_seen_before_start")
_RECORD, _UNSAID = BY_RULES.index(RECORD), BY_RULES.index(UNSAID)
_WATCHED = -1
"""The code of none of `BY_RULES`: the entry was watched."""
_OWNER_OF = np.array([OWNERS.index(str(reason.owner)) for reason in REASONS], np.int8)
_OUTCOME_OF = np.array([OUTCOMES.index(str(outcome_of(reason))) for reason in REASONS], np.int8)
_NEVER = np.iinfo(np.int64).max

Mask = NDArray[np.bool_]


class UnknownCause(IntEnum):
    """Why an entry that nobody watched has no cause."""

    NO = 0
    """It has one, or was watched, or has a bot."""
    NOT_EXCLUDED = 1
    """The rules first seen do not say, or say that it would have been recorded."""
    BEFORE_FIRST_BOT = 2
    """Before its user's first meeting that had a bot: perhaps nothing was connected yet."""
    CONTRADICTED = 3
    """The same rule would exclude a meeting of that time which did have a bot, and not because of a colleague."""
    NOT_BORNE_OUT = 4
    """The rules first seen agree with too little of what happened to the customer's meetings of that time."""


@dataclass(frozen=True, slots=True)
class RuleAgreement:
    """In how many unwatched meetings the rules first seen agree with what happened: a bot or none."""

    agreed: int
    judged: int
    """Those of which the rules say something."""


def with_inferred_reasons(frame: pd.DataFrame) -> pd.DataFrame:
    """An arranged frame whose unwatched entries have the reason that the rules first seen give, where they may.

    It does not matter whether that was done before. The frame holds all entries of every customer in it, because what
    colleagues' rules and bots say counts.
    """
    rules = codes(frame, "by_rules")
    if (rules == _WATCHED).all():
        return frame
    reason = codes(frame, "reason").copy()
    reason[frame["inferred"].to_numpy()] = _UNSEEN
    why = _why_unknown(frame, rules, reason)
    unseen = reason == _UNSEEN
    inferred = unseen & (rules != _WATCHED) & (why == UnknownCause.NO)
    reason[inferred] = rules[inferred]
    told = frame.assign(
        reason=_recoded(frame, "reason", reason),
        owner=_recoded(frame, "owner", np.where(unseen, _OWNER_OF[reason], codes(frame, "owner"))),
        outcome=_recoded(frame, "outcome", np.where(unseen, _OUTCOME_OF[reason], codes(frame, "outcome"))),
        inferred=inferred,
        unknown=why,
    )
    return told.assign(rank=rank_of(told))


def rule_agreement(frame: pd.DataFrame) -> RuleAgreement:
    """How far the rules first seen agree with what happened in the unwatched meetings of an arranged frame."""
    agreed, judged, _ = _agreeing(frame, codes(frame, "by_rules"))
    return RuleAgreement(int(agreed.sum()), int(judged.sum()))


def _why_unknown(frame: pd.DataFrame, rules: NDArray[Any], reason: NDArray[Any]) -> NDArray[np.int8]:
    unwatched = rules != _WATCHED
    excluded = unwatched & (rules < len(REASON_KEYS))
    wanted = unwatched & (reason == _UNSEEN)
    why = np.zeros(len(frame), np.int8)
    for unknown, applies in (
        (UnknownCause.NOT_BORNE_OUT, _is_not_borne_out(frame, rules)),
        (UnknownCause.CONTRADICTED, _is_contradicted(frame, rules, excluded)),
        (UnknownCause.BEFORE_FIRST_BOT, _is_before_first_bot(frame, rules)),
        (UnknownCause.NOT_EXCLUDED, ~excluded),
    ):
        why[wanted & applies] = unknown
    return why


def _is_before_first_bot(frame: pd.DataFrame, rules: NDArray[Any]) -> Mask:
    """Before its user's first meeting with a bot; of a user who never had one, unless the rules would have recorded
    none of those that nobody watched. One of which they say nothing speaks neither for nor against it."""
    user, start = codes(frame, "user"), _micros(frame)
    booked = frame["booked"].to_numpy() & (start != np.iinfo(np.int64).min)
    first = np.full(int(user.max(initial=-1)) + 1, _NEVER)
    np.minimum.at(first, user[booked], start[booked])
    would_have = np.zeros(len(first), np.bool_)
    would_have[user[rules == _RECORD]] = True
    before: Mask = np.where(first[user] == _NEVER, would_have[user], start < first[user])
    return before


def _is_contradicted(frame: pd.DataFrame, rules: NDArray[Any], excluded: Mask) -> Mask:
    """The rule that excludes it excludes another unwatched meeting of the user that had a bot all the same."""
    user, bot = codes(frame, "user").astype(np.int64), frame["bot"].to_numpy()
    against = np.flatnonzero(excluded & frame["booked"].to_numpy())
    explaining = np.flatnonzero(np.isin(bot, bot[against]) & (bot != 0) & ((rules == _RECORD) | (rules == _WATCHED)))
    against = against[~_is_anothers(user, bot, against, explaining)]
    rule_of_user = user * len(BY_RULES) + rules
    return np.isin(rule_of_user, np.unique(rule_of_user[against]))


def _is_anothers(user: NDArray[Any], bot: NDArray[Any], against: NDArray[Any], explaining: NDArray[Any]) -> Mask:
    """Of each of the rows `against`, whether its bot was asked for by another user among `explaining`."""
    names, place = np.unique(bot[explaining], return_inverse=True)
    least, most = np.full(len(names), _NEVER), np.full(len(names), -1)
    np.minimum.at(least, place, user[explaining])
    np.maximum.at(most, place, user[explaining])
    found = np.searchsorted(names, bot[against])
    is_there = found < len(names)
    is_there[is_there] &= names[found[is_there]] == bot[against][is_there]
    others = np.zeros(len(against), np.bool_)
    there = found[is_there]
    own = user[against][is_there]
    others[is_there] = (least[there] != own) | (most[there] != own)
    return others


def _is_not_borne_out(frame: pd.DataFrame, rules: NDArray[Any]) -> Mask:
    agreed, judged, owner = _agreeing(frame, rules)
    too_little: Mask = np.bincount(owner, weights=agreed) < LEAST_AGREEMENT * np.bincount(owner, weights=judged)
    return too_little[customer_codes(frame)]


def _agreeing(frame: pd.DataFrame, rules: NDArray[Any]) -> tuple[Mask, Mask, NDArray[np.int32]]:
    """Of each meeting: whether the rules first seen agree with what happened, whether they say anything, whose it is.

    A meeting is unwatched if all of its recordable entries are. The rules say that it would have been recorded if they
    say so of one of them; that it would not, if they exclude all.
    """
    meeting = frame["meeting"].to_numpy()
    first = np.flatnonzero(np.diff(meeting, prepend=-1))

    def any_of(which: Mask) -> Mask:
        found: Mask = np.logical_or.reduceat(which, first)
        return found

    unwatched = any_of(rules != _WATCHED) & ~any_of((rules == _WATCHED) & frame["recordable"].to_numpy())
    recorded, unsaid = any_of(rules == _RECORD), any_of(rules == _UNSAID)
    judged = unwatched & (recorded | ~unsaid)
    agreed = judged & (recorded == any_of(frame["booked"].to_numpy()))
    return agreed, judged, customer_codes(frame)[first]


def _micros(frame: pd.DataFrame) -> NDArray[np.int64]:
    starts: NDArray[np.int64] = instants(frame, "start").view(np.int64)
    return starts


def _recoded(frame: pd.DataFrame, column: str, values: NDArray[Any]) -> "pd.Categorical[Any]":
    return pd.Categorical.from_codes(values.astype(np.int8), categories=words(frame, column))


@dataclass(frozen=True, slots=True)
class UnwatchedEntry:
    """An entry that was not seen before its start and has no bot."""

    reason: str
    """A key of the catalogue: that of the rules first seen where they may explain it."""
    outcome: str
    """A word of `lib.recording.outcome.Outcome`."""
    unknown: UnknownCause
    """Why it has no cause; `UnknownCause.NO` where the rules first seen give one."""

    @property
    def inferred(self) -> bool:
        """Its reason is that of the rules first seen."""
        return self.unknown is UnknownCause.NO


def unwatched_entries(frame: pd.DataFrame, keys: Collection[int]) -> Mapping[int, UnwatchedEntry]:
    """The unwatched ones among the entries with these keys, by key."""
    wanted = frame["key"].isin(np.fromiter(keys, np.int64, len(keys))).to_numpy()
    rows = np.flatnonzero(wanted & (frame["inferred"].to_numpy() | (frame["unknown"].to_numpy() != UnknownCause.NO)))
    some = frame.iloc[rows]
    reasons, outcomes = words(some, "reason"), words(some, "outcome")
    columns = some["key"], codes(some, "reason"), codes(some, "outcome"), some["unknown"]
    told = zip(*(column.tolist() for column in columns), strict=True)
    return {
        key: UnwatchedEntry(reasons[reason], outcomes[outcome], UnknownCause(why)) for key, reason, outcome, why in told
    }

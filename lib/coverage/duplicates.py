"""Meetings that more than one bot joins, the likely cause, and the mailboxes that several users share.

Recall shares one bot among the users of one calendar platform, of one account (contract 7.3).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import NO_UID, codes, instants, one_of_each, words
from lib.coverage.frame_order import customer_codes
from lib.coverage.period_view import PeriodView
from lib.domain import CalendarUser


class DuplicateCause(StrEnum):
    """Why more than one bot was sent. Recall shares a bot among users of one calendar platform (contract 7.3)."""

    DUPLICATE_USER = "duplicate_user"
    """Two users with one mailbox: one person is listed twice."""
    MIXED_PLATFORMS = "mixed_platforms"
    """Each calendar platform sent one bot: between platforms none is shared."""
    DEDUPLICATION_OFF = "deduplication_off"
    """Users of one calendar platform did not share a bot."""


@dataclass(frozen=True, slots=True)
class DuplicateBots:
    """One meeting with more than one bot."""

    keys: tuple[int, ...]
    """Its entries that name a bot; the first of each bot comes first."""
    bots: int
    """How many different ones."""
    cause: DuplicateCause
    """The likely one."""


def duplicate_bots(view: PeriodView, mailboxes: Mapping[str, str]) -> tuple[DuplicateBots, ...]:
    """The view's meetings, whatever part, whose entries name more than one bot; latest first.

    Entries are those of one customer, so the bot of another account does not count. `mailboxes` says by Recall's id of
    the user which mailbox it is, in any spelling that two users share only if they share the mailbox.
    """
    entries = _of_several_bots(view)
    meeting, bot = entries["meeting"].to_numpy(), entries["bot"].to_numpy()
    place = np.cumsum(np.diff(meeting, prepend=-1) != 0) - 1
    is_first = np.zeros(len(entries), np.bool_)
    is_first[one_of_each(place, bot)] = True
    keys = entries["key"].to_numpy()[np.lexsort((~is_first, place))]
    each = np.split(keys, np.flatnonzero(np.diff(place)) + 1)
    causes = _causes(entries, place, bot, mailboxes)
    bots = np.bincount(place, weights=is_first).astype(int).tolist()
    found = [
        DuplicateBots(tuple(of.tolist()), count, cause) for of, count, cause in zip(each, bots, causes, strict=False)
    ]
    return tuple(reversed(found))


def _of_several_bots(view: PeriodView) -> pd.DataFrame:
    """The entries that name a bot, of the meetings whose entries name more than one."""
    entries = view.frame.iloc[view.rows]
    rows = np.flatnonzero(entries["bot"].to_numpy() != 0)
    meeting = view.entries.meeting[rows]
    numbers, bots = np.unique(meeting[one_of_each(meeting, entries["bot"].to_numpy()[rows])], return_counts=True)
    return entries.iloc[rows[np.isin(meeting, numbers[bots > 1])]]


def _causes(
    entries: pd.DataFrame, place: NDArray[np.intp], bot: NDArray[np.uint64], mailboxes: Mapping[str, str]
) -> list[DuplicateCause]:
    ids = words(entries, "user")
    persons = pd.factorize(np.array([mailboxes.get(user, user) for user in ids], object))[0]
    user = codes(entries, "user").astype(np.int64)
    person, calendar = [place, persons[user]], [place, codes(entries, "calendar")]
    duplicate = _in_any(place, _has_several(person, user) & _has_several(person, bot))
    unshared = _in_any(place, _has_several(calendar, bot))
    causes = np.where(duplicate, 0, np.where(unshared, 1, 2)).tolist()
    return [
        (DuplicateCause.DUPLICATE_USER, DuplicateCause.DEDUPLICATION_OFF, DuplicateCause.MIXED_PLATFORMS)[cause]
        for cause in causes
    ]


def _has_several(group: list[NDArray[Any]], value: NDArray[Any]) -> NDArray[np.bool_]:
    """Of each row, whether those that share all of `group` with it have more than one value."""
    several: NDArray[np.bool_] = pd.Series(value).groupby(group).transform("nunique").to_numpy() > 1
    return several


def _in_any(place: NDArray[np.intp], which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of each meeting, whether one of its entries is among `which`."""
    return np.bincount(place, weights=which) > 0


def joined_by_others(frame: pd.DataFrame, keys: Collection[int]) -> frozenset[int]:
    """Of the entries with these keys, those whose meeting somebody else's bot joins.

    Somebody else's: another customer's entry, or another user's where one has no customer, with the same `ical_uid` and
    start names a bot. `frame` is that of the whole workspace; whose bot it is is not said.
    """
    wanted = frame["key"].isin(np.fromiter(keys, np.int64, len(keys))) & (frame["uid"] != NO_UID)
    ours = _told_apart(frame, wanted.to_numpy())
    booked = _told_apart(frame, frame["booked"].to_numpy() & frame["uid"].isin(ours["uid"]).to_numpy())
    owners_of = booked.groupby(["uid", "start"])["owner"].agg(["min", "max"]).reset_index()
    found = ours.merge(owners_of, on=["uid", "start"])
    return frozenset(found.loc[(found["min"] != found["owner"]) | (found["max"] != found["owner"]), "key"].tolist())


def _told_apart(frame: pd.DataFrame, which: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> pd.DataFrame:
    some = frame.iloc[np.flatnonzero(which & ~np.isnat(instants(frame, "start")))]
    return some[["key", "uid", "start"]].assign(owner=customer_codes(some))


@dataclass(frozen=True, slots=True)
class SharedMailbox:
    """A mailbox that several calendar users have connected, so that each may book a bot for the same meeting."""

    email: str
    """As the first of them has it. Text from outside."""
    users: tuple[CalendarUser, ...]
    """At least two, in the order given."""

    @property
    def platforms(self) -> tuple[str, ...]:
        """The calendar platforms it is connected by. Between two of them Recall shares no bot (contract 7.3)."""
        connected = (
            c for user in self.users for c in user.connected if _comparable(c.email) == _comparable(self.email)
        )
        return tuple(dict.fromkeys(connection.platform for connection in connected))

    @property
    def ids_differ_in_case_only(self) -> bool:
        """Whether the external ids differ in case alone: "acme-7" and "ACME-7" are two users to Recall."""
        ids = [user.external_id for user in self.users]
        return all(ids) and len({(each or "").casefold() for each in ids}) == 1


def shared_mailboxes(users: Iterable[CalendarUser]) -> tuple[SharedMailbox, ...]:
    """Mailboxes that more than one of `users` has connected, those with most users first, then by address.

    Only calendars connected now count, for a lost one books no bot. Addresses are compared without regard to case.
    """
    sharing: defaultdict[str, dict[str, CalendarUser]] = defaultdict(dict)
    written: dict[str, str] = {}
    for user in users:
        for email in (c.email for c in user.connected if _comparable(c.email)):
            sharing[_comparable(email)][user.id] = user
            written.setdefault(_comparable(email), email or "")
    found = [SharedMailbox(written[name], tuple(known.values())) for name, known in sharing.items() if len(known) > 1]
    return tuple(sorted(found, key=lambda mailbox: (-len(mailbox.users), _comparable(mailbox.email))))


def _comparable(email: str | None) -> str:
    return (email or "").strip().casefold()

"""Meetings that more than one bot was sent to, and the likely cause."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import one_of_each
from lib.coverage.view import View


class Cause(StrEnum):
    """Why more than one bot was sent. Recall shares a bot among users of one calendar platform (contract 7.3)."""

    DUPLICATE_USER = "duplicate_user"
    """Two users with one mailbox: one person is listed twice."""
    MIXED_PLATFORMS = "mixed_platforms"
    """Each calendar platform sent one bot: between platforms none is shared."""
    DEDUPLICATION_OFF = "deduplication_off"
    """Users of one calendar platform did not share a bot."""


@dataclass(frozen=True, slots=True)
class Twice:
    """One meeting with more than one bot."""

    keys: tuple[int, ...]
    """Its entries that name a bot; the first of each bot comes first."""
    bots: int
    """How many different ones."""
    cause: Cause
    """The likely one."""


def twice(view: View, mailboxes: Mapping[str, str]) -> tuple[Twice, ...]:
    """The view's meetings, whatever part, whose entries name more than one bot; latest first.

    Entries are those of one customer, so the bot of another account does not count. `mailboxes` says by Recall's id of
    the user which mailbox it is, in any spelling that two users share only if they share the mailbox.
    """
    rows = _with_bot(view)
    meeting, bot = view.entries.meeting[rows], view.frame["bot"].to_numpy()[view.rows][rows]
    found, counts = np.unique(meeting[one_of_each(meeting, bot)], return_counts=True)
    several = np.isin(meeting, found[counts > 1])
    entries = view.frame.iloc[view.rows.start + rows[several]]
    parts = np.flatnonzero(np.diff(meeting[several], prepend=-1))
    return tuple(_twice(part, mailboxes) for part in reversed(_split(entries, parts)))


def _with_bot(view: View) -> NDArray[np.intp]:
    return np.flatnonzero(view.frame["bot"].to_numpy()[view.rows] != 0)


def _split(entries: pd.DataFrame, first: NDArray[np.intp]) -> list[pd.DataFrame]:
    bounds = [*first.tolist(), len(entries)]
    return [entries.iloc[one:two] for one, two in pairwise(bounds)]


def _twice(entries: pd.DataFrame, mailboxes: Mapping[str, str]) -> Twice:
    repeated = entries["bot"].duplicated().to_numpy()
    keys = np.concatenate((entries["key"][~repeated], entries["key"][repeated])).tolist()
    return Twice(tuple(keys), int((~repeated).sum()), _cause(entries, mailboxes))


def _cause(entries: pd.DataFrame, mailboxes: Mapping[str, str]) -> Cause:
    users, bots, of_platform = (defaultdict[str, set[object]](set) for _ in range(3))
    for user, calendar, bot in zip(entries["user"], entries["calendar"].astype(str), entries["bot"], strict=True):
        mailbox = mailboxes.get(user, user)
        users[mailbox].add(user)
        bots[mailbox].add(bot)
        of_platform[calendar].add(bot)
    if any(len(users[mailbox]) > 1 and len(bots[mailbox]) > 1 for mailbox in users):
        return Cause.DUPLICATE_USER
    unshared = any(len(sent) > 1 for sent in of_platform.values())
    return Cause.DEDUPLICATION_OFF if unshared else Cause.MIXED_PLATFORMS

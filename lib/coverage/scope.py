"""What part of the workspace is looked at, and the words that its entries are told apart by."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.coverage.columns import codes, words
from lib.customer import UNASSIGNED, Unassigned


class Dimension(StrEnum):
    """What entries are told apart by. Those without one, or of which the calendar does not say, are a group too."""

    CUSTOMER = "customer"
    TEAM = "team"
    USER = "user"
    """Recall's id of the user."""
    PLATFORM = "platform"
    """The meeting's: zoom, google_meet and so on."""
    CALENDAR = "calendar"
    """The calendar's platform."""
    EXTERNAL = "external"
    """external, internal."""
    HOSTED = "hosted"
    """hosted (by the calendar's user), guest."""


_YES_NO = {Dimension.EXTERNAL: ("external", "internal"), Dimension.HOSTED: ("hosted", "guest")}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which entries are looked at; None leaves a field open. Fields are called as in `Dimension`."""

    customer: str | Unassigned | None = None
    """A name, or `UNASSIGNED` for the users without a customer; the same for other words."""
    team: str | Unassigned | None = None
    user: str | None = None
    platform: str | Unassigned | None = None
    calendar: str | Unassigned | None = None
    external: bool | None = None
    hosted: bool | None = None

    @property
    def is_all(self) -> bool:
        """Nothing is left out."""
        return not self.wanted

    @property
    def wanted(self) -> dict[Dimension, str | None]:
        """The group of each dimension that is looked at alone; None is that of the entries without a word."""
        given = {Dimension(field.name): getattr(self, field.name) for field in fields(self)}
        return {dimension: _name(dimension, value) for dimension, value in given.items() if value is not None}


def within(frame: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The entries of an arranged frame in a scope, arranged. A name that nothing bears leaves nothing."""
    if scope.is_all:
        return frame
    kept = np.ones(len(frame), np.bool_)
    for dimension, name in scope.wanted.items():
        found, names = group_codes(frame, dimension)
        kept &= np.isin(found, [code for code, known in enumerate(names) if known == name])
    return frame.take(np.flatnonzero(kept))


def group_codes(frame: pd.DataFrame, dimension: Dimension) -> tuple[NDArray[Any], list[str | None]]:
    """The group of every entry as a place in the names of all groups, which are words from outside.

    The last one, None, is the group of the entries without a word. Some groups may be empty.
    """
    if dimension in _YES_NO:
        yes, no = _YES_NO[dimension]
        return frame[dimension].to_numpy() % 3, [no, yes, None]  # -1, not known, becomes 2
    names = words(frame, dimension)
    found = codes(frame, dimension)
    return np.where(found < 0, np.intp(len(names)), found), [*names, None]


def _name(dimension: Dimension, value: str | bool | Unassigned) -> str | None:
    if value is UNASSIGNED:
        return None
    return _YES_NO[dimension][0 if value else 1] if isinstance(value, bool) else str(value)

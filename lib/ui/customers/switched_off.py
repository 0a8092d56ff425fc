"""What is switched off today for a customer's users and would explain what nobody watched: a cause it is not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lib.coverage.columns import codes, words
from lib.coverage.drilldown import MissedFor, drill_down
from lib.coverage.period_view import PeriodView
from lib.domain import Preferences
from lib.recording.reason import Basis
from lib.recording.time_part import TimePart
from lib.store.users import UserRow
from lib.ui.words.formats import count

_TODAY: Mapping[str, tuple[str, Callable[[Preferences], bool]]] = {
    "no_rules_enabled": (
        "no recording rule is switched on",
        lambda rules: not (rules.record_external or rules.record_internal),
    ),
    "internal_not_enabled": ("internal meetings are switched off", lambda rules: not rules.record_internal),
    "external_not_enabled": ("external meetings are switched off", lambda rules: not rules.record_external),
    "host_excluded_by_non_host_rule": ("meetings that the user hosts are not recorded", lambda r: r.record_non_host),
    "not_recurring_rule": ("only recurring meetings are recorded", lambda rules: rules.record_recurring),
    "not_accepted": ("only accepted meetings are recorded", lambda rules: rules.record_confirmed),
    "not_host_and_only_host": ("only meetings that the user hosts are recorded", lambda r: r.record_only_host),
}
"""By reason: what may be said of today, and of whose rules it is true."""


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """A setting of today that would explain missed meetings which nobody watched."""

    what: str
    """Words of ours: "internal meetings are switched off"."""
    users: int
    """How many of the customer's users it holds for today."""
    of: int
    """How many users the customer has."""
    meetings: int
    """Missed meetings of these users that the rules first seen exclude by it."""

    @property
    def sentence(self) -> str:
        """ "Internal meetings are switched off today for 12 of your 16 users, which would explain 38 of them." """
        whom = "your only user" if self.of == 1 else f"{count(self.users)} of your {count(self.of)} users"
        told = f"{self.what} today for {whom}, which would explain {count(self.meetings)} of them."
        return f"{told[0].upper()}{told[1:]}"


def switched_off(seen: PeriodView, people: Sequence[UserRow]) -> tuple[SwitchedOff, ...]:
    """What of a customer's inferred reasons is still true today; `seen` are its meetings, `people` its users."""
    found = []
    for reason, (what, is_so) in _TODAY.items():
        today = {row.user.id for row in people if row.user.preferences and is_so(row.user.preferences)}
        rows = drill_down(seen, MissedFor(TimePart.ENDED, reason, Basis.INFERRED)).rows
        meetings = int(np.isin(codes(seen.frame, "user")[rows], _places(seen, today)).sum())
        if meetings:
            found.append(SwitchedOff(what, len(today), len(people), meetings))
    return tuple(sorted(found, key=lambda each: -each.meetings))


def _places(seen: PeriodView, users: set[str]) -> list[int]:
    return [code for code, user in enumerate(words(seen.frame, "user")) if user in users]

"""Recording rules that are off today for a customer's users and would explain missed meetings.

They are no cause: nobody watched those meetings before their start, so the rules of the time are not known.
"""

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

EXCLUDES: Mapping[str, Callable[[Preferences], bool]] = {
    "no_rules_enabled": lambda rules: not (rules.record_external or rules.record_internal),
    "internal_not_enabled": lambda rules: not rules.record_internal,
    "external_not_enabled": lambda rules: not rules.record_external,
    "host_excluded_by_non_host_rule": lambda rules: rules.record_non_host,
    "not_recurring_rule": lambda rules: rules.record_recurring,
    "not_accepted": lambda rules: rules.record_confirmed,
    "not_host_and_only_host": lambda rules: rules.record_only_host,
}
"""By reason: which rules of today exclude meetings for it."""


@dataclass(frozen=True, slots=True)
class SwitchedOffRule:
    """What today's rules exclude, and the missed meetings that this would explain."""

    reason: str
    """Key of the reason, one of those that rules give."""
    users: int
    """How many of the customer's users have such rules today."""
    of: int
    """How many users the customer has."""
    meetings: int
    """Missed meetings of these users, inferred to be excluded for this reason by the rules first seen."""


def switched_off_rules(view: PeriodView, users: Sequence[UserRow]) -> tuple[SwitchedOffRule, ...]:
    """The inferred reasons of a customer that still apply today, the one with most meetings first.

    `view` holds the customer's meetings, and `users` its users.
    """
    found = []
    for reason, excludes in EXCLUDES.items():
        today = {row.user.id for row in users if row.user.preferences and excludes(row.user.preferences)}
        rows = drill_down(view, MissedFor(TimePart.ENDED, reason, Basis.INFERRED)).rows
        theirs = [code for code, user in enumerate(words(view.frame, "user")) if user in today]
        meetings = int(np.isin(codes(view.frame, "user")[rows], theirs).sum())
        if meetings:
            found.append(SwitchedOffRule(reason, len(today), len(users), meetings))
    return tuple(sorted(found, key=lambda each: -each.meetings))

"""What a page counts: the meetings of a scope and a period, in one state of the workspace."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np

from lib.coverage.columns import codes, words
from lib.coverage.period import Period
from lib.coverage.period_view import PeriodView
from lib.coverage.scope import Scope
from lib.queries.shared_cache import remembered, view_of
from lib.queries.workspace import WorkspaceSnapshot

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Selection:
    """A scope and a period of a workspace that has an `as_of`, in days of a time zone."""

    known: WorkspaceSnapshot
    scope: Scope
    period: Period
    zone: ZoneInfo

    @property
    def as_of(self) -> datetime:
        """Start of the last complete pass."""
        return self.known.figures_as_of

    @property
    def view(self) -> PeriodView:
        """The meetings."""
        return view_of(self.known, self.scope, self.period)

    def remembered(self, name: object, work_out: Callable[[], T]) -> T:
        """What `work_out` answers, which is called once for everybody who looks at this selection."""
        return remembered(self.known, (name, self.scope, self.period, self.zone.key), work_out)


def rules_first_seen(known: WorkspaceSnapshot, view: PeriodView) -> tuple[datetime, ...]:
    """When the rules were first seen that reasons of the view are inferred from, for each user concerned."""
    rows = view.frame.iloc[view.rows]
    users = words(rows, "user")[np.unique(codes(rows, "user")[rows["inferred"].to_numpy()])]
    return tuple(row.first_seen_at for user in users if (row := known.user_by_id.get(user)))

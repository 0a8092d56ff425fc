"""What the Coverage page counts, each worked out once for everybody who looks at the same period and scope."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from lib.coverage.breakdown import BreakdownGroup, breakdown
from lib.coverage.breakdown import group_view as view_of_group
from lib.coverage.drilldown import Drilldown, drill_down
from lib.coverage.funnel import FunnelStep, funnel
from lib.coverage.grid import GridRow, grid
from lib.coverage.inferred_reasons import RuleAgreement, rule_agreement
from lib.coverage.misses import Misses
from lib.coverage.numbers import Numbers, ReasonCount, numbers
from lib.coverage.period import Bucket
from lib.coverage.period_view import PeriodView
from lib.coverage.scope import Dimension, within
from lib.coverage.trend import Point, sparkline, trend
from lib.queries.shared_cache import remembered, view_of
from lib.recording.time_part import TimePart
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.meeting_rows import Opened
from lib.ui.widgets.page_head import Shown
from lib.ui.words.basis import rules_first_seen

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures on top and what they are made of."""

    numbers: Numbers
    before: Numbers
    """Of the period of the same length just before."""
    points: tuple[Point, ...]
    """For the sparklines."""
    steps: tuple[FunnelStep, ...]
    """From calendar to recording."""
    agreement: RuleAgreement
    """How well the rules first seen agree with what happened in the period."""
    first_seen: str
    """When the rules were first seen that reasons are inferred by: "on 26 Oct"."""

    @property
    def reasons(self) -> tuple[ReasonCount, ...]:
        """Why held meetings were missed, the most frequent first."""
        return self.numbers.reasons_of(TimePart.ENDED)

    @property
    def misses(self) -> Misses:
        """The misses by who can do something about them."""
        return Misses.of(self.reasons)


def counted(shown: Shown) -> Counted:
    """The numbers of the period and the scope that are chosen."""
    return _once(shown, "counted", lambda: _counted(shown))


def trend_of(shown: Shown, bucket: Bucket) -> tuple[Point, ...]:
    """The rates over time."""
    return _once(shown, ("trend", bucket), lambda: trend(_view(shown), bucket, report_zone()))


def groups_of(shown: Shown, dimension: Dimension) -> tuple[BreakdownGroup, ...]:
    """Where meetings are missed, most missed first."""
    return _once(shown, ("where", dimension), lambda: breakdown(_view(shown), dimension))


def weeks_of(shown: Shown) -> tuple[GridRow, ...]:
    """What became of the ended meetings, week by week, or by what fits a long period."""
    return _once(shown, "weeks", lambda: grid(_view(shown), Bucket.WEEK, report_zone()))


def opened_of(shown: Shown, what: Drilldown) -> Opened:
    """The rows behind a figure."""
    return _once(shown, ("behind", what), lambda: Opened.of(drill_down(_view(shown), what)))


def opened_of_group(shown: Shown, dimension: Dimension, name: str | None, what: Drilldown) -> Opened:
    """The rows behind a figure of one group."""

    def work_out() -> Opened:
        return Opened.of(drill_down(view_of_group(_view(shown), dimension, name), what))

    return _once(shown, ("behind", dimension, name, what), work_out)


def _counted(shown: Shown) -> Counted:
    here, before = _view(shown), shown.choice.period.before
    frame = within(shown.known.frame, shown.choice.scope)
    earlier = numbers(frame, before.from_, before.to, shown.as_of)
    return Counted(
        numbers=here.numbers,
        before=earlier,
        points=sparkline(here, report_zone()),
        steps=funnel(here.numbers),
        agreement=rule_agreement(here.frame.iloc[here.rows]),
        first_seen=rules_first_seen(shown.known, here, report_zone()),
    )


def _view(shown: Shown) -> PeriodView:
    return view_of(shown.known, shown.choice.scope, shown.choice.period)


def _once(shown: Shown, name: object, work_out: Callable[[], T]) -> T:
    return remembered(shown.known, (name, shown.choice.scope, shown.choice.period), work_out)

"""The figures of the Coverage page, each worked out once for everybody who looks at the same selection."""

from dataclasses import dataclass
from datetime import datetime

from lib.coverage.breakdown import BreakdownGroup, breakdown
from lib.coverage.funnel import FunnelStep, funnel
from lib.coverage.grid import GridRow, grid
from lib.coverage.inferred_reasons import RuleAgreement, rule_agreement
from lib.coverage.misses import Misses
from lib.coverage.numbers import Numbers, ReasonCount, numbers
from lib.coverage.period import Bucket
from lib.coverage.scope import Dimension, within
from lib.coverage.trend import Point, sparkline, trend
from lib.queries.selection import Selection, rules_first_seen
from lib.recording.time_part import TimePart


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """The numbers of some meetings in a period, and what their reasons rest on."""

    numbers: Numbers
    before: Numbers
    """Numbers of the preceding period of the same length."""
    agreement: RuleAgreement
    """How well the rules first seen agree with what happened in the period."""
    first_seen: tuple[datetime, ...]
    """When the rules were first seen that reasons are inferred from, for each user concerned."""

    @property
    def reasons(self) -> tuple[ReasonCount, ...]:
        """Why held meetings were missed, the most frequent reason first."""
        return self.numbers.reasons_of(TimePart.ENDED)

    @property
    def misses(self) -> Misses:
        """The misses by who can act on them."""
        return Misses.of(self.reasons)


@dataclass(frozen=True, slots=True)
class CoverageFigures(PeriodFigures):
    """The figures at the top of the page, and what they are made of."""

    points: tuple[Point, ...]
    """Points of the sparklines."""
    steps: tuple[FunnelStep, ...]
    """From calendar to recording."""


def coverage_figures(selection: Selection) -> CoverageFigures:
    """The figures of a selection."""

    def work_out() -> CoverageFigures:
        view, before = selection.view, selection.period.before
        return CoverageFigures(
            numbers=view.numbers,
            before=numbers(within(selection.known.frame, selection.scope), before.from_, before.to, selection.as_of),
            points=sparkline(view, selection.zone),
            steps=funnel(view.numbers),
            agreement=rule_agreement(view.frame.iloc[view.rows]),
            first_seen=rules_first_seen(selection.known, view),
        )

    return selection.remembered("coverage figures", work_out)


def rates_over_time(selection: Selection, bucket: Bucket) -> tuple[Point, ...]:
    """The rates in each bucket; a long period has wider buckets than `bucket`."""
    return selection.remembered(("trend", bucket), lambda: trend(selection.view, bucket, selection.zone))


def outcomes_by_week(selection: Selection) -> tuple[GridRow, ...]:
    """The outcomes of ended meetings in each week; a long period has wider buckets."""
    return selection.remembered("weeks", lambda: grid(selection.view, Bucket.WEEK, selection.zone))


def groups_by(selection: Selection, dimension: Dimension) -> tuple[BreakdownGroup, ...]:
    """The groups of a dimension, most missed first; customers by what can be acted on."""
    return selection.remembered(("groups", dimension), lambda: breakdown(selection.view, dimension))

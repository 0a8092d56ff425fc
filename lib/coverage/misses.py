"""Misses by who can do something about them, and how many of them rest on the rules first seen."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lib.coverage.grid import outcome_of_miss
from lib.coverage.numbers import ReasonCount
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis


@dataclass(frozen=True, slots=True)
class Misses:
    """How many meetings were missed, by `lib.coverage.grid.outcome_of_miss`."""

    by_outcome: Mapping[Outcome, int]
    inferred: Mapping[Outcome, int]
    """Of these, those whose reason is that of the rules first seen."""

    @classmethod
    def of(cls, reasons: Iterable[ReasonCount]) -> "Misses":
        """Those of the reasons of one part."""
        all_, inferred = Counter[Outcome](), Counter[Outcome]()
        for each in reasons:
            outcome = outcome_of_miss(each.reason)
            all_[outcome] += each.meetings
            inferred[outcome] += each.meetings * (each.basis is Basis.INFERRED)
        return cls(all_, inferred)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_outcome.values())

    @property
    def by_rules(self) -> int:
        """Those whose reason is that of the rules first seen."""
        return sum(self.inferred.values())

    @property
    def actionable(self) -> int:
        """Those that somebody can act on, or whose cause is unknown: all that were not off by choice."""
        return self.total - self.by_outcome.get(Outcome.OFF_BY_CHOICE, 0)

    @property
    def actionable_by_rules(self) -> int:
        """Of these, those whose reason is that of the rules first seen."""
        return self.by_rules - self.inferred.get(Outcome.OFF_BY_CHOICE, 0)

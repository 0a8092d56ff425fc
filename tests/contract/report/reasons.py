"""Why meetings were missed: how many may have each reason, where raw facts leave several open."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.contract.report.causes import STAGES, STAGES_AND_CLASSES

Json: TypeAlias = dict[str, Any]
Reason: TypeAlias = tuple[str, str]
"""A reason's key and its basis."""


@dataclass
class Reasons:
    """Those of the meetings of one part."""

    missed: int = 0
    at_least: "Counter[Reason]" = field(default_factory=Counter)
    at_most: "Counter[Reason]" = field(default_factory=Counter)

    def add(self, of_entries: Iterable[frozenset[Reason]]) -> None:
        """One more meeting was missed; its entries may have these."""
        possible = _furthest(list(of_entries))
        self.missed += 1
        self.at_most.update(possible)
        if len(possible) == 1:
            self.at_least.update(possible)

    def differences(self, told: Sequence[Json]) -> list[str]:
        """What is wrong with the rows of the report about this part."""
        found = {(row["reason"], row["basis"]): row["meetings"] for row in told}
        wrong = [] if sum(found.values()) == self.missed else [f"{sum(found.values())} in all, not {self.missed}"]
        wrong += [] if len(found) == len(told) else ["a reason has two rows of one basis"]
        for reason in sorted(found.keys() | self.at_least.keys()):
            least, most, count = self.at_least[reason], self.at_most[reason], found.get(reason, 0)
            if not least <= count <= most:
                wrong.append(f"{' '.join(reason)}: {count}, not {least}..{most}")
        return wrong + [f"class of {row['reason']}" for row in told if not _is_of_class(row)]


def observed(keys: Iterable[str]) -> frozenset[Reason]:
    """Reasons that rest on what was seen."""
    return frozenset((key, "observed") for key in keys)


def _furthest(of_entries: "list[frozenset[Reason]]") -> frozenset[Reason]:
    """The reasons that the entry which got furthest may have: none of the others need have got further."""
    least = [min(map(_stage, possible)) for possible in of_entries]
    return frozenset(
        reason
        for number, possible in enumerate(of_entries)
        for reason in possible
        if all(_stage(reason) >= stage for other, stage in enumerate(least) if other != number)
    )


def _stage(reason: Reason) -> int:
    return STAGES.index(STAGES_AND_CLASSES[reason[0]][0])


def _is_of_class(row: Json) -> bool:
    return row["reason"] in STAGES_AND_CLASSES and STAGES_AND_CLASSES[row["reason"]][1] == row["class"]

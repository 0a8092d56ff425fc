"""Sets of keys as ranges: ten thousand users that were tried in order take a few letters. Pure."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranges:
    """Positive whole numbers. `spans` are first and last of each range, in order, with gaps between."""

    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Ranges":
        """From the form that `str` gives: `1-40,42`."""
        pairs = (span.partition("-") for span in text.split(",") if span)
        return cls(tuple((int(first), int(last or first)) for first, _, last in pairs))

    def __str__(self) -> str:
        return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in self.spans)

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.spans)

    def __contains__(self, key: int) -> bool:
        place = bisect_right(self.spans, (key, float("inf"))) - 1
        return place >= 0 and key <= self.spans[place][1]

    def __or__(self, keys: Iterable[int]) -> "Ranges":
        """These and `keys`."""
        joined: list[tuple[int, int]] = []
        for first, last in sorted([*self.spans, *((key, key) for key in keys)]):
            if joined and first <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
            else:
                joined.append((first, last))
        return Ranges(tuple(joined))

"""The table that is printed: one row a figure, with its reference, their ratio, and whether a target is met."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from statistics import median, quantiles

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure in words."""

    figure: str
    ours: str
    reference: str = NOTHING
    ratio: str = NOTHING
    target: str = NOTHING
    met: str = NOTHING


def pair(figure: str, ours: Sequence[float], reference: Sequence[float], *, most: float) -> Row:
    """Two series of milliseconds that were taken in turn. The ratio of their medians is to be at most `most`."""
    middle, high = median(ours) / median(reference), p95(ours) / p95(reference)
    target = f"at most {most:g}"
    return Row(figure, spread(ours), spread(reference), f"{middle:.2f} (p95 {high:.2f})", target, _yes(middle <= most))


def single(figure: str, value: float, unit: str, *, most: float | None = None) -> Row:
    """One number without a reference, to be at most `most` where that is given."""
    ours = f"{value:,.1f} {unit}"
    if most is None:
        return Row(figure, ours)
    return Row(figure, ours, target=f"at most {most:,g} {unit}", met=_yes(value <= most))


def beside(figure: str, ours: float, reference: float, unit: str, *, most: float) -> Row:
    """Two numbers, whose ratio is to be at most `most`."""
    ratio = ours / reference
    beside_it = f"{reference:,.2f} {unit}"
    return Row(figure, f"{ours:,.2f} {unit}", beside_it, f"{ratio:.2f}", f"at most {most:g}", _yes(ratio <= most))


def series(figure: str, milliseconds: Sequence[float]) -> Row:
    """A series without a reference."""
    return Row(figure, spread(milliseconds))


def never(figure: str, times: int, of: int) -> Row:
    """Something that is not to happen."""
    return Row(figure, f"{times} of {of:,}", target="never", met=_yes(times == 0))


def spread(milliseconds: Sequence[float]) -> str:
    """ "182 ms (p95 240, n 30)"."""
    return f"{median(milliseconds):.0f} ms (p95 {p95(milliseconds):.0f}, n {len(milliseconds)})"


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 stay under; the largest of a short series."""
    return quantiles(values, n=20)[-1] if len(values) >= 20 else max(values)


def table_of(rows: Sequence[Row]) -> str:
    """The rows under their heads, in columns as wide as they need."""
    lines = [("figure", "ours", "reference", "ratio", "target", "met"), *(astuple(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    printed = [" | ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)) for line in lines]
    return "\n".join([printed[0], "-|-".join("-" * width for width in widths), *printed[1:]])


def _yes(is_met: bool) -> str:
    return "yes" if is_met else "NO"

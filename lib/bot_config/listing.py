"""A preset's text with what was found under the lines it was found on. Plain text, lines numbered."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from textwrap import wrap

from lib.bot_config.findings import Finding, Level
from lib.bot_config.literals import LINE_END

CONTEXT = 2
WIDTH = 90
"""Letters of a sentence in one row."""
LONGEST_LINE = 160
SIGNS = {Level.ERROR: "✗", Level.WARNING: "!", Level.NOTE: "i"}


def listing(text: str, findings: Sequence[Finding]) -> str:
    """The lines that something was found on with `CONTEXT` lines around them; what is left out is a line of "⋯"."""
    lines = LINE_END.split(text)
    found = defaultdict[int, list[Finding]](list)
    for finding in findings:
        found[min(finding.line, len(lines))].append(finding)
    width = len(str(len(lines)))
    return "\n".join(_rows(lines, found, width))


def _rows(lines: Sequence[str], found: dict[int, list[Finding]], width: int) -> Iterator[str]:
    last = 0
    for number in _numbers(found, len(lines)):
        if number != last + 1:
            yield f"{'⋯':>{width}}"
        yield f"{number:>{width}} │ {_cut(lines[number - 1])}"
        for finding in found.get(number, ()):
            indent = " " * _indent(lines[number - 1])
            yield from (f"{'':>{width}} │ {indent}{row}" for row in _wrapped(finding))
        last = number
    if last < len(lines):
        yield f"{'⋯':>{width}}"


def _wrapped(finding: Finding) -> list[str]:
    """The sentence with its sign, in rows of which the later ones stand under the first word."""
    sign = SIGNS[finding.level]
    return wrap(finding.sentence, WIDTH, initial_indent=f"{sign} ", subsequent_indent=" " * (len(sign) + 1))


def _numbers(found: dict[int, list[Finding]], most: int) -> list[int]:
    near = {number + step for number in found for step in range(-CONTEXT, CONTEXT + 1)}
    return sorted(number for number in near if 1 <= number <= most)


def _indent(line: str) -> int:
    begin = line[:20]
    return len(begin) - len(begin.lstrip())


def _cut(line: str) -> str:
    flat = line.expandtabs(2)
    return flat if len(flat) <= LONGEST_LINE else f"{flat[: LONGEST_LINE - 1]}…"

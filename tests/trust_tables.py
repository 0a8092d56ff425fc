"""The tables of docs/THREATS.md and docs/FAULTS.md: what they say, and how their tests ended in this run.

A row's first cell is its number (`T1`), the second says in words what may happen, and the last one names the tests that
hold it, each in backticks, or says why there is none: "Does not apply: ..." or "Accepted: ...". It may do both.

As a pytest plugin (tests/conftest.py names it) this prints both tables, short, at the end of a run of all tests.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TABLES = {"T": ROOT / "docs" / "THREATS.md", "F": ROOT / "docs" / "FAULTS.md"}
NAMED = re.compile(r"`(tests/[\w/]+\.py::test_\w+)`")
ARGUED = re.compile(r"\b(Does not apply|Accepted): (.+)$")
WIDTH = 86


@dataclass(frozen=True)
class Row:
    """One threat or fault: its number, its words, the tests that hold it, and what is argued in their place."""

    number: str
    words: str
    last: str

    @property
    def tests(self) -> tuple[str, ...]:
        return tuple(NAMED.findall(self.last))

    @property
    def exception(self) -> tuple[str, str] | None:
        """Which kind it is and its argument."""
        found = ARGUED.search(self.last)
        return (found[1], found[2]) if found else None


def rows(letter: str) -> list[Row]:
    """The rows of a table, in the order in which they stand there; none where the document is missing."""
    document = TABLES[letter]
    lines = document.read_text(encoding="utf-8").splitlines() if document.exists() else []
    found = (line.strip().strip("|") for line in lines if re.match(rf"\| *{letter}\d+ *\|", line))
    cells = (re.split(r"(?<!\\)\|", line) for line in found)
    return [Row(inner[0].strip(), inner[1].strip(), inner[-1].strip()) for inner in cells]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print both tables where all tests were asked for; a run of some would call the rest "not run"."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    ended = outcomes(terminalreporter.stats)
    for letter, document in TABLES.items():
        terminalreporter.section(str(document.relative_to(ROOT)))
        for line in told(rows(letter), ended):
            terminalreporter.write_line(line)


def outcomes(stats: Mapping[str, Iterable[object]]) -> dict[str, str]:
    """Test function -> "failed", "passed", "skipped": the worst of all its examples; a passed one beats a skipped."""
    ended = defaultdict[str, set[str]](set)
    for report in (report for reports in stats.values() for report in reports if isinstance(report, pytest.TestReport)):
        if report.when == "call" or report.outcome != "passed":
            ended[function_of(report.nodeid)].add(report.outcome)
    return {test: next(o for o in ("failed", "passed", "skipped") if o in found) for test, found in ended.items()}


def function_of(node: str) -> str:
    """`a.py::test_b[c]@group` is an example of `a.py::test_b`, which xdist keeps together with its group."""
    return re.split(r"[\[@]", node, maxsplit=1)[0]


def told(table: Iterable[Row], ended: Mapping[str, str]) -> Iterator[str]:
    for row in table:
        words = row.words if len(row.words) <= WIDTH else f"{row.words[: WIDTH - 1]}…"
        yield f"{row.number:<4}{words:<{WIDTH + 2}}{_came_of(row, ended)}"


def _came_of(row: Row, ended: Mapping[str, str]) -> str:
    counts = Counter(ended.get(test, "not run") for test in row.tests)
    argued = [row.exception[0].lower()] if row.exception else []
    return ", ".join([f"{counts[o]} {o}" for o in ("failed", "not run", "skipped", "passed") if counts[o]] + argued)

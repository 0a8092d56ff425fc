"""The whole check of a preset's text: what is found, each with its line, in the order of the text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from lib.bot_config.advice import advice
from lib.bot_config.earlier import EARLIER
from lib.bot_config.finding import Finding, Level, Path, listed, shown
from lib.bot_config.groups import keys_of
from lib.bot_config.options import PRESET
from lib.bot_config.reading import read
from lib.errors import BotConfigUnreadable

MOST_FINDINGS = 200
_LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True)
class Checked:
    """A text that was checked."""

    value: dict[str, Any] | None
    """The preset; None: the text could not be read, and one finding says why."""
    findings: tuple[Finding, ...]
    """In the order of the text; at most `MOST_FINDINGS` of them."""
    is_cut: bool = False
    """There is more than that."""

    def of(self, level: Level) -> int:
        """How many findings of this level there are."""
        return sum(1 for finding in self.findings if finding.level is level)


def check(text: str) -> Checked:
    """Check a preset as typed or pasted. Whatever the text, the answer is a list of findings."""
    try:
        reading = read(text)
    except BotConfigUnreadable as problem:
        return Checked(None, (Finding(Level.ERROR, (), str(problem), problem.line, problem.column),))
    found = chain(reading.findings, advice(reading.value), PRESET.findings(reading.value, ()))
    first = [_placed(_with_home(finding), reading.places) for finding in islice(found, MOST_FINDINGS + 1)]
    shown_ones = sorted(first[:MOST_FINDINGS], key=_in_order)
    return Checked(reading.value, tuple(shown_ones), is_cut=len(first) > MOST_FINDINGS)


def _in_order(finding: Finding) -> tuple[int, int, int]:
    return finding.line, finding.column, _LEVELS.index(finding.level)


def _placed(finding: Finding, places: Mapping[Path, tuple[int, int]]) -> Finding:
    """With its line and column: those of the nearest thing around it that stands in the text."""
    if finding.line:
        return finding
    path = finding.path
    while path not in places:
        path = path[:-1]
    line, column = places[path]
    return replace(finding, line=line, column=column)


def _with_home(finding: Finding) -> Finding:
    """An unknown key that is known elsewhere, or was an option once, is told what to do with it."""
    key = finding.path[-1] if finding.is_unknown_key else None
    if key in EARLIER:
        sentence = f"{shown(key)} is from API v1.10 and not an option any more. {EARLIER[str(key)]}"
        return replace(finding, level=Level.ERROR, sentence=sentence)
    if key in _HOMES:
        sentence = f"{shown(key)} does nothing here: it belongs {_place(_HOMES[str(key)])}. Move it there."
        return replace(finding, sentence=sentence)
    return finding


def _place(homes: list[str]) -> str:
    """ "at the top level", "into "chat" or "variant"."""
    inside = [home for home in homes if home]
    places = [f"into {listed(inside)}"] if inside else []
    return " or ".join([*places, "at the top level"] if "" in homes else places)


def _homes() -> Iterator[tuple[str, list[str]]]:
    found = dict[str, list[str]]()
    for key, home in keys_of(PRESET):
        found.setdefault(key, []).append(home)
    return ((key, homes) for key, homes in found.items() if len(homes) <= 3)


_HOMES = dict(_homes())

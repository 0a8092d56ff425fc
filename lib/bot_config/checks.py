"""The whole check of a preset's text: what is found, each with its line, in the order of the text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from pydantic import ValidationError

from lib.bot_config.advice import advice
from lib.bot_config.findings import Finding, Level, Path
from lib.bot_config.option_types import UNKNOWN_KEY
from lib.bot_config.options import Preset
from lib.bot_config.parser import parse
from lib.bot_config.unknown_keys import unknown_key
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
        parsed = parse(text)
    except BotConfigUnreadable as problem:
        return Checked(None, (Finding(Level.ERROR, (), str(problem), problem.line, problem.column),))
    found = chain(parsed.findings, advice(parsed.value), option_findings(parsed.value))
    ordered = sorted((_placed(finding, parsed.places) for finding in found), key=_in_order)
    return Checked(parsed.value, tuple(ordered[:MOST_FINDINGS]), is_cut=len(ordered) > MOST_FINDINGS)


def option_findings(preset: dict[str, Any]) -> Iterator[Finding]:
    """What is against the options, and the keys that are none of them."""
    try:
        Preset.model_validate(preset)
    except ValidationError as problem:
        for fault in problem.errors(include_url=False):
            path, kind, sentence = fault["loc"], fault["type"], fault["msg"]
            yield unknown_key(path, sentence) if kind == UNKNOWN_KEY else Finding(Level(kind), path, sentence)


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

"""The whole check of a preset's text: what is found, each with its line, in the order of the text."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

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
    faults = sorted(option_faults(parsed.value), key=lambda fault: _place(fault["loc"], parsed.places))
    found = chain(parsed.findings, advice(parsed.value), map(_option_finding, faults))
    first = [_placed(finding, parsed.places) for finding in islice(found, MOST_FINDINGS + 1)]
    ordered = sorted(first[:MOST_FINDINGS], key=lambda each: (each.line, each.column, _LEVELS.index(each.level)))
    return Checked(parsed.value, tuple(ordered), is_cut=len(first) > MOST_FINDINGS)


def option_faults(preset: dict[str, Any]) -> list[ErrorDetails]:
    """What is against the options, and unknown keys. Their sentences are found when they are shown."""
    try:
        Preset.model_validate(preset)
    except ValidationError as problem:
        return problem.errors(include_url=False)
    return []


def _option_finding(fault: ErrorDetails) -> Finding:
    path, kind, sentence = fault["loc"], fault["type"], fault["ctx"]["sentence"]
    words = sentence() if callable(sentence) else sentence
    return unknown_key(path, words) if kind == UNKNOWN_KEY else Finding(Level(kind), path, words)


def _placed(finding: Finding, places: Mapping[Path, tuple[int, int]]) -> Finding:
    if finding.line:
        return finding
    line, column = _place(finding.path, places)
    return replace(finding, line=line, column=column)


def _place(path: Path, places: Mapping[Path, tuple[int, int]]) -> tuple[int, int]:
    """Line and column of the nearest thing around a path that is in the text."""
    while path not in places:
        path = path[:-1]
    return places[path]

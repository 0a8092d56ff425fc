"""What there is to say about a place in a preset: how bad it is, where, and a sentence of ours."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The way to a place: keys of objects and positions in lists, from the outside in."""

DOCUMENTED = "October 2026"
"""The month of Recall's documentation that the options are known from: its pages of 2026-10-07 (contract 8 and 17)."""
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST_SHOWN = 40


class Level(StrEnum):
    """How much it matters. Members are in that order."""

    ERROR = "error"
    """Against the options that Recall documents, no preset at all, or the loss of every recording."""
    WARNING = "warning"
    """Does nothing, or something that is hardly meant."""
    NOTE = "note"
    """Good to know: nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. The sentence quotes the preset, so it is outside text."""

    level: Level
    path: Path
    """Where; empty: the preset as a whole."""
    sentence: str
    line: int = 0
    """Counted from 1; 0: not placed yet."""
    column: int = 0


def error(path: Path, sentence: str) -> Finding:
    """Against the documented options."""
    return Finding(Level.ERROR, path, sentence)


def warning(path: Path, sentence: str) -> Finding:
    """Does nothing, or harms."""
    return Finding(Level.WARNING, path, sentence)


def note(path: Path, sentence: str) -> Finding:
    """Good to know."""
    return Finding(Level.NOTE, path, sentence)


def found(value: Any, *path: str | int, missing: Any = None) -> Any:
    """What stands at a path of keys in a preset that may hold anything; `missing` where nothing does."""
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return missing
        value = value[key]
    return value


def path_words(path: Path) -> str:
    """The path as people write it: ("a", "list", 0, "odd key") -> `a.list[0]["odd key"]`."""
    words = ""
    for step in path:
        if isinstance(step, int):
            words += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step):
            words += f".{step}" if words else step
        else:
            words += f"[{shown(step)}]"
    return words


def shown(value: object) -> str:
    """A value in one short line, as JSON."""
    words = json.dumps(value, ensure_ascii=False)
    return words if len(words) <= _LONGEST_SHOWN else f"{words[: _LONGEST_SHOWN - 1]}…"


def listed(words: Sequence[str], last: str = "or") -> str:
    """ "a", "b" or "c"."""
    quoted = [f'"{word}"' for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"

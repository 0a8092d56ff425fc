"""What is different between two presets: values, not how they are written."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lib.bot_config.findings import Path, path_words


class DifferenceKind(StrEnum):
    """What became of a place."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that is different. `before` is None where it was added, `after` where it was removed."""

    kind: DifferenceKind
    path: Path
    before: Any
    after: Any

    @property
    def where(self) -> str:
        """The path in words. Outside text."""
        return path_words(self.path)


def differences(before: Any, after: Any, path: Path = ()) -> tuple[Difference, ...]:
    """What changes from one preset to the other, in the order of the first and then of what the second adds.

    Objects are compared key by key, and one that came or went as a whole is told key by key; lists of objects place by
    place, and lists of plain values as wholes. A key that is absent and one that is null are different.
    """
    return tuple(_differences(before, after, path))


def _differences(before: Any, after: Any, path: Path) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _keys(before, after, path)
    elif _is_of_objects(before) and _is_of_objects(after):
        yield from _keys(dict(enumerate(before)), dict(enumerate(after)), path)
    elif _written(before) != _written(after):
        yield Difference(DifferenceKind.CHANGED, path, before, after)


def _keys(before: dict[Any, Any], after: dict[Any, Any], path: Path) -> Iterator[Difference]:
    for key, value in before.items():
        if key in after:
            yield from _differences(value, after[key], (*path, key))
        else:
            yield from (
                Difference(DifferenceKind.REMOVED, place, inner, None) for place, inner in _parts(value, (*path, key))
            )
    for key, value in after.items():
        if key not in before:
            yield from (
                Difference(DifferenceKind.ADDED, place, None, inner) for place, inner in _parts(value, (*path, key))
            )


def _parts(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """An object's innermost values with their places; anything else is one."""
    if not isinstance(value, dict) or not value:
        yield path, value
        return
    for key, inner in value.items():
        yield from _parts(inner, (*path, key))


def _is_of_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _written(value: Any) -> str:
    """To compare by: unlike in Python, true is not 1 in JSON; the order of keys means nothing."""
    return json.dumps(value, sort_keys=True)

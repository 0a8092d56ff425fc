"""Objects of a preset: keys with a rule each, one key of several, or another set of keys by the word of one of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lib.bot_config.finding import DOCUMENTED, Finding, Level, Path, listed, shown
from lib.bot_config.rules import MOST_NAMED, NotHere, OneOf, OrNull, Rule, error, nearest


@dataclass(frozen=True, slots=True)
class Group:
    """An object with known keys."""

    keys: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    otherwise: str = ""
    """What to write where it is no object; empty: nothing more than that."""

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """Missing keys, what is found in known ones, and a warning for each unknown one."""
        if not isinstance(value, dict):
            yield error(path, f"Must be an object in braces {{ }}. It is {shown(value)}.{self.otherwise}")
            return
        for key in self.required:
            if key not in value:
                yield error(path, f'The key "{key}" is missing here.')
        for key, inner in value.items():
            if key in self.keys:
                yield from self.keys[key].findings(inner, (*path, key))
            else:
                yield self._unknown(key, path)

    def _unknown(self, key: str, path: Path) -> Finding:
        known = [name for name, rule in self.keys.items() if not isinstance(rule, NotHere)]
        near = nearest(key, known)
        if not near and known:
            more = " and others" if len(known) > MOST_NAMED else ""
            near = f" Known here: {listed(known[:MOST_NAMED], 'and')}{more}."
        sentence = f"{shown(key)} is not an option here in Recall's documentation of {DOCUMENTED}.{near}"
        return Finding(Level.WARNING, (*path, key), sentence, is_unknown_key=True)


@dataclass(frozen=True, slots=True)
class OneKey:
    """An object with exactly one of these keys."""

    keys: Mapping[str, Rule]
    what: str

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """An error unless there is exactly one; what is found in it."""
        if not isinstance(value, dict):
            yield error(path, f"Must be an object with exactly one {self.what}. It is {shown(value)}.")
            return
        if len(value) != 1:
            names = listed(tuple(self.keys))
            has = "It has none" if not value else f"It has {len(value)}: {listed(list(value)[:5], 'and')}"
            yield error(path, f"Must name exactly one {self.what}. {has}. It may be {names}.")
        for key, inner in value.items():
            if key in self.keys:
                yield from self.keys[key].findings(inner, (*path, key))
            else:
                names = listed(tuple(self.keys))
                near = nearest(key, tuple(self.keys))
                yield error((*path, key), f"{shown(key)} is no {self.what} for bots.{near} It may be {names}.")


@dataclass(frozen=True, slots=True)
class ByWord:
    """An object whose keys depend on the word that one of them holds, as `type` of a realtime endpoint."""

    key: str
    kinds: Mapping[str, Group]
    instead: Mapping[str, str] = field(default_factory=dict)

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """An error for a missing or unknown word; else what is found in the other keys."""
        if not isinstance(value, dict):
            yield error(path, f"Must be an object in braces {{ }}. It is {shown(value)}.")
            return
        word = value.get(self.key)
        if self.key not in value:
            yield error(path, f'The key "{self.key}" is missing here: {listed(tuple(self.kinds))}.')
        elif not isinstance(word, str) or word not in self.kinds:
            yield from OneOf(tuple(self.kinds), self.instead).findings(word, (*path, self.key))
        else:
            yield from self.kinds[word].findings(value, path)


def keys_of(rule: Rule, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every known key with the object it belongs into, in words (empty: the preset); inside lists that is not told."""
    inner = rule.rule if isinstance(rule, OrNull) else rule
    if isinstance(inner, Group | OneKey):
        for key, below in inner.keys.items():
            if not isinstance(below, NotHere):
                yield key, ".".join(path)
            yield from keys_of(below, (*path, key))

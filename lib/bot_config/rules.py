"""What a value in a preset may be: small rules that are put together in `lib.bot_config.options`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Protocol
from urllib.parse import urlsplit

from lib.bot_config.finding import Finding, Level, Path, listed, shown

MOST_NAMED = 12
"""Longer lists of what is allowed are cut."""


class Rule(Protocol):
    """What is wrong with a value at a path."""

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """Everything found in the value, in its order."""
        ...


def error(path: Path, sentence: str) -> Finding:
    """Against the documented options."""
    return Finding(Level.ERROR, path, sentence)


def warning(path: Path, sentence: str) -> Finding:
    """Does nothing, or harms."""
    return Finding(Level.WARNING, path, sentence)


def note(path: Path, sentence: str) -> Finding:
    """Good to know."""
    return Finding(Level.NOTE, path, sentence)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, `least` or more."""

    least: int
    unit: str = "seconds"
    default: str = ""
    """What holds where nothing is given, in words."""

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """One error for anything else."""
        if not isinstance(value, int) or isinstance(value, bool) or value < self.least:
            default = f" ({self.default} unless given)" if self.default else ""
            yield error(
                path,
                f"Must be a whole number of {self.unit}, {self.least} or more{default}. It is {shown(value)}.",
            )


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """One error for anything else."""
        if not isinstance(value, bool):
            yield error(path, f"Must be true or false, without quotation marks. It is {shown(value)}.")


@dataclass(frozen=True, slots=True)
class Words:
    """Text of at most `longest` letters."""

    longest: int | None = None

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """One error for anything else; a warning for an empty text."""
        if not isinstance(value, str):
            yield error(path, f"Must be text. It is {shown(value)}.")
        elif self.longest is not None and len(value) > self.longest:
            yield error(path, f"Must be at most {self.longest:,} letters long. It has {len(value):,}.")
        elif not value.strip():
            yield warning(path, "This text is empty. Fill it in, or take the key out.")


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]
    instead: Mapping[str, str] = field(default_factory=dict)
    """Words that are known and not allowed here, each with a sentence why."""

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """One error for anything else, with what is nearest and all that is allowed."""
        if isinstance(value, str) and value in self.words:
            return
        if isinstance(value, str) and value in self.instead:
            yield error(path, self.instead[value])
        else:
            near = nearest(value, self.words)
            few = len(self.words) <= MOST_NAMED // 2 or not near
            yield error(
                path, f"{shown(value)} is not known here.{near}{f' It must be {listed(self.words)}.' if few else ''}"
            )


@dataclass(frozen=True, slots=True)
class Address:
    """A URL of one of these schemes; the first of them is not encrypted."""

    schemes: tuple[str, ...]

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """An error for what is no such URL; a warning where it is not encrypted."""
        scheme, host = _scheme_and_host(value)
        allowed = " or ".join(f"{each}://" for each in reversed(self.schemes))
        if scheme not in self.schemes:
            yield error(path, f"Must be an address that begins with {allowed}. It is {shown(value)}.")
        elif not host:
            yield error(path, f"This address names no host. It is {shown(value)}.")
        elif scheme == self.schemes[0]:
            yield warning(
                path,
                f"{scheme}:// is not encrypted: what is said in meetings would cross the internet in the open. "
                f"Use {self.schemes[-1]}://.",
            )


@dataclass(frozen=True, slots=True)
class Labels:
    """A flat map of text to text or null, as all `metadata` is."""

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """An error for each value that is no text."""
        if not isinstance(value, dict):
            yield error(path, f"Must be an object of texts. It is {shown(value)}.")
            return
        for key, label in value.items():
            if label is not None and not isinstance(label, str):
                yield error((*path, key), f"Must be text or null, in quotation marks. It is {shown(label)}.")


@dataclass(frozen=True, slots=True)
class Contents:
    """An object whose contents the documentation leaves to others: only that it is one is looked at."""

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """One error for anything else."""
        if not isinstance(value, dict):
            yield error(path, f"Must be an object; {{}} has all defaults. It is {shown(value)}.")


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever it is, the documentation does not say what it must be."""

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """Nothing."""
        return iter(())


@dataclass(frozen=True, slots=True)
class NotHere:
    """A key that exists at Recall and does nothing, or harm, where it stands: a sentence why."""

    sentence: str
    level: Level = Level.WARNING

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """Always that one."""
        yield Finding(self.level, path, self.sentence)


@dataclass(frozen=True, slots=True)
class OrNull:
    """The same, or null."""

    rule: Rule

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """What the rule finds, but of null nothing."""
        return iter(()) if value is None else self.rule.findings(value, path)


@dataclass(frozen=True, slots=True)
class Items:
    """A list, each item of which follows one rule."""

    rule: Rule
    what: str
    """The items in words: "events"."""

    def findings(self, value: Any, path: Path) -> Iterator[Finding]:
        """What is found in the items; a warning for items that stand there twice."""
        if not isinstance(value, list):
            yield error(path, f"Must be a list of {self.what} in brackets [ ]. It is {shown(value)}.")
            return
        seen: set[str] = set()
        for place, item in enumerate(value):
            yield from self.rule.findings(item, (*path, place))
            if isinstance(item, str) and item in seen:
                yield warning((*path, place), f"{shown(item)} stands in this list already.")
            if isinstance(item, str):
                seen.add(item)


def nearest(value: object, words: tuple[str, ...] | list[str]) -> str:
    """ " Did you mean "gallery_view"?" where a word is near; else nothing."""
    near = get_close_matches(value[:100], words, 1) if isinstance(value, str) else []
    return f' Did you mean "{near[0]}"?' if near else ""


def _scheme_and_host(value: object) -> tuple[str, str]:
    """Empty where there is none."""
    if not isinstance(value, str):
        return "", ""
    try:
        parts = urlsplit(value.strip())
        return parts.scheme.lower(), parts.hostname or ""
    except ValueError:
        return "", ""

"""Parse a pasted list of calendar users: emails, external ids or Recall's ids, in lines or with commas. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lib.customer.names import tidy
from lib.domain import CalendarUser
from lib.errors import InvalidChange

MOST_LETTERS = 1_000_000
MOST_NAMES = 50_000
LONGEST_NAME = 1_000
"""A longer name is nobody's, and is shown cut to this length."""

_IN_ANGLES = re.compile(r"<([^<>]+)>")
_PARTS = re.compile(r"[,;\t]")

_Names = Mapping[str, tuple[CalendarUser, ...]]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a pasted list names. `duplicates` and `unknown` are text from outside, each once, in the list's order."""

    found: tuple[CalendarUser, ...]
    """Each once, in the list's order. An address that several users share stands for all of them."""
    duplicates: tuple[str, ...] = ()
    """Names of users who were named before."""
    unknown: tuple[str, ...] = ()
    """Names that nobody has."""
    blanks: int = 0
    """Empty lines, and places with nothing between two commas."""


def parse_selection(text: str, users: Iterable[CalendarUser]) -> Selection:
    """The users that `text` names. A line holds a name, or several with commas, semicolons or tabs between them.

    Case does not matter, nor the words around an address as in `Ada <ada@acme.example>`. Raises `InvalidChange` for a
    text that is too long or names too many.
    """
    if len(text) > MOST_LETTERS:
        raise InvalidChange(f"The list is longer than {MOST_LETTERS:,} letters. Paste it in parts, or use a filter.")
    names = _names_of(users)
    found, duplicates, unknown, blanks = dict[str, CalendarUser](), dict[str, None](), dict[str, None](), 0
    seen = set[str]()
    for number, name in enumerate(_named(text, names), 1):
        if number > MOST_NAMES:
            raise InvalidChange(f"The list has more than {MOST_NAMES:,} names. Paste it in parts, or use a filter.")
        meant = names.get(key := _key(name), ())
        if not name:
            blanks += 1
        elif not meant:
            unknown[name] = None
        elif key in seen or all(user.id in found for user in meant):
            duplicates[name] = None
        else:
            found |= {user.id: user for user in meant if user.id not in found}
        seen.add(key)
    return Selection(tuple(found.values()), tuple(duplicates), tuple(unknown), blanks)


def _names_of(users: Iterable[CalendarUser]) -> _Names:
    names: dict[str, dict[str, CalendarUser]] = defaultdict(dict)
    for user in users:
        for word in (user.id, user.external_id, *(each.email for each in user.connections)):
            if word and (key := _key(tidy(word))):
                names[key][user.id] = user
    return {name: tuple(meant.values()) for name, meant in names.items()}


def _named(text: str, names: _Names) -> Iterator[str]:
    for line in text.splitlines():
        whole = tidy(line[:LONGEST_NAME])
        if len(line) <= LONGEST_NAME and _key(whole) in names:  # an external id may hold a comma
            yield whole
            continue
        for part in _PARTS.split(line):
            yield from _words(_bare(part), names)


def _words(part: str, names: _Names) -> list[str]:
    """The part; or its words, where it is nobody's name and one of its words is: a list separated by blanks."""
    words = part.split()
    if _key(part) not in names and any(_key(word) in names for word in words):
        return words
    return [part]


def _bare(name: str) -> str:
    """A name without quotes, and without the words around an address."""
    within = _IN_ANGLES.search(name)
    return tidy((within[1] if within else name)[:LONGEST_NAME]).strip("\"'").strip()


def _key(name: str) -> str:
    return name.casefold()

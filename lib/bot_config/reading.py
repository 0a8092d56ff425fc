"""A preset's text read into values, and where in the text each of them stands."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.bot_config.finding import Finding, Level, Path, shown
from lib.bot_config.tokens import Lines, Token, as_it_stands, number_of, refusal, text_of, tokens, word_sentence

MOST_LETTERS = 1_000_000
MOST_LEVELS = 50
"""The deepest option of Recall is on level 7; free parts may go further."""
MOST_VALUES = 20_000
_CONSTANTS = {"true": True, "false": False, "null": None}
_REQUEST = re.compile(r"\s*(?:\$\s*)?(?:curl|GET|POST|PUT|PATCH|DELETE|fetch|await|import|const|requests\.)\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """A preset as read: an object, the line and column of everything in it, and what is odd about its writing."""

    value: dict[str, Any]
    places: Mapping[Path, tuple[int, int]]
    """Of a value in an object where its key begins; of one in a list where it begins itself."""
    findings: tuple[Finding, ...]
    """Keys that are written twice, and once for all of them, backslashes that were ignored."""


def read(text: str) -> Reading:
    """Read a preset. Raises `BotConfigUnreadable` with the line, the column and what to do.

    JSON, and what Recall's own examples hold: comments, commas behind the last one, single quotes, keys without quotes,
    and backslashes of the Markdown they were written in.
    """
    if len(text) >= MOST_LETTERS:
        raise refusal(
            "",
            0,
            f"This text is {len(text) / 1_000_000:.1f} MB long, and a preset is less than 1 MB. "
            "If it holds a picture, make the picture smaller; else look whether something else was pasted.",
        )
    reader = _Reader(text)
    return Reading(reader.whole(), reader.places, tuple(reader.findings))


def as_json(value: object) -> str:
    """A preset as plain JSON, two spaces a level: what every reader takes. Keys stay in their order."""
    return json.dumps(value, indent=2, ensure_ascii=False)


class _Reader:
    """Reads one text from its first token to its last. `MOST_LEVELS` bounds how deep it calls itself."""

    def __init__(self, text: str):
        self.places: dict[Path, tuple[int, int]] = {}
        self.findings: list[Finding] = []
        self._text = text
        self._lines = Lines(text)
        self._tokens = tokens(text)
        self._now = Token("end", "", 0)

    def whole(self) -> dict[str, Any]:
        """The one object that the text must be."""
        if _REQUEST.match(self._text):
            raise self._refused(_CALL)
        self._step()
        if self._now.raw != "{":
            raise self._refused(_NO_OBJECT if self._now.kind != "end" else "There is no preset here yet.")
        self.places[()] = self._lines.place(self._now.offset)
        value: dict[str, Any] = self._value(())
        if self._now.kind != "end":
            raise self._refused("The preset ends before this. Take out what follows, or a brace } too many above it.")
        if self._now.escape is not None:
            self.findings.append(Finding(Level.NOTE, (), _ESCAPES, *self._lines.place(self._now.escape)))
        return value

    def _value(self, path: Path) -> Any:
        token = self._now
        if token.raw in ("{", "[") and len(path) >= MOST_LEVELS:
            raise self._refused(f"Here it goes deeper than {MOST_LEVELS} levels. No option of a bot is that deep.")
        if token.raw == "{":
            return self._object(path)
        if token.raw == "[":
            return self._list(path)
        value = self._single(token)
        self._step()
        return value

    def _single(self, token: Token) -> Any:
        if token.kind == "word" and token.raw in _CONSTANTS:
            return _CONSTANTS[token.raw]
        if token.kind == "word":
            raise self._refused(word_sentence(token.raw))
        if token.kind not in ("text", "number"):
            raise self._refused(self._missing("a value"))
        return self._said(token)

    def _object(self, path: Path) -> dict[str, Any]:
        opened, found = self._now, dict[str, Any]()
        self._step()
        while self._now.raw != "}":
            key_token, key = self._now, self._key(opened)
            inner = (*path, key)
            if key in found:
                self._note_double(inner, key_token)
            self._place(inner, key_token)
            self._step()
            if self._now.raw != ":":
                raise self._refused(f"After the key {shown(key)} a colon is missing.")
            self._step()
            found[key] = self._value(inner)
            self._comma("}", opened)
        self._step()
        return found

    def _list(self, path: Path) -> list[Any]:
        opened, found = self._now, list[Any]()
        self._step()
        while self._now.raw != "]":
            inner = (*path, len(found))
            self._place(inner, self._now)
            found.append(self._value(inner))
            self._comma("]", opened)
        self._step()
        return found

    def _key(self, opened: Token) -> str:
        token = self._now
        if token.kind == "end":
            raise self._never_closed(opened, "}")
        if token.kind == "word":
            return token.raw
        if token.kind != "text":
            raise self._refused(self._missing("a key"))
        return str(self._said(token))

    def _comma(self, closing: str, opened: Token) -> None:
        """Over the comma; none is needed before the closing mark."""
        if self._now.kind == "end":
            raise self._never_closed(opened, closing)
        if self._now.raw == ",":
            self._step()
        elif self._now.raw != closing:
            raise self._refused(f"Before this a comma is missing, or a {closing}.")
        if self._now.kind == "end":
            raise self._never_closed(opened, closing)

    def _said(self, token: Token) -> str | int | float:
        try:
            return text_of(token) if token.kind == "text" else number_of(token)
        except ValueError as problem:
            raise self._refused(str(problem)) from None

    def _step(self) -> None:
        self._now = next(self._tokens)

    def _place(self, path: Path, token: Token) -> None:
        if len(self.places) >= MOST_VALUES:
            raise self._refused(f"This holds more than {MOST_VALUES:,} values. No preset is that long.")
        self.places[path] = self._lines.place(token.offset)

    def _note_double(self, path: Path, token: Token) -> None:
        line, column = self._lines.place(token.offset)
        first = self.places[path][0]
        sentence = f"{shown(path[-1])} is written twice: on line {first} too. Only the last one counts; take one out."
        self.findings.append(Finding(Level.ERROR, path, sentence, line, column))

    def _missing(self, what: str) -> str:
        if self._now.kind == "end":
            return f"The text ends where {what} must stand."
        return f"Here {what} must stand, not {as_it_stands(self._now.raw)}."

    def _never_closed(self, opened: Token, closing: str) -> Exception:
        return refusal(self._text, opened.offset, f"This {opened.raw} is never closed: a {closing} is missing.")

    def _refused(self, sentence: str) -> Exception:
        return refusal(self._text, self._now.offset, sentence)


_ESCAPES = "Backslashes left over from Markdown are ignored, from here on. The JSON to hand over has none of them."
_NO_OBJECT = "A preset is one JSON object: it begins with { and ends with }."
_CALL = (
    "This is a call to Recall, not a preset. Creating a bot makes one bot, and PATCH changes nothing of a bot that a "
    "calendar booked. Paste the JSON body alone, and hand it to Recall as the workspace's preset."
)

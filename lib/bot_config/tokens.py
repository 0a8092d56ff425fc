"""The text of a preset cut into tokens, each with where it begins; comments and white space are left out.

Beyond JSON it knows what Recall's own examples hold: comments, single quotes and keys without quotes.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from lib.errors import BotConfigUnreadable

LONGEST_NUMBER = 30
_TOKEN = re.compile(
    r"""
      (?P<space>[\s\ufeff]++)
    | (?P<comment>//[^\n\r]*+|/\*(?:[^*]++|\*(?!/))*+\*/)
    | (?P<mark>[{}\[\]:,])
    | (?P<text>"(?:[^"\\\n\r]++|\\(?:\r\n|[\s\S]))*+"|'(?:[^'\\\n\r]++|\\(?:\r\n|[\s\S]))*+')
    | (?P<number>[-+.]?\d(?:[eE][-+]|[\w.])*+)
    | (?P<word>[^\W\d][\w$]*+|\$[\w$]*+)
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(\r\n|[\s\S]))")
_ESCAPES = {
    '"': '"', "'": "'", "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
    "\n": "", "\r": "", "\r\n": "",
}  # fmt: skip
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f]")
_HALF = re.compile("[\ud800-\udfff]")
_CURLY = "“”„‟‘’‚‛«»"


@dataclass(frozen=True, slots=True)
class Token:
    """A mark, text, number or word, with the offset at which it begins. `kind` is "end" behind the last one."""

    kind: str
    raw: str
    offset: int


class Lines:
    """Which line and column an offset is in."""

    def __init__(self, text: str):
        self._starts = [0, *(end.end() for end in _LINE_ENDS.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both counted from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def lines_of(text: str) -> list[str]:
    """The lines that `Lines` counts. Python's own `splitlines` knows more ends of a line than editors show."""
    return _LINE_ENDS.split(text)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of `text`, and one more for its end. Raises `BotConfigUnreadable` where none can begin."""
    offset = 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise refusal(text, offset, _unexpected(text, offset))
        kind = match.lastgroup or ""
        if kind not in ("space", "comment"):
            yield Token(kind, match.group(), offset)
        offset = match.end()
    yield Token("end", "", len(text))


def refusal(text: str, offset: int, sentence: str) -> BotConfigUnreadable:
    """The exception that says what is wrong at `offset`."""
    return BotConfigUnreadable(sentence, *Lines(text).place(offset))


def text_of(token: Token) -> str:
    """What a text token says. Raises `ValueError` with a sentence."""
    inner = token.raw[1:-1]
    if _INVISIBLE.search(inner):
        raise ValueError("A sign that nobody can see stands inside this text. Type the text again.")
    said = _ESCAPE.sub(_unescaped, inner) if "\\" in inner else inner
    if _HALF.search(said):
        said = _joined(said)
    return said


def number_of(token: Token) -> int | float:
    """What a number token says. Raises `ValueError` with a sentence."""
    match = _NUMBER.fullmatch(token.raw)
    if match is None or len(token.raw) > LONGEST_NUMBER:
        raise ValueError(f"{_cut(token.raw)} is not a number as JSON writes them, such as 30 or 0.5.")
    value = float(token.raw) if match[1] or match[2] else int(token.raw)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{token.raw} is too large for a number.")
    return value


def word_sentence(word: str) -> str:
    """What to do about a word that stands where a value must."""
    meant = {"True": "true", "False": "false", "None": "null", "undefined": "null", "NaN": "a number"}.get(word)
    if meant:
        return f"{word} is not JSON: write {meant}."
    return f"The text {_cut(word)} needs quotation marks around it."


def _unexpected(text: str, offset: int) -> str:
    sign = text[offset]
    if sign in "\"'":
        return "This text does not end: its closing quotation mark is missing on the same line."
    if text.startswith("/*", offset):
        return "This comment does not end: */ is missing."
    if sign in _CURLY:
        return f'{sign} is a typographic quotation mark, as chats and word processors make them. Use " instead.'
    if text.startswith("...", offset) or sign == "…":
        return "Here an example leaves something out. Fill it in, or take it out."
    if sign == "<":
        return "Here an example wants a value of yours. Put it in, in quotation marks."
    return f"The sign {json.dumps(sign)} cannot stand here."


def _unescaped(match: "re.Match[str]") -> str:
    if match[1]:
        return chr(int(match[1], 16))
    if match[2] not in _ESCAPES:
        raise ValueError(f"\\{match[2]} means nothing in JSON. For a backslash itself write \\\\.")
    return _ESCAPES[match[2]]


def _joined(text: str) -> str:
    """The text with the two halves of each sign beyond 16 bits put together."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise ValueError("A sign of this text is written by half (\\ud800 to \\udfff). Type it again.") from None


def _cut(raw: str) -> str:
    return raw if len(raw) <= LONGEST_NUMBER else f"{raw[:LONGEST_NUMBER]}…"

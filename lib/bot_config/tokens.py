"""The text of a preset cut into tokens, each with where it begins; comments and white space are left out.

Beyond JSON it knows what Recall's own examples hold: comments, single quotes, keys without quotes, and the backslashes
that a copy from their guide keeps of its Markdown: at the ends of lines, and before brackets and other punctuation.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from string import punctuation

from lib.errors import BotConfigUnreadable

LONGEST_NUMBER = 30
_TOKEN = re.compile(
    r"""
      (?P<space>[\s\ufeff]++)
    | (?P<comment>/\\?/[^\n\r]*+|/\\?\*(?:[^*]++|\*(?!/))*+\*/)
    | (?P<mark>[{}\[\]:,])
    | (?P<text>"(?:[^"\\\n\r]++|\\(?:\r\n|[\s\S]))*+"|'(?:[^'\\\n\r]++|\\(?:\r\n|[\s\S]))*+')
    | (?P<number>[-+.]?\d(?:[eE]\\?[-+]|[\w.]|\\\.)*+)
    | (?P<word>(?:[^\W\d]|\$|\\[_$])(?:[\w$]|\\[_$])*+)
    | (?P<escape>\\(?:(?=[^\w\s])|(?=[^\S\r\n]*+(?:[\r\n]|\Z))))
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
_MARKDOWN = frozenset(punctuation) - frozenset(_ESCAPES)
"""What Markdown puts a backslash before and JSON does not."""
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f]")
_HALF = re.compile("[\ud800-\udfff]")
_CURLY = "“”„‟‘’‚‛«»"


@dataclass(frozen=True, slots=True)
class Token:
    """A mark, text, number or word, with the offset at which it begins. `kind` is "end" behind the last one."""

    kind: str
    raw: str
    """As it was written; of a number or word without Markdown's backslashes."""
    offset: int
    escape: int | None = None
    """The offset of the first backslash of Markdown so far."""


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
    offset, escape = 0, None
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise refusal(text, offset, _unexpected(text, offset))
        kind = match.lastgroup or ""
        if kind == "escape":
            escape = offset if escape is None else escape
        elif kind not in ("space", "comment"):
            token = _token(kind, match.group(), offset, escape)
            escape = token.escape
            yield token
        offset = match.end()
    yield Token("end", "", len(text), escape)


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


def as_it_stands(raw: str) -> str:
    """A sign or a piece of the text to quote in a sentence: as it stands, but what cannot be seen as its code."""
    return _cut("".join(sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in raw[: LONGEST_NUMBER + 1]))


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
    return f"The sign {as_it_stands(sign)} cannot stand here."


def _token(kind: str, raw: str, offset: int, escape: int | None) -> Token:
    if escape is None and "\\" in raw:
        inner = (match.start() for match in _ESCAPE.finditer(raw) if kind != "text" or _is_markdown(match))
        first = next(inner, None)
        escape = None if first is None else offset + first
    return Token(kind, raw if kind == "text" else raw.replace("\\", ""), offset, escape)


def _unescaped(match: "re.Match[str]") -> str:
    if match[1]:
        return chr(int(match[1], 16))
    if _is_markdown(match):
        return match[2]
    if match[2] not in _ESCAPES:
        raise ValueError(f"\\{as_it_stands(match[2])} means nothing in JSON. For a backslash itself write \\\\.")
    return _ESCAPES[match[2]]


def _is_markdown(escape: "re.Match[str]") -> bool:
    r"""Whether an escape inside a text is none of JSON's but one of Markdown's, as in `transcript.partial\_data`."""
    return escape[2] in _MARKDOWN


def _joined(text: str) -> str:
    """The text with the two halves of each sign beyond 16 bits put together."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise ValueError("A sign of this text is written by half (\\ud800 to \\udfff). Type it again.") from None


def _cut(raw: str) -> str:
    return raw if len(raw) <= LONGEST_NUMBER else f"{raw[:LONGEST_NUMBER]}…"

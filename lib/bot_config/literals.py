"""What a text or a number of loose JSON says.

Beyond JSON a text may hold the backslashes that Markdown puts before punctuation, as copies of Recall's guides do.
"""

import re
from string import punctuation

LONGEST_QUOTED = 30
"""Letters of a number, and of a piece of the preset that a sentence quotes."""
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
LINE_END = re.compile(r"\r\n|\r|\n")
"""As editors show it. Python's own `splitlines` knows more ends of a line."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(\r\n|[\s\S]))")
_ESCAPES = {
    '"': '"', "'": "'", "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
    "\n": "", "\r": "", "\r\n": "",
}  # fmt: skip
_MARKDOWN = frozenset(punctuation) - frozenset(_ESCAPES)
"""What Markdown puts a backslash before and JSON does not."""
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def text_of(raw: str) -> str:
    """The value of a text with its quotation marks. Raises `ValueError` with a sentence."""
    inner = raw[1:-1]
    if _INVISIBLE.search(inner):
        raise ValueError("A sign that nobody can see stands inside this text. Type the text again.")
    said = _ESCAPE.sub(_unescaped, inner) if "\\" in inner else inner
    if not _SURROGATE.search(said):
        return said
    try:
        return said.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise ValueError("A sign of this text is written by half (\\ud800 to \\udfff). Type it again.") from None


def number_of(raw: str) -> int | float:
    """The value of a number, which Markdown may have put backslashes into. Raises `ValueError` with a sentence."""
    raw = bare(raw)
    match = _NUMBER.fullmatch(raw)
    if match is None or len(raw) > LONGEST_QUOTED:
        raise ValueError(f"{cut(raw)} is not a number as JSON writes them, such as 30 or 0.5.")
    value = float(raw) if match[1] or match[2] else int(raw)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{raw} is too large for a number.")
    return value


def bare(raw: str) -> str:
    """A number, word or sign without the backslashes of Markdown."""
    return raw.replace("\\", "")


def markdown_in(raw: str) -> int | None:
    """Where in a text with its quotation marks the first backslash of Markdown is."""
    return next((escape.start() for escape in _ESCAPE.finditer(raw) if escape[2] in _MARKDOWN), None)


def quoted(raw: str) -> str:
    """A piece of a preset as a sentence quotes it: a sign that cannot be seen is named by its code point."""
    return cut("".join(sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in raw[: LONGEST_QUOTED + 1]))


def cut(raw: str) -> str:
    """The beginning of a long piece."""
    return raw if len(raw) <= LONGEST_QUOTED else f"{raw[:LONGEST_QUOTED]}…"


def _unescaped(match: "re.Match[str]") -> str:
    if match[1]:
        return chr(int(match[1], 16))
    if match[2] in _MARKDOWN:
        return match[2]
    if match[2] not in _ESCAPES:
        raise ValueError(f"\\{quoted(match[2])} means nothing in JSON. For a backslash itself write \\\\.")
    return _ESCAPES[match[2]]

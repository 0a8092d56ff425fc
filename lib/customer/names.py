"""Names from outside made fit to be kept and compared: one line, no control characters, one spelling."""

import re
from typing import Literal
from unicodedata import normalize

LONGEST_WHOLE = 128
"""Letters of a name that are brought into one form together. Beyond it that is done piece by piece: a run of accents is
put in order by comparing each with those before it, so that a text of nothing else would take hours."""
_APOSTROPHE = re.compile(r"(^|;)(\s*)'(?=[=+\-@＝＋－＠])")
"""What keeps a spreadsheet from taking text for a formula (`lib.export`): no part of a name that comes back."""


def tidy(cell: str) -> str:
    """The text of a cell in one line, without blanks around it or what has no shape, as it was before an export."""
    text = cell if cell.isascii() else _in_form("NFC", cell)
    if not text.isprintable() or "  " in text:
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    text = text.strip()
    return _APOSTROPHE.sub(r"\1\2", text) if "'" in text else text


def folded(name: str) -> str:
    """What two names have in common that people would call the same: case does not count."""
    return _in_form("NFKC", name).casefold()


def _in_form(form: Literal["NFC", "NFKC"], text: str) -> str:
    if len(text) <= LONGEST_WHOLE:
        return normalize(form, text)
    places = range(0, len(text), LONGEST_WHOLE)
    return "".join(normalize(form, text[place : place + LONGEST_WHOLE]) for place in places)

"""Names from outside made fit to be kept and compared: one line, no control characters, one spelling."""

import re
from unicodedata import normalize

_APOSTROPHE = re.compile(r"(^|;)(\s*)'(?=[=+\-@＝＋－＠])")
"""What keeps a spreadsheet from taking text for a formula (`lib.export`): no part of a name that comes back."""


def tidy(cell: str) -> str:
    """The text of a cell in one line, without blanks around it or what has no shape, as it was before an export."""
    text = cell if cell.isascii() else normalize("NFC", cell)
    if not text.isprintable() or "  " in text:
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    text = text.strip()
    return _APOSTROPHE.sub(r"\1\2", text) if "'" in text else text


def folded(name: str) -> str:
    """What two names have in common that people would call the same: case does not count."""
    return normalize("NFKC", name).casefold()

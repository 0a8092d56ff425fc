"""Text made fit for a cell of a spreadsheet."""

import re

LONGEST = 32_767
"""UTF-16 units that a cell of Excel holds."""
_FORMULA = re.compile(r"(^|;)(\s*)(?=[=+\-@＝＋－＠])")
"""Where a spreadsheet would begin a formula: at the start of a cell, or behind a semicolon, which many countries part
cells by. The full-width signs are read as the others are."""


def plain(text: str) -> str:
    """The text in one line: control characters, line breaks and what has no shape become spaces; cut to `LONGEST`."""
    return _cut("".join(c if c.isprintable() else " " for c in text).strip())


def without_formula(text: str) -> str:
    """Plain text that no spreadsheet takes for a formula: an apostrophe stands where one would begin."""
    return _cut(_FORMULA.sub(r"\1\2'", plain(text)))


def _cut(text: str) -> str:
    if len(text) <= LONGEST // 2:  # no character takes more than two units
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + "…"

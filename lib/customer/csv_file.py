"""A CSV of customers, as uploaded in any encoding: its rows as text, and the lines that cannot be understood.

The first line names the columns, in any order and case: `user` (an email, an external id or Recall's uuid), `customer`,
`team`, `owner` (the name of a staff account). A row without a user speaks of the customer itself. Nothing in a cell is
ever computed: a formula is a text like any other.
"""

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import Any

from lib.customer.names import tidy
from lib.errors import CustomersFileUnusable

COLUMNS = ("user", "customer", "team", "owner")
DELIMITERS = ",;\t"
MOST_ROWS = 100_000
MOST_LINES = 2 * MOST_ROWS
"""With those that are empty."""
LONGEST_LINE, LONGEST_CELL = 10_000, 1_000
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class FileRow:
    """What one line says. None: the file has no such column, so nothing is said. Empty: there is to be none."""

    line: int
    user: str
    """Empty: the row speaks of the customer."""
    customer: str | None
    team: str | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class UnusableLine:
    """A line that cannot be understood. `why` is a sentence of ours."""

    line: int
    user: str
    customer: str
    why: str


@dataclass(frozen=True, slots=True)
class CustomersFile:
    """The file, read. Cells are text from outside, in one line each."""

    rows: tuple[FileRow, ...]
    unusable: tuple[UnusableLine, ...]
    columns: tuple[str, ...]
    """Those of `COLUMNS` that it has."""
    encoding: str

    @property
    def is_guessed(self) -> bool:
        """Whether letters beyond ASCII may be others than was meant: the file does not tell its encoding."""
        return self.encoding == FALLBACK


def read_customers(content: bytes) -> CustomersFile:
    """Read an uploaded file. Raises `CustomersFileUnusable` with what to do where no row of it can be taken."""
    text, encoding = text_of(content)
    reader = csv.reader(_bounded(text), delimiter=_delimiter(text), strict=True)
    try:
        heads = _heads(reader)
        places = _places(heads)
        lines = list(islice(_lines(reader, len(heads), places), MOST_ROWS + 1))
    except csv.Error:
        raise CustomersFileUnusable(
            f"The file is broken near line {reader.line_num}: a quotation mark is not closed or stands inside a cell, "
            "or a cell is endless. Correct it, or save the table as CSV once more."
        ) from None
    if len(lines) > MOST_ROWS:
        raise CustomersFileUnusable(f"This file has more than {MOST_ROWS:,} rows. Upload it in parts.")
    rows = tuple(line for line in lines if isinstance(line, FileRow))
    unusable = tuple(line for line in lines if isinstance(line, UnusableLine))
    return CustomersFile(rows, unusable, tuple(name for name in COLUMNS if name in places), encoding)


def _delimiter(text: str) -> str:
    """What parts the cells: the sign that finds the most names of ours in the first line."""
    line = next((line for line in _bounded(text) if line.strip()), "")
    return max(DELIMITERS, key=lambda sign: sum(_head(cell) in COLUMNS for cell in line.split(sign)))


def _bounded(text: str) -> Iterator[str]:
    """The lines of the text. Raises `CustomersFileUnusable` where one is endless, or they are."""
    for number, line in enumerate(StringIO(text, newline=""), 1):
        if len(line) > LONGEST_LINE:
            raise CustomersFileUnusable(
                f"Line {number} of this file is longer than {LONGEST_LINE:,} letters. "
                "Look whether it is a table of customers, and whether its lines end."
            )
        if number > MOST_LINES:
            raise CustomersFileUnusable(f"This file has more than {MOST_LINES:,} lines. Upload it in parts.")
        yield line


def _head(cell: str) -> str:
    return tidy(cell.strip().strip('"')).lower()


def _heads(reader: Iterator[list[str]]) -> list[str]:
    heads = next((cells for cells in reader if any(map(str.strip, cells))), None)
    if heads is None:
        raise CustomersFileUnusable("This file is empty. Its first line must name the columns: user, customer.")
    return [_head(cell) for cell in heads]


def _places(heads: list[str]) -> dict[str, int]:
    """Where each column of ours stands."""
    doubled = next((name for name in COLUMNS if heads.count(name) > 1), None)
    if doubled:
        raise CustomersFileUnusable(f"Two columns of this file are called {doubled}. Leave one of them.")
    found = {name: heads.index(name) for name in COLUMNS if name in heads}
    speaks_of_users = "user" in found and ("customer" in found or "team" in found)
    speaks_of_customers = "customer" in found and "owner" in found
    if not (speaks_of_users or speaks_of_customers) or ("owner" in found and "customer" not in found):
        raise CustomersFileUnusable(
            "The first line must name the columns: user and customer or team; "
            "or customer and owner; or all four of them. Columns of other names are passed over."
        )
    return found


def _lines(reader: Any, width: int, places: Mapping[str, int]) -> Iterator[FileRow | UnusableLine]:
    """Every line of `reader` (csv.reader) that says anything."""
    at = [places.get(name) for name in COLUMNS]
    for cells in reader:
        if _is_blank(cells):
            continue
        if len(cells) <= max(places.values()):
            yield UnusableLine(reader.line_num, tidy(cells[0]), "", "It has fewer cells than the first line.")
        elif len(cells) > width:
            why = "It has more cells than the first line: a name with a comma needs quotation marks around it."
            yield UnusableLine(reader.line_num, tidy(cells[0]), "", why)
        else:
            yield _understood(reader.line_num, [None if place is None else cells[place] for place in at])


def _is_blank(cells: list[str]) -> bool:
    """Whether nothing can be seen in them."""
    said = "".join(cells)
    return not said.strip() or (len(said) <= LONGEST_CELL and not any(map(tidy, cells)))


def _understood(line: int, raw: list[str | None]) -> FileRow | UnusableLine:
    if any(len(cell or "") > LONGEST_CELL for cell in raw):
        return UnusableLine(
            line, tidy((raw[0] or "")[:LONGEST_CELL]), "", f"A cell is longer than {LONGEST_CELL:,} letters."
        )
    user, customer, team, owner = (None if cell is None else tidy(cell) for cell in raw)
    row = FileRow(line, user or "", customer, team, owner)
    why = _problem(row, raw)
    return UnusableLine(line, row.user, customer or "", why) if why else row


def _problem(row: FileRow, raw: list[str | None]) -> str:
    """What keeps a row from being understood; empty where nothing does."""
    tidied = (row.user, row.customer, row.team, row.owner)
    if any(cell and not kept and not cell.isspace() for cell, kept in zip(raw, tidied, strict=True)):
        return "A cell holds signs that nobody can see. Empty it, or type it again."
    if not row.user and not row.customer:
        return "It names neither a user nor a customer."
    if any(len(name or "") > LONGEST_NAME for name in (row.customer, row.team, row.owner)):
        return f"A name is longer than {LONGEST_NAME} letters."
    if row.owner and not row.customer:
        return "It names an owner, but no customer."
    if not row.user and row.owner is None:
        return "It names no user."
    return "It names a team, but no user." if row.team and not row.user else ""


MOST_BYTES = 10_000_000
"""100,000 rows of a long address, a customer, a team and an owner."""
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
FALLBACK = "Windows-1252"


def text_of(content: bytes) -> tuple[str, str]:
    """The text, and the encoding it was written in: "UTF-8", "UTF-16" or, where it is neither, "Windows-1252".

    Raises `CustomersFileUnusable` for what is no text, is empty, or is larger than `MOST_BYTES`.
    """
    if len(content) > MOST_BYTES:
        raise CustomersFileUnusable(f"This file is larger than {MOST_BYTES // 1_000_000} MB. Upload it in parts.")
    if content.startswith(_WORKBOOKS):
        raise CustomersFileUnusable("This is an Excel workbook. In Excel, save it as CSV UTF-8 and upload that file.")
    for encoding in _likely(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text, _NAMES.get(encoding, "UTF-16")
    raise CustomersFileUnusable("This file cannot be read as text. Save it as CSV UTF-8 and upload that file.")


def _likely(content: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return (encoding,)
    if content[1:2] == b"\0":  # a letter of UTF-16 is followed or led by a zero byte; UTF-8 has none
        return ("utf-16-le",)
    if content[:1] == b"\0":
        return ("utf-16-be",)
    return ("utf-8", "cp1252")

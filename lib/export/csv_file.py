"""A table as CSV: UTF-8 with the mark that Excel knows it by, commas, every text in quotes."""

import csv
from datetime import datetime
from io import StringIO
from math import isfinite

from lib.export.table import Cell, Table
from lib.export.text import without_formula


def csv_of(table: Table) -> bytes:
    """The file. Text that a spreadsheet would take for a formula has an apostrophe before it."""
    file = StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([without_formula(head) for head in table.named_heads])
    for row in table.rows:
        writer.writerow([_written(cell, table) for cell in row])
    return file.getvalue().encode("utf-8-sig")


def _written(cell: Cell, table: Table) -> str | int | float:
    if cell is None or (isinstance(cell, float) and not isfinite(cell)):
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return table.local(cell).isoformat(" ", "seconds")
    return without_formula(cell) if isinstance(cell, str) else cell

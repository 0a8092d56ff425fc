"""A table as CSV (UTF-8 with the mark that Excel knows it by, commas, text in quotes) or as a workbook of one sheet."""

import csv
import re
from datetime import datetime
from io import BytesIO, StringIO
from math import isfinite

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lib.export.table import Cell, Table, plain, without_formula

_FIRST_YEAR = 1900
"""Excel knows no earlier one."""
_TIME = "yyyy-mm-dd hh:mm:ss"
_LONGEST_NAME = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_NEVER_GUESS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def xlsx_of(table: Table, sheet: str) -> bytes:
    """The file, with the table on a sheet of that name (made safe), its heads in sight while one scrolls."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True, **_NEVER_GUESS}) as book:
        page = book.add_worksheet(sheet_name(sheet))
        bold, time = book.add_format({"bold": True}), book.add_format({"num_format": _TIME})
        page.freeze_panes(1, 0)
        for column, head in enumerate(table.named_heads):
            page.write_string(0, column, plain(head), bold)
        for number, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                _write(page, number, column, cell, table, time)
        page.autofit(300)
    return file.getvalue()


def sheet_name(name: str) -> str:
    """A name that Excel accepts: at most 31 characters, none of []:*?/\\, no apostrophe at an end, not "History"."""
    kept = _NOT_IN_A_NAME.sub(" ", plain(name)).encode("utf-16-le")[: 2 * _LONGEST_NAME].decode("utf-16-le", "ignore")
    kept = kept.strip(" '")
    return kept if kept and kept.casefold() != "history" else "Table"


def _write(page: Worksheet, row: int, column: int, cell: Cell, table: Table, time: Format) -> None:
    if cell is None or (isinstance(cell, float) and not isfinite(cell)):
        return
    if isinstance(cell, bool):
        page.write_string(row, column, "yes" if cell else "no")
    elif isinstance(cell, datetime):
        _write_time(page, row, column, table.local(cell), time)
    elif isinstance(cell, str):
        page.write_string(row, column, plain(cell))
    else:
        page.write_number(row, column, cell)


def _write_time(page: Worksheet, row: int, column: int, local: datetime, time: Format) -> None:
    if local.year < _FIRST_YEAR:
        page.write_string(row, column, local.isoformat(" ", "seconds"))
    else:
        page.write_datetime(row, column, local, time)


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

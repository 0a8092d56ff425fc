"""Tables as files for a spreadsheet, in which text from outside stays text."""

from lib.export.csv_file import csv_of
from lib.export.file import Format, file_of
from lib.export.table import Cell, Table
from lib.export.throttle import throttled
from lib.export.xlsx_file import xlsx_of

__all__ = ["Cell", "Format", "Table", "csv_of", "file_of", "throttled", "xlsx_of"]

"""Tables as files for a spreadsheet, in which text from outside stays text."""

from lib.export.file import Format, file_of, throttled
from lib.export.formats import csv_of, xlsx_of
from lib.export.table import Cell, Table

__all__ = ["Cell", "Format", "Table", "csv_of", "file_of", "throttled", "xlsx_of"]

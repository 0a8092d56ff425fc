"""A table as a file: a short one is made here, a long one by a process of its own.

A thread of Python's that only computes makes every other one wait for its turn at each step: whoever clicks meanwhile
would wait for somebody else's file. The system shares its cores out fairly, and those who click come first.
"""

import logging
import os
import pickle  # what it reads was written by this module, in the process that started its own
import subprocess
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from time import perf_counter, sleep
from typing import BinaryIO, TypeVar

from lib.errors import FileNotMade
from lib.export.formats import csv_of, xlsx_of
from lib.export.table import Table

log = logging.getLogger(__name__)

FEW_ROWS = 2_000
"""Made within a tenth of a second, which is what another process takes to begin."""
_ROWS_AT_ONCE = 500
_WAITS_SECONDS = 120.0
_COMES_AFTER = 10
"""How much nicer the other process is to everybody else."""
_ROOT = Path(__file__).parents[2]


class Format(StrEnum):
    """The kinds of file; the value is what its name ends with."""

    CSV = "csv"
    XLSX = "xlsx"


def file_of(table: Table, format: Format, sheet: str) -> bytes:
    """The file; a workbook has the table on a sheet of that name. Raises `FileNotMade` when its process fails."""
    if len(table.rows) <= FEW_ROWS:
        return made_here(table, format, sheet)
    return _made_apart(table, format, sheet)


def made_here(table: Table, format: Format, sheet: str) -> bytes:
    """The file, made by this thread."""
    return csv_of(table) if format is Format.CSV else xlsx_of(table, sheet)


def serve(given: BinaryIO, format: Format, sheet: str) -> bytes:
    """What the process of its own does: the file of the table that is written to it."""
    os.nice(_COMES_AFTER)
    heads, zone = pickle.load(given)  # noqa: S301 - see the import
    rows = []
    while part := pickle.load(given):  # noqa: S301 - see the import
        rows.extend(part)
    return made_here(Table(heads, rows, zone), format, sheet)


def _made_apart(table: Table, format: Format, sheet: str) -> bytes:
    command = [sys.executable, "-m", "lib.export", format.value, sheet]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=_ROOT, stdin=pipe, stdout=pipe, stderr=pipe) as maker:  # noqa: S603 - our own
        try:
            content, said = maker.communicate(_written(table), _WAITS_SECONDS)
        except (OSError, subprocess.TimeoutExpired) as problem:
            maker.kill()
            raise FileNotMade() from problem
    if maker.returncode != 0:
        # Of its last words what went wrong, and not in which cell: that is somebody's.
        log.error("The process that makes a file ended with %s: %s", maker.returncode, _last_line(said).split(":")[0])
        raise FileNotMade()
    return content


def _last_line(said: bytes) -> str:
    return said.decode(errors="replace").strip().rpartition("\n")[2]


def _written(table: Table) -> bytes:
    """The head, the rows part by part, and an empty part: pickled all at once they would keep every thread waiting."""
    parts = [table.rows[at : at + _ROWS_AT_ONCE] for at in range(0, len(table.rows), _ROWS_AT_ONCE)]
    return b"".join(pickle.dumps(part) for part in throttled([(table.heads, table.zone), *parts, ()]))


T = TypeVar("T")

WORKS_SECONDS, PAUSES_SECONDS = 0.002, 0.001


def throttled(rows: Iterable[T]) -> Iterator[T]:
    """The rows as they are, with a pause now and then. A short table knows none."""
    began = perf_counter()
    for row in rows:
        yield row
        if perf_counter() - began >= WORKS_SECONDS:
            sleep(PAUSES_SECONDS)
            began = perf_counter()

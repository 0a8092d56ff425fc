"""A long table is made into a file by a process of its own, which changes nothing about the file."""

import logging
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from time import sleep
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest

from lib.errors import FileNotMade
from lib.export import Cell, Format, Table, file_of
from lib.export.file import FEW_ROWS, made_here

ROW: tuple[Cell, ...] = (
    datetime(2026, 11, 22, 14, 5, tzinfo=UTC),
    '=HYPERLINK("https://evil.test","x")',
    "\ud800",
    1.5,
)
LONG = Table(("Starts", "Title", "Name", "Hours"), [(*ROW, n) for n in range(FEW_ROWS + 1)], ZoneInfo("Europe/Berlin"))


def parts_of(workbook: bytes) -> dict[str, bytes]:
    """What is in it, but for the moment when it was made."""
    with ZipFile(BytesIO(workbook)) as parts:
        return {name: parts.read(name) for name in parts.namelist() if name != "docProps/core.xml"}


def test_a_long_file_is_the_same_as_one_made_here() -> None:
    assert file_of(LONG, Format.CSV, "Rows") == made_here(LONG, Format.CSV, "Rows")
    assert parts_of(file_of(LONG, Format.XLSX, "Rows")) == parts_of(made_here(LONG, Format.XLSX, "Rows"))


def test_a_process_that_is_killed_while_it_makes_a_file_costs_that_file_alone() -> None:
    with ThreadPoolExecutor(1) as other:
        made = other.submit(file_of, Table(LONG.heads, [*LONG.rows] * 25), Format.XLSX, "Rows")
        while not (makers := makers_of_files()):
            assert not made.done()
            sleep(0.01)
        for maker in makers:
            os.kill(maker, signal.SIGKILL)
        assert isinstance(made.exception(30), FileNotMade)
    assert file_of(LONG, Format.CSV, "Rows").startswith(b"\xef\xbb\xbf")


def makers_of_files() -> list[int]:
    """Processes of this one that make a file."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    running = [int(child) for file in children for child in file.read_text().split()]
    return [each for each in running if b"lib.export" in Path(f"/proc/{each}/cmdline").read_bytes()]


def test_a_file_that_cannot_be_made_is_refused_and_no_cell_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    broken = Table(("Title",), [*LONG.rows, ({"title": "Salary of Anna"},)])  # type: ignore[list-item]
    with caplog.at_level(logging.ERROR), pytest.raises(FileNotMade):
        file_of(broken, Format.XLSX, "Rows")
    assert "TypeError" in caplog.text
    assert "Anna" not in caplog.text

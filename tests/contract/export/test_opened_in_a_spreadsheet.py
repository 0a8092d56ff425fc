"""Files as LibreOffice reads them, where it is installed: no cell has become a formula, a link or another text."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from lib.export import Format, Table, file_of

SOFFICE = shutil.which("soffice")
HOW_TO_INSTALL = (
    "LibreOffice is not installed. Install it with: apt-get install --no-install-recommends libreoffice-calc"
)
TEXTS = (
    *("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r\n=1+1", "＝1+1", "－1+1", "＠SUM(1)", "﹦1+1", "−2+3", "{=1+1}"),
    *("\xa0=1+1", "\u3000=1+1", "\u200b=1+1", "\ufeff=1+1", "\xad=1+1", "\u2800=1+1", "\u3164=1+1", "\0=1+1"),
    *("=cmd|' /C calc'!A0", '=DDE("soffice";"x";"y")', '=HYPERLINK("http://evil.test";"x")', '=WEBSERVICE("http://x")'),
    *("x;=1+1", "x;\t=1+1", "x,=1+1", "x\t=1+1", "x\n=1+1", '"=1+1', '"",=1+1', '";=1+1', "'=1+1", "_x003D_1+1"),
    *("http://evil.test/x", "mailto:a@evil.test", "file:///etc/passwd", "#REF!", "<b>x</b>", "&amp;", "]]>"),
    *("Größe ß İ 😀 العربية", "\u202eevil", "\ud800x", "'", "=", "--", "x" * 40_000),
)
LIKE_NUMBERS = ("00123", "12345678901234567890", "1E5", "12/11", "2026-11-22", "14:05", "1.5", "50%", "TRUE", "1/2")
STARTS = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
_ROW = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}table-row"
COMMA, SEMICOLON, TAB = 44, 59, 9
ENGLISH, GERMAN, JAPANESE = 1033, 1031, 1041

pytestmark = pytest.mark.skipif(SOFFICE is None, reason=HOW_TO_INSTALL)


class Read(NamedTuple):
    """A cell as it was read."""

    kind: str | None
    formula: str | None
    is_link: bool
    text: str


def read_back(folder: Path, texts: tuple[str, ...], format: Format, filter_: str = "") -> Iterator[list[Read]]:
    """The cells of each row but the head."""
    table = Table(("Title", "Starts", "Missed"), [(text, STARTS, -5) for text in texts], ZoneInfo("Europe/Berlin"))
    file = folder / f"table.{format.value}"
    file.write_bytes(file_of(table, format, "=cmd|x"))
    options = ["--headless", f"-env:UserInstallation=file://{folder}/profile", *([filter_] if filter_ else [])]
    command = [str(SOFFICE), *options, "--convert-to", "fods", "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    rows = ElementTree.parse(folder / "table.fods").iter(_ROW)  # noqa: S314 - a program of this machine wrote it
    next(rows)
    for row in rows:
        if cells := [read for cell in row if (read := _read(cell)).kind]:
            yield cells


def _read(cell: ElementTree.Element) -> Read:
    known = {name.rpartition("}")[2]: value for name, value in cell.items()}
    is_link = any(part.tag.endswith("}a") for part in cell.iter())
    return Read(known.get("value-type"), known.get("formula"), is_link, "".join(cell.itertext()).strip())


@pytest.mark.parametrize(("separator", "language"), [(COMMA, ENGLISH), (SEMICOLON, GERMAN), (TAB, JAPANESE)])
def test_no_cell_of_a_csv_is_a_formula_or_a_link_whatever_parts_its_cells_are_taken_to_be_of(
    tmp_path: Path, separator: int, language: int
) -> None:
    eager = f"--infilter=CSV:{separator},34,76,1,,{language},false,true,false,false,false,-1,true"
    rows = list(read_back(tmp_path, TEXTS, Format.CSV, eager))
    assert len(rows) == len(TEXTS)
    assert [cell for row in rows for cell in row if cell.formula or cell.is_link] == []


def test_in_a_workbook_every_text_is_a_text_every_time_a_time_and_every_number_a_number(tmp_path: Path) -> None:
    rows = list(read_back(tmp_path, TEXTS + LIKE_NUMBERS, Format.XLSX))
    assert [[cell.kind for cell in row] for row in rows] == [["string", "date", "float"]] * len(TEXTS + LIKE_NUMBERS)
    assert [cell for row in rows for cell in row if cell.formula or cell.is_link] == []
    assert [row[0].text for row in rows[-len(LIKE_NUMBERS) :]] == list(LIKE_NUMBERS)
    assert {(row[1].text, row[2].text) for row in rows} == {("2026-03-29 01:30:00", "-5")}

"""Whatever stands in a cell, a spreadsheet shows it as text and calculates nothing."""

import csv
import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO, StringIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.export import Table, csv_of, xlsx_of
from lib.export.formats import sheet_name

SIGNS = "=+-@＝＋－＠"
ANY_TEXT = st.text(st.characters(), max_size=60)
BEFORE = st.sampled_from(["", "   ", "\t", "\r", "\n", "\0", "\xa0", "\u200b", "\ufeff", "x;", ";\t"])
HOSTILE = st.builds("".join, st.tuples(BEFORE, st.sampled_from(SIGNS), ANY_TEXT))
BERLIN = ZoneInfo("Europe/Berlin")


def read_csv(file: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(file.decode("utf-8-sig"), newline="")))


def cells_of_sheet(file: bytes) -> tuple[str, str]:
    """The XML of the sheet and of the texts that it names."""
    with ZipFile(BytesIO(file)) as parts:
        texts = "xl/sharedStrings.xml"
        return parts.read("xl/worksheets/sheet1.xml").decode(), parts.read(
            texts
        ).decode() if texts in parts.namelist() else ""


@given(text=HOSTILE | ANY_TEXT)
@example(text='=HYPERLINK("https://evil.test","x")')
@example(text="@SUM(1)")
@example(text="harmless;=1+1")
@example(text="\ud800=1")
@example(text="\0=1+1")
@example(text="  ＝1+1")
@example(text="\t\r\n-2+3")
def test_no_cell_of_a_csv_begins_a_formula_in_any_country(text: str) -> None:
    (_, (cell, number)) = read_csv(csv_of(Table(("Title", "n"), [(text, -5)])))
    pieces = cell.split(";")
    assert not any(piece.lstrip().startswith(tuple(SIGNS)) for piece in pieces)
    assert all(c.isprintable() for c in cell)
    assert number == "-5"


@given(text=HOSTILE | ANY_TEXT)
def test_a_workbook_holds_text_as_text_and_no_formula_or_link(text: str) -> None:
    sheet, _ = cells_of_sheet(xlsx_of(Table((text,), [(text,)]), "Rows"))
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert all(kind == "s" for kind in re.findall(r'<c r="\w+"(?: s="\d+")? t="(\w+)"', sheet))


@given(sign=st.sampled_from("=+-@\t\r\0＝＋－＠ "), rest=st.text(st.characters(categories=["L", "N"]), max_size=9))
def test_what_a_cell_says_comes_back_from_both_files(sign: str, rest: str) -> None:
    """Of a text that would be a formula all comes back, behind an apostrophe in a CSV alone."""
    text = f"{sign}{rest}x"
    (_, (cell,)) = read_csv(csv_of(Table(("Title",), [(text,)])))
    kept = text if text[0].isprintable() and text[0] != " " else text[1:]
    assert cell == (f"'{kept}" if kept.startswith(tuple(SIGNS)) else kept)
    _, texts = cells_of_sheet(xlsx_of(Table(("Title",), [(text,)]), "Rows"))
    assert [unescape(found) for found in re.findall(r"<t[^>]*>([^<]*)</t>", texts)] == ["Title", kept]


@given(length=st.integers(32_760, 32_775), letter=st.sampled_from(["a", "😀", "="]))
def test_a_cell_is_never_longer_than_excel_can_hold(length: int, letter: str) -> None:
    text = letter * length
    (_, (cell,)) = read_csv(csv_of(Table(("Title",), [(text,)])))
    assert len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert cell.endswith("…") == (length * (2 if letter == "😀" else 1) + (letter == "=") > 32_767)


@given(name=ANY_TEXT | st.sampled_from(["History", "history", "'x'", "a/b:c", "", "😀" * 40]))
def test_any_words_make_a_sheet_name_that_excel_accepts(name: str) -> None:
    safe = sheet_name(name)
    assert 1 <= len(safe.encode("utf-16-le")) // 2 <= 31
    assert not re.search(r"[\[\]:*?/\\]", safe)
    assert safe.strip("'") == safe
    assert safe.casefold() != "history"
    xlsx_of(Table(("Head",), []), name)


def test_times_stand_in_the_named_zone_in_both_files() -> None:
    table = Table(("Starts", "Missed"), [(datetime(2026, 11, 22, 14, 5, tzinfo=UTC), 3), (None, 4)], BERLIN)
    assert read_csv(csv_of(table)) == [["Starts (Europe/Berlin)", "Missed"], ["2026-11-22 15:05:00", "3"], ["", "4"]]
    sheet, texts = cells_of_sheet(xlsx_of(table, "Rows"))
    assert "Starts (Europe/Berlin)" in texts
    (day,) = re.findall(r'<c r="A2" s="\d+"><v>([\d.]+)</v>', sheet)
    assert float(day) == pytest.approx(46348 + (15 * 60 + 5) / 1440)


def test_a_time_that_excel_does_not_know_is_written_as_text() -> None:
    _, texts = cells_of_sheet(xlsx_of(Table(("Starts",), [(datetime(1601, 1, 1, tzinfo=UTC),)]), "Rows"))
    assert "1601-01-01 00:00:00" in texts


def test_what_is_no_number_is_an_empty_cell_and_a_bool_is_a_word() -> None:
    table = Table(("a", "b", "c"), [(float("nan"), float("inf"), True)])
    assert read_csv(csv_of(table))[1] == ["", "", "yes"]
    sheet, texts = cells_of_sheet(xlsx_of(table, "Rows"))
    assert "yes" in texts
    assert "<v>nan" not in sheet.lower()


def test_excel_reads_the_csv_as_utf_8() -> None:
    assert csv_of(Table(("Größe",), [])).startswith(b"\xef\xbb\xbf")

"""An uploaded CSV: whatever program wrote it, its rows come out as they were meant, or the file says what is wrong."""

import csv
import re
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.customer.csv_file import LONGEST_NAME, MOST_BYTES, MOST_ROWS, CustomersFile, FileRow, read_customers
from lib.errors import CustomersFileUnusable

HEAD = "user,customer,team,owner\n"
words = st.text(st.characters(codec="utf-8"), max_size=30)
plain = st.text("abcÄöß漢 -._@", min_size=1, max_size=20).map(str.strip).filter(lambda name: name not in {"", "-"})


def read(text: str, encoding: str = "utf-8") -> CustomersFile:
    return read_customers(text.encode(encoding))


def refusal(content: bytes) -> str:
    with pytest.raises(CustomersFileUnusable) as refused:
        read_customers(content)
    return str(refused.value)


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    file = StringIO()
    csv.writer(file, delimiter=delimiter).writerows([["user", "customer", "team", "owner"], *rows])
    return file.getvalue()


@given(st.lists(st.tuples(plain, plain, plain, plain), max_size=8), st.sampled_from(",;\t"))
def test_every_row_comes_back_as_it_was_written(rows: list[tuple[str, ...]], delimiter: str) -> None:
    file = read(written([list(row) for row in rows], delimiter))
    tidied = [tuple(re.sub(" +", " ", cell) for cell in row) for row in rows]
    assert [(row.user, row.customer, row.team, row.owner) for row in file.rows] == tidied
    assert file.unusable == ()


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_the_usual_encodings_are_understood_and_a_guess_is_said(encoding: str, said: str) -> None:
    file = read(HEAD + "ada@acme.com,Müller & Söhne,Süd,\n", encoding)
    assert file.rows == (FileRow(2, "ada@acme.com", "Müller & Söhne", "Süd", ""),)
    assert (file.encoding, file.is_guessed) == (said, encoding == "cp1252")


@pytest.mark.parametrize(
    "head", ["User;CUSTOMER;Team;Owner", '"user";"customer";"team";"owner"', "\n user ;customer;team;owner "]
)
def test_the_names_of_columns_may_be_written_in_any_way(head: str) -> None:
    assert read(f"{head}\nada;Acme;;\n").rows[0].customer == "Acme"


def test_columns_may_stand_in_any_order_beside_others() -> None:
    file = read("owner,note,customer,user\ndana,call back,Acme,ada\n")
    assert file.rows == (FileRow(2, "ada", "Acme", None, "dana"),)
    assert file.columns == ("user", "customer", "owner")


def test_a_missing_column_says_nothing_and_an_empty_cell_says_that_there_is_none() -> None:
    assert read("user,customer\nada,\n").rows == (FileRow(2, "ada", "", None, None),)
    assert read("user,team\nada,North\n").rows == (FileRow(2, "ada", None, "North", None),)


@pytest.mark.parametrize(
    "head", ["", "\n\n", "name,company", "user", "customer", "user,owner", "customer,team", "team,owner,user"]
)
def test_a_file_whose_first_line_lacks_columns_says_which_are_needed(head: str) -> None:
    assert "first line must name the columns" in refusal(f"{head}\n".encode())


def test_two_columns_of_one_name_are_refused() -> None:
    assert "called customer" in refusal(b"user,customer,Customer\nada,Acme,Globex\n")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04rest of a workbook", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest of an old one", "Excel workbook"),
        (b"user,customer\n\x81\x8d\x8f\x90,\xff\n", "cannot be read as text"),
        (b"\xff\xfeu", "cannot be read as text"),
        (b'user,customer\nada,"Acme\nbob,Globex\n', "broken near line"),
        (b'user,customer\nada,"Ac"me\n', "broken near line 2"),
        (b"user,customer\nada," + b"a" * 200_000, "Line 2 of this file is longer than"),
        (b'user,customer\nada,"' + b"a\n" * 100_000, "broken near line"),
        (b"user,customer\n" + b"\n" * 200_001, "more than 200,000 lines"),
        (b"user,customer\n" + b"," * MOST_BYTES, "larger than 10 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(content: bytes, says: str) -> None:
    assert says in refusal(content)


def test_a_file_with_too_many_rows_is_refused() -> None:
    assert read("user,customer\n" + "a,b\n" * 3).rows[-1].line == 4
    assert "more than 100,000 rows" in refusal(b"user,customer\n" + b"a,b\n" * (MOST_ROWS + 1))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_a_sentence(content: bytes) -> None:
    try:
        rows = read_customers(content).rows
    except CustomersFileUnusable as refused:
        sentence = str(refused)
    else:
        sentence = f"It has {len(rows)} rows."
    assert re.fullmatch(r"[A-Z].*\.", sentence)


@given(st.lists(st.tuples(words, words, words, words), min_size=1, max_size=5))
def test_what_is_kept_is_one_line_without_signs_that_nobody_sees(rows: list[tuple[str, ...]]) -> None:
    file = read(written([list(row) for row in rows]))
    for row in file.rows:
        for cell in (row.user, row.customer or "", row.team or "", row.owner or ""):
            assert cell.isprintable()
            assert cell == cell.strip()


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("https://evil.example","x")', "@SUM(1)", "+1", "-1"])
def test_a_formula_is_a_text_like_any_other(formula: str) -> None:
    assert read(written([["ada", formula, "", ""]])).rows[0].customer == formula


def test_the_apostrophe_that_an_export_puts_before_a_formula_is_taken_off_again() -> None:
    rows = read(written([["ada", "'=1+1", "a; '@b", "dana"], ["bob", "O'Neill", "'quoted'", ""]])).rows
    assert [(row.customer, row.team) for row in rows] == [("=1+1", "a; @b"), ("O'Neill", "'quoted'")]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("ada,Acme", "fewer cells"),
        ("ada,Acme, Inc,,", "more cells"),
        ("ada,\u200b,,", "nobody can see"),
        ("ada,\x00,,", "nobody can see"),
        (",,North,", "neither a user nor a customer"),
        (f"ada,{'a' * (LONGEST_NAME + 1)},,", "longer than 100"),
        ("ada,,,dana", "an owner, but no customer"),
        (",Acme,North,dana", "a team, but no user"),
    ],
)
def test_a_line_that_cannot_be_understood_is_left_out_and_says_why(line: str, says: str) -> None:
    file = read(HEAD + line + "\nbob,Globex,,\n")
    assert [(row.line, row.user) for row in file.rows] == [(3, "bob")]
    assert [unusable.line for unusable in file.unusable] == [2]
    assert says in file.unusable[0].why


def test_blank_lines_are_passed_over() -> None:
    file = read(HEAD + "\n,,,\n ,\t, ,\nada,Acme,,\n")
    assert [row.line for row in file.rows] == [5]
    assert file.unusable == ()

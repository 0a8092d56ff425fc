"""The tables of threats and faults are whole, and the tests they name exist."""

import ast
import re
from functools import cache

import pytest

from tests.trust_tables import NAMED, ROOT, Row, function_of, outcomes, rows, told

LAST = {"T": 50, "F": 47}
ROWS = [row for letter in LAST for row in rows(letter)]
AN_ARGUMENT = 60
"""Letters: less is no sentence that anybody could disagree with."""


@cache
def functions_of(file: str) -> dict[str, bool]:
    """Test function -> whether it is always skipped, as the source says."""
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    of_all = [node.value for node in tree.body if isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node)]
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {test.name: any(map(_skips, [*of_all, *test.decorator_list])) for test in found}


def _skips(mark: ast.expr) -> bool:
    return bool(re.search(r"mark\.(skip|xfail)\b", ast.unparse(mark)))


@pytest.mark.parametrize("letter", LAST)
def test_every_number_stands_in_its_table_once_and_in_order(letter: str) -> None:
    assert [row.number for row in rows(letter)] == [f"{letter}{n}" for n in range(1, LAST[letter] + 1)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
def test_every_row_names_tests_that_exist_or_argues_why_there_is_none(row: Row) -> None:
    named = {test: functions_of(test.partition("::")[0]) for test in row.tests}
    assert row.words
    assert [test for test, found in named.items() if test.partition("::")[2] not in found] == []
    assert [test for test, found in named.items() if found[test.partition("::")[2]]] == []
    assert row.tests or row.exception
    assert row.exception is None or len(row.exception[1]) >= AN_ARGUMENT


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
def test_the_last_cell_of_a_row_says_nothing_else(row: Row) -> None:
    """A test whose name is written wrongly would else be text that nobody reads."""
    said = row.last.partition(f"{row.exception[0]}: ")[0] if row.exception else row.last
    assert NAMED.sub("", said).strip(" ,;.") == ""


def report(node: str, outcome: str, when: str = "call") -> pytest.TestReport:
    return pytest.TestReport(node, ("", None, ""), {}, outcome, None, when)  # type: ignore[arg-type]


def test_a_test_ended_as_the_worst_of_its_examples_did() -> None:
    ended = outcomes(
        {
            "passed": [report("a.py::test_b[1]@browser", "passed"), report("a.py::test_c", "passed", when="setup")],
            "error": [report("a.py::test_b[2]@browser", "failed", when="setup")],
            "skipped": [report("a.py::test_c", "skipped", when="setup"), report("a.py::test_d[x]", "skipped")],
            "": [report("a.py::test_d[y]", "passed")],
            "warnings": [object()],
        }
    )
    assert ended == {"a.py::test_b": "failed", "a.py::test_c": "skipped", "a.py::test_d": "passed"}


def test_a_row_tells_of_all_its_tests_and_of_what_is_argued() -> None:
    cell = "`tests/a.py::test_b`, `tests/a.py::test_c` Accepted: nobody reads it, and this is why."
    ended = {"tests/a.py::test_b": "passed"}
    [line] = told([Row("T1", "Something", cell)], ended)
    assert line.split() == ["T1", "Something", "1", "not", "run,", "1", "passed,", "accepted"]


def test_an_example_in_a_group_is_one_of_its_function() -> None:
    assert function_of("tests/a.py::test_b[x-::y@z]@browser") == "tests/a.py::test_b"

"""What can be asked of a report, and the sentences for what cannot."""

from datetime import date

import pytest

from lib.errors import ReportError
from lib.report.__main__ import question_of
from lib.report.figures import Question

OCTOBER = ("--from", "2026-10-01", "--to", "2026-11-01")


def test_days_and_a_form_are_a_question() -> None:
    asked = question_of([*OCTOBER, "--format", "json"])
    assert asked == Question(date(2026, 10, 1), date(2026, 11, 1), None, None, "json")


def test_a_user_and_a_customer_can_be_named() -> None:
    asked = question_of([*OCTOBER, "--user", "u-1", "--customer", "Acme & Sons", "--format", "csv"])
    assert (asked.user, asked.customer, asked.form) == ("u-1", "Acme & Sons", "csv")


def test_a_range_of_no_day_is_a_question_too() -> None:
    asked = question_of(["--from", "2026-10-01", "--to", "2026-10-01", "--format", "json"])
    assert asked.first == asked.end


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "2026-11-01", "--to", "2026-10-01", "--format", "json"), "--to 2026-10-01 lies before"),
        (("--from", "2026-02-30", "--to", "2026-10-01", "--format", "json"), "'2026-02-30' is not a day"),
        (("--from", "yesterday", "--to", "2026-10-01", "--format", "json"), "'yesterday' is not a day"),
        (("--from", "2026-10-01T00:00", "--to", "2026-11-01", "--format", "json"), "is not a day"),
        (("--from", "", "--to", "2026-11-01", "--format", "json"), "is not a day"),
        ((*OCTOBER, "--format", "xml"), "'xml' is no form"),
        (OCTOBER, "--format"),
        ((*OCTOBER, "--format", "json", "--team", "Sales"), "--team"),
        ((*OCTOBER, "--format", "json", "--cust", "acme"), "--cust"),
        ((), "--from"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_a_sentence(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(ReportError) as refused:
        question_of(words)
    assert told in str(refused.value)
    assert str(refused.value).endswith(".")
    assert "invalid" not in str(refused.value)

"""In which order customers are listed."""

from lib.coverage.breakdown import BreakdownGroup
from lib.queries.customer_summary import CalendarCounts, CustomerSummary


def summary(name: str | None, *, missed: int, by_choice: int, at_risk: int = 0) -> CustomerSummary:
    group = BreakdownGroup(
        held=100,
        asked=100 - missed,
        recorded=100 - missed,
        name=name,
        upcoming=0,
        upcoming_missed=0,
        by_choice=by_choice,
        main_reason=None,
        main_is_inferred=False,
    )
    return CustomerSummary(name, 1, CalendarCounts(0, 1), group, (), at_risk, 0)


def test_those_with_most_to_act_on_come_first_however_much_others_chose_to_miss() -> None:
    rows = [
        summary("chose.example", missed=88, by_choice=80),
        summary(None, missed=99, by_choice=0),
        summary("broken.example", missed=30, by_choice=0),
        summary("both.example", missed=40, by_choice=32),
        summary("risky.example", missed=40, by_choice=32, at_risk=3),
    ]
    assert [row.name for row in sorted(rows, key=lambda row: row.rank)] == [
        "broken.example",
        "chose.example",
        "risky.example",
        "both.example",
        None,
    ]

"""In which order customers stand."""

from lib.coverage.breakdown import BreakdownGroup
from lib.ui.customers.standing import Calendars, Standing, _most_to_act_on_first


def standing(name: str | None, *, missed: int, by_choice: int, at_risk: int = 0) -> Standing:
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
    return Standing(name, 1, Calendars(0, 1), group, (), at_risk, 0)


def test_those_with_most_to_act_on_come_first_however_much_others_chose_to_miss() -> None:
    rows = [
        standing("chose.example", missed=88, by_choice=80),
        standing(None, missed=99, by_choice=0),
        standing("broken.example", missed=30, by_choice=0),
        standing("both.example", missed=40, by_choice=32),
        standing("risky.example", missed=40, by_choice=32, at_risk=3),
    ]
    assert [row.name for row in sorted(rows, key=_most_to_act_on_first)] == [
        "broken.example",
        "chose.example",
        "risky.example",
        "both.example",
        None,
    ]

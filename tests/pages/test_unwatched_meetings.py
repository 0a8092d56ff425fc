"""What nobody watched, on the page of one user: by the rules first seen, or why the cause is unknown."""

from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

from lib.coverage.inferred_reasons import UnknownCause
from lib.recording.reasons import reason_of
from lib.ui.widgets.filter_row import report_zone
from lib.ui.words.formats import short_day
from tests.pages.conftest import Open, run_until_read
from tests.pages.filled import filled, filled_desk, loaded, open_filled
from tests.pages.seeing import grid, pick, said

__all__ = ["filled", "filled_desk", "open_filled"]


def frame() -> pd.DataFrame:
    """What the workspace says of the meetings of the last days."""
    known = loaded()
    assert known.as_of
    whole = known.frame
    return whole[whole["start"] > known.as_of - pd.Timedelta(days=25)]


def user_with(which: "pd.Series[bool]") -> str:
    """The user who has the most entries of a kind."""
    return str(frame()[which]["user"].astype(str).value_counts().idxmax())


def opened(open_filled: Open, user: str) -> AppTest:
    return run_until_read(open_filled("viewer", "users", user=user, list="past30", only="missed"))


def whys(app: AppTest) -> list[str]:
    table: Any = grid(app, "meetings_past30")
    return [] if table is None else table["why"].tolist()


def test_an_inferred_reason_stands_in_the_table_with_its_mark_and_is_told_in_full(open_filled: Open) -> None:
    open_filled("viewer", "coverage")
    user = user_with(frame()["inferred"])
    app = opened(open_filled, user)
    rows = frame()[(frame()["user"] == user) & frame()["inferred"]]
    told = whys(app)
    for key in rows["reason"].astype(str).unique():
        assert f"~ {reason_of(key).label}" in told
    place = next(place for place, why in enumerate(told) if why.startswith("~ "))
    pick(app, "meetings_past30", place)
    as_of = loaded().as_of
    assert as_of
    day = short_day(as_of.astimezone(report_zone()).date())
    label = told[place].removeprefix("~ ")
    clause = f"{label[0].lower()}{label[1:]}"
    assert (f"We did not see this meeting before it started. By the rules first seen, on {day}: {clause}.") in said(app)
    assert "Inferred by the rules first seen" in said(app)
    assert f"By the rules first seen, on {day}." in said(app)


def test_a_miss_that_stays_without_a_cause_says_why(open_filled: Open) -> None:
    open_filled("viewer", "coverage")
    unknown = frame()["unknown"] != UnknownCause.NO
    assert unknown.any()
    user = user_with(unknown)
    app = opened(open_filled, user)
    assert "Not seen before it started" in whys(app)
    pick(app, "meetings_past30", whys(app).index("Not seen before it started"))
    words = said(app)
    assert "We did not see this meeting before it started." in words
    assert "Not known (not seen before it started)" in words
    assert any(
        part in words
        for part in (
            "before this user's first bot",
            "No bot was ever sent",
            "do not exclude it",
            "rules first seen exclude",
        )
    )


def test_the_figures_of_a_user_mark_what_the_customer_can_fix_by_inference(open_filled: Open) -> None:
    open_filled("viewer", "coverage")
    fixable = frame()["inferred"] & (frame()["outcome"] == "fixable")
    assert fixable.any()
    app = opened(open_filled, user_with(fixable))
    (missed,) = [each for each in app.metric if each.label == "Missed, 30 days"]
    assert str(missed.proto.delta_description).startswith("~")


def test_a_meeting_is_told_alike_on_coverage_and_on_its_users_page(open_filled: Open) -> None:
    open_filled("viewer", "coverage")
    user = user_with(frame()["inferred"])
    behind = grid(open_filled("viewer", "coverage", person=user, rows="figure:missed"), "coverage_figure_behind_rows")
    theirs = grid(opened(open_filled, user), "meetings_past30")
    assert behind is not None
    assert theirs is not None
    assert told_since(theirs) == told_since(behind)


def told_since(table: pd.DataFrame) -> list[tuple[pd.Timestamp, str]]:
    """When each meeting of the last days was and why it was missed: at the other end the lists differ by hours."""
    known = loaded()
    assert known.as_of
    recent = table[table["starts"] > known.as_of - pd.Timedelta(days=25)]
    return sorted(zip(recent["starts"], recent["why"], strict=True))

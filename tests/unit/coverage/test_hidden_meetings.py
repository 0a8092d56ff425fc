"""How many meetings calendars that cannot be seen usually have."""

from datetime import timedelta

import pytest

from lib.coverage.hidden_meetings import hidden_meetings
from tests.unit.coverage.worlds import Row, framed, row
from tests.unit.recording.making import HOUR, NOW

DAY = 24 * HOUR
FIRST = row("anna", starts=-24 * 40, uid="first")


def meetings(of: str, *days_ago: float) -> list[Row]:
    return [row(of, starts=-24 * days, uid=f"{days}") for days in days_ago]


def test_usual_is_the_average_week_of_the_four_before_the_calendar_was_lost() -> None:
    frame = framed([FIRST, *meetings("anna", 1, 2, 9, 16, 17, 27, 29)])
    assert hidden_meetings(frame, {"anna": None}, NOW).usual_a_week == 6 / 4
    assert hidden_meetings(frame, {"anna": NOW - 8 * DAY}, NOW).users[0].usual_a_week == 5 / 4


def test_only_recordable_meetings_count_and_each_once() -> None:
    twice, no_link = row("anna", starts=-30), row("anna", starts=-50, invites=(), meeting_platform=None)
    assert hidden_meetings(framed([FIRST, twice, twice, no_link]), {"anna": None}, NOW).usual_a_week == 1 / 4


def test_a_user_known_for_two_weeks_has_the_average_of_those() -> None:
    assert hidden_meetings(framed(meetings("anna", 1, 2, 14)), {"anna": None}, NOW).users[0].usual_a_week == 3 / 2


def test_a_user_known_for_one_week_has_that_for_the_usual_one() -> None:
    assert hidden_meetings(framed(meetings("anna", 1, 7)), {"anna": None}, NOW).users[0].usual_a_week == 2


@pytest.mark.parametrize("rows", [[], meetings("anna", 1, 2, 6), meetings("ben", 1, 20)])
def test_a_user_known_for_less_than_a_week_has_no_usual_one(rows: list[Row]) -> None:
    found = hidden_meetings(framed(rows), {"anna": None}, NOW)
    assert ([user.usual_a_week for user in found.users], found.usual_a_week) == ([None], 0.0)


def test_a_user_known_and_without_meetings_in_four_weeks_has_none_a_week() -> None:
    assert hidden_meetings(framed([FIRST]), {"anna": None}, NOW).users[0].usual_a_week == 0


def test_a_meeting_that_two_of_them_share_counts_once_together() -> None:
    rows = [FIRST, row("ben", starts=-24 * 40, uid="first"), *meetings("anna", 2, 3), *meetings("ben", 3, 4)]
    found = hidden_meetings(framed(rows), {"anna": None, "ben": None}, NOW)
    assert [user.usual_a_week for user in found.users] == [2 / 4, 2 / 4]
    assert found.usual_a_week == 3 / 4


def test_those_with_most_meetings_come_first_and_those_without_data_last() -> None:
    rows = [FIRST, *meetings("anna", 3), row("carl", starts=-24 * 40), *meetings("carl", 1, 2)]
    found = hidden_meetings(framed(rows), dict.fromkeys(["abe", "anna", "carl"]), NOW)
    assert [user.user for user in found.users] == ["carl", "anna", "abe"]


def test_about_how_many_are_not_seen_is_a_share_of_the_usual_week() -> None:
    found = hidden_meetings(framed([FIRST, *meetings("anna", *range(1, 28))]), {"anna": None}, NOW)
    assert [found.about(days) for days in (1, 3, 7)] == [1, 3, 7]


def test_a_time_after_the_data_is_no_later_than_the_data() -> None:
    frame = framed([FIRST, *meetings("anna", 1)])
    assert hidden_meetings(frame, {"anna": NOW + timedelta(days=9)}, NOW) == hidden_meetings(frame, {"anna": None}, NOW)


def test_nobody_hides_nothing() -> None:
    assert hidden_meetings(framed([FIRST]), {}, NOW).about(7) == 0

"""Cuts of a few meetings, told one by one."""

import pytest

from lib.coverage.bots import became_by_platform, bots_of
from lib.coverage.scope import UNKNOWN, Dimension
from lib.coverage.where import where
from tests.unit.coverage.worlds import Row, row, viewed


@pytest.mark.parametrize(
    "rows",
    [
        [row("anna", "recorded"), row("ben")],
        [row("anna", "recorded"), row("ben"), row("anna", uid="other"), row("anna", uid="third")],
    ],
)
def test_a_meeting_of_two_users_counts_for_each_with_what_is_theirs_alone(rows: list[Row]) -> None:
    found = {group.name: group for group in where(viewed(rows), Dimension.USER)}
    assert found.keys() == {"anna", "ben"}
    assert (found["ben"].held, found["ben"].asked, found["ben"].recorded) == (1, 0, 0)
    assert (found["anna"].held, found["anna"].recorded) == (len({one.entry.ical_uid for one in rows}), 1)


def test_a_platform_has_the_bots_of_its_own_meetings_and_those_without_one_are_unknown() -> None:
    rows = [
        row("anna", "recorded", uid="one", meeting_platform="zoom"),
        row("anna", "recorded", uid="two", meeting_platform="zoom"),
        row("anna", "kept waiting", uid="three", meeting_platform="meet"),
        row("anna", "recorded", uid="four", meeting_platform=None),
    ]
    found = became_by_platform(bots_of(viewed(rows)))
    assert [(name, each.sent, each.recorded) for name, each in found] == [
        ("zoom", 2, 2),
        ("meet", 1, 0),
        (UNKNOWN, 1, 1),
    ]

"""Which of a meeting's entries stands for it in a list of rows."""

import pytest

from lib.coverage.behind import Behind, Figure, keys_behind
from lib.recording.outcome import Part
from tests.unit.coverage.worlds import Row, row, viewed


def behind(part: Part, *rows: Row) -> Behind:
    return keys_behind(viewed(rows), Figure(part, "meetings"))


@pytest.mark.parametrize(
    ("less", "further"),
    [
        (row("anna", "in part"), row("ben", "recorded")),
        (row("anna", "empty"), row("ben", "recorded")),
        (row("anna", "kept waiting"), row("ben", "in part")),
        (row("anna", seen=True), row("ben", "kept waiting")),
        (row("anna", invites=(), meeting_platform=None), row("ben")),
        (row("anna", "met nobody"), row("ben", "crashed")),
    ],
)
def test_the_entry_that_got_furthest_stands_for_an_ended_meeting(less: Row, further: Row) -> None:
    assert behind(Part.ENDED, less, further).keys.tolist() == [1]
    assert behind(Part.ENDED, further, less).keys.tolist() == [0]


def test_a_booked_entry_stands_for_a_coming_meeting_whatever_stops_the_others() -> None:
    others = [row("anna", starts=2, will_record=True), row("anna", starts=2)]
    found = behind(Part.UPCOMING, *others, row("ben", "on its way", starts=2, will_record=True))
    assert (found.keys.tolist(), found.entries.tolist()) == ([2], [3])


def test_of_equals_the_first_stands_for_the_meeting() -> None:
    assert behind(Part.ENDED, row("anna"), row("ben"), row("anna")).keys.tolist() == [0]

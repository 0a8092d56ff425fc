"""Which of a meeting's entries stands for it in a list of rows."""

from dataclasses import replace
from itertools import pairwise

import pytest

from lib.coverage.drilldown import Figure, MeetingRows, MissedFor, drill_down, superseded_entries
from lib.coverage.frame import frame_of
from lib.coverage.period import Period
from lib.coverage.period_view import view_period
from lib.recording.reason import Basis, ReasonClass
from lib.recording.reasons import REASON_KEYS, reason_of
from lib.recording.time_part import TimePart
from tests.unit.coverage.worlds import Row, framed, row, row_of, viewed
from tests.unit.recording.making import HOUR, NOW


def behind(part: TimePart, *rows: Row) -> MeetingRows:
    return drill_down(viewed(rows), Figure(part, "meetings"))


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
    assert behind(TimePart.ENDED, less, further).keys.tolist() == [1]
    assert behind(TimePart.ENDED, further, less).keys.tolist() == [0]


def test_a_booked_entry_stands_for_a_coming_meeting_whatever_stops_the_others() -> None:
    others = [row("anna", starts=2, will_record=True), row("anna", starts=2)]
    found = behind(TimePart.UPCOMING, *others, row("ben", "on its way", starts=2, will_record=True))
    assert (found.keys.tolist(), found.entries.tolist()) == ([2], [3])


def test_behind_a_reason_of_the_rules_first_seen_stand_other_meetings_than_behind_one_that_was_observed() -> None:
    missed = [replace(row_of(row(uid=f"{n}", seen=False)), inferred=n == 0) for n in range(3)]
    looked = view_period(frame_of(missed), Period(NOW - 9 * HOUR, NOW), NOW)
    keys = {
        basis: sorted(drill_down(looked, MissedFor(TimePart.ENDED, "external_not_enabled", basis)).keys.tolist())
        for basis in (Basis.INFERRED, Basis.OBSERVED, None)
    }
    assert keys == {Basis.INFERRED: [0], Basis.OBSERVED: [1, 2], None: [0, 1, 2]}


def test_of_two_that_were_missed_for_one_reason_the_observed_one_stands_for_the_meeting() -> None:
    observed = row_of(row(seen=False))
    for rows in ([observed, replace(observed, inferred=True)], [replace(observed, inferred=True), observed]):
        found = drill_down(
            view_period(frame_of(rows), Period(NOW - 9 * HOUR, NOW), NOW), Figure(TimePart.ENDED, "missed")
        )
        assert [rows[key].inferred for key in found.keys] == [False]


def test_the_next_reason_of_the_catalogue_got_further_though_it_is_inferred() -> None:
    some = row_of(row(seen=False))
    for less, further in pairwise(key for key in REASON_KEYS if reason_of(key).klass is ReasonClass.POLICY):
        rows = [replace(some, reason=less), replace(some, reason=further, inferred=True)]
        found = drill_down(
            view_period(frame_of(rows), Period(NOW - 9 * HOUR, NOW), NOW), Figure(TimePart.ENDED, "missed")
        )
        assert [rows[key].reason for key in found.keys] == [further]


def test_a_booked_entry_stands_before_one_of_which_no_reason_is_named() -> None:
    nameless = replace(row_of(row("anna", starts=2, will_record=True)), reason=None)
    rows = [nameless, row_of(row("ben", "on its way", starts=2, will_record=True))]
    found = drill_down(
        view_period(frame_of(rows), Period(NOW, NOW + 9 * HOUR), NOW), Figure(TimePart.UPCOMING, "meetings")
    )
    assert found.keys.tolist() == [1]


def test_of_equals_the_first_stands_for_the_meeting() -> None:
    assert behind(TimePart.ENDED, row("anna"), row("ben"), row("anna")).keys.tolist() == [0]


@pytest.mark.parametrize(
    ("gone", "there", "goes"),
    [
        ((row("anna"),), (row("anna"),), True),
        ((row("anna"),), (row("anna", "recorded"),), True),
        ((row("anna", "kept waiting"), row("anna")), (row("anna", "in part"),), True),
        ((row("anna", "recorded"),), (row("anna"),), False),
        ((row("anna", "recorded"),), (row("anna", "in part"), row("anna")), False),
        ((row("anna"), row("anna")), (), False),
        ((row("anna", uid="one"),), (row("anna", uid="two"),), False),
        ((row("anna", starts=-3),), (row("anna", starts=-2),), False),
        ((), (row("anna"), row("anna")), False),
    ],
)
def test_one_that_is_gone_gives_way_to_the_same_meeting_that_is_there_and_got_as_far(
    gone: tuple[Row, ...], there: tuple[Row, ...], goes: bool
) -> None:
    for rows, keys in (((*gone, *there), range(len(gone))), ((*there, *gone), range(len(there), len(there + gone)))):
        assert superseded_entries(framed(rows), list(keys)) == (frozenset(keys) if goes else frozenset())


def test_a_view_is_empty_only_if_no_meeting_starts_in_it() -> None:
    assert viewed([]).is_empty
    assert not viewed([row("anna")]).is_empty

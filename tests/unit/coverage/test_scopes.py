"""What part of the workspace is looked at, a sentence at a time."""

from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from lib.coverage.breakdown import breakdown, group_view, missed_over_time
from lib.coverage.frame import EntryRow, frame_of
from lib.coverage.period import Bucket
from lib.coverage.period_view import view_period
from lib.coverage.rates import Rate
from lib.coverage.scope import Dimension, Scope, within
from lib.customer import UNASSIGNED
from tests.unit.coverage.worlds import framed, row, row_of, viewed
from tests.unit.recording.making import NOW


def test_without_a_scope_the_frame_is_looked_at_as_it_is() -> None:
    frame = framed([row("anna")])
    assert within(frame, Scope()) is frame


def test_properties_come_from_the_entries_in_scope_alone() -> None:
    rows = [row("anna", "recorded", calendar_platform="google"), row("ben", calendar_platform="microsoft")]
    found = {group.name: group.coverage for group in breakdown(viewed(rows), Dimension.CALENDAR)}
    assert viewed(rows).numbers.ended.coverage == Rate(1, 1)
    assert found == {"google": Rate(1, 1), "microsoft": Rate(0, 1)}


def test_a_name_that_nothing_bears_leaves_nothing() -> None:
    assert len(within(framed([row("anna"), row("abe")]), Scope(customer="nobody.example"))) == 0


def test_fields_narrow_each_other() -> None:
    rows = [row("anna"), row("anna", is_external=False), row("carl")]
    assert within(framed(rows), Scope(customer="acme", external=False))["key"].tolist() == [1]


def test_what_the_calendar_does_not_say_is_a_group_of_its_own() -> None:
    rows = [row("anna", is_external=None, meeting_platform=None)]
    for by in (Dimension.EXTERNAL, Dimension.PLATFORM):
        assert [group.name for group in breakdown(viewed(rows), by)] == [None]


def test_users_without_a_customer_are_one_group_whose_meetings_stand_alone() -> None:
    groups = breakdown(viewed([row("abe"), row("eve")]), Dimension.CUSTOMER)
    assert [(group.name, group.held) for group in groups] == [(None, 2)]


OURS = ("unassigned", "unknown", "None", "-", "All customers", "(unassigned)")
"""What pages call something else by."""


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("by", [Dimension.CUSTOMER, Dimension.TEAM, Dimension.PLATFORM, Dimension.CALENDAR])
def test_whoever_is_called_as_we_call_those_without_a_name_is_a_group_apart(name: str, by: Dimension) -> None:
    named = _called(row_of(row("carl", "recorded")), by, name)
    frame = frame_of([named, *(_called(row_of(row(user)), by, None) for user in ("abe", "eve"))])
    found = view_period(frame, viewed([]).period, NOW)
    groups = {group.name: (group.held, group.recorded) for group in breakdown(found, by)}
    assert groups == {name: (1, 1), None: (2, 0)}
    for asked, held in ((name, 1), (UNASSIGNED, 2)):
        scope: Any = {by.value: asked}
        assert len(within(frame, Scope(**scope))) == held
        assert group_view(found, by, None if asked is UNASSIGNED else name).numbers.ended.held == held
    _, missed = missed_over_time(found, by, Bucket.MONTH, UTC)
    assert {group: sum(counts) for group, counts in missed.items()} == {None: 2}


def _called(one: EntryRow, by: Dimension, name: str | None) -> EntryRow:
    column: Any = {by.value: name}
    return replace(one, **column)

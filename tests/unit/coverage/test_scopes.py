"""What part of the workspace is looked at, a sentence at a time."""

from dataclasses import replace

from lib.coverage.frame import frame_of
from lib.coverage.rates import Rate
from lib.coverage.scope import UNASSIGNED, UNKNOWN, Dimension, Scope, within
from lib.coverage.view import view
from lib.coverage.where import where
from tests.unit.coverage.worlds import framed, row, row_of, viewed
from tests.unit.recording.making import NOW


def test_without_a_scope_the_frame_is_looked_at_as_it_is() -> None:
    frame = framed([row("anna")])
    assert within(frame, Scope()) is frame


def test_properties_come_from_the_entries_in_scope_alone() -> None:
    rows = [row("anna", "recorded", calendar_platform="google"), row("ben", calendar_platform="microsoft")]
    found = {group.name: group.coverage for group in where(viewed(rows), Dimension.CALENDAR)}
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
        assert [group.name for group in where(viewed(rows), by)] == [UNKNOWN]


def test_users_without_a_customer_are_one_group_whose_meetings_stand_alone() -> None:
    groups = where(viewed([row("abe"), row("eve")]), Dimension.CUSTOMER)
    assert [(group.name, group.held) for group in groups] == [(UNASSIGNED, 2)]


def test_a_customer_that_calls_itself_unassigned_is_one_group_with_those_who_are() -> None:
    named = replace(row_of(row("carl", "recorded")), customer=UNASSIGNED)
    frame = frame_of([named, row_of(row("abe")), row_of(row("anna"))])
    found = where(view(frame, viewed([]).period, NOW), Dimension.CUSTOMER)
    assert [(group.name, group.held) for group in found] == [("acme", 1), (UNASSIGNED, 2)]
    assert len(within(frame, Scope(customer=UNASSIGNED))) == 2

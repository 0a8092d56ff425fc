"""The words of the address, and the period and scope that they ask for."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.customer import UNASSIGNED
from lib.ui.widgets.filter_row import FILTERS
from lib.ui.words.scope import REVERSED, UNREADABLE, choice_of, scope_of

AS_OF = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
UTC_ZONE, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")


def test_without_words_it_is_the_last_thirty_days_of_everybody() -> None:
    choice = choice_of({}, AS_OF, UTC_ZONE)
    assert choice.period.from_ == datetime(2026, 10, 24, tzinfo=UTC)
    assert choice.period.to == datetime(2026, 11, 23, tzinfo=UTC)
    assert choice.scope.is_all
    assert (choice.in_words, choice.days) == ("in the last 30 days", "24 Oct to 22 Nov 2026")


def test_days_are_those_of_the_reports_zone() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert choice_of({"period": "7"}, late, BERLIN).days == "17 Nov to 23 Nov 2026"


def test_custom_days_are_both_included() -> None:
    choice = choice_of({"period": "custom", "from": "2026-10-01", "to": "2026-10-01"}, AS_OF, UTC_ZONE)
    assert choice.period.to - choice.period.from_ == timedelta(days=1)
    assert choice.in_words == "from 1 Oct 2026"


def test_reversed_days_hold_nothing_and_a_sentence_says_so() -> None:
    choice = choice_of({"period": "custom", "from": "2026-10-09", "to": "2026-10-01"}, AS_OF, UTC_ZONE)
    assert choice.period.is_empty
    assert choice.problem == REVERSED


@pytest.mark.parametrize("words", [{"period": "custom", "to": "soon"}, {"period": "31"}, {"period": "x" * 300}])
def test_a_period_that_is_none_is_the_usual_one_and_a_sentence_says_so(words: dict[str, str]) -> None:
    choice = choice_of(words, AS_OF, UTC_ZONE)
    assert choice.days == "24 Oct to 22 Nov 2026"
    assert choice.problem == UNREADABLE


@given(first=st.dates(), last=st.dates())
def test_no_days_leave_the_calendar(first: date, last: date) -> None:
    words = {"period": "custom", "from": first.isoformat(), "to": last.isoformat()}
    choice = choice_of(words, AS_OF, BERLIN)
    held_first, held_last = (min(max(day, date(1900, 1, 1)), date(2199, 12, 31)) for day in (first, last))
    assert choice.period.is_empty == (held_last < held_first)
    assert choice.period.before.to == choice.period.from_


@given(words=st.dictionaries(st.sampled_from(FILTERS), st.text(max_size=20)))
def test_whatever_the_address_says_there_is_a_choice(words: dict[str, str]) -> None:
    choice = choice_of(words, AS_OF, UTC_ZONE)
    assert choice.narrowed == len(choice.scope.wanted)


def test_words_of_the_address_become_a_scope() -> None:
    scope = scope_of(
        {"customer": "unassigned", "audience": "internal", "host": "user", "person": "u", "platform": "zoom"}
    )
    assert (scope.customer, scope.external, scope.hosted, scope.user) == (UNASSIGNED, False, True, "u")
    assert scope_of({"audience": "maybe"}).is_all

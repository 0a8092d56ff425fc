"""What setting overrides would meet: what cannot be recorded, what comes too late, what needs a reason."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain import Entry
from lib.recording.decision import trace
from lib.recording.overrides import (
    LIFTS,
    REASON_AT_MOST,
    OverrideEffect,
    plan_override,
    problem_with_reason,
    series_of,
)
from tests.unit.recording.making import HOUR, NOW, entries, entry, users

STATES = st.sampled_from([True, False, None])
MINUTE = timedelta(minutes=1)
VISIBILITIES = st.sampled_from([None, "default", "private", "confidential", "Private"])
shown = st.builds(lambda one, visibility: replace(one, visibility=visibility), entries, VISIBILITIES)


@given(shown, STATES, users)
def test_a_problem_is_just_what_no_override_can_beat(one: Entry, wanted: bool | None, user: Any) -> None:
    can_be_recorded = trace(one, user, NOW, override=True).verdict
    assert (plan_override(one, wanted, NOW).problem is None) is bool(can_be_recorded)


@given(shown, STATES)
def test_what_a_selection_takes_changes_something_has_no_problem_and_needs_no_reason(
    one: Entry, wanted: bool | None
) -> None:
    row = plan_override(one, wanted, NOW)
    if row.effect is OverrideEffect.CHANGES:
        assert one.override_should_record is not wanted
        assert one.looks_recordable
        assert not (one.override_should_record is False and wanted is not False)
        assert not (wanted and one.visibility in ("private", "confidential", "Private"))


@given(shown, STATES)
def test_null_and_false_are_two_things(one: Entry, wanted: bool | None) -> None:
    for now in (True, False, None):
        row = plan_override(replace(one, override_should_record=now), wanted, NOW)
        assert row.is_change is (now is not wanted)


@given(shown, STATES)
def test_setting_what_is_set_needs_no_reason(one: Entry, wanted: bool | None) -> None:
    assert plan_override(replace(one, override_should_record=wanted), wanted, NOW).needs_reason is None


@pytest.mark.parametrize(
    ("now", "wanted", "visibility", "needs"),
    [
        (False, True, None, True),
        (False, None, None, True),
        (False, True, "private", True),
        (None, True, None, False),
        (None, True, "default", False),
        (None, True, "normal", False),
        (None, True, "personal", False),
        (None, True, "private", True),
        (None, True, "Confidential", True),
        (None, False, "private", False),
        (True, None, "private", False),
        (True, False, "private", False),
        (True, False, None, False),
    ],
)
def test_lifting_a_dont_record_and_recording_what_is_private_need_a_reason(
    now: bool | None, wanted: bool | None, visibility: str | None, needs: bool
) -> None:
    row = plan_override(entry(override_should_record=now, visibility=visibility), wanted, NOW)
    assert (row.needs_reason is not None) is needs
    assert (row.effect is OverrideEffect.NEEDS_TICK) is needs
    if now is False:
        assert row.needs_reason == LIFTS


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-5, "has begun"), (0, "has begun"), (1, "two minutes"), (2, "two minutes"), (3, "ten minutes"), (10, "ten")],
)
def test_close_to_the_start_it_warns(minutes: float, words: str) -> None:
    row = plan_override(entry(starts=minutes / 60), True, NOW)
    assert words in (row.warning or "")
    assert row.problem is None


def test_further_ahead_it_does_not_warn() -> None:
    assert plan_override(entry(starts=10.1 / 60), True, NOW).warning is None


@given(st.lists(shown, max_size=10), st.data())
def test_a_series_is_the_coming_entries_of_one_uid_soonest_first(some: list[Entry], data: st.DataObject) -> None:
    uids = [data.draw(st.sampled_from(["a", "b", None])) for _ in some]
    named = [replace(one, id=f"e{n}", ical_uid=uid) for n, (one, uid) in enumerate(zip(some, uids, strict=True))]
    for one in named:
        series = series_of(one, named, NOW)
        starts = [each.start_time for each in series if each.start_time]
        assert starts == sorted(starts)
        assert len(starts) == len(series)
        assert all(start > NOW for start in starts)
        same = {e.id for e in named if e.ical_uid == one.ical_uid} if one.ical_uid else {one.id}
        assert {e.id for e in series} == {e.id for e in named if e.id in same and e.start_time and e.start_time > NOW}


def test_an_entry_without_uid_is_a_series_of_its_own() -> None:
    one, other = entry(id="one", ical_uid=None), entry(id="two", ical_uid=None)
    assert series_of(one, [one, other], NOW) == (one,)


def test_what_began_is_no_coming_occurrence() -> None:
    past, coming = (entry(starts=hours, id=str(hours), ical_uid="s") for hours in (-0.5, 24))
    assert series_of(past, [coming, past], NOW) == (coming,)
    assert series_of(coming, [past, coming], NOW + 23 * HOUR + 59 * MINUTE) == (coming,)


@pytest.mark.parametrize(
    ("why", "fine"),
    [(None, False), ("", False), (" \n\t", False), ("x" * (REASON_AT_MOST + 1), False), ("Legal agreed", True)],
)
def test_a_reason_has_words_and_an_end(why: str | None, fine: bool) -> None:
    assert (problem_with_reason(why) is None) is fine

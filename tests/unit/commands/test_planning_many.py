"""The dry run of a change of many users: who changes, who stays and why, and which meetings that costs or brings."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.commands.bulk import PlannedUser, SkipReason, is_individual, plan_lines
from lib.commands.standards import drift_of
from lib.domain import Preferences
from lib.recording.forecast import forecast
from lib.recording.presets import Preset, with_preset
from lib.store.standards import Standard
from lib.store.users import UserRow
from tests.unit.commands.making_rows import row
from tests.unit.recording.making import NOW, all_preferences, entry, rules

UNTIL = NOW + timedelta(days=14)
EVERYTHING, EXTERNAL = Preset.EVERYTHING.flags, Preset.EXTERNAL.flags
OWN = rules("EX+RC")
ACME = "acme.example"


def standard(flags: dict[str, bool], customer: str = ACME) -> Standard:
    return Standard(customer, flags, "dana", NOW)


def one_line(row: UserRow, flags: dict[str, bool] = EVERYTHING, *, keep: bool = True, **known: Standard) -> PlannedUser:
    [line] = plan_lines([row], flags, keep, {each.customer: each for each in known.values()}, {}, NOW, UNTIL)
    return line


@pytest.mark.parametrize(
    ("somebody", "keep", "stays"),
    [
        (row(preferences=rules("EX")), True, None),
        (row(preferences=None), True, None),
        (row(preferences=rules("EX+IN")), True, SkipReason.SAME),
        (row(preferences=OWN), True, SkipReason.OWN),
        (row(preferences=OWN), False, None),
        (row(preferences=rules("EX"), external_id=None), True, SkipReason.NO_ID),
        (row(preferences=rules("EX"), vanished=True), True, SkipReason.GONE),
    ],
)
def test_who_stays_as_they_are_is_told_why(somebody: UserRow, keep: bool, stays: SkipReason | None) -> None:
    assert one_line(somebody, keep=keep).skipped is stays


def test_settings_that_are_the_customers_standard_are_not_individual() -> None:
    assert one_line(row(preferences=OWN), own=standard(OWN.flags)).skipped is None
    assert one_line(row(preferences=OWN), other=standard(OWN.flags, "globex.example")).skipped is SkipReason.OWN


def test_the_bots_name_stays_as_it_is() -> None:
    named = replace(rules("EX"), bot_name="Ada's helper")
    assert one_line(row(preferences=named)).new == replace(rules("EX+IN"), bot_name="Ada's helper")


def test_meetings_are_counted_as_the_forecast_of_each_user_has_them() -> None:
    calendar = [
        entry(id="1", starts=2, will_record=True),
        entry(id="2", starts=4, is_external=False, will_record=False),
        entry(id="3", starts=6, is_external=False, will_record=True, override_should_record=True),
        entry(id="4", starts=24 * 20, will_record=True),
    ]
    [line] = plan_lines(
        [row(preferences=rules("EX"))], Preset.INTERNAL.flags, True, {}, {"user-1": calendar}, NOW, UNTIL
    )
    assert (line.gains, line.losses) == (1, 1)


def test_one_who_stays_gains_and_loses_nothing() -> None:
    [line] = plan_lines(
        [row(preferences=OWN)], {**EXTERNAL}, True, {}, {"user-1": [entry(will_record=False)]}, NOW, UNTIL
    )
    assert (line.skipped, line.gains, line.losses) == (SkipReason.OWN, 0, 0)


@settings(max_examples=50)
@given(st.lists(st.none() | all_preferences, max_size=8), st.sampled_from(Preset), st.booleans())
def test_everybody_stands_in_the_plan_once_and_whoever_changes_gets_what_was_asked_for(
    kept: list[Preferences | None], preset: Preset, keep: bool
) -> None:
    rows = [row(number, preferences) for number, preferences in enumerate(kept)]
    calendars = {each.user.id: [entry(will_record=bool(each.key % 2))] for each in rows}
    lines = plan_lines(rows, preset.flags, keep, {}, calendars, NOW, UNTIL)
    assert [line.user for line in lines] == [each.user for each in rows]
    for line in lines:
        assert line.new.flags == preset.flags
        assert (line.skipped is SkipReason.SAME) == ((line.old or Preferences()).flags == preset.flags)
        assert not (line.skipped is SkipReason.OWN and not keep)
        if line.skipped is None:
            outlook = forecast(calendars[line.user.id], line.user, NOW, UNTIL, line.new)
            assert (line.gains, line.losses) == (sum(f.is_gain for f in outlook), sum(f.is_loss for f in outlook))


@given(st.none() | all_preferences)
def test_no_preset_is_individual_and_nothing_is_that_equals_the_standard(preferences: Preferences | None) -> None:
    assert not any(is_individual(with_preset(None, preset), None) for preset in Preset)
    assert not is_individual(preferences, preferences.flags if preferences else None)


def test_who_drifts_from_the_standard_is_named_customer_by_customer() -> None:
    rows = [
        row(1, rules("EX+IN")),
        row(2, rules("EX")),
        row(3, None),
        row(4, rules("EX"), vanished=True),
        row(5, rules("EX"), customer="globex.example"),
        row(6, rules(""), customer=None),
    ]
    known = {ACME: standard(EVERYTHING), "globex.example": standard(EXTERNAL, "globex.example")}
    acme, globex = drift_of(rows, known)
    assert (acme.standard.customer, acme.users, [each.key for each in acme.away]) == (ACME, 3, [2, 3])
    assert (globex.users, globex.away) == (1, ())


@given(st.lists(st.none() | all_preferences), st.sampled_from(Preset))
def test_after_the_standard_was_applied_to_those_who_drift_nobody_does(
    kept: list[Preferences | None], preset: Preset
) -> None:
    rows = [row(number, preferences) for number, preferences in enumerate(kept)]
    known = {ACME: standard(preset.flags)}
    [drift] = drift_of(rows, known)
    lines = plan_lines(drift.away, preset.flags, False, known, {}, NOW, UNTIL)
    after = {line.user.id: line.new for line in lines if line.skipped is None}
    [now] = drift_of(
        [replace(r, user=replace(r.user, preferences=after.get(r.user.id, r.user.preferences))) for r in rows], known
    )
    assert now.away == ()

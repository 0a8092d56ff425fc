"""Properties of the numbers in small worlds of every kind, and a recount from the sentences that define them."""

from dataclasses import asdict, replace
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from lib.coverage.numbers import Numbers, numbers
from lib.recording.time_part import TimePart
from tests.unit.coverage.recount import recount
from tests.unit.coverage.worlds import CUSTOMER, Row, counted, framed, ranges, some_rows
from tests.unit.recording.making import HOUR, NOW

Range = tuple[datetime, datetime]

few = settings(max_examples=40)


@settings(max_examples=200)
@given(some_rows, ranges)
def test_they_equal_a_recount_from_the_definitions(rows: list[Row], between: Range) -> None:
    found, expected = counted(rows, *between), recount(rows, *between, NOW)
    for part in ("upcoming", "in_progress", "ended"):
        counts = asdict(getattr(found, part))
        counts["both"] = counts.pop("will_record_and_booked", 0)
        del expected[part]["in_part"]
        assert {name: n for name, n in counts.items() if n} == +expected[part]
    reasons = {f"{count.part} {count.reason.key}": count.meetings for count in found.reasons}
    assert {**reasons, "without_start": found.without_start} == {"without_start": 0, **expected["missed"]}


@few
@given(some_rows)
def test_coverage_is_reach_times_delivery(rows: list[Row]) -> None:
    ended = counted(rows).ended
    coverage, reach, delivery = ended.coverage, ended.reach, ended.delivery
    assert coverage.denominator == reach.denominator
    assert (coverage.numerator, reach.numerator) == (delivery.numerator, delivery.denominator)
    assert delivery.numerator <= delivery.denominator <= reach.denominator
    if coverage.value is not None and reach.value is not None and delivery.value is not None:
        assert abs(coverage.value - reach.value * delivery.value) < 1e-12


@few
@given(some_rows)
def test_reasons_add_up_to_what_was_missed(rows: list[Row]) -> None:
    found = counted(rows)
    assert sum(count.meetings for count in found.reasons_of(TimePart.UPCOMING)) == found.upcoming.missed
    assert sum(count.meetings for count in found.reasons_of(TimePart.ENDED)) == found.ended.missed


@few
@given(some_rows)
def test_no_miss_is_put_down_to_what_is_not_counted_as_a_miss(rows: list[Row]) -> None:
    explained = {count.reason.key for count in counted(rows).reasons}
    assert not explained & {"meeting_did_not_happen", "access_error", "left_early", "no_meeting_link"}


@few
@given(some_rows)
def test_what_is_recordable_and_ended_is_held_unsettled_or_did_not_happen(rows: list[Row]) -> None:
    ended = counted(rows).ended
    assert ended.held + ended.unsettled + ended.did_not_happen == ended.recordable
    assert ended.partial <= ended.recorded
    assert ended.empty <= ended.recorded


@few
@given(some_rows)
def test_customers_and_those_who_stand_alone_add_up_to_the_total(rows: list[Row]) -> None:
    frame, wide = framed(rows), (NOW - 100 * HOUR, NOW + 100 * HOUR, NOW)
    groups = [frame["customer"] == name for name in {"acme", "globex"}] + [frame["customer"].isna()]
    parts = [numbers(frame[group], *wide) for group in groups]
    total = numbers(frame, *wide)
    for name in ("upcoming", "in_progress", "ended"):
        summed = [asdict(getattr(part, name)) for part in parts]
        assert {key: sum(each[key] for each in summed) for key in summed[0]} == asdict(getattr(total, name))
    assert sum(part.without_start for part in parts) == total.without_start


@few
@given(some_rows, st.data())
def test_the_order_of_the_entries_does_not_matter(rows: list[Row], data: st.DataObject) -> None:
    assert counted(data.draw(st.permutations(rows))) == counted(rows)


@few
@given(some_rows, st.data())
def test_a_colleague_with_the_same_meeting_changes_no_count_of_meetings(rows: list[Row], data: st.DataObject) -> None:
    shared = [r for r in rows if r.entry.ical_uid and r.entry.start_time and CUSTOMER[r.user] == "acme"]
    if shared:
        chosen = data.draw(st.sampled_from(shared))
        before, after = counted(rows), counted([*rows, replace(chosen, user="ben")])
        assert _meetings_only(after) == _meetings_only(before)


@few
@given(some_rows, ranges)
def test_ranges_that_meet_add_up(rows: list[Row], between: Range) -> None:
    early, late = sorted(between)
    halves = [counted(rows, NOW - 100 * HOUR, early), counted(rows, early, late), counted(rows, late)]
    assert sum(half.ended.held for half in halves) == counted(rows).ended.held
    assert sum(half.upcoming.entries for half in halves) == counted(rows).upcoming.entries


def _meetings_only(found: Numbers) -> list[object]:
    parts = (found.upcoming, found.in_progress, found.ended)
    return [*(replace(part, entries=0) for part in parts), found.reasons]

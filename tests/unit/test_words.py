"""Numbers, times and outside text as people read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.ui.words.formats import (
    age,
    clock_time,
    count,
    day_and_time,
    duration,
    fraction,
    one_line,
    percent,
    plural,
    zone_city,
)

BERLIN = ZoneInfo("Europe/Berlin")
LATE = datetime(2026, 11, 22, 23, 5, tzinfo=UTC)


@given(st.integers(0, 10**9))
def test_a_count_is_its_digits_in_groups_of_three(number: int) -> None:
    groups = count(number).split(",")
    assert "".join(groups) == str(number)
    assert all(len(group) == 3 for group in groups[1:])
    assert 1 <= len(groups[0]) <= 3


@pytest.mark.parametrize(("number", "words"), [(0, "0 users"), (1, "1 user"), (2, "2 users"), (1204, "1,204 users")])
def test_a_noun_agrees_with_its_count(number: int, words: str) -> None:
    assert plural(number, "user") == words


def test_a_noun_with_a_plural_of_its_own_keeps_it() -> None:
    assert [plural(n, "entry", "entries") for n in (1, 2)] == ["1 entry", "2 entries"]


@pytest.mark.parametrize(
    ("value", "words"), [(None, "no data"), (0.0, "0.0%"), (0.714, "71.4%"), (1.0, "100.0%"), (0.00049, "0.0%")]
)
def test_a_rate_has_one_decimal_and_nothing_to_divide_by_is_no_data(value: float | None, words: str) -> None:
    assert percent(value) == words


def test_a_fraction_names_part_and_whole() -> None:
    assert fraction(1204, 1686) == "1,204 of 1,686"


def test_a_time_is_told_in_the_zone_asked_for_even_on_another_day() -> None:
    assert day_and_time(LATE, ZoneInfo("UTC")) == "Sun 22 Nov, 23:05"
    assert day_and_time(LATE, BERLIN) == "Mon 23 Nov, 00:05"
    assert clock_time(LATE, BERLIN) == "00:05"


def test_a_day_below_ten_has_no_leading_zero() -> None:
    assert day_and_time(datetime(2026, 11, 2, 8, tzinfo=UTC), ZoneInfo("UTC")) == "Mon 2 Nov, 08:00"


def test_both_hours_of_the_night_the_clocks_go_back_are_the_same_words() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert clock_time(first, BERLIN) == clock_time(second, BERLIN) == "02:30"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-90), "just now"),
        (timedelta(seconds=59.9), "just now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=47, minutes=59), "47 h ago"),
        (timedelta(hours=48), "2 days ago"),
        (timedelta(days=60), "60 days ago"),
    ],
)
def test_an_age_has_its_largest_unit_alone(span: timedelta, words: str) -> None:
    assert age(span) == words


@given(st.timedeltas(timedelta(0), timedelta(days=90)))
def test_an_age_never_claims_more_than_passed(span: timedelta) -> None:
    number, _, unit = age(span).partition(" ")
    if number != "just":
        seconds = {"min ago": 60, "h ago": 3600, "days ago": 86400}[unit]
        assert timedelta(seconds=int(number) * seconds) <= span < timedelta(seconds=(int(number) + 1) * seconds)


@pytest.mark.parametrize(
    ("key", "words"),
    [("Europe/Berlin", "Berlin"), ("America/New_York", "New York"), ("UTC", "UTC"), ("Asia/Tokyo", "Tokyo")],
)
def test_a_zone_is_known_by_its_city(key: str, words: str) -> None:
    assert zone_city(ZoneInfo(key)) == words


@given(st.text(), st.integers(1, 40))
@example("\u202egnp.exe\n\x00\ttitle", 40)
@example("a" * 41, 40)
@example("\ud800", 1)
def test_one_line_holds_nothing_unprintable_and_no_more_than_its_cap(text: str, longest: int) -> None:
    line = one_line(text, longest)
    assert line.isprintable()
    assert len(line) <= longest


@given(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=200))
def test_one_line_leaves_alone_what_is_fit_already(text: str) -> None:
    assert one_line(text) == text


@given(st.text(min_size=12, alphabet="abcdefgh "))
def test_one_line_shows_that_something_was_cut(text: str) -> None:
    line = one_line(text, 10)
    assert line.endswith("…") == (len(" ".join(text.split())) > 10)


@pytest.mark.parametrize(
    ("text", "line"), [(None, ""), ("", ""), (" \n ", ""), ("two\r\nlines", "two lines"), ("会議 ✓", "会議 ✓")]
)
def test_one_line_of_usual_and_empty_text(text: str | None, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0 s"),
        (0.4, "0 s"),
        (8, "8 s"),
        (59.6, "1 min"),
        (130, "2 min 10 s"),
        (1200.3, "20 min"),
        (3599, "59 min 59 s"),
        (3600, "1 h"),
        (3900, "1 h 5 min"),
        (86399, "24 h"),
        (86400, "1 day"),
        (2 * 86400 + 3 * 3600 + 59, "2 days 3 h"),
    ],
)
def test_how_long_something_lasted_is_told_in_two_units_at_most(seconds: float, words: str) -> None:
    assert duration(timedelta(seconds=seconds)) == words


@given(st.integers(0, 10**7))
def test_a_duration_differs_from_the_truth_by_less_than_its_smaller_unit(seconds: int) -> None:
    sizes = {"s": 1, "min": 60, "h": 3600, "day": 86400, "days": 86400}
    words = duration(timedelta(seconds=seconds)).split()
    told = sum(int(n) * sizes[unit] for n, unit in zip(words[::2], words[1::2], strict=True))
    assert len(words) <= 4
    assert abs(told - seconds) <= (0 if seconds < 3600 else 30 if seconds < 86400 else 1800)

"""What is switched off today and would explain meetings that nobody watched."""

from datetime import UTC, datetime

from lib.coverage.period import Period
from lib.coverage.period_view import PeriodView, view_period
from lib.domain import CalendarUser, Connection, Preferences
from lib.queries.switched_off_rules import SwitchedOffRule, switched_off_rules
from lib.recording.verdict import RECORD
from lib.store.users import UserRow
from tests.unit.coverage.test_inferred_reasons import INTERNAL, Past, explained
from tests.unit.recording.making import HOUR, NOW

INTERNAL_OFF = Preferences(record_external=True)
ALL_ON = Preferences(record_external=True, record_internal=True)


def person(name: str, rules: Preferences | None, key: int = 1) -> UserRow:
    at = datetime(2026, 10, 26, tzinfo=UTC)
    user = CalendarUser(name, name, (Connection("google", True, f"{name}@acme.example"),), rules)
    return UserRow(key, user, "acme", None, "acme", at, at, None, None, at, 0, 0, None, None)


def seen(*past: Past) -> PeriodView:
    bots = [Past(name, 40 + hour, RECORD, bot=f"{name}-{hour}") for name in ("anna", "ben") for hour in range(10)]
    return view_period(explained([*bots, *past]), Period(NOW - 100 * HOUR, NOW), NOW)


def off(name: str, *hours: int) -> list[Past]:
    return [Past(name, hour, INTERNAL) for hour in hours]


def test_what_is_still_switched_off_is_told_with_whom_it_concerns_and_what_it_would_explain() -> None:
    meetings = seen(*off("anna", 1, 2, 3), *off("ben", 4, 5))
    people = [person("anna", INTERNAL_OFF), person("ben", INTERNAL_OFF), person("carla", ALL_ON)]
    (told,) = switched_off_rules(meetings, people)
    assert told == SwitchedOffRule("internal_not_enabled", 2, 3, 5)


def test_meetings_of_users_whose_rules_are_others_today_are_not_explained() -> None:
    meetings = seen(*off("anna", 1, 2, 3), *off("ben", 4, 5))
    (told,) = switched_off_rules(meetings, [person("anna", INTERNAL_OFF), person("ben", ALL_ON)])
    assert (told.users, told.of, told.meetings) == (1, 2, 3)
    assert switched_off_rules(meetings, [person("anna", ALL_ON), person("ben", None)]) == ()


def test_what_was_watched_is_not_told_so() -> None:
    watched = seen(*(Past("anna", hour, None) for hour in (1, 2, 3)))
    assert switched_off_rules(watched, [person("anna", INTERNAL_OFF)]) == ()

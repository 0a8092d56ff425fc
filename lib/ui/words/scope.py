"""The scope and the period that the filters ask for, from the words in the address. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lib.coverage.period import FIRST_DAY, LAST_DAY, Period, custom_period, last_days
from lib.coverage.scope import Scope
from lib.customer import UNASSIGNED, Unassigned, asked_of
from lib.ui.words.formats import day_range

PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days", "custom": "Custom"}
DEFAULT_PERIOD = "30"
EXTERNAL = {"external": True, "internal": False}
HOSTED = {"user": True, "other": False}
ALL = "*"
"""The word in the address for all customers, where none is the default."""
_MARK = "-"
"""Before a name that would read as a word of ours. Alone it once meant "no customer"."""
REVERSED = "The last day is before the first, so nothing is counted. Choose a later last day."
UNREADABLE = "The days in the address could not be read. The last 30 days are shown."


@dataclass(frozen=True, slots=True)
class Choice:
    """A period and a scope, with the words for them."""

    period: Period
    scope: Scope
    in_words: str
    """ "in the last 30 days" or "from 1 Oct to 20 Oct 2026": fits behind what is counted."""
    days: str
    """ "23 Oct to 22 Nov 2026": both days included."""
    narrowed: int
    """How many filters besides the period are set."""
    problem: str | None = None
    """A sentence on a period that is not what was asked for."""


def choice_of(words: Mapping[str, str], as_of: datetime, zone: ZoneInfo) -> Choice:
    """The choice that the address's `words` make.

    Days are days of `zone`; words that make no sense count as missing.
    """
    scope = scope_of(words)
    narrowed = sum(value is not None for value in (scope.customer, scope.team, scope.user, scope.platform))
    narrowed += sum(value is not None for value in (scope.calendar, scope.external, scope.hosted))
    name, first, last, problem = _days(words, as_of, zone)
    if name == "custom":
        period = custom_period(first, last, zone)
        return Choice(period, scope, f"from {day_range(first, last)}", day_range(first, last), narrowed, problem)
    period = last_days(as_of, int(name), zone)
    return Choice(period, scope, f"in the last {name} days", day_range(first, last), narrowed, problem)


def custom_days(words: Mapping[str, str], as_of: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last day that the date fields show."""
    _, first, last, _ = _days(words, as_of, zone)
    return first, last


def scope_of(words: Mapping[str, str]) -> Scope:
    """The scope that the address asks for."""
    return Scope(
        customer=customer_asked(words.get("customer")),
        team=words.get("team"),
        user=words.get("person"),
        platform=words.get("platform"),
        calendar=words.get("calendar"),
        external=EXTERNAL.get(words.get("audience", "")),
        hosted=HOSTED.get(words.get("host", "")),
    )


def word_of(name: str | None) -> str:
    """The word in the address for a name from outside, or (None) for having none: never a word of ours."""
    if name is None:
        return UNASSIGNED.value
    return f"{_MARK}{name}" if name.startswith((_MARK, ALL)) or name == UNASSIGNED.value else name


def name_of(word: str) -> str | None:
    """The name that a word of the address stands for; None for having none."""
    return None if word in (UNASSIGNED.value, _MARK) else word.removeprefix(_MARK)


def customer_asked(word: str | None) -> str | Unassigned | None:
    """The customer that a word of the address asks for; None where it asks for all."""
    return asked_of(name_of(word)) if word and word != ALL else None


def _days(words: Mapping[str, str], as_of: datetime, zone: ZoneInfo) -> tuple[str, date, date, str | None]:
    """The name of the period, its first and its last day, and what is wrong with it."""
    today, name = as_of.astimezone(zone).date(), words.get("period", DEFAULT_PERIOD)
    if name in PERIODS and name != "custom":
        return name, today - timedelta(days=int(name) - 1), today, None
    month = today - timedelta(days=int(DEFAULT_PERIOD) - 1)
    if name == "custom":
        first, last = _day(words.get("from"), month), _day(words.get("to"), today)
        if first and last:
            return name, first, last, REVERSED if last < first else None
    return DEFAULT_PERIOD, month, today, UNREADABLE


def _day(word: str | None, default: date) -> date | None:
    """A day as "2026-11-22", within the calendar of `lib.coverage.period`; None for any other word."""
    if word is None:
        return default
    try:
        day = date.fromisoformat(word)
    except ValueError:
        return None
    return min(max(day, FIRST_DAY), LAST_DAY - timedelta(days=1))

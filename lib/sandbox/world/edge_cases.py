"""Edge cases: the valid but unusual forms that calls have in real calendars (contract 3.12, 6.6)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from ..randomness import WeightedChoice, fraction, generator
from . import names
from .calls import Call, Guest


def with_edge_case(seed: int, call: Call, zone: str) -> Call:
    """The call, for about one in seventeen in an unusual form; `zone` is that of its calendar."""
    if fraction(seed, "is odd", *call.key) >= _SHARE:
        return call
    rng = generator(seed, "odd", *call.key)
    return _with_second_edge_case(seed, _EDGE_CASES.pick(rng)(rng, call), zone)


def _with_second_edge_case(seed: int, call: Call, zone: str) -> Call:
    """Some whole days at midnights of the calendar's own zone, and some calls without a link as `unknown`.

    Drawn from its own key, so that all other calls are as they were before these cases were added (contract N8, N19).
    """
    chance = fraction(seed, "odder", *call.key)
    if call.title in names.WHOLE_DAY_TITLES and call.start and chance < _OWN_MIDNIGHT_SHARE:
        days = (call.end - call.start).days if call.end else 1
        start, end = (_midnight(call.on + timedelta(days=n), zone) for n in (0, days))
        return replace(call, start=start, end=end)
    if call.link is None and call.start and not call.extra and chance < _UNKNOWN_PLATFORM_SHARE:
        return replace(call, extra={"meeting_platform": "unknown"})
    return call


def _midnight(on: date, zone: str) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(zone)).astimezone(UTC)


def _whole_day_without_times(rng: Random, call: Call) -> Call:
    return replace(call, start=None, end=None, title=rng.choice(names.WHOLE_DAY_TITLES), link=None)


def _whole_day_at_midnight(rng: Random, call: Call) -> Call:
    start = datetime.combine(call.on, time(), UTC)
    end = start + timedelta(days=rng.choice((1, 1, 2)))
    link = call.link if rng.random() < 0.2 else None
    return replace(call, start=start, end=end, title=rng.choice(names.WHOLE_DAY_TITLES), link=link)


def _hold(rng: Random, call: Call) -> Call:
    own = tuple(g for g in call.guests if g.email == call.organizer_email and g.platform)[:1]
    if not own:
        return call
    return replace(call, title=rng.choice(names.HOLD_TITLES), link=None, guests=own, external=False)


def _hostile_title(rng: Random, call: Call) -> Call:
    return replace(call, title=rng.choice(names.HOSTILE_TITLES), description=rng.choice(names.HOSTILE_TITLES))


def _non_latin_title(rng: Random, call: Call) -> Call:
    return replace(call, title=rng.choice(names.NON_LATIN_TITLES))


def _no_title(rng: Random, call: Call) -> Call:
    return replace(call, title=rng.choice(("", None)), description=None)


def _unknown_values(rng: Random, call: Call) -> Call:
    extra = {
        "meeting_platform": rng.choice(("zoom_rtms_v9", "holo_room", "slack_huddle_observer")),
        "visibility": "team_only",
        "consent": {"state": "pending", "by": None},
        "labels": ["x"],
    }
    guests = (replace(call.guests[0], status="proposed_new_time"), *call.guests[1:])
    return replace(call, extra=extra, guests=guests)


def _private(rng: Random, call: Call) -> Call:
    hidden = tuple(g for g in call.guests if g.platform)
    extra: dict[str, list[str]] = {"attendees": [], "attendee_emails": []}
    return replace(call, title="busy", external=None, visibility="private", guests=hidden, extra=extra)


def _hidden_guests(rng: Random, call: Call) -> Call:
    unknown = {"is_external": None, "is_hosted_by_me": None, "is_recurring": None} if rng.random() < 0.3 else {}
    return replace(call, external=None, extra=unknown)


def _guests_without_names(rng: Random, call: Call) -> Call:
    room = Guest("c_1889abc@resource.calendar.google.com", "", "accepted")
    return replace(call, guests=(*(replace(g, name=None) for g in call.guests), room))


def _crowd(rng: Random, call: Call) -> Call:
    crowd = (Guest(f"guest{n}@summit.example", f"Guest {n}", "not_available") for n in range(rng.randint(120, 250)))
    return replace(call, title="All hands with guests", guests=(*call.guests, *crowd), external=True)


def _zero_length(rng: Random, call: Call) -> Call:
    return replace(call, end=call.start, title="Reminder")


def _two_links(rng: Random, call: Call) -> Call:
    return replace(call, link=replace(call.link, kind="two_links")) if call.link else call


def _offset_times(rng: Random, call: Call) -> Call:
    zone = timezone(timedelta(hours=rng.choice((-5, 2, 9)), minutes=rng.choice((0, 30))))
    if call.start is None or call.end is None:
        return call
    return replace(call, start=call.start.astimezone(zone).replace(microsecond=250), end=call.end.astimezone(zone))


def _with(**values: Any) -> Callable[[Random, Call], Call]:
    return lambda rng, call: replace(call, **values)


_FIELDS_OF_LATER_VERSIONS = ("description", "goto_meeting_invite", "platform_id", "visibility", "webex_invite")
_SHARE = 0.06
_OWN_MIDNIGHT_SHARE = 0.5
_UNKNOWN_PLATFORM_SHARE = 0.3
_EDGE_CASES: WeightedChoice[Callable[[Random, Call], Call]] = WeightedChoice(
    (
        (_hold, 20),
        (_whole_day_without_times, 6),
        (_whole_day_at_midnight, 10),
        (_non_latin_title, 14),
        (_hostile_title, 9),
        (_no_title, 3),
        (_unknown_values, 3),
        (_private, 10),
        (_hidden_guests, 6),
        (_guests_without_names, 10),
        (_crowd, 1),
        (_zero_length, 1),
        (_two_links, 6),
        (_offset_times, 4),
        (_with(omit=_FIELDS_OF_LATER_VERSIONS), 3),
        (_with(organizer_email=None), 2),
        (_with(never_booked=True), 12),
    )
)

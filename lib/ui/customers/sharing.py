"""A text for the customer: its figures, as of when, and what it can put right. Pure.

It holds no title, no address, no code, and no other customer's name; and no cause that is only inferred.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lib.coverage.numbers import Numbers
from lib.recording.reason import Basis
from lib.recording.time_part import TimePart
from lib.ui.customers.standing import AHEAD_DAYS, PERIOD_DAYS, Calendars
from lib.ui.customers.switched_off import SwitchedOff
from lib.ui.words.formats import count, day_and_time, day_range, fraction, one_line, percent, plural, zone_city

FIXES = {
    "calendar_disconnected": "Connect the calendar again.",
    "bad_link_or_password": "Put the full, current link into the event, passcode included.",
    "sign_in_or_registration_required": "Let guests join without signing in or registering.",
    "meeting_locked_full_or_restricted": "Open the call for the notetaker: it was locked, full or closed to guests.",
    "waiting_room_not_admitted": "Admit the notetaker from the waiting room, or switch the waiting room off for it.",
    "rejected_or_removed": "If this was unintended: admit the notetaker, and keep it in the call.",
    "recording_permission_denied": "Allow recording when the notetaker asks, or allow local recording for good.",
    "ended_before_recording": "Allow recording as soon as the notetaker is in the call.",
    "no_meeting_link": "Add a Zoom, Meet or Teams link to the event.",
    "not_accepted": "Accept the invitation: only accepted meetings are recorded.",
}
"""What the customer's people can do, by reason."""
MOST_OF_TODAY = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """What the text is made from."""

    customer: str | None
    """Text from outside; None: it has no name, so the text names none."""
    as_of: datetime
    first: date
    last: date
    numbers: Numbers
    calendars: Calendars
    at_risk: int
    today: tuple[SwitchedOff, ...] = ()
    """What is switched off today and would explain meetings that nobody watched."""


def text_for_customer(told: Summary, zone: ZoneInfo) -> str:
    """Plain text, ready for an email. Times are in `zone`."""
    name = one_line(told.customer, 100)
    ended = told.numbers.ended
    rate = ended.coverage
    lines = [
        f"Recording of your meetings{f': {name}' if name else ''}",
        f"{PERIOD_DAYS} days, {day_range(told.first, told.last)}. "
        f"As of {day_and_time(told.as_of, zone)} ({zone_city(zone)}).",
        "",
        f"Recorded: {fraction(rate.numerator, rate.denominator)} meetings ({percent(rate.value)}).",
        f"Not recorded: {count(ended.missed)}.",
        *(f"- {each.sentence}" for each in told.today[:MOST_OF_TODAY]),
        _calendars(told.calendars),
        f"At risk: {plural(told.at_risk, 'external meeting')} of the next {AHEAD_DAYS} days without a notetaker.",
        *_fixes(told),
        "",
        "Meetings without a notetaker count as held, although nobody knows whether each took place.",
    ]
    return "\n".join(lines)


def _calendars(calendars: Calendars) -> str:
    if not calendars.lost:
        return f"Calendars: all {count(calendars.known)} are connected."
    lost = "1 has" if calendars.lost == 1 else f"{count(calendars.lost)} have"
    return f"Calendars: {lost} lost the connection, of {count(calendars.known)}; their meetings cannot be seen."


def _fixes(told: Summary) -> list[str]:
    causes = [each for each in told.numbers.reasons_of(TimePart.ENDED) if each.basis is Basis.OBSERVED]
    reasons = [each for each in causes if each.reason.key in FIXES]
    lines = [f"- {FIXES[each.reason.key]} ({plural(each.meetings, 'meeting')})" for each in reasons]
    if told.calendars.lost and all(each.reason.key != "calendar_disconnected" for each in reasons):
        lines.insert(0, f"- {FIXES['calendar_disconnected']} ({plural(told.calendars.lost, 'calendar')})")
    return ["", "What you can do:", *lines] if lines else []

"""A text to send to a customer: its figures, their time, and what it can fix. Pure.

It holds no title, address, code or other customer's name, and no cause that is only inferred.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lib.coverage.numbers import Numbers
from lib.queries.customer_summary import AHEAD_DAYS, PERIOD_DAYS, CalendarCounts
from lib.queries.switched_off_rules import SwitchedOffRule
from lib.recording.reason import Basis
from lib.recording.time_part import TimePart
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
SWITCHED_OFF = {
    "no_rules_enabled": "No recording rule is switched on",
    "internal_not_enabled": "Internal meetings are switched off",
    "external_not_enabled": "External meetings are switched off",
    "host_excluded_by_non_host_rule": "Meetings that the user hosts are not recorded",
    "not_recurring_rule": "Only recurring meetings are recorded",
    "not_accepted": "Only accepted meetings are recorded",
    "not_host_and_only_host": "Only meetings that the user hosts are recorded",
}
"""What is so today, by the reason that it gives."""
MOST_RULES = 3


@dataclass(frozen=True, slots=True)
class CustomerReport:
    """The facts in the text."""

    customer: str | None
    """Text from outside; None: users without a customer."""
    as_of: datetime
    first: date
    last: date
    numbers: Numbers
    calendars: CalendarCounts
    at_risk: int
    switched_off: tuple[SwitchedOffRule, ...] = ()


def report_text(report: CustomerReport, zone: ZoneInfo) -> str:
    """Plain text, ready for an email. Times are in `zone`."""
    name = one_line(report.customer, 100)
    ended = report.numbers.ended
    rate = ended.coverage
    lines = [
        f"Recording of your meetings{f': {name}' if name else ''}",
        f"{PERIOD_DAYS} days, {day_range(report.first, report.last)}. "
        f"As of {day_and_time(report.as_of, zone)} ({zone_city(zone)}).",
        "",
        f"Recorded: {fraction(rate.numerator, rate.denominator)} meetings ({percent(rate.value)}).",
        f"Not recorded: {count(ended.missed)}.",
        *(f"- {switched_off_sentence(each)}" for each in report.switched_off[:MOST_RULES]),
        _calendars(report.calendars),
        f"At risk: {plural(report.at_risk, 'external meeting')} of the next {AHEAD_DAYS} days without a notetaker.",
        *_fixes(report),
        "",
        "Meetings without a notetaker count as held, although nobody knows whether each took place.",
    ]
    return "\n".join(lines)


def switched_off_sentence(rule: SwitchedOffRule) -> str:
    """ "Internal meetings are switched off today for 12 of your 16 users, which would explain 38 of them." """
    users = "your only user" if rule.of == 1 else f"{count(rule.users)} of your {count(rule.of)} users"
    return f"{SWITCHED_OFF[rule.reason]} today for {users}, which would explain {count(rule.meetings)} of them."


def _calendars(calendars: CalendarCounts) -> str:
    if not calendars.lost:
        return f"Calendars: all {count(calendars.known)} are connected."
    lost = "1 has" if calendars.lost == 1 else f"{count(calendars.lost)} have"
    return f"Calendars: {lost} lost the connection, of {count(calendars.known)}; their meetings cannot be seen."


def _fixes(report: CustomerReport) -> list[str]:
    causes = [each for each in report.numbers.reasons_of(TimePart.ENDED) if each.basis is Basis.OBSERVED]
    reasons = [each for each in causes if each.reason.key in FIXES]
    lines = [f"- {FIXES[each.reason.key]} ({plural(each.meetings, 'meeting')})" for each in reasons]
    if report.calendars.lost and all(each.reason.key != "calendar_disconnected" for each in reasons):
        lines.insert(0, f"- {FIXES['calendar_disconnected']} ({plural(report.calendars.lost, 'calendar')})")
    return ["", "What you can do:", *lines] if lines else []

"""Input of the control route, checked and turned into users, facts and faults. Wrong input raises the 400 refusal."""

from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .. import clock, validation
from ..entries import CHANGEABLE
from ..errors import Refusal, not_understood
from ..faults import Fault
from ..lifecycle import Shape
from ..world.links import KINDS
from ..world.users import BOT_NAME, Connection, Preferences

Sent = dict[str, Any]
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_TIMES = ("start_time", "end_time")
_WHOLE_DAY = ("null_times", "midnight", "local_midnights")
_PARTNER = "partner.example"
_MEETING_FIELDS = CHANGEABLE | {
    *("user", "users", "calendar_platform", "override"),
    *("start_in_seconds", "end_in_seconds", "length_minutes", "whole_day", "zone", "days"),
}
_LONE_BOT_FIELDS = {"join_at", "join_in_seconds", "shape", "sub_code", "platform", "bot_name", "length_minutes"}
_DRAG_FIELDS = {"meeting", "start_time", "start_in_seconds", "length_minutes", "keep_bot", "alone"}
_MEETING_DEFAULTS = {
    "title": "Weekly sync",
    "description": "",
    "link": "google_meet",
    "is_external": False,
    "is_hosted_by_me": False,
    "is_recurring": False,
    "visibility": "default",
}


def connection(sent: Any) -> Connection:
    """A calendar connection."""
    try:
        return Connection(sent["platform"], sent.get("connected", True), sent.get("email"))
    except (KeyError, AttributeError) as error:
        raise not_understood("A connection is an object with platform, email and connected.") from error


def preferences(sent: Any, current: Preferences) -> Preferences:
    """The current preferences with those that were sent."""
    try:
        return validation.preferences(sent, current)
    except Refusal as refusal:
        raise not_understood(f"These are no preferences: {refusal.body['preferences']}.") from refusal


def raw_fields(sent: Sent) -> Sent:
    """The `extra` and `omit` for a user's or a bot's answers."""
    if sent.keys() - {"extra", "omit"}:
        raise not_understood("Only extra and omit can be changed here.")
    if not isinstance(sent.get("extra", {}), dict) or not isinstance(sent.get("omit", []), list):
        raise not_understood("extra is an object, omit a list of names.")
    return sent


def new_meeting(sent: Sent, email: str, now: datetime) -> Sent:
    """The facts of a meeting to add: those that were sent, defaults, and guests that agree with both."""
    start = {} if "start_time" in sent else {"start_in_seconds": 3600}
    own = (a.get("status") for a in sent.get("attendees", ()) if a.get("email") == email)
    facts = _MEETING_DEFAULTS | start | {"my_status": next(own, "accepted")} | sent
    return _guests(facts, email) | changed_facts(facts, now)


def changed_facts(sent: Sent, now: datetime) -> Sent:
    """The facts of a meeting that were sent, with times as ISO 8601 text."""
    _refuse_unknown(sent, _MEETING_FIELDS, "Not a fact of a meeting", " Other fields go into extra.")
    if sent.get("link") is not None and sent["link"] not in KINDS:
        raise not_understood(f"link is null or one of {', '.join(KINDS)}.")
    return {name: sent[name] for name in CHANGEABLE & sent.keys()} | _times(sent, now)


def _times(sent: Sent, now: datetime) -> Sent:
    found: Sent = {n: None if sent[n] is None else instant(sent[n]).isoformat() for n in _TIMES if n in sent}
    for name in ("start", "end"):
        if f"{name}_in_seconds" in sent:
            found[f"{name}_time"] = (now + timedelta(seconds=sent[f"{name}_in_seconds"])).isoformat()
    start = found.get("start_time")
    if start and "end_time" not in found:
        length = timedelta(minutes=sent.get("length_minutes", 30))
        found["end_time"] = (datetime.fromisoformat(start) + length).isoformat()
    return found | _whole_day(sent, start, now)


def _whole_day(sent: Sent, start: str | None, now: datetime) -> Sent:
    kind = sent.get("whole_day")
    if kind is None:
        return {}
    if kind not in _WHOLE_DAY:
        raise not_understood(f"whole_day is one of {', '.join(_WHOLE_DAY)}.")
    if kind == "null_times":
        return dict.fromkeys(_TIMES)
    zone, days = _zone(sent.get("zone", "Europe/Berlin") if kind == "local_midnights" else "UTC"), sent.get("days", 1)
    if isinstance(days, bool) or not isinstance(days, int) or days < 1:
        raise not_understood("days is a whole number of one or more.")
    first = (datetime.fromisoformat(start) if start else now).astimezone(zone).date()
    midnights = (datetime.combine(day, time(), zone) for day in (first, first + timedelta(days=days)))
    return dict(zip(_TIMES, (midnight.astimezone(UTC).isoformat() for midnight in midnights), strict=True))


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError) as error:
        raise not_understood("zone is a name such as Europe/Berlin.") from error


def _guests(facts: Sent, email: str) -> Sent:
    """An organiser and guests that agree with the other facts."""
    own = {"email": email, "name": None, "status": facts["my_status"]}
    domain = _PARTNER if facts["is_external"] else email.split("@")[-1]
    other = {"email": f"lee.park@{domain}", "name": "Lee Park", "status": "accepted"}
    return {"organizer_email": email if facts["is_hosted_by_me"] else other["email"], "attendees": [other, own]}


def instant(text: Any) -> datetime:
    """An ISO 8601 time, UTC if it has no offset."""
    try:
        return clock.instant(text)
    except (TypeError, ValueError) as error:
        raise not_understood("Times are ISO 8601 texts.") from error


def instant_or_seconds_ahead(sent: Sent, time_field: str, seconds_field: str, now: datetime) -> datetime:
    """The time of one field, or the number of seconds from now of the other."""
    if seconds_field not in sent:
        return instant(sent.get(time_field))
    return now + timedelta(seconds=_number(sent, seconds_field))


def check_override(sent: Sent) -> None:
    """Refuse an override that is neither true, false nor null."""
    if sent.get("override") not in (None, True, False):
        raise not_understood("override is true, false or null.")


def check_drag(sent: Sent) -> None:
    """Refuse unknown fields of a drag and values of the wrong type."""
    _refuse_unknown(sent, _DRAG_FIELDS, "Nothing of a drag")
    for name in ("keep_bot", "alone"):
        if not isinstance(sent.get(name, False), bool):
            raise not_understood(f"{name} is true or false.")
    _number(sent, "length_minutes")


def outcome(sent: Sent) -> Sent:
    """An outcome of a bot: its `sub_code`, its `shape`, or both."""
    shape, shapes = sent.get("shape"), [s.value for s in Shape]
    if shape is not None and shape not in shapes:
        raise not_understood(f"shape is one of {', '.join(shapes)}.")
    return {"sub_code": sent.get("sub_code"), "shape": shape}


def lone_bot(sent: Sent, join_at: datetime) -> Sent:
    """The facts of a bot without an entry; its `platform` is a kind of link."""
    _refuse_unknown(sent, _LONE_BOT_FIELDS, "Nothing of a bot")
    link, name = sent.get("platform", "google_meet"), sent.get("bot_name", BOT_NAME)
    if link not in KINDS:
        raise not_understood(f"platform is one of {', '.join(KINDS)}.")
    if not isinstance(name, str):
        raise not_understood("bot_name is a text.")
    minutes = _number(sent, "length_minutes", 30)
    return {"join_at": join_at.isoformat(), "length_minutes": minutes, "link": link, "bot_name": name}


def fault(sent: Sent, now: datetime) -> Fault:
    """A fault. `retry_after` is the header as text or number; `retry_after_date_in` makes it a date, seconds ahead."""
    fields = dict(sent)
    if "retry_after_date_in" in fields:
        ahead = timedelta(seconds=fields.pop("retry_after_date_in"))
        fields["retry_after"] = format_datetime(now + ahead, usegmt=True)
    if fields.get("retry_after") is not None:
        fields["retry_after"] = str(fields["retry_after"])
    try:
        return Fault(**fields)
    except TypeError as error:
        raise not_understood(f"Not a fault: {error}") from error


def _refuse_unknown(sent: Sent, known: AbstractSet[str], complaint: str, hint: str = "") -> None:
    if unknown := sent.keys() - known:
        raise not_understood(f"{complaint}: {', '.join(sorted(unknown))}.{hint}")


def _number(sent: Sent, name: str, default: float = 0) -> float:
    number: Any = sent.get(name, default)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise not_understood(f"{name} is a number.")
    return number

"""What a test asks for at the control route, turned into users, facts and faults the sandbox can keep."""

from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from . import reading
from .entries import CHANGEABLE
from .errors import Refusal, not_understood
from .faults import Fault
from .outcomes import Shape
from .world.links import KINDS
from .world.users import BOT_NAME, Connection, Preferences

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_TIMES = ("start_time", "end_time")
_WHOLE_DAY = ("null_times", "midnight", "local_midnights")
_PARTNER = "partner.example"
_OF_WHOM = {"user", "users", "calendar_platform", "override"}
_OF_LONE_BOTS = {"join_at", "join_in_seconds", "shape", "sub_code", "platform", "bot_name", "length_minutes"}
_SHORTHANDS = {"start_in_seconds", "end_in_seconds", "length_minutes", "whole_day", "zone", "days"}


def connection(sent: dict[str, Any]) -> Connection:
    """A calendar that was there from the beginning."""
    try:
        return Connection(sent["platform"], sent.get("connected", True), sent.get("email"))
    except (KeyError, AttributeError) as error:
        raise not_understood("A connection is an object with platform, email and connected.") from error


def wishes(sent: Any, current: Preferences) -> Preferences:
    """The current preferences with those that were sent put over them."""
    try:
        return reading.preferences(sent, current)
    except Refusal as refusal:
        raise not_understood(f"These are no preferences: {refusal.body['preferences']}.") from refusal


def new_meeting(sent: dict[str, Any], email: str, now: datetime) -> dict[str, Any]:
    """The facts of a meeting to add: plain defaults, guests that fit, then what was asked for."""
    defaults = {
        "title": "Weekly sync",
        "description": "",
        "link": "google_meet",
        "is_external": False,
        "is_hosted_by_me": False,
        "is_recurring": False,
        "visibility": "default",
        "start_in_seconds": 3600,
    }
    if "start_time" in sent:
        del defaults["start_in_seconds"]
    mine = (a.get("status") for a in sent.get("attendees", ()) if a.get("email") == email)
    facts = defaults | {"my_status": next(mine, "accepted")} | sent
    return _guests(facts, email) | changed_facts(facts, now)


def changed_facts(sent: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The facts that were named, checked, with times as ISO text. Raises the 400 refusal for a word not known."""
    unknown = sent.keys() - CHANGEABLE - _OF_WHOM - _SHORTHANDS
    if unknown:
        raise not_understood(f"Not a fact of a meeting: {', '.join(sorted(unknown))}. Other fields go into extra.")
    if sent.get("link") is not None and sent["link"] not in KINDS:
        raise not_understood(f"link is null or one of {', '.join(KINDS)}.")
    return {name: sent[name] for name in CHANGEABLE & sent.keys()} | _times_of(sent, now)


def _times_of(sent: dict[str, Any], now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {n: _iso(sent[n]) for n in _TIMES if n in sent}
    for name in ("start", "end"):
        if f"{name}_in_seconds" in sent:
            found[f"{name}_time"] = (now + timedelta(seconds=sent[f"{name}_in_seconds"])).isoformat()
    start = found.get("start_time")
    if start and "end_time" not in found:
        length = timedelta(minutes=sent.get("length_minutes", 30))
        found["end_time"] = (datetime.fromisoformat(start) + length).isoformat()
    return found | _whole_day(sent, start, now)


def _whole_day(sent: dict[str, Any], start: str | None, now: datetime) -> dict[str, Any]:
    kind = sent.get("whole_day")
    if kind is None:
        return {}
    if kind not in _WHOLE_DAY:
        raise not_understood(f"whole_day is one of {', '.join(_WHOLE_DAY)}.")
    if kind == "null_times":
        return {"start_time": None, "end_time": None}
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


def instant(text: Any) -> datetime:
    """A time that a test wrote; one without an offset is UTC."""
    try:
        sent = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise not_understood("Times are ISO 8601 texts.") from error
    return sent if sent.tzinfo else sent.replace(tzinfo=UTC)


def check_override(sent: dict[str, Any]) -> None:
    """Raise the 400 refusal unless the override, if there is one, is true, false or null."""
    if sent.get("override") not in (None, True, False):
        raise not_understood("override is true, false or null.")


def _iso(text: str | None) -> str | None:
    return None if text is None else instant(text).isoformat()


def _guests(facts: dict[str, Any], email: str) -> dict[str, Any]:
    """An organiser and guests that agree with the facts asked for."""
    me = {"email": email, "name": None, "status": facts["my_status"]}
    domain = _PARTNER if facts["is_external"] else email.split("@")[-1]
    other = {"email": f"lee.park@{domain}", "name": "Lee Park", "status": "accepted"}
    return {"organizer_email": email if facts["is_hosted_by_me"] else other["email"], "attendees": [other, me]}


def outcome(sent: dict[str, Any]) -> dict[str, Any]:
    """A bot's end that a test wants: a `sub_code`, a `shape`, or both."""
    shape, shapes = sent.get("shape"), [s.value for s in Shape]
    if shape is not None and shape not in shapes:
        raise not_understood(f"shape is one of {', '.join(shapes)}.")
    return {"sub_code": sent.get("sub_code"), "shape": shape}


def lone_bot(sent: dict[str, Any], join_at: datetime) -> dict[str, Any]:
    """What is kept of a bot without an entry; `platform` is a kind of link."""
    unknown = sent.keys() - _OF_LONE_BOTS
    if unknown:
        raise not_understood(f"Nothing of a bot: {', '.join(sorted(unknown))}.")
    link, name = sent.get("platform", "google_meet"), sent.get("bot_name", BOT_NAME)
    if link not in KINDS:
        raise not_understood(f"platform is one of {', '.join(KINDS)}.")
    if not isinstance(name, str):
        raise not_understood("bot_name is a text.")
    check_minutes(sent)
    length = sent.get("length_minutes", 30)
    return {"join_at": join_at.isoformat(), "length_minutes": length, "link": link, "bot_name": name}


def check_minutes(sent: dict[str, Any]) -> None:
    """Raise the 400 refusal unless `length_minutes`, if it is there, is a number."""
    minutes = sent.get("length_minutes", 0)
    if isinstance(minutes, bool) or not isinstance(minutes, int | float):
        raise not_understood("length_minutes is a number.")


def fault(sent: dict[str, Any], now: datetime) -> Fault:
    """A fault. `retry_after` is the header as text or a number; `retry_after_date_in` an HTTP date, seconds ahead."""
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

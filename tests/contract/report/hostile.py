"""A world in which everything that can be odd is: added to a sandbox by its control route."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeAlias

from tests.contract.report import section_17
from tests.running import Sandbox

Json: TypeAlias = dict[str, Any]

ALL = {"record_external": True, "record_internal": True}
HOUR = 3600
NO_SUCH_BOT = "b0b0b0b0-0000-4000-8000-00000000000"

ENDS: tuple[Json, ...] = (
    {"shape": "recorded"},
    {"shape": "partial", "sub_code": "bot_kicked_from_call"},
    {"shape": "crashed", "sub_code": "bot_errored"},
    {"shape": "empty"},
    {"shape": "not_admitted", "sub_code": "timeout_exceeded_waiting_room"},
    {"shape": "not_admitted", "sub_code": "bot_kicked_from_waiting_room"},
    {"shape": "permission_denied", "sub_code": "zoom_host_not_present"},
    {"shape": "not_recording", "sub_code": "timeout_exceeded_noone_joined"},
    {"shape": "not_recording", "sub_code": "timeout_exceeded_only_bots_in_call"},
    {"shape": "not_recording", "sub_code": "call_ended_by_host"},
    {"shape": "not_recording", "sub_code": "bot_received_leave_call"},
    {"shape": "fatal", "sub_code": "meeting_ended"},
    {"shape": "fatal", "sub_code": "meeting_not_found"},
    {"shape": "fatal", "sub_code": "zoom_sdk_credentials_missing"},
    {"shape": "fatal", "sub_code": "zoom_thing_nobody_knows"},
    {"shape": "fatal", "sub_code": "=HYPERLINK(1)"},
    {"shape": "fatal", "sub_code": "MEETING_ENDED"},
    {"shape": "fatal", "sub_code": None},
)


def make_hostile(sandbox: Sandbox, now: datetime) -> dict[str, str]:
    """Add users of two customers, of none and without an id, and one of every oddity for them; answers their ids."""
    people = {
        "anna": _user(sandbox, "anna@acme.example"),
        "bert": _user(sandbox, "Bert@ACME.example"),
        "zoe": _user(sandbox, "zoe@globex.example"),
        "gmail": _user(sandbox, "one@gmail.com"),
        "other": _user(sandbox, "two@gmail.com"),
        "idle": _user(sandbox, "idle@acme.example", {}),
        "picky": _user(sandbox, "picky@acme.example", {"record_external": True, "record_confirmed": True}),
        "mixed": _two_calendars(sandbox),
    }
    sandbox.add_user(None, email="nameless@acme.example", preferences=ALL)
    sandbox.add_user("nowhere", connections=[])
    sandbox.add_user("lost", connections=[{"platform": "google", "email": "lost@acme.example", "connected": False}])
    meetings = [*_odd(people, now), *_shared(people), *_at_midnights(people, now), *section_17.everything(people)]
    sandbox.control("POST", "meetings/", meetings)
    for number, end in enumerate(ENDS):
        _with_end(sandbox, people, number, end)
    _still_waiting_after_the_end(sandbox, people["zoe"])
    _with_bodies(sandbox, people["zoe"])
    return people


def _user(sandbox: Sandbox, email: str, preferences: Json | None = None) -> str:
    wanted = ALL if preferences is None else preferences
    return str(sandbox.add_user(email.partition("@")[0] + email[-3:], email=email, preferences=wanted)["id"])


def _two_calendars(sandbox: Sandbox) -> str:
    both = [{"platform": "microsoft", "email": "mix@acme.example"}, {"platform": "google", "email": "mix@gmail.com"}]
    return str(sandbox.add_user("mixed", connections=both, preferences=ALL)["id"])


def _odd(people: dict[str, str], now: datetime) -> Iterator[Json]:
    """Every oddity ahead, and the same in the past."""
    anna, bert, idle, picky = (people[name] for name in ("anna", "bert", "idle", "picky"))
    bots = (f"{NO_SUCH_BOT}{number:x}" for number in count())
    for days in (2, -2):
        at = {"start_in_seconds": days * 24 * HOUR + 1}
        moment = now + timedelta(days=days, hours=3)
        yield {"user": anna, **at, "link": None}
        yield {"user": anna, **at, "link": None, "override": True}
        yield {"user": anna, **at, "whole_day": "null_times"}
        yield {"user": anna, "start_time": moment.isoformat(), "whole_day": "midnight"}
        yield {"user": anna, **at, "extra": {"start_time": None}}
        yield {"user": anna, **at, "extra": {"start_time": "", "ical_uid": None}}
        yield {"user": anna, **at, "extra": {"end_time": None}}
        yield {"user": anna, **at, "omit": ["end_time", "ical_uid"]}
        yield {"user": anna, **at, "override": False}
        yield {"user": idle, **at, "override": True}
        yield {"user": idle, **at}
        yield {"user": picky, **at, "is_external": True, "my_status": "declined"}
        yield {"user": picky, **at, "is_external": True, "my_status": "accepted"}
        yield {"user": picky, **at, "is_external": False}
        yield {"user": picky, **at, "extra": {"is_external": None}}
        yield {"user": anna, **at, "never_booked": True}
        yield {"user": anna, **at, "extra": {"bot_id": next(bots)}}
        yield {"user": anna, **at, "extra": {"bot_id": next(bots), "will_record": False}}
        yield {"user": anna, **at, "extra": {"will_record": False}}
        yield {"user": anna, **at, "extra": {"meeting_platform": "holo_room", "meet_invite": None}}
        yield {"user": anna, **at, "extra": {"meeting_platform": None}}
        yield {"user": anna, **at, "extra": {"meeting_platform": "", "meet_invite": {"meeting_id": None}}}
        yield {"user": anna, **at, "extra": {"meeting_platform": None, "meet_invite": {}}}
        yield {"user": anna, **at, "length_minutes": 0}
        yield {"user": anna, **at, "length_minutes": 60 * 30}
        yield {"user": bert, **at, "extra": {"start_time": f"{moment:%Y-%m-%dT%H:%M:%S.123456}+05:30"}}
        yield {"user": bert, **at, "ical_uid": ""}
        yield {"user": bert, **at, "ical_uid": ""}


def _shared(people: dict[str, str]) -> Iterator[Json]:
    """One call in several calendars: of one customer, of two, of users without one, on two calendar platforms."""
    everyone = [people[name] for name in ("anna", "bert", "zoe", "gmail", "other", "idle", "picky", "mixed")]
    for hours in (-50, -26, -0.2, 0.5, 30):
        at = {"start_in_seconds": hours * HOUR}
        yield {"users": everyone, **at, "ical_uid": f"all-{hours}"}
        yield {"users": [people["gmail"], people["other"]], **at, "ical_uid": f"none-{hours}"}
        yield {"users": everyone[:3], **at, "ical_uid": f"all-but-one-{hours}", "never_booked": True}
        yield {"user": people["mixed"], **at, "ical_uid": f"two-{hours}", "calendar_platform": "google"}
        yield {"user": people["mixed"], **at, "ical_uid": f"two-{hours}", "calendar_platform": "microsoft"}
        yield {"user": people["anna"], **at, "ical_uid": f"no-link-for-one-{hours}", "link": None}
        yield {"user": people["idle"], **at, "ical_uid": f"no-link-for-one-{hours}"}
        yield {"user": people["anna"], **at, "ical_uid": f"longer-for-one-{hours}", "length_minutes": 5}
        yield {"user": people["bert"], **at, "ical_uid": f"longer-for-one-{hours}", "length_minutes": 90}


def _at_midnights(people: dict[str, str], now: datetime) -> Iterator[Json]:
    """Starts at and just before the midnights of UTC and Berlin."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for days in (-7, -1, 1, 7):
        for before in (timedelta(0), timedelta(microseconds=1), timedelta(hours=1), timedelta(hours=2)):
            yield {"user": people["zoe"], "start_time": (today + timedelta(days=days) - before).isoformat()}


def _with_end(sandbox: Sandbox, people: dict[str, str], number: int, end: Json) -> None:
    """Three meetings whose bots end like this: one long ago, one of two users, one that goes on."""
    start = -(number + 3) * 24 * HOUR
    alone = sandbox.add_meeting(people["anna"], start_in_seconds=start, link="zoom")
    uid = f"ends-{number}"
    pair = {"users": [people["bert"], people["idle"]], "start_in_seconds": start, "ical_uid": uid}
    shared = sandbox.control("POST", "meetings/", pair)
    other = {"user": people["mixed"], "start_in_seconds": start, "ical_uid": uid, "calendar_platform": "microsoft"}
    second = sandbox.control("POST", "meetings/", other)
    running = sandbox.add_meeting(people["zoe"], start_in_seconds=-600 - number, length_minutes=60)
    for meeting, wanted in (
        (alone, end),
        (shared[0], end),
        (second, ENDS[(number * 7 + 5) % len(ENDS)]),
        (running, end),
    ):
        sandbox.control("POST", "outcomes/", {"meeting": meeting["id"], **wanted})


def _still_waiting_after_the_end(sandbox: Sandbox, user: str) -> None:
    """The meeting is over, and its bot waits on before the door."""
    meeting = sandbox.add_meeting(user, start_in_seconds=-400, length_minutes=3, link="zoom")
    sandbox.control("POST", "outcomes/", {"meeting": meeting["id"], "shape": "not_admitted"})


def _with_bodies(sandbox: Sandbox, user: str) -> None:
    """Meetings that are over, and their bots' bodies of every shape."""
    for number, extra in enumerate(section_17.BODIES):
        meeting = sandbox.add_meeting(user, start_in_seconds=-(number + 1) * 5 * HOUR)
        sandbox.control("PATCH", f"bots/{meeting['bot_id']}/", {"extra": extra})

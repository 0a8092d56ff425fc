"""Meetings of every shape that section 17 of the contract tells of, for a sandbox's control route."""

from collections.abc import Iterator
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

HOUR = 3600
HUDDLE: Json = {"meet_invite": None, "huddle_invite": {"meeting_id": "x"}}
MICROSOFT = "040000008200E00074C5B7101A82E008"

JOINED: Json = {"code": "joining_call", "created_at": "2026-11-01T09:58:00Z", "sub_code": None}
DONE: Json = {"code": "done", "created_at": "2026-11-01T11:00:00Z", "sub_code": None}

ODD_PARTS: tuple[Json, ...] = (
    {"attendees": ["guest@x.example"]},
    {"attendees": "guest@x.example"},
    {"attendees": [None]},
    {"attendees": [{"email": 5, "name": "A"}]},
    {"attendees": [{"email": "a@b.example", "is_organizer": "yes"}]},
    {"attendee_emails": "guest@x.example", "attendees": None},
    {"attendee_emails": [7]},
    {"meet_invite": "https://meet.example/abc", "meeting_platform": None},
    {"zoom_invite": ["x"]},
    {"title": 42},
    {"title": {"text": "Weekly"}},
    {"is_external": "no"},
    {"is_hosted_by_me": 1},
    {"is_recurring": "yes"},
    {"end_time": "soon"},
    {"bot_id": 7},
    {"meeting_platform": 9, "meet_invite": None},
    {"ical_uid": 12},
    {"override_should_record": "false"},
    {"will_record": None},
    {"will_record_reason": {"code": 1}},
)
"""Rows that stay without what is odd of them."""

UNREADABLE: tuple[Json, ...] = (
    {"id": None},
    {"id": ""},
    {"id": 5},
    {"start_time": "tomorrow"},
    {"start_time": 12345},
    {"start_time": True},
    {"will_record": "true"},
    {"will_record": 1},
    {"id": None, "ical_uid": "a uid alone", "start_time": "tomorrow"},
    {"id": None, "ical_uid": None},
    {"id": None, "ical_uid": None, "start_time": "tomorrow"},
    {"id": 5, "ical_uid": 5, "start_time": None},
)
"""Rows that cannot be read; the last two do not say which they are."""

_RECORDED: tuple[Json, ...] = (
    {"recordings": [{"id": "r-1", "started_at": None, "status": {"code": "done"}}]},
    {"recordings": [{"started_at": "2026-11-01T10:00:00Z"}], "status_changes": [JOINED, DONE]},
    {"recordings": [{"id": 5, "started_at": "2026-11-01T10:00:00Z"}], "status_changes": [JOINED, DONE]},
    {"recordings": [{"id": "r-2", "started_at": "soon"}], "status_changes": [JOINED, DONE]},
    {"recordings": [None, {"id": "r-3", "started_at": "2026-11-01T10:00:00Z"}], "status_changes": [JOINED, DONE]},
    {"recordings": None, "recording": "r-4", "video_url": "https://x.example", "status_changes": [JOINED, DONE]},
    {"recordings": None, "recording": "r-5", "video_url": None, "status_changes": [JOINED, DONE]},
    {"recordings": None, "status_changes": [JOINED, DONE | {"recording_id": "r-6"}]},
    {"recordings": [], "status_changes": [JOINED, {"code": "in_call_recording", "created_at": None}, DONE]},
    {"recordings": [], "status_changes": [JOINED, DONE | {"sub_code": "timeout_exceeded_noone_joined"}]},
    {"recordings": [], "status_changes": [JOINED, DONE | {"sub_code": ""}]},
    {
        "recordings": [],
        "status_changes": [JOINED, DONE, {"code": "media_expired", "created_at": "2026-11-02T10:00:00Z"}],
    },
    {"recordings": [], "status_changes": [JOINED, {"code": "participant_in_waiting_room", "created_at": None}]},
    {"recordings": [], "status_changes": [JOINED, {"code": "call_join_failed", "created_at": None}, DONE]},
    {"recordings": [], "status_changes": []},
    {"recordings": [], "status_changes": None},
    {"recordings": [], "status_changes": [JOINED, DONE], "meeting_url": "https://zoom.example/j/1"},
    {"recordings": [], "status_changes": [JOINED, DONE], "calendar_meetings": None, "bot_name": None},
)
BODIES = tuple({"recording": None, "video_url": None} | fields for fields in _RECORDED)
"""Fields of a bot that is over."""

HEALED: Json = {"extra": {}, "omit": []}


def odd_rows(user: str, other: str) -> Iterator[Json]:
    """One coming and one held meeting of every oddity; all that can be read alone are one user's."""
    for number, extra in enumerate(ODD_PARTS):
        for start in (-(number + 2) * 13 * HOUR, (number + 1) * 7 * HOUR):
            yield {"user": user, "start_in_seconds": start, "extra": extra}
    yield {"user": user, "start_in_seconds": 9 * HOUR, "omit": ["will_record"]}
    for number, extra in enumerate(UNREADABLE[:-2]):
        yield {"user": other, "start_in_seconds": (number + 1) * 11 * HOUR, "extra": extra}


def lengths(user: str) -> Iterator[Json]:
    """Of a day by other midnights than those of UTC, of several, and of just not a day; with a link and without."""
    for number, minutes in enumerate((1380, 1440, 1500, 2820, 2880, 2940, 10_080, 1379, 1501, 2160, 2819)):
        for days in (-(number + 3), number + 2):
            at = {"user": user, "start_in_seconds": days * 24 * HOUR + 600, "length_minutes": minutes}
            yield at
            yield at | {"override": False, "link": None if number % 2 else "zoom"}
            yield at | {"extra": {"will_record": days > 0}}


def local_midnights(user: str) -> Iterator[Json]:
    """All-day events of calendars in other zones."""
    for zone in ("Europe/Berlin", "America/New_York", "Asia/Kolkata"):
        for days in (-35, -20, -2, 3):
            whole = {"user": user, "whole_day": "local_midnights", "zone": zone}
            yield whole | {"start_in_seconds": days * 24 * HOUR, "days": 1 + abs(days) % 3}
            yield whole | {"start_in_seconds": days * 24 * HOUR, "extra": {"will_record": True}}


def platforms(user: str) -> Iterator[Json]:
    """Words for where a meeting is, some of which are none, with an invite and without."""
    invites: tuple[Json, ...] = ({"meet_invite": None}, {"meet_invite": {}}, HUDDLE, {})
    for number, word in enumerate(("unknown", None, "", "webex", "microsoft_teams_live", "holo_room")):
        for invite in invites:
            for start in (-(number + 2) * 17 * HOUR, (number + 2) * 17 * HOUR):
                at = {"user": user, "start_in_seconds": start, "extra": {"meeting_platform": word} | invite}
                yield at | {"override": False}
                yield at


def uids(users: list[str]) -> Iterator[Json]:
    """One call under several forms of its uid, and calls whose uids are only nearly the same."""
    same = (
        ("Call-{}@Example.COM", "call-{}@example.com"),
        (MICROSOFT + "07EA0B1C" + "{:040X}", MICROSOFT.lower() + "00000000" + "{:040x}"),
        (MICROSOFT + "07EA0B1C" + "{:040X}", MICROSOFT + "07EA0C02" + "{:040X}"),
        (MICROSOFT + "07EA0B1C" + "{:038X}@x", MICROSOFT + "00000000" + "{:038X}@x"),
        ("05" + MICROSOFT[2:] + "07EA0B1C" + "{:040X}", "05" + MICROSOFT[2:] + "00000000" + "{:040X}"),
        (MICROSOFT + "07EA0B1C", MICROSOFT + "00000000"),
        (MICROSOFT + "07EA", MICROSOFT + "0000"),
    )
    for number, forms in enumerate(same):
        for start in (-(number + 1) * 26 * HOUR, (number + 1) * 26 * HOUR):
            for user, form in zip(users, forms, strict=False):
                yield {"user": user, "start_in_seconds": start, "ical_uid": form.format(number + 1)}


def everything(people: dict[str, str]) -> Iterator[Json]:
    """All of it, for the users of these names."""
    yield from odd_rows(people["bert"], people["picky"])
    yield from lengths(people["anna"])
    yield from local_midnights(people["anna"])
    yield from platforms(people["anna"])
    yield from uids([people["anna"], people["bert"]])
    yield from uids([people["gmail"], people["other"]])

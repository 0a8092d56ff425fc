"""Whole bodies as Recall sends them, and anything at all that may stand in the place of a part of one."""

from typing import Any

from hypothesis import strategies as st

MEETING: dict[str, Any] = {
    "id": "a0000000-0000-4000-8000-000000000001",
    "override_should_record": None,
    "title": "Weekly sync",
    "description": "<p>the whole invitation</p>",
    "will_record": True,
    "will_record_reason": "a reason",
    "start_time": "2026-11-24T15:00:00Z",
    "end_time": "2026-11-24T15:30:00Z",
    "platform": "microsoft_outlook",
    "platform_id": "AAMk",
    "meeting_platform": "microsoft_teams",
    "calendar_platform": "microsoft",
    "zoom_invite": None,
    "teams_invite": {"organizer_id": None, "tenant_id": None, "meeting_id": "123"},
    "meet_invite": None,
    "webex_invite": None,
    "goto_meeting_invite": None,
    "bot_id": "b0000000-0000-4000-8000-000000000001",
    "is_external": True,
    "is_hosted_by_me": False,
    "is_recurring": True,
    "organizer_email": "lee@partner.example",
    "attendee_emails": ["lee@partner.example", "dana@acme.example"],
    "attendees": [
        {"name": "Lee", "email": "lee@partner.example", "is_organizer": True, "status": "accepted"},
        {"name": None, "email": "dana@acme.example", "is_organizer": False, "status": "tentative"},
    ],
    "ical_uid": "040000008200",
    "visibility": None,
}
USER: dict[str, Any] = {
    "id": "7c0e2b1e-5a3f-4f0a-9b6d-1f2a3c4d5e6f",
    "external_id": "acme-1042",
    "connections": [{"connected": True, "platform": "google", "email": "dana@acme.example", "id": "x"}],
    "preferences": {"id": "p", "record_external": True, "record_internal": True, "bot_name": "Notes"},
}
BOT: dict[str, Any] = {
    "id": "b0000000-0000-4000-8000-000000000001",
    "meeting_url": {"meeting_id": "abc", "platform": "google_meet"},
    "bot_name": "Notes",
    "join_at": "2026-11-24T14:58:00Z",
    "status_changes": [
        {"code": "in_call_recording", "message": None, "created_at": "2026-11-20T15:00:00Z", "sub_code": None},
        {"code": "joining_call", "message": None, "created_at": "2026-11-20T14:58:00Z", "sub_code": None},
    ],
    "recordings": [{"id": "e9", "started_at": "2026-11-20T15:00:00Z", "status": {"code": "done", "sub_code": None}}],
    "calendar_meetings": [
        {"id": "a1", "start_time": "2026-11-20T15:00:00Z", "calendar_user": {"id": "u1", "external_id": "acme-1042"}}
    ],
}
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=40)
    | st.sampled_from(["2026-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "20261124"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=()), max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)

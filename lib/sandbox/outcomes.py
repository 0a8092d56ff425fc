"""Outcomes of bots: drawn from the documented sub codes in realistic proportions, or forced by a test."""

from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Any

from .randomness import WeightedChoice


class Shape(Enum):
    """The course of a bot's lifecycle."""

    RECORDED = "recorded"
    PARTIAL = "partial"
    """Recorded, and cut short."""
    CRASHED = "crashed"
    """Fatal in the middle of recording; what was recorded is kept."""
    EMPTY = "empty"
    """Recorded, but left no recording behind."""
    NOT_ADMITTED = "not_admitted"
    PERMISSION_DENIED = "permission_denied"
    NOT_RECORDING = "not_recording"
    """Waited in the call until a timeout, without recording."""
    FATAL = "fatal"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The shape of a lifecycle, and the sub code of its end."""

    shape: Shape
    sub_code: str | None


_OF_SHAPE: dict[Shape, tuple[tuple[str, float], ...]] = {
    Shape.RECORDED: (
        ("timeout_exceeded_everyone_left", 46),
        ("call_ended_by_host", 22),
        ("call_ended_by_platform_idle", 1),
    ),
    Shape.PARTIAL: (
        ("bot_kicked_from_call", 1.6),
        ("call_ended_by_platform_max_length", 0.7),
        ("timeout_exceeded_only_bots_detected_using_participant_events", 0.4),
        ("timeout_exceeded_in_call_recording", 0.2),
    ),
    Shape.CRASHED: (("bot_errored", 0.4),),
    Shape.EMPTY: (("timeout_exceeded_everyone_left", 0.7),),
    Shape.NOT_ADMITTED: (
        ("timeout_exceeded_waiting_room", 2.4),
        ("bot_kicked_from_waiting_room", 1.0),
    ),
    Shape.NOT_RECORDING: (
        ("timeout_exceeded_noone_joined", 3.5),
        ("timeout_exceeded_in_call_not_recording", 0.3),
        ("meeting_not_started", 0.3),
        ("bot_received_leave_call", 0.1),
    ),
    Shape.FATAL: (
        ("meeting_not_found", 0.4),
        ("meeting_link_expired", 0.2),
        ("meeting_link_invalid", 0.2),
        ("meeting_locked", 0.2),
        ("meeting_full", 0.1),
        ("bot_errored", 0.5),
        ("failed_to_launch_in_time", 0.2),
        ("meeting_ended", 0.2),
    ),
}
"""Weights on every platform."""

_OF_PLATFORM: dict[str, dict[Shape, tuple[tuple[str, float], ...]]] = {
    "zoom": {
        Shape.PERMISSION_DENIED: (
            ("zoom_local_recording_request_denied_by_host", 1.6),
            ("zoom_local_recording_disabled", 0.9),
            ("zoom_host_not_present", 0.7),
            ("zoom_local_recording_request_disabled", 0.5),
            ("zoom_local_recording_grant_not_supported", 0.2),
            ("zoom_sdk_key_blocked_by_host_admin", 0.2),
        ),
        Shape.FATAL: (
            ("meeting_requires_sign_in", 0.9),
            ("meeting_password_incorrect", 0.6),
            ("zoom_registration_required", 0.5),
            ("zoom_internal_error", 0.3),
            ("zoom_join_timeout", 0.3),
            ("zoom_connection_failed", 0.2),
            ("zoom_web_disallowed", 0.2),
            ("zoom_email_blocked_by_admin", 0.2),
            ("zoom_authorized_participants_only", 0.2),
            ("zoom_another_meeting_in_progress", 0.1),
            ("zoom_meeting_host_inactive", 0.1),
        ),
    },
    "google_meet": {
        Shape.NOT_ADMITTED: (("call_ended_by_platform_waiting_room_timeout", 2.0),),
        Shape.FATAL: (
            ("google_meet_knocking_disabled", 0.5),
            ("google_meet_bot_blocked", 0.4),
            ("google_meet_internal_error", 0.4),
            ("google_meet_sign_in_failed", 0.2),
            ("google_meet_organisation_restricted", 0.3),
            ("google_meet_login_not_available", 0.1),
            ("google_meet_video_error", 0.1),
        ),
    },
    "microsoft_teams": {
        Shape.NOT_ADMITTED: (("timeout_exceeded_waiting_room", 1.5),),
        Shape.FATAL: (
            ("meeting_requires_sign_in", 0.6),
            ("microsoft_teams_captcha_detected", 0.4),
            ("microsoft_teams_call_dropped", 0.4),
            ("microsoft_teams_internal_error", 0.3),
            ("microsoft_teams_event_not_started_for_external", 0.3),
            ("microsoft_teams_townhall_meeting_not_supported", 0.1),
            ("microsoft_teams_some_future_reason", 0.1),
        ),
    },
    "webex": {Shape.FATAL: (("webex_join_meeting_error", 3.0), ("webex_password_required", 0.6))},
}

_NEVER_DRAWN: dict[str, Shape] = {
    "call_ended_by_platform_waiting_room_timeout": Shape.NOT_ADMITTED,
    "zoom_bot_in_waiting_room": Shape.PERMISSION_DENIED,
    "zoom_local_recording_request_disabled_by_host": Shape.PERMISSION_DENIED,
    "zoom_local_recording_denied": Shape.PERMISSION_DENIED,
    "timeout_exceeded_recording_permission_denied": Shape.NOT_RECORDING,
    "timeout_exceeded_silence_detected": Shape.PARTIAL,
    "timeout_exceeded_only_bots_detected_using_participant_names": Shape.PARTIAL,
    "timeout_exceeded_only_bots_in_call": Shape.PARTIAL,
    "timeout_exceeded_max_duration": Shape.PARTIAL,
    "breakout_room_not_open": Shape.NOT_RECORDING,
}


def _usual_shapes() -> dict[str, Shape]:
    """The shape that goes with each sub code; of several, the most frequent."""
    weights: dict[str, tuple[float, Shape]] = {}
    for table in (_OF_SHAPE, *_OF_PLATFORM.values()):
        for shape, codes in table.items():
            for code, weight in codes:
                weights[code] = max(weights.get(code, (0.0, shape)), (weight, shape), key=lambda known: known[0])
    return _NEVER_DRAWN | {code: shape for code, (_, shape) in weights.items()}


_USUAL_SHAPE = _usual_shapes()


def _choice(meeting_platform: str) -> WeightedChoice[Outcome]:
    tables = (_OF_SHAPE, _OF_PLATFORM.get(meeting_platform, {}))
    return WeightedChoice(
        [(Outcome(s, code), w) for table in tables for s, codes in table.items() for code, w in codes]
    )


_CHOICES = {platform: _choice(platform) for platform in _OF_PLATFORM}
_CHOICE_ELSEWHERE = _choice("")


def draw(rng: Random, meeting_platform: str) -> Outcome:
    """The outcome of a bot on this platform."""
    return _CHOICES.get(meeting_platform, _CHOICE_ELSEWHERE).pick(rng)


def forced(wanted: dict[str, Any]) -> Outcome:
    """The outcome with this `shape`, else the one that goes with the `sub_code` (fatal for an unknown code)."""
    sub_code = wanted.get("sub_code")
    shape = Shape(wanted["shape"]) if wanted.get("shape") else _USUAL_SHAPE.get(sub_code or "", Shape.FATAL)
    return Outcome(shape, sub_code)

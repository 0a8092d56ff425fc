"""Outcomes of bots: drawn from the documented sub codes in realistic proportions, or forced by a test."""

from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Any, NamedTuple

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


class _Row(NamedTuple):
    platform: str
    shape: Shape
    weight: float
    sub_code: str


_TABLE = """
    any             recorded            46 timeout_exceeded_everyone_left
    any             recorded            22 call_ended_by_host
    any             recorded             1 call_ended_by_platform_idle
    any             partial            1.6 bot_kicked_from_call
    any             partial            0.7 call_ended_by_platform_max_length
    any             partial            0.4 timeout_exceeded_only_bots_detected_using_participant_events
    any             partial            0.2 timeout_exceeded_in_call_recording
    any             crashed            0.4 bot_errored
    any             empty              0.7 timeout_exceeded_everyone_left
    any             not_admitted       2.4 timeout_exceeded_waiting_room
    any             not_admitted       1.0 bot_kicked_from_waiting_room
    any             not_recording      3.5 timeout_exceeded_noone_joined
    any             not_recording      0.3 timeout_exceeded_in_call_not_recording
    any             not_recording      0.3 meeting_not_started
    any             not_recording      0.1 bot_received_leave_call
    any             fatal              0.4 meeting_not_found
    any             fatal              0.2 meeting_link_expired
    any             fatal              0.2 meeting_link_invalid
    any             fatal              0.2 meeting_locked
    any             fatal              0.1 meeting_full
    any             fatal              0.5 bot_errored
    any             fatal              0.2 failed_to_launch_in_time
    any             fatal              0.2 meeting_ended
    zoom            permission_denied  1.6 zoom_local_recording_request_denied_by_host
    zoom            permission_denied  0.9 zoom_local_recording_disabled
    zoom            permission_denied  0.7 zoom_host_not_present
    zoom            permission_denied  0.5 zoom_local_recording_request_disabled
    zoom            permission_denied  0.2 zoom_local_recording_grant_not_supported
    zoom            permission_denied  0.2 zoom_sdk_key_blocked_by_host_admin
    zoom            fatal              0.9 meeting_requires_sign_in
    zoom            fatal              0.6 meeting_password_incorrect
    zoom            fatal              0.5 zoom_registration_required
    zoom            fatal              0.3 zoom_internal_error
    zoom            fatal              0.3 zoom_join_timeout
    zoom            fatal              0.2 zoom_connection_failed
    zoom            fatal              0.2 zoom_web_disallowed
    zoom            fatal              0.2 zoom_email_blocked_by_admin
    zoom            fatal              0.2 zoom_authorized_participants_only
    zoom            fatal              0.1 zoom_another_meeting_in_progress
    zoom            fatal              0.1 zoom_meeting_host_inactive
    google_meet     not_admitted       2.0 call_ended_by_platform_waiting_room_timeout
    google_meet     fatal              0.5 google_meet_knocking_disabled
    google_meet     fatal              0.4 google_meet_bot_blocked
    google_meet     fatal              0.4 google_meet_internal_error
    google_meet     fatal              0.2 google_meet_sign_in_failed
    google_meet     fatal              0.3 google_meet_organisation_restricted
    google_meet     fatal              0.1 google_meet_login_not_available
    google_meet     fatal              0.1 google_meet_video_error
    microsoft_teams not_admitted       1.5 timeout_exceeded_waiting_room
    microsoft_teams fatal              0.6 meeting_requires_sign_in
    microsoft_teams fatal              0.4 microsoft_teams_captcha_detected
    microsoft_teams fatal              0.4 microsoft_teams_call_dropped
    microsoft_teams fatal              0.3 microsoft_teams_internal_error
    microsoft_teams fatal              0.3 microsoft_teams_event_not_started_for_external
    microsoft_teams fatal              0.1 microsoft_teams_townhall_meeting_not_supported
    microsoft_teams fatal              0.1 microsoft_teams_some_future_reason
    webex           fatal              3.0 webex_join_meeting_error
    webex           fatal              0.6 webex_password_required
    any             permission_denied    0 zoom_bot_in_waiting_room
    any             permission_denied    0 zoom_local_recording_request_disabled_by_host
    any             permission_denied    0 zoom_local_recording_denied
    any             not_recording        0 timeout_exceeded_recording_permission_denied
    any             partial              0 timeout_exceeded_silence_detected
    any             partial              0 timeout_exceeded_only_bots_detected_using_participant_names
    any             partial              0 timeout_exceeded_only_bots_in_call
    any             partial              0 timeout_exceeded_max_duration
    any             not_recording        0 breakout_room_not_open
"""
"""Meeting platform (`any`: on all), shape, weight and sub code. What has no weight is never drawn, only forced."""


def _row(line: str) -> _Row:
    platform, shape, weight, sub_code = line.split()
    return _Row(platform, Shape(shape), float(weight), sub_code)


_ROWS = [_row(line) for line in _TABLE.strip().splitlines()]
_USUAL_SHAPES = {row.sub_code: row.shape for row in sorted(_ROWS, key=lambda row: row.weight)}
"""The shape that goes with each sub code; of several, the most frequent."""


def _choice(meeting_platform: str) -> WeightedChoice[Outcome]:
    drawn = [row for row in _ROWS if row.platform in ("any", meeting_platform) and row.weight]
    return WeightedChoice([(Outcome(row.shape, row.sub_code), row.weight) for row in drawn])


_CHOICES = {row.platform: _choice(row.platform) for row in _ROWS}


def draw(rng: Random, meeting_platform: str) -> Outcome:
    """The outcome of a bot on this platform."""
    return _CHOICES.get(meeting_platform, _CHOICES["any"]).pick(rng)


def forced(wanted: dict[str, Any]) -> Outcome:
    """The outcome with this `shape`, else the one that goes with the `sub_code` (fatal for an unknown code)."""
    sub_code = wanted.get("sub_code")
    shape = Shape(wanted["shape"]) if wanted.get("shape") else _USUAL_SHAPES.get(sub_code or "", Shape.FATAL)
    return Outcome(shape, sub_code)

"""Outcomes of bots, drawn in realistic proportions or forced by a test, and the lifecycles that follow from them.

A lifecycle is a bot's status changes in order of time, and what it recorded (contract 9.2, 9.3).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from random import Random
from typing import Any, NamedTuple

from .booking import EARLY
from .randomness import WeightedChoice

_SECOND = timedelta(seconds=1)
_WAITING_ROOM_TIMEOUTS = {"google_meet": 600, "microsoft_teams": 1800}
_TIMEOUT = 1200


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


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A status that the bot takes, and when."""

    at: datetime
    code: str
    sub_code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """All status changes, past and to come, and start and end of the recording if the bot leaves one behind."""

    status_changes: tuple[StatusChange, ...]
    recording: tuple[datetime, datetime] | None = None

    def until(self, now: datetime) -> tuple[StatusChange, ...]:
        """The status changes up to now."""
        return tuple(change for change in self.status_changes if change.at <= now)


def draw_lifecycle(rng: Random, outcome: Outcome, start: datetime, end: datetime, meeting_platform: str) -> Lifecycle:
    """The lifecycle of a bot sent to a call at these times, fixed by the generator's seed."""
    log = _StatusLog(start - EARLY + rng.uniform(0.1, 4.0) * _SECOND)
    log.after(0, "joining_call")
    if outcome.shape is Shape.FATAL:
        log.after(rng.uniform(8, 60), "fatal", outcome.sub_code, "The bot could not join the meeting.")
        return log.lifecycle()
    if meeting_platform != "webex" or outcome.shape is Shape.NOT_ADMITTED:
        log.after(rng.uniform(5, 25), "in_waiting_room")
    if outcome.shape is Shape.NOT_ADMITTED:
        kicked = outcome.sub_code == "bot_kicked_from_waiting_room"
        wait = rng.uniform(60, 300) if kicked else _WAITING_ROOM_TIMEOUTS.get(meeting_platform, _TIMEOUT)
        log.after(wait, "call_ended", outcome.sub_code)
        return log.done(rng)
    log.after(rng.uniform(15, 60), "in_call_not_recording")
    if outcome.shape is Shape.PERMISSION_DENIED:
        log.after(rng.uniform(5, 60), "recording_permission_denied", outcome.sub_code)
        log.after(31, "call_ended", "timeout_exceeded_recording_permission_denied")
        return log.done(rng)
    if outcome.shape is Shape.NOT_RECORDING:
        log.after(_TIMEOUT, "call_ended", outcome.sub_code)
        return log.done(rng)
    if meeting_platform == "zoom":
        log.after(rng.uniform(3, 20), "recording_permission_allowed")
    return _recorded(log, rng, outcome, start, end)


def _recorded(log: "_StatusLog", rng: Random, outcome: Outcome, start: datetime, end: datetime) -> Lifecycle:
    log.after(rng.uniform(1, 15), "in_call_recording")
    started = log.now
    length = max(end - start, timedelta(minutes=2))
    share = rng.uniform(0.85, 1.1) if outcome.shape is Shape.RECORDED else rng.uniform(0.1, 0.7)
    ended = max(start + length * share, started + 30 * _SECOND)
    if outcome.shape is Shape.CRASHED:
        log.at(ended, "fatal", outcome.sub_code, "The bot ended unexpectedly.")
        return log.lifecycle((started, ended))
    log.at(ended, "call_ended", outcome.sub_code)
    return log.done(rng, None if outcome.shape is Shape.EMPTY else (started, ended))


class _StatusLog:
    """Status changes one after another; `now` is the time of the last one."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._changes: list[StatusChange] = []

    def after(self, seconds: float, code: str, sub_code: str | None = None, message: str | None = None) -> None:
        self.at(self.now + seconds * _SECOND, code, sub_code, message)

    def at(self, now: datetime, code: str, sub_code: str | None = None, message: str | None = None) -> None:
        self.now = now
        self._changes.append(StatusChange(now, code, sub_code, message))

    def done(self, rng: Random, recording: tuple[datetime, datetime] | None = None) -> Lifecycle:
        self.after(rng.uniform(10, 60), "done")
        return self.lifecycle(recording)

    def lifecycle(self, recording: tuple[datetime, datetime] | None = None) -> Lifecycle:
        return Lifecycle(tuple(self._changes), recording)

"""Every known sub-code of a bot: which reason it gives and whose side it is on (contract 9.4).

The list is open. An unknown code is kept, shown as Recall wrote it, and grouped by its prefix.
"""

from dataclasses import dataclass

from lib.recording.reason import Owner, Reason
from lib.recording.reasons import reason_of

_PLACED: dict[str, dict[Owner, str]] = {
    "waiting_room_not_admitted": {
        Owner.HOST: """
            call_ended_by_platform_waiting_room_timeout timeout_exceeded_waiting_room zoom_bot_in_waiting_room""",
    },
    "rejected_or_removed": {
        Owner.HOST: "bot_kicked_from_waiting_room bot_kicked_from_call google_meet_watermark_kicked",
        Owner.US: "google_meet_bot_blocked",
    },
    "recording_permission_denied": {
        Owner.HOST: """
            zoom_local_recording_disabled zoom_local_recording_request_disabled
            zoom_local_recording_request_disabled_by_host zoom_host_not_present
            zoom_local_recording_request_denied_by_host zoom_local_recording_denied
            zoom_local_recording_grant_not_supported
            timeout_exceeded_recording_permission_denied timeout_exceeded_in_call_not_recording""",
        Owner.CUSTOMER_IT: "zoom_sdk_key_blocked_by_host_admin",
    },
    "sign_in_or_registration_required": {
        Owner.USER: "meeting_requires_registration microsoft_teams_bot_not_invited",
        Owner.HOST: """
            meeting_requires_sign_in zoom_registration_required zoom_captcha_required
            zoom_authorized_participants_only""",
        Owner.CUSTOMER_IT: "microsoft_teams_captcha_detected microsoft_teams_captcha_error",
        Owner.US: """
            zoom_email_required microsoft_teams_sign_in_credentials_missing microsoft_teams_sign_in_failed
            microsoft_teams_2fa_required google_meet_sign_in_failed google_meet_sign_in_captcha_failed
            google_meet_sso_sign_in_failed""",
    },
    "meeting_locked_full_or_restricted": {
        Owner.HOST: """
            meeting_locked meeting_full meeting_not_accessible breakout_room_not_open zoom_web_disallowed
            zoom_meeting_not_accessible zoom_another_meeting_in_progress google_meet_knocking_disabled
            microsoft_teams_event_not_started_for_external""",
        Owner.CUSTOMER_IT: """
            zoom_email_blocked_by_admin zoom_bot_blocked zoom_meeting_host_inactive
            google_meet_organisation_restricted""",
        Owner.NOBODY: """
            google_meet_permission_denied_breakout microsoft_teams_breakout_room_unsupported
            microsoft_teams_townhall_meeting_not_supported""",
    },
    "bad_link_or_password": {
        Owner.USER: """
            meeting_not_found meeting_link_expired meeting_link_invalid meeting_password_incorrect
            zoom_invalid_webinar_invite""",
        Owner.HOST: "webex_pin_required webex_password_required",
        Owner.US: "webex_join_meeting_error",
    },
    "meeting_did_not_happen": {
        Owner.HOST: "meeting_not_started",
        Owner.NOBODY: "meeting_ended timeout_exceeded_noone_joined",
        Owner.US: """
            timeout_exceeded_only_bots_detected_using_participant_names
            timeout_exceeded_only_bots_detected_using_participant_events
            timeout_exceeded_only_bots_in_call timeout_exceeded_only_bot_detected
            timeout_exceeded_silence_detected""",
        Owner.PLATFORM: "google_meet_meeting_room_not_ready",
    },
    "bot_credentials_or_setup": {
        Owner.US: """
            google_meet_sign_in_missing_login_credentials google_meet_sign_in_missing_recovery_credentials
            google_meet_sso_sign_in_missing_login_credentials google_meet_sso_sign_in_missing_totp_secret
            google_meet_login_not_available zoom_sdk_credentials_missing zoom_sdk_app_not_published
            zoom_account_blocked zoom_invalid_join_token zoom_invalid_signature zoom_token_expired
            zoom_error_multiple_device_join webex_service_app_unauthorized""",
        Owner.RECALL: "zoom_sdk_update_required",
    },
    "platform_or_network_error": {
        Owner.RECALL: "bot_errored failed_to_launch_in_time",
        Owner.PLATFORM: """
            google_meet_internal_error google_meet_video_error zoom_internal_error zoom_join_timeout
            zoom_connection_failed microsoft_teams_call_dropped microsoft_teams_internal_error""",
    },
    "bot_stopped_by_us": {Owner.US: "bot_received_leave_call"},
    "transcript_missing": {
        Owner.HOST: """
            zoom_global_captions_disabled zoom_host_disabled_meeting_captions microsoft_teams_captions_failure""",
    },
    "ended_before_recording": {
        Owner.NOBODY: "call_ended_by_host call_ended_by_platform_idle timeout_exceeded_everyone_left",
        Owner.HOST: "call_ended_by_platform_max_length",
        Owner.US: "timeout_exceeded_in_call_recording timeout_exceeded_max_duration",
    },
}

CUT_SHORT = frozenset(
    {
        "call_ended_by_platform_max_length",
        "timeout_exceeded_in_call_recording",
        "timeout_exceeded_max_duration",
        "timeout_exceeded_in_call_not_recording",
        "timeout_exceeded_recording_permission_denied",
        "bot_kicked_from_call",
    }
)
"""Ends after which a recording is only part of the meeting: by a limit, a withdrawn permission, or a removal."""

_FAMILIES = {
    "zoom_": "Zoom",
    "google_meet_": "Google Meet",
    "microsoft_teams_": "Microsoft Teams",
    "webex_": "Webex",
    "timeout_exceeded_": "Time limits",
    "call_ended_": "Call ended",
}
OTHER_FAMILY = "Other"


@dataclass(frozen=True, slots=True)
class SubCode:
    """One sub-code in its place. `code` is Recall's word: outside text when it is not known."""

    code: str
    reason: Reason
    owner: Owner
    """Whose side it is on; finer than the reason's own owner."""
    known: bool = True

    @property
    def is_normal_end(self) -> bool:
        """Whether this is how calls end anyway, so that it explains a recording's end but not its absence."""
        return self.reason.key == "ended_before_recording"

    @property
    def family(self) -> str:
        """The group an unknown code is shown under, by its prefix."""
        return next((name for prefix, name in _FAMILIES.items() if self.code.startswith(prefix)), OTHER_FAMILY)


SUB_CODES: dict[str, SubCode] = {
    code: SubCode(code, reason_of(key), owner)
    for key, sides in _PLACED.items()
    for owner, codes in sides.items()
    for code in codes.split()
}


def sub_code(code: str) -> SubCode:
    """The sub-code in its place; for one not known to us the reason `unclassified`, on our side until it is known."""
    return SUB_CODES.get(code) or SubCode(code, reason_of("unclassified"), Owner.US, known=False)

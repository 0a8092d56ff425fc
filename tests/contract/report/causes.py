"""Which reason a sub-code gives, which stage and class a reason has: typed from the documented lists."""

STAGES_AND_CLASSES = {
    "access_error": ("A", "ours"),
    "calendar_disconnected": ("A", "fixable"),
    "no_meeting_link": ("B", "not_recordable"),
    "all_day_or_no_times": ("B", "not_recordable"),
    "not_seen_before_start": ("A", "neutral"),
    "override_do_not_record": ("C", "policy"),
    "no_rules_enabled": ("D", "policy"),
    "internal_not_enabled": ("D", "policy"),
    "external_not_enabled": ("D", "policy"),
    "not_host_and_only_host": ("D", "policy"),
    "host_excluded_by_non_host_rule": ("D", "policy"),
    "not_recurring_rule": ("D", "policy"),
    "not_accepted": ("D", "policy"),
    "contradictory_rules": ("D", "fixable"),
    "rule_mismatch": ("D", "ours"),
    "reason_reported_only": ("D", "neutral"),
    "bot_not_scheduled": ("E", "ours"),
    "waiting_room_not_admitted": ("F", "fixable"),
    "rejected_or_removed": ("F", "fixable"),
    "recording_permission_denied": ("F", "fixable"),
    "sign_in_or_registration_required": ("F", "fixable"),
    "meeting_locked_full_or_restricted": ("F", "fixable"),
    "bad_link_or_password": ("F", "fixable"),
    "meeting_did_not_happen": ("F-", "neutral"),
    "bot_credentials_or_setup": ("F", "ours"),
    "platform_or_network_error": ("F", "platform"),
    "bot_stopped_by_us": ("F", "ours"),
    "ended_before_recording": ("F", "fixable"),
    "unclassified": ("F", "ours"),
}
"""F-: a bot that met nobody gives its meeting a reason only where no other bot was sent."""

STAGES = ("B", "A", "C", "D", "E", "F-", "F")
"""How far an entry got. One that no bot could have recorded never speaks for a meeting that one could have."""

BY_RULES = frozenset(key for key, (stage, _) in STAGES_AND_CLASSES.items() if stage == "D")
BY_A_CALL = frozenset(key for key, (stage, _) in STAGES_AND_CLASSES.items() if stage == "F")

_SUB_CODES = {
    "waiting_room_not_admitted": """
        call_ended_by_platform_waiting_room_timeout timeout_exceeded_waiting_room zoom_bot_in_waiting_room""",
    "rejected_or_removed": """
        bot_kicked_from_waiting_room bot_kicked_from_call google_meet_bot_blocked google_meet_watermark_kicked""",
    "recording_permission_denied": """
        zoom_local_recording_disabled zoom_local_recording_request_disabled
        zoom_local_recording_request_disabled_by_host zoom_host_not_present
        zoom_local_recording_request_denied_by_host zoom_local_recording_denied
        zoom_local_recording_grant_not_supported zoom_sdk_key_blocked_by_host_admin
        timeout_exceeded_recording_permission_denied timeout_exceeded_in_call_not_recording""",
    "sign_in_or_registration_required": """
        meeting_requires_registration meeting_requires_sign_in zoom_registration_required zoom_captcha_required
        zoom_email_required microsoft_teams_captcha_detected microsoft_teams_captcha_error
        microsoft_teams_bot_not_invited microsoft_teams_sign_in_credentials_missing microsoft_teams_sign_in_failed
        microsoft_teams_2fa_required google_meet_sign_in_failed google_meet_sign_in_captcha_failed
        google_meet_sso_sign_in_failed zoom_authorized_participants_only""",
    "meeting_locked_full_or_restricted": """
        meeting_locked meeting_full zoom_email_blocked_by_admin zoom_web_disallowed zoom_meeting_not_accessible
        zoom_meeting_host_inactive google_meet_permission_denied_breakout microsoft_teams_breakout_room_unsupported
        microsoft_teams_event_not_started_for_external meeting_not_accessible breakout_room_not_open
        google_meet_knocking_disabled google_meet_organisation_restricted zoom_bot_blocked
        zoom_another_meeting_in_progress microsoft_teams_townhall_meeting_not_supported""",
    "bad_link_or_password": """
        meeting_not_found meeting_link_expired meeting_link_invalid meeting_password_incorrect
        zoom_invalid_webinar_invite webex_join_meeting_error webex_pin_required webex_password_required""",
    "meeting_did_not_happen": """
        meeting_not_started meeting_ended timeout_exceeded_noone_joined
        timeout_exceeded_only_bots_detected_using_participant_names
        timeout_exceeded_only_bots_detected_using_participant_events timeout_exceeded_silence_detected
        google_meet_meeting_room_not_ready timeout_exceeded_only_bots_in_call timeout_exceeded_only_bot_detected""",
    "bot_credentials_or_setup": """
        google_meet_sign_in_missing_login_credentials google_meet_sign_in_missing_recovery_credentials
        google_meet_sso_sign_in_missing_login_credentials google_meet_sso_sign_in_missing_totp_secret
        google_meet_login_not_available zoom_sdk_credentials_missing zoom_sdk_update_required
        zoom_sdk_app_not_published zoom_account_blocked zoom_invalid_join_token zoom_invalid_signature
        zoom_error_multiple_device_join zoom_token_expired webex_service_app_unauthorized""",
    "platform_or_network_error": """
        bot_errored google_meet_internal_error google_meet_video_error zoom_internal_error zoom_join_timeout
        zoom_connection_failed microsoft_teams_call_dropped microsoft_teams_internal_error failed_to_launch_in_time""",
    "bot_stopped_by_us": "bot_received_leave_call",
    "": """
        call_ended_by_host call_ended_by_platform_idle call_ended_by_platform_max_length
        timeout_exceeded_everyone_left timeout_exceeded_in_call_recording timeout_exceeded_max_duration
        zoom_global_captions_disabled zoom_host_disabled_meeting_captions microsoft_teams_captions_failure""",
}
"""By reason; under "" those that say how a call ended and not why nothing was recorded."""

REASON_OF = {code: reason for reason, codes in _SUB_CODES.items() for code in codes.split()}

"""Every sub-code that Recall documents, and those seen since, has its place (contract 9.4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.recording.reason import Owner
from lib.recording.subcodes import CUT_SHORT, SUB_CODES, sub_code

WHOSE_SIDE = {
    "host": """
        call_ended_by_platform_max_length call_ended_by_platform_waiting_room_timeout timeout_exceeded_waiting_room
        timeout_exceeded_in_call_not_recording timeout_exceeded_recording_permission_denied bot_kicked_from_call
        bot_kicked_from_waiting_room meeting_not_started breakout_room_not_open zoom_local_recording_disabled
        zoom_local_recording_request_disabled zoom_local_recording_request_disabled_by_host zoom_bot_in_waiting_room
        zoom_host_not_present zoom_local_recording_request_denied_by_host zoom_local_recording_denied
        zoom_local_recording_grant_not_supported meeting_requires_sign_in meeting_not_accessible meeting_locked
        meeting_full google_meet_knocking_disabled google_meet_watermark_kicked zoom_registration_required
        zoom_captcha_required zoom_web_disallowed zoom_meeting_not_accessible zoom_authorized_participants_only
        zoom_another_meeting_in_progress zoom_global_captions_disabled zoom_host_disabled_meeting_captions
        microsoft_teams_event_not_started_for_external microsoft_teams_captions_failure webex_pin_required
        webex_password_required""",
    "customer_it": """
        zoom_sdk_key_blocked_by_host_admin google_meet_organisation_restricted zoom_email_blocked_by_admin
        zoom_bot_blocked zoom_meeting_host_inactive microsoft_teams_captcha_detected microsoft_teams_captcha_error""",
    "user": """
        meeting_not_found meeting_requires_registration meeting_link_expired meeting_link_invalid
        meeting_password_incorrect zoom_invalid_webinar_invite microsoft_teams_bot_not_invited""",
    "us": """
        timeout_exceeded_silence_detected timeout_exceeded_only_bots_detected_using_participant_names
        timeout_exceeded_only_bots_detected_using_participant_events timeout_exceeded_only_bots_in_call
        timeout_exceeded_in_call_recording timeout_exceeded_max_duration bot_received_leave_call
        google_meet_bot_blocked google_meet_sign_in_failed google_meet_sign_in_captcha_failed
        google_meet_sso_sign_in_failed google_meet_sign_in_missing_login_credentials
        google_meet_sign_in_missing_recovery_credentials google_meet_sso_sign_in_missing_login_credentials
        google_meet_sso_sign_in_missing_totp_secret google_meet_login_not_available zoom_sdk_credentials_missing
        zoom_sdk_app_not_published zoom_invalid_signature zoom_invalid_join_token zoom_token_expired
        zoom_email_required zoom_account_blocked zoom_error_multiple_device_join
        microsoft_teams_sign_in_credentials_missing microsoft_teams_sign_in_failed microsoft_teams_2fa_required
        webex_join_meeting_error webex_service_app_unauthorized""",
    "recall": "bot_errored failed_to_launch_in_time zoom_sdk_update_required",
    "platform": """
        google_meet_internal_error google_meet_video_error google_meet_meeting_room_not_ready zoom_internal_error
        zoom_join_timeout zoom_connection_failed microsoft_teams_call_dropped microsoft_teams_internal_error""",
    "nobody": """
        call_ended_by_host call_ended_by_platform_idle timeout_exceeded_noone_joined timeout_exceeded_everyone_left
        meeting_ended google_meet_permission_denied_breakout microsoft_teams_breakout_room_unsupported
        microsoft_teams_townhall_meeting_not_supported""",
}
DOCUMENTED = [(code, side) for side, codes in WHOSE_SIDE.items() for code in codes.split()]

NOBODY_MET = """
    meeting_not_started meeting_ended timeout_exceeded_noone_joined timeout_exceeded_silence_detected
    timeout_exceeded_only_bots_detected_using_participant_names
    timeout_exceeded_only_bots_detected_using_participant_events timeout_exceeded_only_bots_in_call
    google_meet_meeting_room_not_ready"""


@pytest.mark.parametrize(("code", "side"), DOCUMENTED, ids=[code for code, _ in DOCUMENTED])
def test_every_sub_code_of_the_contract_is_placed_on_the_side_that_can_act(code: str, side: str) -> None:
    placed = sub_code(code)
    assert placed.known
    assert placed.owner is Owner(side)


def test_no_sub_code_is_placed_twice() -> None:
    assert len(DOCUMENTED) == len(set(DOCUMENTED))
    assert set(SUB_CODES) - {code for code, _ in DOCUMENTED} == {"timeout_exceeded_only_bot_detected"}


def test_only_the_codes_of_an_empty_call_say_that_the_meeting_did_not_happen() -> None:
    found = {code for code, _ in DOCUMENTED if sub_code(code).reason.key == "meeting_did_not_happen"}
    assert found == set(NOBODY_MET.split())


@pytest.mark.parametrize("code", sorted(CUT_SHORT))
def test_every_end_that_cuts_a_recording_short_is_a_known_code(code: str) -> None:
    assert sub_code(code).known


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("zoom_brand_new", "Zoom"),
        ("google_meet_brand_new", "Google Meet"),
        ("microsoft_teams_brand_new", "Microsoft Teams"),
        ("webex_brand_new", "Webex"),
        ("timeout_exceeded_brand_new", "Time limits"),
        ("call_ended_brand_new", "Call ended"),
        ("brand_new", "Other"),
    ],
)
def test_an_unknown_code_is_grouped_by_its_prefix(code: str, family: str) -> None:
    assert sub_code(code).family == family


@given(st.text().filter(lambda code: code not in SUB_CODES))
def test_an_unknown_code_is_kept_as_it_came_and_blames_nobody_outside(code: str) -> None:
    placed = sub_code(code)
    assert (placed.code, placed.known, placed.reason.key) == (code, False, "unclassified")

"""What each reason is: its stage, its class, who can act and how sure we are, in the order in which meetings pass them.

The class groups a miss and says whether anybody can act; the order decides which of several reasons a meeting carries.
"""

from lib.recording.reason import Confidence, Owner, ReasonClass, Stage
from lib.recording.reasons import REASON_KEYS, REASONS, reason_of

WHAT_EACH_IS = """
    access_error A ours us observed
    not_seen_before_start A neutral nobody inferred
    calendar_disconnected A fixable user inferred
    no_meeting_link B not_recordable organiser observed
    all_day_or_no_times B not_recordable organiser observed
    already_ended B neutral nobody derived
    override_do_not_record C policy customer_success observed
    no_rules_enabled D policy customer_success derived
    contradictory_rules D fixable customer_success derived
    internal_not_enabled D policy customer_success derived
    external_not_enabled D policy customer_success derived
    host_excluded_by_non_host_rule D policy customer_success derived
    not_recurring_rule D policy customer_success derived
    not_accepted D policy user derived
    not_host_and_only_host D policy customer_success derived
    reason_reported_only D neutral us observed
    rule_mismatch D ours us derived
    bot_present_but_will_not_record E neutral nobody observed
    bot_not_scheduled E ours recall observed
    covered_by_colleague E neutral nobody observed
    meeting_did_not_happen F neutral nobody observed
    unclassified F ours us observed
    bad_link_or_password F fixable organiser observed
    bot_credentials_or_setup F ours us observed
    platform_or_network_error F platform recall observed
    sign_in_or_registration_required F fixable host observed
    meeting_locked_full_or_restricted F fixable host observed
    waiting_room_not_admitted F fixable host observed
    rejected_or_removed F fixable host observed
    recording_permission_denied F fixable host observed
    ended_before_recording F fixable host derived
    bot_stopped_by_us F ours us observed
    transcript_missing G ours us observed
    left_early G neutral host observed
    empty_recording G platform recall observed
    media_expired G neutral nobody observed
"""
GAPS = {"no_rules_enabled", "contradictory_rules"}
"""Nobody chose these: the user was never set up, or set up against itself."""


def test_each_reason_is_what_the_catalogue_says_and_stands_in_its_place() -> None:
    wanted = [line.split() for line in WHAT_EACH_IS.strip().splitlines()]
    assert list(REASON_KEYS) == [key for key, *_ in wanted]
    for key, stage, klass, owner, confidence in wanted:
        reason = reason_of(key)
        assert reason.key == key
        assert (reason.stage, reason.klass) == (Stage(stage), ReasonClass(klass))
        assert (reason.owner, reason.confidence) == (Owner(owner), Confidence(confidence))


def test_gaps_in_the_setup_are_the_two_that_nobody_chose() -> None:
    assert {reason.key for reason in REASONS if reason.setup_gap} == GAPS


def test_what_is_known_of_a_reason_is_of_its_own_kind() -> None:
    for reason in REASONS:
        kinds = [type(each) for each in (reason.stage, reason.klass, reason.owner, reason.confidence)]
        assert kinds == [Stage, ReasonClass, Owner, Confidence]

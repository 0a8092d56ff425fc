"""The catalogue of reasons: no distinction is lost, and its words can be shown to customer success people."""

import re

import pytest

from lib.recording.decision import Rule
from lib.recording.outcome import Outcome
from lib.recording.reason import Confidence, Owner, Reason, ReasonClass
from lib.recording.reasons import REASON_KEYS, REASONS, reason_of
from lib.recording.words import rule_label

NEEDED = """
    calendar_never_connected calendar_disconnected calendar_permission_missing oauth_client_secret_expired
    meeting_not_synced no_meeting_link link_unrecognised_or_rewritten all_day_or_no_times cancelled already_ended
    override_do_not_record no_rules_enabled internal_not_enabled external_not_enabled not_host_and_only_host
    host_excluded_by_non_host_rule not_recurring_rule not_accepted contradictory_rules rule_mismatch
    reason_reported_only bot_not_scheduled scheduled_too_late_or_moved bot_present_but_will_not_record
    covered_by_colleague duplicate_bots waiting_room_not_admitted rejected_or_removed recording_permission_denied
    sign_in_or_registration_required meeting_locked_full_or_restricted bad_link_or_password meeting_did_not_happen
    bot_credentials_or_setup platform_or_network_error bot_stopped_by_us left_early empty_recording transcript_missing
    media_expired access_error unclassified not_seen_before_start"""

NEVER_SAID = re.compile(r"failed to|\binvalid\b|\boops\b|\bentry\b|\bentries\b|[a-z]_[a-z]", re.IGNORECASE)

each_reason = pytest.mark.parametrize("reason", REASONS, ids=REASON_KEYS)


@pytest.mark.parametrize("key", NEEDED.split())
def test_every_distinction_has_a_reason_of_its_own(key: str) -> None:
    assert reason_of(key).key == key


def test_no_key_stands_twice() -> None:
    assert len(set(REASON_KEYS)) == len(REASON_KEYS)


def test_the_catalogue_is_in_the_order_a_meeting_passes_the_stages() -> None:
    stages = [reason.stage for reason in REASONS]
    assert stages == sorted(stages)


def test_of_all_reasons_of_the_call_that_nobody_met_got_least_far() -> None:
    assert next(reason.key for reason in REASONS if reason.stage == "F") == "meeting_did_not_happen"


def test_a_key_that_nobody_knows_is_unclassified() -> None:
    assert reason_of("brand_new").key == "unclassified"


@each_reason
def test_a_label_fits_into_a_table_cell(reason: Reason) -> None:
    assert len(reason.label) <= 35
    assert not reason.label.endswith(".")


@each_reason
def test_a_label_fits_into_a_sentence_with_a_small_letter(reason: Reason) -> None:
    assert reason.clause[0].islower()
    assert reason.clause.casefold() == reason.label.casefold()
    assert reason.clause[1:] == reason.label[1:]


@each_reason
def test_what_is_told_is_told_in_sentences_without_words_we_never_use(reason: Reason) -> None:
    for text in (reason.why_coming, reason.why_past, reason.what_to_do or "Nothing."):
        assert text[0].isupper()
        assert text.endswith(".")
        assert not NEVER_SAID.search(text)
    assert not NEVER_SAID.search(reason.label)


@each_reason
def test_where_somebody_is_to_act_it_says_what_to_do(reason: Reason) -> None:
    if reason.klass in (ReasonClass.FIXABLE, ReasonClass.POLICY):
        assert reason.what_to_do
        assert reason.owner is not Owner.NOBODY


def test_a_user_without_any_rule_is_a_gap_in_the_setup_although_it_is_policy() -> None:
    reason = reason_of("no_rules_enabled")
    assert (reason.klass, reason.setup_gap) == (ReasonClass.POLICY, True)


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_that_can_decide_has_words(rule: Rule) -> None:
    assert 0 < len(rule_label(rule)) <= 35
    assert rule_label(rule) != reason_of("unclassified").label


@pytest.mark.parametrize("shown", [*Outcome, *Owner, *Confidence])
def test_every_word_on_a_badge_is_set(shown: Outcome | Owner | Confidence) -> None:
    assert shown.label[0].isupper()


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_sign_and_one_of_the_six_colours(outcome: Outcome) -> None:
    assert outcome.sign
    assert outcome.colour in list(Outcome)[:6]

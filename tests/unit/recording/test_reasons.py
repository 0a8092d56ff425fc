"""The catalogue of reasons: no distinction is lost, and its words can be shown to customer success people."""

import re
from collections.abc import Callable
from functools import partial

import pytest

from lib.domain import Attendee, Bot, BotEntry, CalendarUser, Entry
from lib.recording.decision import Rule
from lib.recording.outcome import Outcome
from lib.recording.overrides import plan_override
from lib.recording.reason import Confidence, Owner, Reason, ReasonClass
from lib.recording.reasons import REASON_KEYS, REASONS, reason_of
from lib.recording.subcodes import SUB_CODES
from lib.recording.verdict import Verdict, judge
from tests.unit.recording.making import ANNA, NOW, bot, ended, entry, user

NEEDED = """
    calendar_disconnected no_meeting_link all_day_or_no_times already_ended override_do_not_record
    no_rules_enabled internal_not_enabled external_not_enabled not_host_and_only_host
    host_excluded_by_non_host_rule not_recurring_rule not_accepted contradictory_rules rule_mismatch
    reason_reported_only bot_not_scheduled bot_present_but_will_not_record covered_by_colleague
    waiting_room_not_admitted rejected_or_removed recording_permission_denied sign_in_or_registration_required
    meeting_locked_full_or_restricted bad_link_or_password meeting_did_not_happen bot_credentials_or_setup
    platform_or_network_error bot_stopped_by_us left_early empty_recording transcript_missing media_expired
    access_error unclassified not_seen_before_start"""

SHARED = (BotEntry("entry-1"), BotEntry("entry-2"))
NEVER_SAID = re.compile(r"failed to|\binvalid\b|\boops\b|\bentry\b|\bentries\b|[a-z]_[a-z]", re.IGNORECASE)

each_reason = pytest.mark.parametrize("reason", REASONS, ids=REASON_KEYS)


def judged(some: Entry, *bots: Bot | None, of: CalendarUser | None = None) -> Verdict:
    return judge(some, bots, of or user(), NOW)


GIVEN: dict[str, Callable[[], Verdict]] = {
    "access_error": lambda: judged(ended(bot_id="bot-1"), None),
    "not_seen_before_start": lambda: judged(ended()),
    "calendar_disconnected": lambda: judged(entry(), of=user(connected=False)),
    "no_meeting_link": lambda: judged(entry(invites=(), meeting_platform=None)),
    "all_day_or_no_times": lambda: judged(entry(hours=24)),
    "override_do_not_record": lambda: judged(entry(override_should_record=False)),
    "no_rules_enabled": lambda: judged(entry(), of=user("")),
    "contradictory_rules": lambda: judged(entry(), of=user("NH+OH")),
    "internal_not_enabled": lambda: judged(entry(is_external=False), of=user("EX")),
    "external_not_enabled": lambda: judged(entry(), of=user("IN")),
    "host_excluded_by_non_host_rule": lambda: judged(entry(is_hosted_by_me=True), of=user("EX+NH")),
    "not_recurring_rule": lambda: judged(entry(), of=user("EX+RC")),
    "not_accepted": lambda: judged(entry(attendees=(Attendee(ANNA, status="declined"),)), of=user("EX+CF")),
    "not_host_and_only_host": lambda: judged(entry(), of=user("EX+IN+OH")),
    "reason_reported_only": lambda: judged(entry(is_external=None), of=user("EX")),
    "rule_mismatch": lambda: judged(entry()),
    "bot_present_but_will_not_record": lambda: judged(entry(bot_id="bot-1"), bot("ready")),
    "bot_not_scheduled": lambda: judged(entry(will_record=True)),
    "covered_by_colleague": lambda: judged(entry(bot_id="bot-1"), bot("ready", entries=SHARED)),
    "unclassified": lambda: judged(ended(bot_id="bot-1"), bot("joining_call", "fatal:brand_new")),
    "left_early": lambda: judged(ended(bot_id="bot-1"), bot("in_call_recording", "call_ended:bot_kicked_from_call")),
    "empty_recording": lambda: judged(ended(bot_id="bot-1"), bot("in_call_recording", "done")),
    "media_expired": lambda: judged(ended(bot_id="bot-1"), bot("in_call_recording", "done", "media_expired")),
    **{
        code.reason.key: partial(judged, ended(bot_id="bot-1"), bot("joining_call", f"fatal:{code.code}"))
        for code in SUB_CODES.values()
        if not code.is_normal_end
    },
    "ended_before_recording": lambda: judged(ended(bot_id="bot-1"), bot("in_call_not_recording", "done")),
}
"""An entry of each reason. That a meeting is over is told where somebody would still set an override."""


@pytest.mark.parametrize("key", [key for key in REASON_KEYS if key != "already_ended"])
def test_every_reason_is_given_by_some_entry(key: str) -> None:
    reason = GIVEN[key]().reason
    assert reason is not None
    assert reason.key == key


def test_that_a_meeting_is_over_is_told_where_an_override_would_be_set() -> None:
    assert plan_override(ended(), True, NOW).problem == reason_of("already_ended").why_coming


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
    assert 0 < len(rule.label) <= 35
    assert rule.label != reason_of("unclassified").label


@pytest.mark.parametrize("shown", [*Outcome, *Owner, *Confidence])
def test_every_word_on_a_badge_is_set(shown: Outcome | Owner | Confidence) -> None:
    assert shown.label[0].isupper()


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_sign_and_one_of_the_six_colours(outcome: Outcome) -> None:
    assert outcome.sign
    assert outcome.colour in list(Outcome)[:6]

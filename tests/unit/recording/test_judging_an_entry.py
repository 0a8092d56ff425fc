"""One entry judged: each test says a sentence of the definitions."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given

from lib.domain import Attendee, Bot, BotEntry, CalendarUser, Connection, Entry
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis, Confidence, Owner
from lib.recording.time_part import FirstSeen, LastSeen, TimePart, part_of
from lib.recording.verdict import RECORD, UNSAID, Verdict, judge, outcome_of_bot, with_inferred_reason
from tests.unit.recording.making import (
    HOUR,
    NOW,
    bot,
    bots,
    ended,
    entries,
    entry,
    recording,
    rules,
    seen,
    sent,
    user,
    users,
)

WAITED = bot("joining_call", "in_waiting_room", "call_ended:timeout_exceeded_waiting_room", "done")
NOBODY_CAME = bot("joining_call", "in_call_not_recording", "call_ended:timeout_exceeded_noone_joined", "done")
WELL = bot("in_call_recording", "call_ended:call_ended_by_host", "done", recordings=(recording(),))
RECORDING = bot("joining_call", "in_call_recording")
CUT = bot("in_call_recording", "call_ended:bot_kicked_from_call", "done", recordings=(recording(),))
EMPTY = bot("in_call_recording", "done")
NO_LINK: dict[str, Any] = {"invites": (), "meeting_platform": None}


def _judge(
    some: Entry, its_bot: Bot | None = None, anyone: CalendarUser | None = None, before: LastSeen | None = None
) -> Verdict:
    return judge(some, sent(some, its_bot), anyone or user(), NOW, seen=before)


def _reason(verdict: Verdict) -> str | None:
    return verdict.reason.key if verdict.reason else None


def _next(verdict: Verdict) -> str | None:
    return verdict.next_reason.key if verdict.next_reason else None


@pytest.mark.parametrize(
    ("start", "end", "part"),
    [
        (NOW + HOUR, NOW + 2 * HOUR, TimePart.UPCOMING),
        (NOW, NOW + HOUR, TimePart.IN_PROGRESS),
        (NOW - HOUR, NOW + HOUR, TimePart.IN_PROGRESS),
        (NOW - HOUR, NOW, TimePart.ENDED),
        (NOW - HOUR, None, TimePart.ENDED),
        (NOW, None, TimePart.ENDED),
        (NOW + HOUR, NOW - HOUR, TimePart.UPCOMING),
        (None, NOW + HOUR, TimePart.WITHOUT_START),
    ],
)
def test_everything_is_split_at_as_of(start: datetime | None, end: datetime | None, part: TimePart) -> None:
    assert part_of(entry(start_time=start, end_time=end), NOW) is part


# --- coming ---


def test_a_coming_meeting_with_its_bot_will_be_recorded_and_the_rule_says_why() -> None:
    verdict = _judge(entry(will_record=True, bot_id="bot-1"))
    assert (verdict.outcome, verdict.reason, verdict.why) == (Outcome.WILL_RECORD, None, "External meeting")


def test_a_coming_meeting_that_no_bot_is_booked_for_is_missed_though_it_is_to_be_recorded() -> None:
    verdict = _judge(entry(will_record=True))
    assert (verdict.missed, _reason(verdict), verdict.outcome) == (True, "bot_not_scheduled", Outcome.TECHNICAL)


@pytest.mark.parametrize(
    ("facts", "on", "reason", "outcome"),
    [
        ({"is_external": False}, "EX", "internal_not_enabled", Outcome.OFF_BY_CHOICE),
        ({}, "IN", "external_not_enabled", Outcome.OFF_BY_CHOICE),
        ({"override_should_record": False}, "EX", "override_do_not_record", Outcome.OFF_BY_CHOICE),
        ({}, "EX+IN+OH", "not_host_and_only_host", Outcome.OFF_BY_CHOICE),
        ({"attendees": (Attendee("anna@acme.example", status="declined"),)}, "EX+CF", "not_accepted", None),
        ({"is_hosted_by_me": True}, "EX+NH", "host_excluded_by_non_host_rule", Outcome.OFF_BY_CHOICE),
        ({}, "EX+RC", "not_recurring_rule", Outcome.OFF_BY_CHOICE),
        ({}, "", "no_rules_enabled", Outcome.FIXABLE),
        ({}, "NH+OH", "contradictory_rules", Outcome.FIXABLE),
    ],
)
def test_a_coming_meeting_that_the_rules_leave_out_says_which_rule(
    facts: dict[str, Any], on: str, reason: str, outcome: Outcome | None
) -> None:
    verdict = _judge(entry(**facts), anyone=user(on))
    assert _reason(verdict) == reason
    assert verdict.outcome is (outcome or Outcome.OFF_BY_CHOICE)


def test_what_recall_says_today_of_a_coming_meeting_beats_what_was_seen_before() -> None:
    verdict = _judge(entry(will_record=False), anyone=user("IN"), before=LastSeen(True, rules("EX")))
    assert (_reason(verdict), verdict.asked) == ("external_not_enabled", False)


def test_a_coming_meeting_is_not_asked_for_yet_though_its_bot_is_booked() -> None:
    assert not _judge(entry(will_record=True, bot_id="bot-1")).asked


def test_without_a_link_it_cannot_be_recorded_and_is_no_miss() -> None:
    verdict = _judge(entry(**NO_LINK))
    assert (verdict.recordable, verdict.missed, _reason(verdict)) == (False, False, "no_meeting_link")


def test_a_coming_meeting_that_lacks_only_its_link_is_fixable() -> None:
    verdict = _judge(entry(**NO_LINK))
    assert verdict.outcome is Outcome.FIXABLE
    assert verdict.after_that == "It would be recorded."


def test_of_several_things_that_would_stop_it_after_the_link_the_first_is_named() -> None:
    verdict = _judge(entry(**NO_LINK, is_external=False, is_hosted_by_me=False), anyone=user("EX+OH"))
    assert _next(verdict) == "internal_not_enabled"


def test_what_would_stop_it_after_the_link_is_named_too() -> None:
    verdict = _judge(entry(**NO_LINK, is_external=False), anyone=user("EX"))
    assert (verdict.outcome, _next(verdict)) == (Outcome.NOT_RECORDABLE, "internal_not_enabled")
    assert verdict.after_that == "It would still not be recorded: internal meetings are off."


def test_nothing_is_promised_where_the_calendar_does_not_say_enough() -> None:
    assert _judge(entry(**NO_LINK, is_external=None), anyone=user("EX")).after_that == ""


def test_when_our_rule_says_yes_and_recall_says_no_recall_decides_and_it_is_shown() -> None:
    verdict = _judge(entry(will_record=False, will_record_reason="because"))
    assert (_reason(verdict), verdict.rule_mismatch, verdict.raw) == ("rule_mismatch", True, "because")


def test_when_our_rule_says_no_and_recall_says_yes_recall_decides_and_it_is_shown() -> None:
    verdict = _judge(entry(will_record=True, bot_id="bot-1", is_external=False), anyone=user("EX"))
    assert (verdict.outcome, verdict.rule_mismatch) == (Outcome.WILL_RECORD, True)


def test_when_our_rule_cannot_tell_recalls_words_are_all_there_is() -> None:
    verdict = _judge(entry(is_external=None, will_record_reason="hidden guests"), anyone=user("EX"))
    assert (_reason(verdict), verdict.rule_mismatch, verdict.raw) == ("reason_reported_only", False, "hidden guests")


def test_a_lost_calendar_stops_a_coming_meeting_before_any_rule() -> None:
    verdict = _judge(entry(is_external=False), anyone=user("EX", connected=False))
    assert (_reason(verdict), _next(verdict)) == ("calendar_disconnected", "internal_not_enabled")


def test_another_calendars_connection_does_not_help_the_calendar_that_is_lost() -> None:
    anyone = replace(user(), connections=(Connection("microsoft", True), Connection("google", False)))
    assert _reason(_judge(entry(calendar_platform="google"), anyone=anyone)) == "calendar_disconnected"


def test_a_bot_that_is_booked_for_a_meeting_that_will_not_be_recorded_is_explained() -> None:
    assert _reason(_judge(entry(bot_id="bot-1"))) == "bot_present_but_will_not_record"


def test_a_colleagues_bot_covers_a_meeting_that_the_own_rules_leave_out() -> None:
    shared = bot(entries=(BotEntry("entry-1"), BotEntry("entry-2")))
    verdict = _judge(entry(bot_id="bot-1"), shared)
    assert (_reason(verdict), verdict.outcome, verdict.missed) == ("covered_by_colleague", Outcome.WILL_RECORD, False)


def test_a_bot_that_was_sent_for_this_entry_alone_is_no_colleagues() -> None:
    own = bot(entries=(BotEntry("entry-1"),))
    assert _reason(_judge(entry(bot_id="bot-1"), own)) == "bot_present_but_will_not_record"


def test_preferences_can_be_tried_in_place_of_the_users_own() -> None:
    assert _reason(judge(entry(), (), user("EX"), NOW, preferences=rules("IN"))) == "external_not_enabled"


# --- going on ---


def test_a_meeting_that_is_being_recorded_is_in_progress() -> None:
    verdict = _judge(entry(starts=-1, hours=2, will_record=True, bot_id="bot-1"), RECORDING)
    assert (verdict.part, verdict.outcome, verdict.recorded) == (TimePart.IN_PROGRESS, Outcome.IN_PROGRESS, True)


def test_a_meeting_that_goes_on_without_a_bot_says_why_and_is_not_counted_as_missed_yet() -> None:
    verdict = _judge(entry(starts=-1, hours=2, is_external=False), anyone=user("EX"))
    assert (_reason(verdict), verdict.missed) == ("internal_not_enabled", False)


# --- ended ---


def test_an_ended_meeting_whose_bot_recorded_is_recorded_and_needs_no_reason() -> None:
    verdict = _judge(ended(bot_id="bot-1"), WELL)
    assert (verdict.outcome, verdict.reason, verdict.asked, verdict.missed) == (Outcome.RECORDED, None, True, False)


def test_a_meeting_recorded_in_part_counts_as_recorded_and_says_so() -> None:
    cut = bot("in_call_recording", "call_ended:bot_kicked_from_call", "done", recordings=(recording(),))
    verdict = _judge(ended(bot_id="bot-1"), cut)
    assert (verdict.recorded, verdict.partial, verdict.outcome, _reason(verdict)) == (
        True,
        True,
        Outcome.IN_PART,
        "left_early",
    )


def test_an_empty_recording_counts_as_recorded_and_says_so() -> None:
    verdict = _judge(ended(bot_id="bot-1"), bot("in_call_recording", "done"))
    assert (verdict.recorded, verdict.empty, _reason(verdict)) == (True, True, "empty_recording")


def test_a_recording_by_a_colleagues_bot_counts_and_is_explained() -> None:
    shared = replace(WELL, entries=(BotEntry("entry-1"), BotEntry("entry-2")))
    verdict = _judge(ended(bot_id="bot-1"), shared, before=LastSeen(False, rules("IN")))
    assert (verdict.outcome, _reason(verdict)) == (Outcome.RECORDED, "covered_by_colleague")


def test_a_colleagues_bot_needs_no_word_where_the_own_rules_asked_for_the_recording_too() -> None:
    shared = replace(WELL, entries=(BotEntry("entry-1"), BotEntry("entry-2")))
    assert _reason(_judge(ended(bot_id="bot-1"), shared, before=LastSeen(True, rules("EX")))) is None
    assert _reason(_judge(ended(bot_id="bot-1"), WELL, before=LastSeen(False, rules("IN")))) is None


@pytest.mark.parametrize("worse", [CUT, EMPTY, NOBODY_CAME, WAITED, bot("joining_call"), None])
@pytest.mark.parametrize("turned", [False, True])
def test_of_several_bots_the_one_that_recorded_the_whole_speaks_for_the_meeting(
    worse: Bot | None, turned: bool
) -> None:
    bots_of_it = [WELL, worse][:: -1 if turned else 1]
    verdict = judge(ended(bot_id="bot-1"), bots_of_it, user(), NOW)
    assert (verdict.outcome, verdict.reason) == (Outcome.RECORDED, None)
    assert (verdict.recorded, verdict.partial, verdict.empty) == (True, False, False)


@pytest.mark.parametrize("turned", [False, True])
def test_of_bots_that_recorded_nothing_the_one_that_got_furthest_speaks(turned: bool) -> None:
    verdict = judge(ended(bot_id="bot-1"), [NOBODY_CAME, WAITED][:: -1 if turned else 1], user(), NOW)
    assert (_reason(verdict), verdict.did_not_happen) == ("waiting_room_not_admitted", False)


@pytest.mark.parametrize("some", [CUT, EMPTY])
def test_a_recording_in_part_or_without_anything_in_it_is_shown_as_one_in_part(some: Bot) -> None:
    verdict = _judge(ended(bot_id="bot-1"), some)
    assert (verdict.recorded, verdict.outcome) == (True, Outcome.IN_PART)
    assert (verdict.partial, verdict.empty) == (some is CUT, some is EMPTY)


def test_a_meeting_to_come_and_one_of_the_past_are_explained_each_in_its_own_time() -> None:
    coming, past = (
        _judge(entry(is_external=False), anyone=user("EX")),
        _judge(ended(), before=LastSeen(False, rules("IN"))),
    )
    assert coming.reason is not None
    assert past.reason is not None
    assert coming.explanation == coming.reason.why_coming
    assert past.explanation == past.reason.why_past
    assert _judge(ended(bot_id="bot-1"), WELL).explanation == ""


def test_a_recording_whose_file_is_gone_counts_and_says_so() -> None:
    gone = bot("in_call_recording", "call_ended", "done", "media_expired", recordings=(recording(),))
    verdict = _judge(ended(bot_id="bot-1"), gone)
    assert (verdict.recorded, verdict.outcome, _reason(verdict)) == (True, Outcome.RECORDED, "media_expired")


@pytest.mark.parametrize(
    ("some", "outcome", "reason"),
    [
        (WELL, Outcome.RECORDED, None),
        (CUT, Outcome.IN_PART, None),
        (EMPTY, Outcome.IN_PART, None),
        (RECORDING, Outcome.RECORDED, None),
        (bot("joining_call"), Outcome.UNSETTLED, None),
        (bot("ready"), Outcome.WILL_RECORD, None),
        (bot(), Outcome.WILL_RECORD, None),
        (NOBODY_CAME, Outcome.DID_NOT_HAPPEN, "meeting_did_not_happen"),
        (WAITED, Outcome.FIXABLE, "waiting_room_not_admitted"),
        (bot("joining_call", "fatal:bot_errored"), Outcome.TECHNICAL, "platform_or_network_error"),
        (bot("fatal:zoom_brand_new"), Outcome.UNKNOWN, "unclassified"),
    ],
)
def test_a_bot_that_no_entry_names_is_told_by_itself(some: Bot, outcome: Outcome, reason: str | None) -> None:
    found, why = outcome_of_bot(some)
    assert (found, why.key if why else None) == (outcome, reason)


def test_without_an_end_what_was_seen_before_decides_and_without_a_start_the_rules_of_today() -> None:
    seen_then = LastSeen(False, rules("IN"))
    endless = judge(ended(end_time=None), (), user("EX"), NOW, seen=seen_then)
    assert "external_not_enabled" in endless.trace.blocks
    never = judge(ended(start_time=None), (), user("EX"), NOW, seen=seen_then)
    assert "external_not_enabled" not in never.trace.blocks


def test_what_was_seen_before_the_start_is_stronger_than_the_rules_first_seen() -> None:
    verdict = judge(ended(), (), user("EX"), NOW, seen=LastSeen(False, rules("IN")), first=FirstSeen(rules("EX"), None))
    assert _reason(verdict) == "external_not_enabled"
    assert verdict.by_rules is None


def test_a_bot_that_could_not_be_read_leaves_an_ended_meeting_unsettled() -> None:
    verdict = judge(ended(bot_id="bot-1"), (None,), user(), NOW)
    assert (verdict.unsettled, verdict.outcome, verdict.missed) == (True, Outcome.UNSETTLED, False)
    assert _reason(verdict) == "access_error"


def test_the_bot_of_another_meeting_says_nothing_about_this_one() -> None:
    assert _judge(ended(bot_id="bot-2"), WELL).unsettled
    assert not _judge(ended(bot_id=None), WELL).recorded


def test_a_bot_that_is_not_final_leaves_an_ended_meeting_unsettled() -> None:
    assert _judge(ended(bot_id="bot-1"), bot("joining_call", "in_waiting_room")).unsettled


def test_a_recording_settles_a_meeting_before_its_bot_is_final() -> None:
    verdict = _judge(ended(bot_id="bot-1"), RECORDING)
    assert (verdict.recorded, verdict.unsettled) == (True, False)


def test_a_meeting_whose_bot_met_nobody_did_not_happen_and_is_no_miss() -> None:
    verdict = _judge(ended(bot_id="bot-1"), NOBODY_CAME)
    assert (verdict.did_not_happen, verdict.outcome, verdict.missed) == (True, Outcome.DID_NOT_HAPPEN, False)


def test_a_meeting_whose_bot_was_kept_waiting_is_missed_and_names_the_host() -> None:
    verdict = _judge(ended(bot_id="bot-1"), WAITED)
    assert (verdict.missed, verdict.outcome, _reason(verdict)) == (True, Outcome.FIXABLE, "waiting_room_not_admitted")
    assert (verdict.owner, verdict.raw) == (Owner.HOST, "timeout_exceeded_waiting_room")


def test_the_word_of_recall_is_the_one_that_tells_why_though_the_call_ended_with_another() -> None:
    denied = "zoom_local_recording_disabled"
    ended_by_host = bot(
        "joining_call", f"recording_permission_denied:{denied}", "call_ended:call_ended_by_host", "done"
    )
    verdict = _judge(ended(bot_id="bot-1"), ended_by_host)
    assert (_reason(verdict), verdict.raw) == ("recording_permission_denied", denied)


def test_a_meeting_that_was_to_be_recorded_and_had_no_bot_was_asked_for_and_missed() -> None:
    verdict = _judge(ended(), before=LastSeen(True, rules("EX")))
    assert (verdict.asked, verdict.missed, _reason(verdict)) == (True, True, "bot_not_scheduled")


def test_a_meeting_of_no_length_is_explained_by_the_rules_and_not_by_being_over() -> None:
    verdict = _judge(entry(starts=-1, hours=0), before=LastSeen(False, rules("IN")))
    assert (verdict.part, _reason(verdict)) == (TimePart.ENDED, "external_not_enabled")


def test_an_ended_meeting_is_explained_by_the_preferences_seen_before_it_began() -> None:
    verdict = _judge(ended(will_record=True), anyone=user("EX"), before=LastSeen(False, rules("IN")))
    assert (verdict.asked, _reason(verdict)) == (False, "external_not_enabled")


def test_an_ended_meeting_is_explained_by_the_override_seen_before_it_began() -> None:
    some = ended(override_should_record=False)
    assert _reason(_judge(some, before=LastSeen(False, rules("IN"), None))) == "external_not_enabled"
    assert _reason(_judge(ended(), before=LastSeen(False, rules("EX"), False))) == "override_do_not_record"


def test_a_meeting_never_seen_before_it_began_says_so_and_what_the_rules_first_seen_say_of_it() -> None:
    some = ended(will_record=True, is_external=False)
    verdict = judge(some, (), user("IN"), NOW, first=FirstSeen(rules("EX"), None))
    assert (verdict.asked, _reason(verdict), _next(verdict)) == (False, "not_seen_before_start", "internal_not_enabled")
    assert verdict.by_rules == "internal_not_enabled"


@pytest.mark.parametrize(
    ("first", "facts", "said"),
    [
        (FirstSeen(rules("EX"), None), {}, RECORD),
        (FirstSeen(rules("IN"), True), {}, RECORD),
        (FirstSeen(rules("EX"), False), {}, "override_do_not_record"),
        (FirstSeen(rules(""), None), {}, "no_rules_enabled"),
        (FirstSeen(rules("EX"), None), {"is_external": None}, UNSAID),
        (FirstSeen(None, None), {}, UNSAID),
    ],
)
def test_the_rules_first_seen_say_record_or_why_not_or_nothing(
    first: FirstSeen, facts: dict[str, Any], said: str | None
) -> None:
    assert judge(ended(**facts), (), user("EX+IN"), NOW, first=first).by_rules == said


def test_the_rules_first_seen_say_something_of_a_meeting_with_a_bot_too() -> None:
    verdict = judge(ended(bot_id="bot-1"), (WELL,), user(), NOW, first=FirstSeen(rules("IN"), None))
    assert (verdict.outcome, verdict.by_rules) == (Outcome.RECORDED, "external_not_enabled")


def test_they_say_nothing_of_what_was_watched_nor_of_what_no_bot_could_join() -> None:
    first = FirstSeen(rules("IN"), None)
    assert judge(ended(), (), user(), NOW, first=first, seen=LastSeen(False, rules("IN"))).by_rules is None
    assert judge(ended(**NO_LINK), (), user(), NOW, first=first).by_rules is None
    assert judge(entry(), (), user(), NOW, first=first).by_rules is None


def test_a_meeting_never_seen_while_its_calendar_was_lost_has_that_for_a_reason() -> None:
    verdict = judge(ended(), (), user(), NOW, first=FirstSeen(rules("IN"), None), lost_at_start=True)
    assert (_reason(verdict), verdict.by_rules) == ("calendar_disconnected", None)


# --- better evidence than looks ---


@pytest.mark.parametrize("looks", [NO_LINK, {"end_time": NOW + 22 * HOUR}, {"end_time": None}])
def test_a_bot_or_recalls_decision_beats_how_an_event_looks(looks: dict[str, Any]) -> None:
    some = {"starts": -2, **looks}
    assert not judge(entry(**some), (), user(), NOW).recordable
    assert judge(entry(**some, bot_id="bot-1"), (WELL,), user(), NOW).recordable
    assert judge(entry(**some), (), user(), NOW, seen=LastSeen(True, rules("EX"))).recordable
    assert not judge(entry(**some, will_record=True), (), user(), NOW, seen=LastSeen(False, rules("EX"))).recordable
    assert judge(entry(**{**looks, "starts": 1}, will_record=True), (), user(), NOW).recordable


# --- several bots of one entry ---


def test_an_entry_is_recorded_if_any_of_its_bots_recorded() -> None:
    for several in ((WELL, WAITED), (WAITED, WELL), (None, WELL)):
        verdict = judge(ended(), several, user(), NOW)
        assert (verdict.outcome, verdict.recorded, verdict.unsettled) == (Outcome.RECORDED, True, False)


def test_an_entry_is_unsettled_until_all_of_its_bots_are_known_to_have_ended() -> None:
    assert judge(ended(), (WAITED, None), user(), NOW).unsettled
    assert judge(ended(), (WAITED, bot("joining_call")), user(), NOW).unsettled
    assert not judge(ended(), (WAITED, NOBODY_CAME), user(), NOW).unsettled


def test_nobody_came_only_if_none_of_the_bots_met_anybody() -> None:
    assert judge(ended(), (NOBODY_CAME, NOBODY_CAME), user(), NOW).did_not_happen
    verdict = judge(ended(), (NOBODY_CAME, WAITED), user(), NOW)
    assert (verdict.did_not_happen, _reason(verdict)) == (False, "waiting_room_not_admitted")


def test_a_meeting_never_seen_before_it_began_is_asked_for_by_its_bot_alone() -> None:
    assert _judge(ended(bot_id="bot-1"), WAITED).asked


def test_an_entry_without_a_start_is_in_no_part_and_cannot_be_recorded() -> None:
    verdict = _judge(entry(start_time=None))
    assert (verdict.part, verdict.recordable, _reason(verdict)) == (
        TimePart.WITHOUT_START,
        False,
        "all_day_or_no_times",
    )


# --- whatever Recall sends ---


@given(entries, bots, users, seen)
def test_whatever_is_not_recorded_has_a_reason_unless_its_bot_is_still_to_tell(
    some: Entry, its_bot: Bot, anyone: CalendarUser, before: LastSeen | None
) -> None:
    verdict = judge(some, sent(some, its_bot), anyone, NOW, seen=before)
    if verdict.missed or not (verdict.booked or verdict.recorded):
        assert verdict.reason is not None
    assert verdict.next_reason is None or verdict.reason is not None


@given(entries, bots, users, seen)
def test_what_is_recorded_was_booked_and_what_ended_recorded_was_asked_for(
    some: Entry, its_bot: Bot, anyone: CalendarUser, before: LastSeen | None
) -> None:
    verdict = judge(some, sent(some, its_bot), anyone, NOW, seen=before)
    assert verdict.booked or not verdict.recorded
    assert verdict.asked or not (verdict.recorded and verdict.part is TimePart.ENDED)


@given(entries, bots, users, seen)
def test_an_entry_is_never_two_of_recorded_unsettled_and_not_held(
    some: Entry, its_bot: Bot, anyone: CalendarUser, before: LastSeen | None
) -> None:
    verdict = judge(some, sent(some, its_bot), anyone, NOW, seen=before)
    assert verdict.recorded + verdict.unsettled + verdict.did_not_happen <= 1


@given(entries, bots, users, seen)
def test_what_people_read_holds_no_text_from_outside(
    some: Entry, its_bot: Bot, anyone: CalendarUser, before: LastSeen | None
) -> None:
    hostile = replace(some, title="[x](y)", will_record_reason="[x](y)")
    verdict = judge(hostile, sent(hostile, its_bot), anyone, NOW, seen=before)
    read = (verdict.why, verdict.what_to_do, verdict.explanation, verdict.after_that, verdict.outcome.label)
    assert not any("[x](y)" in text or "_" in text for text in read)
    assert bool(verdict.why) == (verdict.reason is not None or verdict.part is TimePart.UPCOMING)


def test_an_entry_that_nobody_watched_can_be_told_by_the_rules_first_seen() -> None:
    unwatched = ended(is_external=False, attendees=(Attendee("anna@acme.example", status="declined"),))
    first = FirstSeen(rules("EX+CF"), None)
    told = with_inferred_reason(judge(unwatched, (), user("IN"), NOW, first=first))
    assert (_reason(told), _next(told)) == ("internal_not_enabled", "not_accepted")
    assert (told.owner, told.outcome) == (Owner.CUSTOMER_SUCCESS, Outcome.OFF_BY_CHOICE)
    assert (told.basis, told.confidence) == (Basis.INFERRED, Confidence.INFERRED)
    third = with_inferred_reason(judge(unwatched, (), user("IN"), NOW, first=FirstSeen(rules("EX+CF+OH"), None)))
    assert (len(third.trace.blocks), _next(third)) == (3, "not_accepted")
    alone = with_inferred_reason(judge(unwatched, (), user("IN"), NOW, first=FirstSeen(rules("EX"), None)))
    assert (_reason(alone), _next(alone)) == ("internal_not_enabled", None)

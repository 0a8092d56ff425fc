"""What is said of one bot: why, what to do, how long each phase took, and where Recall itself shows it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain import Bot, BotEntry, StatusChange
from lib.queries.bot import KnownBot
from lib.recording.outcome import Outcome
from lib.recording.reasons import REASON_KEYS
from lib.recording.timeline import phases_of
from lib.recording.verdict import judge
from lib.store.bots import BotRow
from lib.store.entries import StoredEntry
from lib.store.verdicts import StoredVerdict
from lib.ui.bots.bot import explorer_url
from lib.ui.bots.outcomes import plain_platform
from lib.ui.bots.timeline import phases_sentence, spans_of, what_happened, what_to_do
from tests.unit.recording.making import NOW, bot, bots, ended, recording, user
from tests.unit.storing import stored_entry

UUID = "0b7a6b41-8add-4e49-955d-45d006b2fa08"
NAMES_NOBODY = "**<script>![x](https://evil.example)"


def stored(judgement: StoredVerdict | None = None, **facts: object) -> StoredEntry:
    given = ended(bot_id="bot-1", **facts)
    return stored_entry(given, verdict=judgement)


def known(of: Bot | None, *judgements: StoredVerdict, failure: str | None = None) -> KnownBot:
    entries = tuple(stored(judgement) for judgement in judgements)
    return KnownBot(BotRow("bot-1", of, False, NOW if of else None, failure), entries)


def judged(of: Bot) -> KnownBot:
    """The bot, judged as the sync does."""
    verdict = judge(ended(bot_id="bot-1"), (of,), user(), NOW)
    reason, owner = verdict.reason, verdict.owner
    return known(of, StoredVerdict(str(verdict.outcome), 0, reason.key if reason else None, None, owner, verdict.raw))


def test_a_bot_left_waiting_is_told_with_the_time_it_waited() -> None:
    minutes = (("joining_call", 0), ("in_waiting_room", 2), ("call_ended", 22), ("done", 23))
    steps = [StatusChange(code, NOW - timedelta(minutes=60 - at)) for code, at in minutes]
    steps[2] = StatusChange("call_ended", steps[2].created_at, "timeout_exceeded_waiting_room")
    found = judged(Bot("bot-1", tuple(steps)))
    assert what_happened(found) == "The host did not let the bot in: it waited 20 min and left."
    assert what_to_do(found) == "Ask the host to admit the bot, or switch the waiting room off for it."


def test_waiting_without_times_is_told_without_a_length() -> None:
    steps = (StatusChange("in_waiting_room", None), StatusChange("call_ended", None, "timeout_exceeded_waiting_room"))
    assert what_happened(judged(Bot("bot-1", (*steps, StatusChange("done", None))))) == (
        "The host did not let the bot in: it waited and left."
    )


def test_a_recording_is_told_with_its_length_and_asks_for_nothing() -> None:
    found = judged(bot("joining_call", "in_call_recording", "call_ended", "done", recordings=(recording(),)))
    assert (what_happened(found), what_to_do(found)) == ("The bot recorded for 1 min.", "")


def test_a_code_not_known_to_us_is_told_in_our_own_words_only() -> None:
    found = judged(bot("joining_call", f"fatal:{NAMES_NOBODY}"))
    assert found.verdict
    assert found.verdict.raw == NAMES_NOBODY
    assert "evil" not in what_happened(found) + what_to_do(found)


def test_a_bot_that_could_not_be_read_says_so_and_when_it_is_tried_again() -> None:
    assert "next sync" in what_happened(known(None, failure="unreachable"))
    assert "next sync" in what_happened(known(None))


def test_a_coming_bot_that_was_never_read_is_booked() -> None:
    assert "is booked" in what_happened(known(None, StoredVerdict(str(Outcome.WILL_RECORD), 0)))


def test_what_only_concerns_a_colleagues_entry_says_nothing_of_the_bot() -> None:
    colleague = StoredVerdict("will_record", 0, "covered_by_colleague")
    found = known(bot("fatal:bot_errored"), colleague, StoredVerdict("technical", 0, "platform_or_network_error"))
    assert found.outcome is Outcome.TECHNICAL
    assert known(bot(), colleague).outcome is Outcome.WILL_RECORD


def test_an_outcome_of_a_newer_version_is_unknown() -> None:
    assert known(bot(), StoredVerdict("teleported", 0)).outcome is Outcome.UNKNOWN
    assert known(None).outcome is Outcome.UNKNOWN


def test_the_outcome_of_a_bot_without_an_entry_is_what_its_statuses_say() -> None:
    assert known(bot()).outcome is Outcome.WILL_RECORD
    assert known(bot("joining_call")).outcome is Outcome.UNSETTLED
    assert known(bot("joining_call", "in_call_recording", "done")).outcome is Outcome.IN_PART
    assert known(bot("call_ended:timeout_exceeded_noone_joined", "done")).outcome is Outcome.DID_NOT_HAPPEN
    assert known(bot("fatal:meeting_password_incorrect")).outcome is Outcome.FIXABLE


def test_entries_that_recall_names_and_the_store_does_not_have_are_counted() -> None:
    shared = bot("done", entries=(BotEntry("entry-1"), BotEntry("entry-2"), BotEntry("entry-3")))
    assert known(shared, StoredVerdict("recorded", 0)).also_sent_for == 2


@given(bots, st.sampled_from([None, *REASON_KEYS]), st.sampled_from([*map(str, Outcome), "teleported"]))
def test_whatever_became_of_a_bot_is_told_in_whole_sentences(some: Bot, reason: str | None, outcome: str) -> None:
    found = known(some, StoredVerdict(outcome, 0, reason))
    assert what_happened(found).endswith(".")
    assert what_to_do(found) == "" or what_to_do(found).endswith(".")


@given(bots)
def test_every_phase_that_has_a_beginning_is_drawn_and_ends_no_sooner(some: Bot) -> None:
    spans = spans_of(phases_of(some, NOW), "#000000")
    assert len(spans) == sum(1 for stretch in phases_of(some) if stretch.began)
    assert all(span.begins <= span.ends for span in spans)


def test_phases_are_told_in_one_sentence_with_their_lengths() -> None:
    life = phases_of(bot("joining_call", "in_waiting_room", "call_ended", "done"))
    assert phases_sentence(life) == "joining 1 min, then waiting room 1 min, then ended"


def test_recalls_explorer_is_the_one_of_the_region() -> None:
    assert explorer_url("eu-central-1", UUID) == f"https://eu-central-1.recall.ai/dashboard/explorer/bot/{UUID}"


@pytest.mark.parametrize(("region", "bot_id"), [(None, UUID), ("us-west-2", "../admin"), ("us-west-2", NAMES_NOBODY)])
def test_no_link_leads_to_an_explorer_that_has_no_such_bot(region: str | None, bot_id: str) -> None:
    assert explorer_url(region, bot_id) is None


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        ("zoom", "Zoom"),
        ("google_meet", "Google Meet"),
        ("holo_room", "holo room"),
        (None, "Not known"),
        ("**", "Not known"),
    ],
)
def test_platforms_are_called_by_their_names(platform: str | None, words: str) -> None:
    assert plain_platform(platform) == words

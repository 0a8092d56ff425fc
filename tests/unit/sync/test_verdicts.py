"""Stored entries judged: what was erased, lost or removed since it was read changes nothing that is known."""

from dataclasses import replace

import pytest

from lib.domain import Attendee, Preferences
from lib.store.bots import BotRow
from lib.sync.verdicts import is_lost
from tests.unit.sync.judging import ADA, LOST, RECORDED, entry, judged, removed, stored


@pytest.mark.parametrize("answer", ["accepted", "declined", "tentative", None])
@pytest.mark.parametrize("wants", [Preferences(record_external=True, record_confirmed=True), ADA.preferences])
def test_an_entry_whose_people_were_erased_is_judged_as_before(answer: str | None, wants: Preferences) -> None:
    user = replace(ADA, preferences=wants)
    people = (Attendee("ada@acme.com", status=answer), Attendee("bob@else.com"))
    one = entry(-5, will_record=False, attendees=people, title="Secret")
    whole = stored(one, own_answer=answer, seen_preferences=wants, seen_will_record=False)
    erased = replace(whole, entry=replace(one, attendees=(), title=None), erased=True)
    assert judged(erased, user) == judged(whole, user)


@pytest.mark.parametrize(
    ("gone_at", "starts", "connected", "lost"),
    [
        (-6, -5, False, True),
        (-6, -5, True, False),
        (-4, -5, False, False),
        (-6, 5, False, True),
        (-5, -5, False, False),
    ],
)
def test_lost_is_what_was_gone_before_its_start_with_no_calendar_to_ask(
    gone_at: float, starts: float, connected: bool, lost: bool
) -> None:
    assert is_lost(stored(entry(starts), **removed(gone_at, connected=connected))) == lost


@pytest.mark.parametrize("starts", [-5, 5])
def test_a_lost_entry_is_unknown_for_its_calendar_was_lost(starts: float) -> None:
    one = stored(entry(starts, will_record=False), **removed(-6, connected=False))
    kept = judged(one, LOST)
    assert (kept.outcome, kept.reason) == ("unknown", "calendar_disconnected")
    assert kept.has("recordable")
    assert not kept.has("recorded")


def test_a_lost_entry_whose_bot_recorded_was_recorded() -> None:
    one = stored(entry(-9, bot_id="bot"), **removed(-10, connected=False))
    kept = judged(one, LOST, RECORDED)
    assert (kept.outcome, kept.reason) == ("recorded", None)


def test_a_lost_entry_without_a_link_was_never_recordable() -> None:
    linkless = entry(-5, meeting_platform=None, invites=())
    one = stored(linkless, seen_will_record=False, **removed(-6, connected=False))
    assert judged(one, LOST).outcome == "not_recordable"
    assert not judged(one, LOST).has("recordable")


def test_a_lost_entry_that_recall_last_said_it_would_record_was_recordable_whatever_it_looked_like() -> None:
    linkless = entry(-5, meeting_platform=None, invites=())
    kept = judged(stored(linkless, seen_will_record=True, **removed(-6, connected=False)), LOST)
    assert (kept.outcome, kept.has("recordable")) == ("unknown", True)


def test_what_vanished_after_its_start_is_judged_as_if_it_were_there() -> None:
    there = stored(entry(-9, bot_id="bot"))
    gone = replace(there, **removed(-2, connected=False))
    assert judged(gone, ADA, RECORDED) == judged(there, ADA, RECORDED)


def test_a_bot_that_could_not_be_read_leaves_its_meeting_unsettled() -> None:
    one = stored(entry(-9, bot_id="bot"))
    for known in ({}, {"bot": BotRow("bot", None, False, None, "unreachable")}):
        kept = judged(one, ADA, known)
        assert (kept.has("unsettled"), kept.has("recorded")) == (True, False)


def test_what_was_known_of_a_bot_outlives_a_read_in_vain() -> None:
    before = RECORDED["bot"]
    kept = judged(stored(entry(-9, bot_id="bot")), ADA, {"bot": replace(before, failure="limited")})
    assert kept.has("recorded")

"""Stored entries judged: what was erased, lost or removed since it was read changes nothing that is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lib.domain import Attendee, Bot, CalendarUser, Connection, Entry, Preferences, Recording, StatusChange
from lib.store.bots import BotRow
from lib.store.entries import StoredEntry
from lib.sync.verdicts import is_lost, judgement_of

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ADA = CalendarUser("id-ada", "ada", (Connection("google", True, "ada@acme.com"),), Preferences(record_external=True))
LOST = replace(ADA, connections=(Connection("google", False, "ada@acme.com"),))


def entry(hours: float, **fields: Any) -> Entry:
    """An external Zoom call that begins so many hours after noon."""
    start = NOON + hours * HOUR
    known: dict[str, Any] = {
        "will_record": True,
        "meeting_platform": "zoom",
        "calendar_platform": "google",
        "invites": ("zoom",),
        "is_external": True,
        "attendees": (Attendee("ada@acme.com", status="accepted"), Attendee("bob@else.com")),
    }
    return Entry(id="e", start_time=start, end_time=start + HOUR, **(known | fields))


def stored(one: Entry, **fields: Any) -> StoredEntry:
    known: dict[str, Any] = {
        "key": 1,
        "user_id": "id-ada",
        "entry": one,
        "erased": False,
        "own_answer": "accepted",
        "attendees": len(one.attendees),
        "first_seen_at": NOON - 48 * HOUR,
        "changed_at": NOON - 48 * HOUR,
        "removed_at": None,
        "removed_connected": None,
        "seen_will_record": True,
        "seen_preferences": ADA.preferences,
        "judgement": None,
    }
    return StoredEntry(**(known | fields))


def removed(hours: float, *, connected: bool) -> dict[str, Any]:
    return {"removed_at": NOON + hours * HOUR, "removed_connected": connected}


def read_bot(name: str, *codes: str) -> BotRow:
    steps = tuple(StatusChange(code, NOON - (9 - n) * HOUR) for n, code in enumerate(codes))
    recordings = (Recording("r", "done", NOON - 8 * HOUR, NOON - 7 * HOUR),) if "in_call_recording" in codes else ()
    return BotRow(name, Bot(name, steps, recordings), codes[-1] == "done", NOON, None)


RECORDED = {"bot": read_bot("bot", "joining_call", "in_call_recording", "call_ended", "done")}


@pytest.mark.parametrize("answer", ["accepted", "declined", "tentative", None])
@pytest.mark.parametrize("wants", [Preferences(record_external=True, record_confirmed=True), ADA.preferences])
def test_an_entry_whose_people_were_erased_is_judged_as_before(answer: str | None, wants: Preferences) -> None:
    user = replace(ADA, preferences=wants)
    people = (Attendee("ada@acme.com", status=answer), Attendee("bob@else.com"))
    one = entry(-5, will_record=False, attendees=people, title="Secret")
    whole = stored(one, own_answer=answer, seen_preferences=wants, seen_will_record=False)
    erased = replace(whole, entry=replace(one, attendees=(), title=None), erased=True)
    assert judgement_of(erased, user, {}, NOON) == judgement_of(whole, user, {}, NOON)


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
    judged = judgement_of(one, LOST, {}, NOON)
    assert (judged.outcome, judged.reason) == ("unknown", "calendar_disconnected")
    assert judged.has("recordable")
    assert not judged.has("recorded")


def test_a_lost_entry_whose_bot_recorded_was_recorded() -> None:
    one = stored(entry(-9, bot_id="bot"), **removed(-10, connected=False))
    judged = judgement_of(one, LOST, RECORDED, NOON)
    assert (judged.outcome, judged.reason) == ("recorded", None)


def test_a_lost_entry_without_a_link_was_never_recordable() -> None:
    one = stored(entry(-5, meeting_platform=None, invites=()), **removed(-6, connected=False))
    assert judgement_of(one, LOST, {}, NOON).outcome == "not_recordable"
    assert not judgement_of(one, LOST, {}, NOON).has("recordable")


def test_what_vanished_after_its_start_is_judged_as_if_it_were_there() -> None:
    there = stored(entry(-9, bot_id="bot"))
    assert judgement_of(replace(there, **removed(-2, connected=False)), ADA, RECORDED, NOON) == judgement_of(
        there, ADA, RECORDED, NOON
    )


def test_a_bot_that_could_not_be_read_leaves_its_meeting_unsettled() -> None:
    one = stored(entry(-9, bot_id="bot"))
    for known in ({}, {"bot": BotRow("bot", None, False, None, "unreachable")}):
        judged = judgement_of(one, ADA, known, NOON)
        assert (judged.has("unsettled"), judged.has("recorded")) == (True, False)


def test_what_was_known_of_a_bot_outlives_a_read_in_vain() -> None:
    before = RECORDED["bot"]
    judged = judgement_of(stored(entry(-9, bot_id="bot")), ADA, {"bot": replace(before, failure="limited")}, NOON)
    assert judged.has("recorded")

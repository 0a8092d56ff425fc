"""Entries that nobody saw before they began: were their calendars lost then, and what do the rules first seen say?"""

from dataclasses import replace
from typing import Any

import pytest

from lib.domain import Attendee, Connection, Preferences
from lib.store.entries import StoredEntry
from lib.store.observations import CalendarChange
from tests.unit.sync.judging import ADA, HOUR, NOON, RECORDED, entry, judged, stored

BOTH = replace(ADA, connections=(*ADA.connections, Connection("microsoft", True, "ada@else.com")))
ASKS_FIRST = Preferences(record_external=True, record_confirmed=True)


def unwatched(
    platform: str | None = "google", *, will_record: bool = False, bot: str | None = None, **known: Any
) -> StoredEntry:
    """An entry of five hours ago that no read showed before it began."""
    usual = {"seen_will_record": None, "seen_preferences": None, "first_preferences": ADA.preferences}
    one = entry(-5, will_record=will_record, calendar_platform=platform, bot_id=bot)
    return stored(one, **(usual | known))


def change(hours: float, platform: str = "google", *, found: bool = False) -> CalendarChange:
    return CalendarChange(NOON + hours * HOUR, platform, found)


LOST = "calendar_disconnected"
UNSEEN = "not_seen_before_start"


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ((), UNSEEN),
        ((change(-9),), LOST),
        ((change(-5),), LOST),
        ((change(-4.9),), UNSEEN),
        ((change(-9), change(-6, found=True)), UNSEEN),
        ((change(-9), change(-4, found=True)), LOST),
        ((change(-9), change(-8, found=True), change(-7)), LOST),
        ((change(-9, found=True),), UNSEEN),
        ((change(-9, "microsoft"),), UNSEEN),
    ],
    ids=[
        "never seen to go",
        "lost before",
        "lost at its start",
        "lost after",
        "found again before",
        "found again after",
        "lost, found and lost",
        "found",
        "another calendar lost",
    ],
)
def test_an_unwatched_entry_is_missed_for_its_calendar_if_that_was_last_seen_to_be_lost_by_its_start(
    seen: tuple[CalendarChange, ...], reason: str
) -> None:
    assert judged(unwatched(), BOTH, seen=seen).reason == reason


def test_one_whose_calendar_is_not_named_is_missed_for_it_only_if_all_were_lost() -> None:
    assert judged(unwatched(None), BOTH, seen=(change(-9),)).reason == UNSEEN
    assert judged(unwatched(None), BOTH, seen=(change(-9), change(-8, "microsoft"))).reason == LOST


def test_the_other_calendar_tells_nothing_of_one_that_was_never_seen_to_go() -> None:
    assert judged(unwatched("microsoft"), BOTH, seen=(change(-9),)).reason == UNSEEN
    assert judged(unwatched("microsoft"), BOTH, seen=(change(-9), change(-9, "microsoft"))).reason == LOST


def test_a_calendar_that_the_user_no_longer_has_at_all_was_lost_as_it_was_seen() -> None:
    assert judged(unwatched("microsoft"), ADA, seen=(change(-9, "microsoft"),)).reason == LOST


@pytest.mark.parametrize(("said", "reason"), [(True, "bot_not_scheduled"), (False, "no_rules_enabled")])
def test_what_recall_said_before_the_start_is_stronger_than_a_calendar_lost(said: bool, reason: str) -> None:
    rules = ADA.preferences if said else Preferences()
    watched = unwatched(seen_will_record=said, seen_preferences=rules)
    assert judged(watched, BOTH, seen=(change(-6),)).reason == reason


def test_a_bot_that_recorded_is_stronger_than_a_calendar_lost() -> None:
    kept = judged(unwatched(bot="bot"), known=RECORDED, seen=(change(-9),))
    assert (kept.outcome, kept.reason) == ("recorded", None)


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ({}, "record"),
        ({"first_preferences": Preferences(record_internal=True)}, "external_not_enabled"),
        ({"first_preferences": Preferences()}, "no_rules_enabled"),
        ({"first_override": False}, "override_do_not_record"),
        ({"first_preferences": Preferences(), "first_override": True}, "record"),
        ({"first_preferences": ASKS_FIRST, "first_answer": "accepted"}, "record"),
        ({"first_preferences": ASKS_FIRST, "first_answer": "declined"}, "not_accepted"),
    ],
)
def test_what_the_rules_first_seen_say_is_kept_beside_an_unwatched_entry(first: dict[str, Any], told: str) -> None:
    assert judged(unwatched(**first)).by_rules == told


def test_the_rules_of_now_the_override_of_now_and_the_answer_of_now_change_nothing_of_it() -> None:
    first = unwatched(first_preferences=ASKS_FIRST, first_override=None, first_answer="accepted")
    declined = (Attendee("ada@acme.com", status="declined"),)
    later = replace(
        first,
        entry=replace(first.entry, override_should_record=False, attendees=declined),
        own_answer="declined",
    )
    nothing = replace(ADA, preferences=Preferences())
    assert judged(later, nothing).by_rules == judged(first).by_rules == "record"


def test_it_is_unsaid_where_the_calendar_does_not_say_what_decides() -> None:
    one = unwatched()
    assert judged(replace(one, entry=replace(one.entry, is_external=None))).by_rules == "unsaid"
    assert judged(unwatched(first_preferences=None)).by_rules == "unsaid"


@pytest.mark.parametrize(
    "one",
    [
        unwatched(seen_will_record=False, seen_preferences=ADA.preferences),
        stored(entry(5), seen_will_record=None, seen_preferences=None, first_preferences=Preferences()),
        replace(unwatched(), entry=replace(unwatched().entry, invites=(), meeting_platform=None)),
    ],
    ids=["watched", "still to come", "without a link"],
)
def test_the_rules_first_seen_say_nothing_of_what_is(one: StoredEntry) -> None:
    assert judged(one).by_rules is None


def test_nor_of_one_whose_calendar_was_lost() -> None:
    assert judged(unwatched(), seen=(change(-9),)).by_rules is None


def test_an_unwatched_entry_with_a_bot_says_what_they_say_so_that_it_can_be_told_how_well_they_agree() -> None:
    assert judged(unwatched(bot="bot"), known=RECORDED).by_rules == "record"
    off = unwatched(bot="bot", first_preferences=Preferences(record_internal=True))
    assert judged(off, known=RECORDED).by_rules == "external_not_enabled"


def test_a_calendar_is_lost_by_the_start_of_an_entry_whatever_its_end() -> None:
    one = unwatched(bot="bot")
    without_end = replace(one, entry=replace(one.entry, end_time=None))
    without_start = replace(one, entry=replace(one.entry, start_time=None))
    assert judged(without_end, seen=(change(-9, found=True),)).by_rules is not None
    assert judged(without_end, seen=(change(-9),)).by_rules is None
    assert judged(without_start, seen=(change(-9),)).has("booked")

"""What happened in words: before and after in one line, flag by flag, and how it ended."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from lib.domain import Preferences
from lib.queries.audit_log import Deed, Detail
from lib.store import events, observations, outbox
from lib.store.assignments import AppliedFile
from lib.store.audit_log import Source, What
from lib.store.batches import Batch, BatchState, ItemState
from lib.store.events import Event
from lib.store.observations import Observation
from lib.store.outbox import Change, State
from lib.store.standards import Standard, Succession
from lib.ui.activity.outcomes import ENDING_CHIPS, Ending, ending_of
from lib.ui.activity.words import WHAT_CHIPS, WHAT_WORDS, change_words, filter_words, sides, what_words, who_words

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
EXTERNAL, NOTHING = Preferences(record_external=True), Preferences()
COLOURS = 6


def deed(detail: Detail, source: Source = Source.CHANGE) -> Deed:
    return Deed(NOW, source, 1, detail)


def change(kind: outbox.Kind, before: Any, after: Any, **more: Any) -> Change:
    known: dict[str, Any] = dict.fromkeys(("entry_id", "why", "note", "batch", "undoes"))
    known |= {"made_at": NOW, "sent_at": NOW, "closed_at": NOW, "state": State.APPLIED, "undone": False} | more
    return Change(seq=1, kind=kind, user_id="u", actor="dana", before=before, after=after, **known)


def rules(before: Preferences, after: Preferences, **more: Any) -> Change:
    values = ({**each.flags, "bot_name": each.bot_name} for each in (before, after))
    return change(outbox.Kind.PREFERENCES, *values, **more)


def event(kind: events.Kind, actor: str | None = "dana", **details: Any) -> Deed:
    return deed(Event(1, NOW, kind, actor, None, details), Source.EVENT)


def seen(kind: observations.Kind, **more: Any) -> Deed:
    known: dict[str, Any] = {"platform": None, "before": None, "after": None} | more
    return deed(Observation(1, NOW, kind, "u", **known), Source.OBSERVATION)


def batch(state: BatchState, **counts: int) -> Deed:
    found = {ItemState(name): number for name, number in counts.items()}
    return deed(
        Batch(1, outbox.Kind.PREFERENCES, "dana", None, {}, state, NOW, NOW, None, found),
        Source.BATCH,
    )


def standard(before: Preferences | None, after: Preferences | None) -> Deed:
    was, is_ = (Standard("acme.com", each.flags if each else None, "dana", NOW) for each in (before, after))
    return deed(Succession(was if before else None, is_), Source.STANDARD)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (deed(rules(EXTERNAL, NOTHING)), "External meetings → Nothing"),
        (deed(rules(EXTERNAL, NOTHING, undoes=7)), "External meetings → Nothing (undo)"),
        (deed(rules(EXTERNAL, replace(EXTERNAL, bot_name="Scribe"))), "Bot name changed"),
        (deed(change(outbox.Kind.PREFERENCES, None, None)), "(erased)"),
        (
            deed(
                change(
                    outbox.Kind.OVERRIDE, {"override_should_record": False}, {"override_should_record": None}
                )
            ),
            "Don't record → Follows rules",
        ),
        (
            deed(
                change(
                    outbox.Kind.DISCONNECT,
                    {"platform": "google", "connected": True},
                    {"platform": "google", "connected": False},
                )
            ),
            "Google: connected → disconnected",
        ),
        (deed(change(outbox.Kind.DELETE_USER, {"listed": True}, {"listed": False})), "in Recall's list → deleted"),
        (seen(observations.Kind.CONNECTION_LOST, platform="microsoft"), "Microsoft: connected → lost"),
        (seen(observations.Kind.PREFERENCES_CHANGED, before=EXTERNAL, after=NOTHING), "External meetings → Nothing"),
        (seen(observations.Kind.PREFERENCES_CHANGED), "(erased)"),
        (seen(observations.Kind.OVERRIDE_CHANGED, override_before=None, override_after=True), "Follows rules → Record"),
        (seen(observations.Kind.OVERRIDE_CHANGED, override_before=None, override_after=None), "(erased)"),
        (event(events.Kind.EXPORTED, what="bots", rows=1, format="xlsx", filters={}), "bots, 1 row, XLSX"),
        (deed(AppliedFile(NOW, "dana", {"users": 3, "owners": 1}), Source.FILE), "3 users, 1 owner assigned"),
        (event(events.Kind.SIGN_IN_LOCKED, actor=None), "Locked for 15 minutes"),
        (event(events.Kind.SIGNED_OUT_BY_ADMIN, whose="dana"), "dana signed out everywhere"),
        (standard(None, EXTERNAL), "no standard → External meetings"),
        (standard(EXTERNAL, None), "External meetings → no standard"),
        (batch(BatchState.DONE, applied=498, not_applied=2, left_out=9), "preferences of 498 of 500 users"),
    ],
)  # fmt: skip
def test_before_and_after_are_one_line(told: Deed, words: str) -> None:
    assert change_words(told) == words


@pytest.mark.parametrize(
    ("told", "ending"),
    [
        (deed(rules(EXTERNAL, NOTHING)), Ending.APPLIED),
        (deed(rules(EXTERNAL, NOTHING, undone=True)), Ending.TAKEN_BACK),
        (deed(rules(EXTERNAL, NOTHING, state=State.OPEN)), Ending.UNDER_WAY),
        (deed(rules(EXTERNAL, NOTHING, state=State.NOT_APPLIED)), Ending.NOT_APPLIED),
        (deed(rules(EXTERNAL, NOTHING, state=State.UNKNOWN)), Ending.UNKNOWN),
        (seen(observations.Kind.USER_VANISHED), Ending.SEEN),
        (event(events.Kind.SIGN_IN_REFUSED, actor=None), Ending.REFUSED),
        (event(events.Kind.SIGN_IN_LOCKED, actor=None), Ending.REFUSED),
        (event(events.Kind.SESSION_EXPIRED), Ending.DONE),
        (event(events.Kind.SIGNED_IN), Ending.DONE),
        (batch(BatchState.RUNNING, waiting=3), Ending.UNDER_WAY),
        (batch(BatchState.STOPPED, applied=1, waiting=3), Ending.STOPPED),
        (batch(BatchState.DONE, applied=3, left_out=2), Ending.APPLIED),
        (batch(BatchState.DONE, applied=3, unknown=1), Ending.IN_PART),
        (batch(BatchState.DONE, not_applied=2), Ending.NOT_APPLIED),
    ],
)
def test_how_it_ended_is_said_as_it_is(told: Deed, ending: Ending) -> None:
    assert ending_of(told) is ending


def test_flags_are_told_one_by_one_and_the_bots_name_with_them() -> None:
    told = {side.name: (side.before, side.after, side.differs) for side in sides(deed(rules(EXTERNAL, NOTHING)))}
    assert told["External meetings"] == ("on", "off", True)
    assert told["Internal meetings"] == ("off", "off", False)
    assert told["Bot name"] == ("—", "—", False)
    assert len(told) == 7


def test_who_did_it_is_an_account_or_why_there_is_none() -> None:
    assert who_words(event(events.Kind.SIGNED_IN)) == "dana"
    assert who_words(event(events.Kind.SIGN_IN_REFUSED, actor=None)) == "(unknown)"
    assert who_words(seen(observations.Kind.USER_VANISHED)) == "(elsewhere)"


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({}, "no filter"),
        ({"period": "30"}, "last 30 days"),
        ({"period": "custom", "from": "2026-11-01", "to": "2026-11-07"}, "2026-11-01 to 2026-11-07"),
        ({"period": "7", "customer": "acme.example", "audience": "external"},
         "last 7 days, customer acme.example, external meetings"),
        ({"customer": "-", "who": "*", "what": "sign_in"}, "without a customer, kind Sign-in, changed (elsewhere)"),
        ({"person": "some-id"}, "user Ada"),
    ],
)  # fmt: skip
def test_a_filter_is_said_in_words(filters: dict[str, str], words: str) -> None:
    assert filter_words(filters, user="Ada") == words


def test_every_chip_has_a_place_of_its_own_and_its_colour() -> None:
    words = {*WHAT_WORDS.values(), what_words(batch(BatchState.DONE))}
    assert words <= set(WHAT_CHIPS)
    assert set(WHAT_WORDS) == set(What)
    assert set(Ending) <= set(ENDING_CHIPS)
    assert len(set(ENDING_CHIPS)) == len(ENDING_CHIPS)
    assert len(set(WHAT_CHIPS)) == len(WHAT_CHIPS)
    colour = {word: place % COLOURS for place, word in enumerate(ENDING_CHIPS)}
    assert colour[Ending.APPLIED] == colour[Ending.DONE] == 0
    assert colour[Ending.NOT_APPLIED] == colour[Ending.REFUSED] == colour[Ending.STOPPED] == 3

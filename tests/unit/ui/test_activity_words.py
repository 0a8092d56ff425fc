"""What happened in words: before and after in one line, flag by flag, and how it ended."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from lib.domain import Preferences
from lib.queries.audit_log import AuditEntry, Detail
from lib.store.assignments import AppliedFile
from lib.store.audit_log import AuditSource, AuditTopic
from lib.store.batches import Batch, BatchState, ItemState
from lib.store.events import Event, EventKind
from lib.store.observations import Observation, ObservationKind
from lib.store.outbox import Write, WriteKind, WriteState
from lib.store.standards import Standard, StandardChange
from lib.ui.activity.outcomes import OUTCOME_CHIPS, EntryOutcome, outcome_of
from lib.ui.activity.words import (
    TOPIC_CHIPS,
    TOPIC_WORDS,
    change_words,
    field_diffs,
    filter_words,
    topic_words,
    who_words,
)

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
EXTERNAL, NOTHING = Preferences(record_external=True), Preferences()
COLOURS = 6


def entry(detail: Detail, source: AuditSource = AuditSource.CHANGE) -> AuditEntry:
    return AuditEntry(NOW, source, 1, detail)


def change(kind: WriteKind, before: Any, after: Any, **more: Any) -> Write:
    known: dict[str, Any] = dict.fromkeys(("entry_id", "why", "note", "batch", "undoes"))
    known |= {"made_at": NOW, "sent_at": NOW, "closed_at": NOW, "state": WriteState.APPLIED, "undone": False} | more
    return Write(seq=1, kind=kind, user_id="u", actor="dana", before=before, after=after, **known)


def rules(before: Preferences, after: Preferences, **more: Any) -> Write:
    values = ({**each.flags, "bot_name": each.bot_name} for each in (before, after))
    return change(WriteKind.PREFERENCES, *values, **more)


def event(kind: EventKind, actor: str | None = "dana", **details: Any) -> AuditEntry:
    return entry(Event(1, NOW, kind, actor, None, details), AuditSource.EVENT)


def seen(kind: ObservationKind, **more: Any) -> AuditEntry:
    known: dict[str, Any] = {"platform": None, "before": None, "after": None} | more
    return entry(Observation(1, NOW, kind, "u", **known), AuditSource.OBSERVATION)


def batch(state: BatchState, **counts: int) -> AuditEntry:
    found = {ItemState(name): number for name, number in counts.items()}
    return entry(
        Batch(1, WriteKind.PREFERENCES, "dana", None, {}, state, NOW, NOW, None, found),
        AuditSource.BATCH,
    )


def standard(before: Preferences | None, after: Preferences | None) -> AuditEntry:
    was, is_ = (Standard("acme.com", each.flags if each else None, "dana", NOW) for each in (before, after))
    return entry(StandardChange(was if before else None, is_), AuditSource.STANDARD)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (entry(rules(EXTERNAL, NOTHING)), "External meetings → Nothing"),
        (entry(rules(EXTERNAL, NOTHING, undoes=7)), "External meetings → Nothing (undo)"),
        (entry(rules(EXTERNAL, replace(EXTERNAL, bot_name="Scribe"))), "Bot name changed"),
        (entry(change(WriteKind.PREFERENCES, None, None)), "(erased)"),
        (
            entry(
                change(
                    WriteKind.OVERRIDE, {"override_should_record": False}, {"override_should_record": None}
                )
            ),
            "Don't record → Follows rules",
        ),
        (
            entry(
                change(
                    WriteKind.DISCONNECT,
                    {"platform": "google", "connected": True},
                    {"platform": "google", "connected": False},
                )
            ),
            "Google: connected → disconnected",
        ),
        (entry(change(WriteKind.DELETE_USER, {"listed": True}, {"listed": False})), "in Recall's list → deleted"),
        (seen(ObservationKind.CONNECTION_LOST, platform="microsoft"), "Microsoft: connected → lost"),
        (seen(ObservationKind.PREFERENCES_CHANGED, before=EXTERNAL, after=NOTHING), "External meetings → Nothing"),
        (seen(ObservationKind.PREFERENCES_CHANGED), "(erased)"),
        (seen(ObservationKind.OVERRIDE_CHANGED, override_before=None, override_after=True), "Follows rules → Record"),
        (seen(ObservationKind.OVERRIDE_CHANGED, override_before=None, override_after=None), "(erased)"),
        (event(EventKind.EXPORTED, what="bots", rows=1, format="xlsx", filters={}), "bots, 1 row, XLSX"),
        (entry(AppliedFile(NOW, "dana", {"users": 3, "owners": 1}), AuditSource.FILE), "3 users, 1 owner assigned"),
        (event(EventKind.SIGN_IN_LOCKED, actor=None), "Locked for 15 minutes"),
        (event(EventKind.SIGNED_OUT_BY_ADMIN, whose="dana"), "dana signed out everywhere"),
        (standard(None, EXTERNAL), "no standard → External meetings"),
        (standard(EXTERNAL, None), "External meetings → no standard"),
        (batch(BatchState.DONE, applied=498, not_applied=2, left_out=9), "preferences of 498 of 500 users"),
    ],
)  # fmt: skip
def test_before_and_after_are_one_line(told: AuditEntry, words: str) -> None:
    assert change_words(told) == words


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (entry(rules(EXTERNAL, NOTHING)), EntryOutcome.APPLIED),
        (entry(rules(EXTERNAL, NOTHING, undone=True)), EntryOutcome.UNDONE),
        (entry(rules(EXTERNAL, NOTHING, state=WriteState.OPEN)), EntryOutcome.UNDER_WAY),
        (entry(rules(EXTERNAL, NOTHING, state=WriteState.NOT_APPLIED)), EntryOutcome.NOT_APPLIED),
        (entry(rules(EXTERNAL, NOTHING, state=WriteState.UNKNOWN)), EntryOutcome.UNKNOWN),
        (seen(ObservationKind.USER_VANISHED), EntryOutcome.SEEN),
        (event(EventKind.SIGN_IN_REFUSED, actor=None), EntryOutcome.REFUSED),
        (event(EventKind.SIGN_IN_LOCKED, actor=None), EntryOutcome.REFUSED),
        (event(EventKind.SESSION_EXPIRED), EntryOutcome.DONE),
        (event(EventKind.SIGNED_IN), EntryOutcome.DONE),
        (batch(BatchState.RUNNING, waiting=3), EntryOutcome.UNDER_WAY),
        (batch(BatchState.STOPPED, applied=1, waiting=3), EntryOutcome.STOPPED),
        (batch(BatchState.DONE, applied=3, left_out=2), EntryOutcome.APPLIED),
        (batch(BatchState.DONE, applied=3, unknown=1), EntryOutcome.IN_PART),
        (batch(BatchState.DONE, not_applied=2), EntryOutcome.NOT_APPLIED),
    ],
)
def test_how_it_ended_is_said_as_it_is(told: AuditEntry, outcome: EntryOutcome) -> None:
    assert outcome_of(told) is outcome


def test_flags_are_told_one_by_one_and_the_bots_name_with_them() -> None:
    told = {diff.name: (diff.before, diff.after, diff.differs) for diff in field_diffs(entry(rules(EXTERNAL, NOTHING)))}
    assert told["External meetings"] == ("on", "off", True)
    assert told["Internal meetings"] == ("off", "off", False)
    assert told["Bot name"] == ("—", "—", False)
    assert len(told) == 7


def test_who_did_it_is_an_account_or_why_there_is_none() -> None:
    assert who_words(event(EventKind.SIGNED_IN)) == "dana"
    assert who_words(event(EventKind.SIGN_IN_REFUSED, actor=None)) == "(unknown)"
    assert who_words(seen(ObservationKind.USER_VANISHED)) == "(elsewhere)"


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({}, "no filter"),
        ({"period": "30"}, "last 30 days"),
        ({"period": "custom", "from": "2026-11-01", "to": "2026-11-07"}, "2026-11-01 to 2026-11-07"),
        ({"period": "7", "customer": "acme.example", "audience": "external"},
         "last 7 days, customer acme.example, external meetings"),
        ({"customer": "unassigned", "who": "*", "what": "sign_in"},
 "without a customer, kind Sign-in, changed (elsewhere)"),
        ({"person": "some-id"}, "user Ada"),
    ],
)  # fmt: skip
def test_a_filter_is_said_in_words(filters: dict[str, str], words: str) -> None:
    assert filter_words(filters, user="Ada") == words


def test_every_chip_has_a_place_of_its_own_and_its_colour() -> None:
    words = {*TOPIC_WORDS.values(), topic_words(batch(BatchState.DONE))}
    assert words <= set(TOPIC_CHIPS)
    assert set(TOPIC_WORDS) == set(AuditTopic)
    assert set(EntryOutcome) <= set(OUTCOME_CHIPS)
    assert len(set(OUTCOME_CHIPS)) == len(OUTCOME_CHIPS)
    assert len(set(TOPIC_CHIPS)) == len(TOPIC_CHIPS)
    colour = {word: place % COLOURS for place, word in enumerate(OUTCOME_CHIPS)}
    assert colour[EntryOutcome.APPLIED] == colour[EntryOutcome.DONE] == 0
    assert colour[EntryOutcome.NOT_APPLIED] == colour[EntryOutcome.REFUSED] == colour[EntryOutcome.STOPPED] == 3

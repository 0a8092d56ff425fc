"""After a save: for how many coming meetings Recall decided as our rule says; kept once for each save."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from lib.domain import Entry, Preferences
from lib.store import Store, agreements, outbox, staff
from lib.store.agreements import Agreement
from lib.store.outbox import NewWrite, WriteKind, WriteState
from lib.store.staff import StaffRow
from lib.store.tables.desk import agreement
from lib.sync.agreement import SETTLES_WITHIN, measure
from lib.writes.intent import preferences_value
from tests.contract.store.making import EXTERNAL, NOON, at, entry, listed, read, user

MINUTE = timedelta(minutes=1)


@pytest.fixture
def saved(store: Store) -> int:
    """Number of a change that set `EXTERNAL` at noon."""
    listed(store, user())
    with store.write() as connection:
        staff.add(connection, StaffRow("dana", "Dana", "editor", "hash", True, NOON, NOON, NOON))
        before, after = preferences_value(Preferences()), preferences_value(EXTERNAL)
        seq = outbox.add(connection, NewWrite(WriteKind.PREFERENCES, "id-ada", before, after, "dana"), now=NOON)
        outbox.mark_sent(connection, seq, now=NOON)
        outbox.close(connection, seq, WriteState.APPLIED, now=NOON)
    return seq


def meetings_ahead(*decisions: bool) -> list[Entry]:
    """External meetings, which the rule would have recorded, as Recall decided."""
    return [
        entry(f"e{place}", starts=24 + place, will_record=decision, bot_id=None)
        for place, decision in enumerate(decisions)
    ]


def measured(store: Store, now: datetime) -> int:
    return measure(store, clock=lambda: now)


def figures(store: Store, seq: int) -> tuple[Agreement | None, Agreement]:
    """Of one change, and of all."""
    with store.read() as connection:
        row = connection.execute(select(agreement).where(agreement.c.change == seq)).one_or_none()
        return Agreement(row.agreed, row.judged) if row else None, agreements.of_all(connection)


def test_what_recall_decided_after_the_save_is_compared_with_the_rule(store: Store, saved: int) -> None:
    read(store, meetings_ahead(True, True, False), now=NOON + MINUTE)
    assert measured(store, NOON + 2 * MINUTE) == 1
    one, whole = figures(store, saved)
    assert one == whole == Agreement(2, 3)
    assert whole.share == pytest.approx(2 / 3)


def test_without_a_read_after_the_save_nothing_is_known(store: Store, saved: int) -> None:
    read(store, meetings_ahead(True), now=NOON - MINUTE)
    assert measured(store, NOON + MINUTE) == 0
    assert figures(store, saved) == (None, Agreement(0, 0))
    assert figures(store, saved)[1].share is None


def test_while_recall_may_still_decide_it_is_measured_again_and_then_no_more(store: Store, saved: int) -> None:
    read(store, meetings_ahead(True, False), now=NOON + MINUTE)
    measured(store, NOON + 2 * MINUTE)
    read(store, meetings_ahead(True, True), now=NOON + 3 * MINUTE)
    assert measured(store, NOON + 4 * MINUTE) == 1
    assert figures(store, saved)[0] == Agreement(2, 2)
    late = NOON + SETTLES_WITHIN + MINUTE
    read(store, meetings_ahead(False, False), now=late)
    assert measured(store, late + MINUTE) == 0
    assert figures(store, saved)[0] == Agreement(2, 2)


def test_preferences_that_are_others_by_now_say_nothing_of_that_save(store: Store, saved: int) -> None:
    listed(store, user(preferences=Preferences(record_internal=True)), now=NOON + MINUTE, complete=False)
    read(store, meetings_ahead(False), now=NOON + MINUTE)
    assert measured(store, NOON + 2 * MINUTE) == 0
    assert figures(store, saved)[0] is None


def test_of_another_user_nothing_is_measured_when_one_is_asked_for(store: Store, saved: int) -> None:
    read(store, meetings_ahead(True), now=NOON + MINUTE)
    assert measure(store, clock=lambda: at(0.1), user_ids=["id-bob"]) == 0
    assert measure(store, clock=lambda: at(0.1), user_ids=["id-ada"]) == 1

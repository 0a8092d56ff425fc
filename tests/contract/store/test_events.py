"""What happened that is no write to Recall: kept as it is, without anything secret or typed by a stranger."""

from datetime import timedelta

import pytest

from lib.store import Store, events, staff
from lib.store.events import REFUSALS_KEPT, Event, EventKind, Export
from lib.store.staff import StaffRow
from tests.contract.store.making import NOON, at, listed, user


@pytest.fixture(autouse=True)
def _staffed(store: Store) -> None:
    with store.write() as connection:
        staff.add(connection, StaffRow("dana", "Dana", "viewer", None, True, NOON, NOON, None))


def kept(store: Store) -> tuple[Event, ...]:
    with store.read() as connection:
        return tuple(sorted(events.numbered(connection, range(1, 200)), key=lambda each: each.seq))


def test_sessions_are_told_of_with_who_and_when(store: Store) -> None:
    with store.write() as connection:
        events.add(connection, EventKind.SIGNED_IN, "dana", now=NOON)
        events.add(connection, EventKind.SIGNED_OUT, "dana", now=at(2))
    assert [(each.kind, each.actor, each.at) for each in kept(store)] == [
        (EventKind.SIGNED_IN, "dana", NOON),
        (EventKind.SIGNED_OUT, "dana", at(2)),
    ]


def test_who_was_refused_without_an_account_stays_nameless(store: Store) -> None:
    with store.write() as connection:
        events.sign_in_refused(connection, None, now=NOON)
        events.sign_in_refused(connection, "dana", now=NOON)
    assert [(each.kind, each.actor) for each in kept(store)] == [
        (EventKind.SIGN_IN_REFUSED, None),
        (EventKind.SIGN_IN_REFUSED, "dana"),
    ]


def test_trying_names_all_night_fills_no_store(store: Store) -> None:
    with store.write() as connection:
        for second in range(90):
            events.sign_in_refused(connection, None, now=NOON + timedelta(seconds=second / 2))
    assert len(kept(store)) == REFUSALS_KEPT
    with store.write() as connection:
        events.sign_in_refused(connection, None, now=NOON + timedelta(minutes=3))
    assert len(kept(store)) == REFUSALS_KEPT + 1


def test_a_file_is_told_of_by_what_it_holds(store: Store) -> None:
    export = Export("meetings", 12, "csv", {"period": "7", "customer": "acme.com"})
    with store.write() as connection:
        events.exported(connection, "dana", export, now=NOON)
    [found] = kept(store)
    assert (found.kind, found.actor, found.user_id) == (EventKind.EXPORTED, "dana", None)
    assert found.details == {
        "what": "meetings",
        "rows": 12,
        "format": "csv",
        "filters": {"period": "7", "customer": "acme.com"},
    }


def test_a_link_is_told_of_by_whose_it_is_and_until_when_it_holds(store: Store) -> None:
    listed(store, user())
    with store.write() as connection:
        events.link_made(connection, "dana", "id-ada", "google", now=NOON, expires_at=at(24))
    [found] = kept(store)
    assert (found.kind, found.actor, found.user_id) == (EventKind.LINK_MADE, "dana", "id-ada")
    assert found.details == {"platform": "google", "expires_at": at(24).isoformat()}

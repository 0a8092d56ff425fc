"""What was seen to change is ours where a change of ours explains it, and was made elsewhere where none does."""

from dataclasses import replace
from typing import Any

import pytest

from lib.domain import CalendarUser, Connection, Preferences
from lib.store import Store, observations, outbox, privacy, staff, users
from lib.store.observations import Observation, ObservationKind
from lib.store.outbox import NewWrite, Value, WriteKind, WriteState
from lib.store.staff import StaffRow
from lib.store.users_list import ListChanges
from tests.contract.store.making import EXTERNAL, NOON, NOTHING, at, entry, listed, read, user

EVERYTHING = Preferences(record_external=True, record_internal=True)
RULES = ObservationKind.PREFERENCES_CHANGED


@pytest.fixture(autouse=True)
def _known(store: Store) -> None:
    with store.write() as connection:
        staff.add(connection, StaffRow("dana", "Dana", "editor", None, True, NOON, NOON, None))
    listed(store, user())


def change(
    store: Store,
    kind: WriteKind,
    before: Value,
    after: Value,
    hours: float,
    state: WriteState = WriteState.APPLIED,
    **more: Any,
) -> int:
    """A change of ours that was sent so many hours after noon."""
    with store.write() as connection:
        seq = outbox.add(connection, NewWrite(kind, "id-ada", before, after, "dana", **more), now=at(hours))
        outbox.mark_sent(connection, seq, now=at(hours))
        outbox.close(connection, seq, state, now=at(hours))
    return seq


def rules(before: Preferences, after: Preferences) -> tuple[Value, Value]:
    return tuple({**each.flags, "bot_name": each.bot_name} for each in (before, after))  # type: ignore[return-value]


def seen(store: Store, *kinds: ObservationKind) -> tuple[Observation, ...]:
    """Oldest first."""
    with store.read() as connection:
        return observations.since(connection, kinds=kinds)[::-1]


def causes(store: Store, *kinds: ObservationKind) -> list[int | None]:
    return [each.cause for each in seen(store, *kinds)]


def test_rules_that_we_changed_are_ours_and_rules_that_nobody_here_changed_are_not(store: Store) -> None:
    seq = change(store, WriteKind.PREFERENCES, *rules(EXTERNAL, EVERYTHING), hours=1)
    listed(store, user(preferences=EVERYTHING), now=at(2))
    listed(store, user(preferences=NOTHING), now=at(3))
    assert causes(store, RULES) == [seq, None]


def test_the_same_rules_set_once_more_elsewhere_are_not_taken_for_ours(store: Store) -> None:
    seq = change(store, WriteKind.PREFERENCES, *rules(EXTERNAL, EVERYTHING), hours=1)
    for hour, rule in enumerate((EVERYTHING, EXTERNAL, EVERYTHING), start=2):
        listed(store, user(preferences=rule), now=at(hour))
    assert causes(store, RULES) == [seq, None, None]


def test_rules_taken_back_here_are_explained_by_the_second_change(store: Store) -> None:
    first = change(store, WriteKind.PREFERENCES, *rules(EXTERNAL, EVERYTHING), hours=1)
    listed(store, user(preferences=EVERYTHING), now=at(2))
    second = change(store, WriteKind.PREFERENCES, *rules(EVERYTHING, EXTERNAL), hours=3)
    listed(store, user(), now=at(4))
    assert causes(store, RULES) == [first, second]


def test_a_list_that_was_begun_before_a_change_and_kept_after_it_blames_nobody_else(store: Store) -> None:
    seq = change(store, WriteKind.PREFERENCES, *rules(EXTERNAL, EVERYTHING), hours=2)
    listed(store, user(preferences=EVERYTHING), now=at(2.1), complete=False)
    listed(store, user(), now=at(1.9))
    listed(store, user(preferences=EVERYTHING), now=at(3))
    assert causes(store, RULES) == [seq, seq, seq]


def test_a_change_that_recall_did_not_apply_explains_nothing(store: Store) -> None:
    change(store, WriteKind.PREFERENCES, *rules(EXTERNAL, EVERYTHING), hours=1, state=WriteState.NOT_APPLIED)
    listed(store, user(preferences=EVERYTHING), now=at(2))
    assert causes(store, RULES) == [None]


def test_a_change_whose_end_nobody_knows_is_explained_when_it_shows(store: Store) -> None:
    seq = change(store, WriteKind.PREFERENCES, *rules(NOTHING, EVERYTHING), hours=1, state=WriteState.UNKNOWN)
    listed(store, user(preferences=EVERYTHING), now=at(48))
    assert causes(store, RULES) == [seq]


def test_a_calendar_that_we_disconnected_is_ours_and_the_other_one_is_not(store: Store) -> None:
    both = (Connection("google", True, "ada@acme.com"), Connection("microsoft", True, "ada@acme.com"))
    listed(store, replace(user(), connections=both), now=at(1))
    values = ({"platform": "google", "connected": True}, {"platform": "google", "connected": False})
    seq = change(store, WriteKind.DISCONNECT, *values, hours=2)
    listed(store, replace(user(), connections=tuple(replace(c, connected=False) for c in both)), now=at(3))
    lost = {each.platform: each.cause for each in seen(store, ObservationKind.CONNECTION_LOST)}
    assert lost == {"google": seq, "microsoft": None}
    assert parted(store) == (["google"], ["microsoft"])
    listed(store, replace(user(), connections=both), now=at(4))
    assert parted(store) == ([], [])
    assert causes(store, ObservationKind.CONNECTION_FOUND)[-2:] == [None, None]
    listed(store, replace(user(), connections=tuple(replace(c, connected=False) for c in both)), now=at(5))
    assert parted(store) == ([], ["google", "microsoft"])


def parted(store: Store) -> tuple[list[str], list[str]]:
    """The platforms of Ada's calendars that were let go, and of those that are lost: read alone, and with all."""
    with store.read() as connection:
        alone, [one, *_] = users.find(connection, "id-ada"), users.everyone(connection)
    assert alone is not None
    found = [([c.platform for c in row.user.let_go], [c.platform for c in row.user.lost]) for row in (alone, one)]
    assert found[0] == found[1]
    return found[0]


def test_a_calendar_that_was_let_go_is_that_of_its_user_and_of_nobody_else(store: Store) -> None:
    ada, bob = user(), replace(user("bob"), connections=(Connection("google", True, "bob@acme.com"),))
    listed(store, ada, bob, now=at(1))
    disconnect_google(store, hours=2)
    gone = [replace(u, connections=tuple(replace(c, connected=False) for c in u.connections)) for u in (ada, bob)]
    listed(store, *gone, now=at(3))
    with store.read() as connection:
        rows = users.everyone(connection)
    assert [(len(row.user.let_go), len(row.user.lost)) for row in rows] == [(1, 0), (0, 1)]


def test_that_a_calendar_was_let_go_is_not_compared_with_what_recall_names(store: Store) -> None:
    listed(store, user(), now=at(1))
    disconnect_google(store, hours=2)
    gone = replace(user(), connections=tuple(replace(c, connected=False) for c in user().connections))
    listed(store, gone, now=at(3))
    with store.read() as connection:
        known = users.find(connection, "id-ada")
    assert known is not None
    assert known.user.let_go
    for hour, once_more in ((4, gone), (5, known.user)):
        assert listed(store, once_more, now=at(hour)) == ListChanges()


def test_a_calendar_that_was_let_go_long_ago_is_found_whatever_was_seen_of_others_since(store: Store) -> None:
    listed(store, user(), now=at(1))
    disconnect_google(store, hours=2)
    gone = replace(user(), connections=(Connection("google", False),))
    listed(store, gone, now=at(3))
    listed(store, replace(gone, preferences=EVERYTHING), now=at(4))
    listed(store, replace(gone, connections=(*gone.connections, Connection("microsoft", True, "a@b.c"))), now=at(5))
    assert parted(store) == (["google"], [])


def disconnect_google(store: Store, hours: float) -> None:
    """Ada's, by us."""
    values = ({"platform": "google", "connected": True}, {"platform": "google", "connected": False})
    change(store, WriteKind.DISCONNECT, *values, hours=hours)


def test_a_user_whom_we_deleted_vanishes_by_us_and_comes_back_by_others(store: Store) -> None:
    seq = change(store, WriteKind.DELETE_USER, {"listed": True}, {"listed": False}, hours=1)
    listed(store, now=at(2))
    listed(store, user(), now=at(3))
    assert causes(store, ObservationKind.USER_VANISHED, ObservationKind.USER_APPEARED) == [seq, None]


def override(value: bool | None) -> dict[str, bool | None]:
    return {"override_should_record": value}


def test_an_override_is_ours_or_not_entry_by_entry(store: Store) -> None:
    read(store, [entry("e"), entry("f")])
    seq = change(store, WriteKind.OVERRIDE, override(None), override(False), hours=0.5, entry_id="e")
    now = [entry(name, override_should_record=False) for name in ("e", "f")]
    read(store, now, now=at(0.6))
    told = {each.entry_id: each for each in seen(store, ObservationKind.OVERRIDE_CHANGED)}
    assert {name: each.cause for name, each in told.items()} == {"e": seq, "f": None}
    assert {(each.override_before, each.override_after) for each in told.values()} == {(None, False)}


def test_an_override_that_was_there_when_an_entry_was_first_seen_is_no_change(store: Store) -> None:
    read(store, [entry("e", override_should_record=True)])
    assert seen(store, ObservationKind.OVERRIDE_CHANGED) == ()


def test_overrides_that_stay_as_they_are_are_told_of_once(store: Store) -> None:
    read(store, [entry("e")])
    for hour in (0.2, 0.4, 0.6):
        read(store, [entry("e", override_should_record=True, title=f"Called {hour}")], now=at(hour))
    assert [each.at for each in seen(store, ObservationKind.OVERRIDE_CHANGED)] == [at(0.2)]


def test_of_a_user_who_was_erased_no_override_is_kept(store: Store) -> None:
    read(store, [entry("e")])
    read(store, [entry("e", override_should_record=False)], now=at(0.5))
    with store.write() as connection:
        privacy.erase_user(connection, "id-ada", now=at(1))
    [found] = seen(store, ObservationKind.OVERRIDE_CHANGED)
    assert (found.override_before, found.override_after) == (None, None)


def test_overrides_are_told_of_only_to_who_asks_for_them(store: Store) -> None:
    read(store, [entry("e")])
    read(store, [entry("e", override_should_record=True)], now=at(0.5))
    with store.read() as connection:
        assert observations.since(connection) == ()


def test_who_is_someone_else_is_not_explained_by_a_change_of_ada(store: Store) -> None:
    bob = CalendarUser("id-bob", "ext-bob", (), EXTERNAL)
    listed(store, user(), bob, now=at(0.5))
    change(store, WriteKind.PREFERENCES, *rules(EXTERNAL, EVERYTHING), hours=1)
    listed(store, user(), replace(bob, preferences=EVERYTHING), now=at(2))
    assert causes(store, RULES) == [None]

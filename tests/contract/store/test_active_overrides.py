"""What is set by hand and not over: since when, by whom, the oldest first."""

from datetime import timedelta

from lib.store import Store, outbox, staff, users_list
from lib.store.active_overrides import ActiveOverride, active_overrides
from lib.store.diff import Window
from lib.store.outbox import NewWrite, WriteKind, WriteState
from lib.store.staff import StaffRow
from tests.contract.store.making import NOON, at, entry, listed, read, user

MINUTE = timedelta(minutes=1)


def found(store: Store, hours: float = 0) -> dict[str, ActiveOverride]:
    """By title, in the order of the list."""
    with store.read() as connection:
        return {str(each.title): each for each in active_overrides(connection, at(hours))}


def add_dana(store: Store) -> None:
    with store.write() as connection:
        staff.add(connection, StaffRow("dana", "Dana", "editor", "hash", True, NOON, NOON, NOON))


def set_here(store: Store, entry_id: str, wanted: bool | None, hours: float, why: str | None = None) -> None:
    """A change of ours that Recall then shows."""
    before, after = {"override_should_record": None}, {"override_should_record": wanted}
    with store.write() as connection:
        draft = NewWrite(WriteKind.OVERRIDE, "id-ada", before, after, "dana", entry_id=entry_id, why=why)
        seq = outbox.add(connection, draft, now=at(hours))
        outbox.mark_sent(connection, seq, now=at(hours))
    read(
        store, [entry(entry_id, starts=10, override_should_record=wanted)], now=at(hours) + MINUTE, asked=narrow(hours)
    )
    with store.write() as connection:
        outbox.close(connection, seq, WriteState.APPLIED, now=at(hours) + MINUTE)


def narrow(hours: float) -> Window:
    return Window(at(hours + 1000), at(hours + 1001))


def test_what_was_set_here_names_who_did_it_when_and_why(store: Store) -> None:
    add_dana(store)
    listed(store, user())
    read(store, [entry("e", starts=10)])
    set_here(store, "e", True, 1, why="Asked for")
    [one] = found(store).values()
    assert (one.user_id, one.customer, one.wanted) == ("id-ada", "acme.com", True)
    assert (one.since, one.actor, one.why, one.start) == (at(1), "dana", "Asked for", at(10))


def test_what_was_set_elsewhere_says_so_and_when_it_was_first_seen(store: Store) -> None:
    listed(store, user())
    read(store, [entry("before", starts=10, override_should_record=False), entry("later", starts=10)])
    both = [entry(name, starts=10, override_should_record=False) for name in ("before", "later")]
    read(store, both, now=at(2))
    rows = found(store)
    assert [(row.since, row.actor) for row in rows.values()] == [(NOON, None), (at(2), None)]
    assert list(rows) == ["Title of before", "Title of later"]


def test_what_was_set_to_something_else_elsewhere_since_is_not_ours_any_more(store: Store) -> None:
    add_dana(store)
    listed(store, user())
    read(store, [entry("e", starts=10)])
    set_here(store, "e", True, 1)
    read(store, [entry("e", starts=10, override_should_record=False)], now=at(3))
    [one] = found(store).values()
    assert (one.wanted, one.since, one.actor) == (False, at(3), None)


def test_what_follows_the_rules_is_over_gone_or_of_nobody_is_not_in_it(store: Store) -> None:
    listed(store, user(), user("bob"))
    by_hand = [
        entry("over", starts=-3, hours=1, override_should_record=True),
        entry("running", starts=-3, hours=8, override_should_record=True),
        entry("coming", starts=3, override_should_record=True),
        entry("cancelled", starts=4, override_should_record=True),
        entry("rules", starts=5),
    ]
    read(store, by_hand)
    read(store, by_hand[:3] + by_hand[4:], now=at(0.5))
    read(store, [entry("theirs", starts=6, override_should_record=True)], who="id-bob")
    assert set(found(store, 1)) == {"Title of running", "Title of coming", "Title of theirs"}
    with store.write() as connection:
        users_list.store(connection, [user()], read_at=at(1), complete=True)
    assert set(found(store, 1)) == {"Title of running", "Title of coming"}

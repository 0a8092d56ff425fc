"""Days that were simulated: the store holds what passes read and what the demo accounts did by commands, no more."""

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from lib.clock import utc_now
from lib.recall_api import open_recall
from lib.staff.demo import DEMO_ACCOUNTS
from lib.store import (
    Store,
    Transaction,
    assignments,
    batches,
    bot_configs,
    entries,
    links,
    migrate,
    observations,
    open_store,
    outbox,
    passes,
    staff,
    standards,
    users,
)
from lib.store.batches import BatchState
from lib.store.outbox import Write, WriteKind
from lib.store.passes import PassState
from lib.sync import new_holder, run_pass
from tests.contract.demo.conftest import DAYS, History

EVERYTHING = 10_000
WRITES = {
    ("PUT", "/api/v1/calendar/user/"): WriteKind.PREFERENCES,
    ("POST", "/api/v1/calendar/user/disconnect/"): WriteKind.DISCONNECT,
}


def all_changes(connection: Transaction) -> tuple[Write, ...]:
    return outbox.recent(connection, limit=EVERYTHING)


def test_there_is_a_complete_pass_on_each_day_at_another_hour_and_one_now(history: History) -> None:
    with history.store.read() as connection:
        found = passes.recent(connection, EVERYTHING)[::-1]
    begun = [each.begun_at for each in found]
    assert history.announced == tuple(range(1, DAYS + 1))
    assert {each.state for each in found} == {PassState.COMPLETE}
    assert [(history.today.date() - at.date()).days for at in begun] == [5, 4, 3, 2, 1, 0]
    assert len({(at.hour, at.minute) for at in begun[:-1]}) > 2
    assert timedelta(0) <= begun[-1] - history.today < timedelta(minutes=5)
    assert all(each.ended_at and timedelta(0) < each.ended_at - each.begun_at < timedelta(minutes=1) for each in found)


def test_no_event_of_the_story_was_skipped(history: History) -> None:
    assert history.skipped == ()


def test_the_sandbox_ends_at_the_machines_time_and_goes_on(history: History) -> None:
    clock = history.sandbox.control("GET", "clock/")
    assert clock["frozen"] is False
    assert abs(datetime.fromisoformat(clock["now"]) - utc_now()) < timedelta(seconds=5)


def test_a_store_that_is_filled_now_has_the_same_of_what_recall_shows(history: History, tmp_path: Path) -> None:
    """What the store of the simulation says of now was read, and not made up: another store reads the same.

    But for users of whom a row cannot be read: of that meeting it keeps what was read before.
    """
    with closing(_read_now(history, tmp_path)) as other:
        assert _shown(history.store) == _shown(other)


def _read_now(history: History, folder: Path) -> Store:
    url = f"sqlite:///{folder / 'other.db'}"
    migrate(url)
    store = open_store(url, recall_base_url="http://127.0.0.1")
    with open_recall(history.sandbox.url, SecretStr(history.sandbox.key)) as recall:
        assert run_pass(store, recall, holder=new_holder()).state is PassState.COMPLETE
    return store


def _shown(store: Store) -> object:
    """Users with their rules, and their coming entries, as Recall has them."""
    now = utc_now()
    with store.read() as connection:
        listed = [row for row in users.everyone(connection) if row.vanished_at is None and not row.unreadable]
        rules = {row.user.id: (row.user.external_id, row.user.preferences) for row in listed}
        coming = {
            stored.entry.id: stored.entry
            for row in listed
            for stored in entries.of_user(connection, row.user.id, after=now + timedelta(hours=1))
            if stored.removed_at is None and stored.entry.start_time < now + timedelta(days=20)  # type: ignore[operator]
        }
    assert len(rules) > 15
    assert len(coming) > 50
    return rules, coming


def test_every_change_in_the_record_was_sent_to_recall_and_no_other_was(history: History) -> None:
    asked = history.sandbox.asked()
    with history.store.read() as connection:
        made = Counter(change.kind for change in all_changes(connection))
    sent = Counter(kind for each in asked if (kind := WRITES.get((each["method"], each["path"]))))
    overrides = [e for e in asked if e["method"] == "PUT" and e["path"].startswith("/api/v1/calendar/meetings/")]
    assert sent[WriteKind.PREFERENCES] == made[WriteKind.PREFERENCES] > 2
    assert sent[WriteKind.DISCONNECT] == made[WriteKind.DISCONNECT] == 1
    assert len(overrides) == made[WriteKind.OVERRIDE] > 2


def test_staff_are_the_demo_accounts_and_did_it_on_the_days(history: History) -> None:
    with history.store.read() as connection:
        made = all_changes(connection)
    assert {change.actor for change in made} <= {account.name for account in DEMO_ACCOUNTS}
    days = {(history.today.date() - change.made_at.date()).days for change in made}
    assert days <= set(range(1, DAYS + 1))
    assert len(days) > 2
    assert all(change.closed_at and change.closed_at.date() == change.made_at.date() for change in made)


def test_changes_were_undone_one_many_and_overrides(history: History) -> None:
    with history.store.read() as connection:
        made, many = all_changes(connection), batches.recent(connection)
    alone = [change for change in made if change.undoes is not None and change.batch is None]
    assert {change.kind for change in alone} == {WriteKind.PREFERENCES, WriteKind.OVERRIDE}
    assert [batch.state for batch in many] == [BatchState.DONE] * 3
    assert sum(1 for batch in many if batch.undoes is not None) == 1


def test_customers_have_teams_and_owners_and_a_standard(history: History) -> None:
    with history.store.read() as connection:
        owners, assigned = assignments.owners(connection), assignments.assigned(connection)
        known = standards.current(connection)
    assert set(owners.values()) <= {"editor", "admin"}
    assert owners
    assert {each.team for each in assigned if each.team} == {"Sales", "Customer success", "Product"}
    assert len(known) == 1


def test_versions_of_the_bot_config_are_of_their_days(history: History) -> None:
    with history.store.read() as connection:
        versions = bot_configs.versions(connection)
    assert sorted(bool(version.sent_at) for version in versions) == [False, True, True]
    assert len({version.at.date() for version in versions}) == 3
    assert all(version.sent_at.date() == version.at.date() for version in versions if version.sent_at)


def test_the_world_went_on_by_itself(history: History) -> None:
    """Calendars were lost and found, a user came and one left, rules changed elsewhere, and a few rows are odd."""
    with history.store.read() as connection:
        everybody = users.everyone(connection)
        seen = observations.since(connection)
    kinds = Counter(each.kind.value for each in seen)
    assert {"connection_lost", "connection_found", "user_appeared", "user_vanished", "preferences_changed"} <= {*kinds}
    assert sum(1 for row in everybody if row.vanished_at) == 1


def test_meetings_were_called_off_of_users_whose_calendar_was_there_all_the_time(history: History) -> None:
    with history.store.read() as connection:
        away = {seen.user_id for seen in observations.since(connection)}
        there = [row.user.id for row in users.everyone(connection) if row.user.id not in away]
        kept = [stored for user_id in there for stored in entries.of_user(connection, user_id)]
    gone = [stored for stored in kept if stored.removed_at and stored.entry.start_time]
    assert any(stored.removed_at < stored.entry.start_time for stored in gone)  # type: ignore[operator]


def test_a_calendar_was_connected_by_a_link_after_it_was_disconnected(history: History) -> None:
    with history.store.read() as connection:
        let_go = next(c.user_id for c in all_changes(connection) if c.kind is WriteKind.DISCONNECT)
        [link] = links.of_user(connection, let_go)
        row = users.find(connection, let_go)
    assert link.connected_at is not None
    assert row is not None
    assert row.user.connected


def test_who_looks_after_the_largest_customer_finds_a_calendar_newly_lost(history: History) -> None:
    with history.store.read() as connection:
        everybody, owners = users.everyone(connection), assignments.owners(connection)
        seen = observations.since(connection, kinds=[observations.ObservationKind.CONNECTION_LOST], limit=1)
    row = next(row for row in everybody if row.user.id == seen[0].user_id)
    largest = Counter(row.customer for row in everybody if row.customer).most_common(1)[0][0]
    assert row.customer == largest
    assert owners[largest] == "editor"
    assert not row.user.connected


def test_each_of_the_staff_has_looked_before(history: History) -> None:
    with history.store.write() as connection:
        before = [staff.visit(connection, account.name, as_of=datetime.now(UTC)) for account in DEMO_ACCOUNTS]
    assert all(at is not None and at.date() < history.today.date() for at in before)

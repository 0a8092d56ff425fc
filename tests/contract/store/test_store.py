"""An open store, on either database: transactions, addresses, the Recall it belongs to."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import StatementError

from lib.errors import StaffError, StoreError, StoreOfAnotherRecall
from lib.staff import accounts, sessions
from lib.store import Store, migrate, open_store
from lib.store import staff as rows
from lib.store.tables import metadata
from tests.contract.store.accounts import names

BASE_URL = "http://127.0.0.1:8600"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def account(name: str, at: datetime = NOON) -> rows.StaffRow:
    return rows.StaffRow(name, name.title(), "viewer", "hash-of-it", True, at, at, at)


def test_a_write_is_kept_whole(store: Store) -> None:
    with store.write() as connection:
        rows.add(connection, account("ada"))
        rows.add(connection, account("bob"))
    assert names(store) == {"ada", "bob"}


def test_a_write_that_raises_leaves_nothing(store: Store) -> None:
    def stop_half_way() -> None:
        with store.write() as connection:
            rows.add(connection, account("ada"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_half_way()
    assert names(store) == set()


def test_nothing_can_be_written_where_reading_was_asked_for(store: Store) -> None:
    with pytest.raises(StoreError, match="cannot be written"), store.read() as connection:
        rows.add(connection, account("ada"))
    assert names(store) == set()


def test_readers_do_not_wait_for_a_writer_and_see_what_was_there_before(store: Store) -> None:
    with store.write() as connection:
        rows.add(connection, account("ada"))
        assert names(store) == set()
    assert names(store) == {"ada"}


def test_a_reader_keeps_one_view_while_others_write(store: Store) -> None:
    with store.read() as reader:
        assert rows.everyone(reader) == ()
        with store.write() as writer:
            rows.add(writer, account("ada"))
        assert rows.everyone(reader) == ()


def test_writers_in_many_threads_take_turns(url: str, store: Store) -> None:
    patient = open_store(patient_url(url), recall_base_url=BASE_URL)

    def add_five(worker: int) -> None:
        for n in range(5):
            with patient.write() as connection:
                rows.add(connection, account(f"w{worker}-{n}"))

    run_at_once(add_five, 8)
    assert len(names(patient)) == 40
    patient.close()


def test_times_come_back_as_the_same_instant_in_utc(store: Store) -> None:
    east = NOON.astimezone(timezone(timedelta(hours=5, minutes=30))) + timedelta(microseconds=7)
    with store.write() as connection:
        rows.add(connection, account("ada", east))
    with store.read() as connection:
        found = rows.find(connection, "ada")
    assert found is not None
    assert found.created_at == east
    assert found.created_at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="without a zone"), store.write() as connection:
        rows.add(connection, account("ada", NOON.replace(tzinfo=None)))


def test_a_name_is_taken_once(store: Store) -> None:
    with store.write() as connection:
        assert rows.add(connection, account("ada"))
        assert not rows.add(connection, account("ada"))


def test_a_password_hash_is_in_no_representation(store: Store) -> None:
    assert "hash-of-it" not in repr(account("ada"))


def test_a_store_of_another_recall_is_refused_with_both_addresses(store: Store, url: str) -> None:
    with pytest.raises(StoreOfAnotherRecall, match="DATABASE_URL or DATA_DIR") as refusal:
        open_store(url, recall_base_url="https://us-west-2.recall.ai")
    assert BASE_URL in str(refusal.value)
    assert "https://us-west-2.recall.ai" in str(refusal.value)
    open_store(url, recall_base_url=BASE_URL).close()


def test_of_those_who_open_a_new_store_at_once_for_different_recalls_one_gets_it(url: str) -> None:
    opened: list[Store] = []
    refused: list[StoreOfAnotherRecall] = []

    def open_one(worker: int) -> None:
        try:
            opened.append(open_store(patient_url(url), recall_base_url=f"http://127.0.0.1:860{worker}"))
        except StoreOfAnotherRecall as refusal:
            refused.append(refusal)

    run_at_once(open_one, 4)
    assert len(opened) == 1
    assert len(refused) == 3
    opened[0].close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://desk:hunter2@db.example/desk", "SQLite or PostgreSQL"),
        ("not a url hunter2", "is not a database URL"),
        ("postgresql://desk:h@db:hunter2@db/desk", "is not a database URL"),
        ("sqlite://", "needs a file"),
        ("sqlite:///file:desk.db?uri=true", "needs a file"),
    ],
)
def test_an_address_that_cannot_be_a_store_is_refused_and_not_repeated(url: str, says: str) -> None:
    for use in (migrate, lambda url: open_store(url, recall_base_url=BASE_URL)):
        with pytest.raises(StoreError, match=says) as refusal:
            use(url)
        assert "hunter2" not in str(refusal.value)


def test_an_open_store_answers_and_has_a_name(store: Store) -> None:
    store.answers()
    assert store.name in ("desk.db", "made on this machine")


def test_the_migrations_end_at_the_tables_in_code(store: Store) -> None:
    with store.read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    assert differences == []


def test_of_two_admins_who_resign_at_once_one_stays(url: str, store: Store) -> None:
    patient = open_store(patient_url(url), recall_base_url=BASE_URL)
    with patient.write() as connection:
        for name in ("ada", "bob"):
            rows.add(connection, replace(account(name), role="admin"))
    refused: list[StaffError] = []

    def resign(worker: int) -> None:
        try:
            accounts.disable(patient, ("ada", "bob")[worker])
        except StaffError as error:
            refused.append(error)

    run_at_once(resign, 2)
    assert len(refused) == 1
    assert [row.active for row in accounts.everyone(patient)].count(True) == 1
    patient.close()


def test_of_many_who_redeem_one_ticket_at_once_one_gets_a_session(url: str, store: Store) -> None:
    patient = open_store(patient_url(url), recall_base_url=BASE_URL)
    with patient.write() as connection:
        rows.add(connection, account("ada"))
    ticket = sessions.mint_ticket(patient, "ada")
    cookies: list[str | None] = []
    run_at_once(lambda _: cookies.append(sessions.redeem(patient, ticket)), 6)
    assert len([cookie for cookie in cookies if cookie]) == 1
    patient.close()


def patient_url(url: str) -> str:
    """The same store, for those who wait for their turn."""
    return url.replace("timeout=0.05", "timeout=30")


def run_at_once(work: Callable[[int], None], workers: int) -> None:
    """Run `work` in as many threads, begun together; an exception in any of them is raised here."""
    together = threading.Barrier(workers)

    def begin(worker: int) -> None:
        together.wait()
        work(worker)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(begin, range(workers)))

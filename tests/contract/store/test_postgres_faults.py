"""A PostgreSQL store that is locked, down, read-only, full up, of another version or not let in: a sentence each."""

import re
import shutil
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy import select

from lib.errors import StoreError, StoreOfAnotherRecall, StoreSchemaMismatch
from lib.store import Store, migrate, open_store
from lib.store import staff as rows
from lib.store.backups import back_up, restore
from lib.store.database import kind_of, stream
from lib.store.postgres import copy_to, sentence
from lib.store.tables.workspace import entry as entry_table
from tests import postgres
from tests.contract.store.accounts import add, names
from tests.contract.store.making import entry, kept, listed, read, user

BASE_URL = "http://127.0.0.1:8600"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def store(empty_database: str) -> Iterator[Store]:
    """An open store in a database of its own."""
    migrate(empty_database)
    opened = open_store(f"{empty_database}&timeout=0.05", recall_base_url=BASE_URL)
    yield opened
    opened.close()


def test_a_locked_store_can_be_read_and_says_why_it_cannot_be_written(store: Store) -> None:
    with store.write() as connection:
        rows.everyone(connection)
        with pytest.raises(StoreError, match=r"written by another process.*try again"):
            add(store, "ada")
        assert names(store) == set()
        store.answers()
    add(store, "ada")
    assert names(store) == {"ada"}


def test_a_table_locked_by_hand_is_waited_for_no_longer(store: Store, empty_database: str) -> None:
    with psycopg.connect(empty_database) as other:
        other.execute("LOCK TABLE staff")
        with pytest.raises(StoreError, match="written by another process"):
            names(store)
    assert names(store) == set()


def test_nothing_can_be_written_where_reading_was_asked_for(store: Store) -> None:
    with pytest.raises(StoreError, match="cannot be written"), store.read() as connection:
        rows.add(connection, rows.StaffRow("ada", "Ada", "viewer", None, True, NOON, NOON, None))


def test_a_user_of_the_database_who_may_only_read_is_told_so(
    store: Store, server: postgres.Server, empty_database: str
) -> None:
    server.sql("CREATE ROLE looker LOGIN")
    with psycopg.connect(empty_database) as admin:
        admin.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker")
    looker = open_store(empty_database.replace("postgres@", "looker@"), recall_base_url=BASE_URL)
    with pytest.raises(StoreError, match=r"cannot be written.*PostgreSQL user"):
        add(looker, "ada")
    looker.close()


def test_a_user_of_the_database_who_may_not_even_read_is_told_so(
    store: Store, server: postgres.Server, empty_database: str
) -> None:
    server.sql("CREATE ROLE nobody LOGIN")
    url = empty_database.replace("postgres@", "nobody@")
    for use in (migrate, lambda url: open_store(url, recall_base_url=BASE_URL)):
        with pytest.raises(StoreError, match=r"not all of it be read.*PostgreSQL user"):
            use(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://desk:hunter2@127.0.0.1:1/desk",
        "postgresql+psycopg://desk:hunter2@127.0.0.1:1/desk",
    ],
)
def test_a_server_that_is_not_there_is_named_without_its_password(url: str) -> None:
    for use in (migrate, lambda url: open_store(url, recall_base_url=BASE_URL)):
        with pytest.raises(StoreError, match=r"desk on 127\.0\.0\.1 cannot be reached.*DATABASE_URL") as refusal:
            use(url)
        assert "hunter2" not in str(refusal.value)


def test_a_database_that_does_not_exist_is_named(server: postgres.Server) -> None:
    with pytest.raises(StoreError, match="nowhere on this machine cannot be reached"):
        migrate(server.url("nowhere"))


def test_a_server_that_goes_down_costs_that_transaction_and_comes_back_by_itself() -> None:
    if postgres.binaries() is None:
        pytest.skip(postgres.HOW_TO_INSTALL)
    with postgres.running() as server:
        migrate(server.url())
        store = open_store(server.url(), recall_base_url=BASE_URL)
        listed(store, user("ada"))
        read(store, [entry("kept")])
        server.stop()
        with pytest.raises(StoreError, match="cannot be reached"):
            store.answers()
        again = postgres.start(server.folder)
        try:
            read(store, [entry("kept"), entry("later")])
            assert set(kept(store)) == {"kept", "later"}
        finally:
            store.close()
            again.stop()


def test_a_database_that_was_dropped_is_told_is_not_made_by_asking_for_it_and_heals_once_it_is_restored(
    store: Store, server: postgres.Server, empty_database: str, tmp_path: Path
) -> None:
    add(store, "ada")
    back_up(empty_database, tmp_path / "backup")
    name = empty_database.partition("?")[0].rpartition("/")[2]
    for dropped in (f"DROP DATABASE {name} WITH (FORCE)", f"CREATE DATABASE {name}"):
        server.sql(dropped)
        with pytest.raises(StoreError, match=r"cannot be reached|are gone"):
            add(store, "bob")
        with pytest.raises(StoreError, match=r"cannot be reached|nothing of a store where it should be.*backup"):
            store.answers()
    restore(empty_database, tmp_path / "backup", recall_base_url=BASE_URL)
    add(store, "bob")
    assert names(store) == {"ada", "bob"}


def test_a_schema_that_was_dropped_under_a_server_is_told(store: Store, empty_database: str) -> None:
    store.answers()
    with psycopg.connect(empty_database) as other:
        other.execute("DROP SCHEMA public CASCADE")
    with pytest.raises(StoreError, match=r"Tables of the store desk_\d+ on .* are gone.*backup"):
        add(store, "ada")
    with pytest.raises(StoreError, match="nothing of a store where it should be"):
        store.answers()


def test_a_connection_cut_in_the_middle_of_a_write_leaves_nothing(store: Store, server: postgres.Server) -> None:
    def cut_half_way() -> None:
        with store.write() as connection:
            rows.add(connection, rows.StaffRow("ada", "Ada", "viewer", None, True, NOON, NOON, None))
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            server.sql(f"SELECT pg_terminate_backend({int(pid)}, 5000)")
            rows.everyone(connection)

    with pytest.raises(StoreError, match="cannot be reached"):
        cut_half_way()
    assert names(store) == set()


def test_a_server_that_may_only_be_read_since_it_took_over_is_read_and_says_so_and_is_written_once_it_may(
    store: Store, server: postgres.Server, empty_database: str
) -> None:
    name = kind_of(empty_database)[0].database
    cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'coverage-desk'"
    for is_second_in_line in (True, False):
        server.sql(f"ALTER DATABASE {name} SET default_transaction_read_only = {'on' if is_second_in_line else 'off'}")
        server.sql(cut)
        assert names(store) == set()
        if is_second_in_line:
            with pytest.raises(StoreError, match="cannot be written"):
                add(store, "ada")
    add(store, "ada")
    assert names(store) == {"ada"}


def test_a_read_that_is_cut_half_way_is_told_and_the_next_one_reads_all(store: Store, server: postgres.Server) -> None:
    listed(store, user("ada"))
    read(store, [entry(f"e{n}") for n in range(3)])

    def cut_half_way() -> None:
        with store.read() as connection:
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            rows_of_it = stream(connection, select(entry_table.c.id), 1)
            next(rows_of_it)
            server.sql(f"SELECT pg_terminate_backend({int(pid)}, 5000)")
            list(rows_of_it)

    with pytest.raises(StoreError, match="cannot be reached"):
        cut_half_way()
    assert len(kept(store)) == 3


@pytest.mark.parametrize("says_more", [True, False])
def test_who_is_silent_in_the_middle_of_a_write_loses_it_and_is_told(store: Store, says_more: bool) -> None:
    def fall_silent() -> None:
        with store.write() as connection:
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 20")
            rows.add(connection, rows.StaffRow("ada", "Ada", "viewer", "hash-of-it", True, NOON, NOON, NOON))
            sleep(0.5)
            if says_more:
                rows.everyone(connection)

    with pytest.raises(StoreError, match=r"took too long.*Nothing was changed"):
        fall_silent()
    assert names(store) == set()


def test_where_no_connection_is_left_it_is_said_and_one_is_enough_again(
    store: Store, server: postgres.Server, empty_database: str
) -> None:
    server.sql("CREATE ROLE few LOGIN CONNECTION LIMIT 0; GRANT pg_read_all_data TO few")
    few = empty_database.replace("postgres@", "few@")
    with pytest.raises(StoreError, match="has connections left"):
        open_store(few, recall_base_url=BASE_URL)
    server.sql("ALTER ROLE few CONNECTION LIMIT 1")
    open_store(few, recall_base_url=BASE_URL).close()


SIGNS = ["p@ss/w:rd?a=b#c", "100%41 [::1]", "'; DROP ROLE strict; --", '"\\$HOME ü😀', "host=evil password=x"]


@pytest.mark.parametrize("password", SIGNS)
def test_a_password_of_any_signs_lets_in_and_is_told_to_nobody_when_it_is_wrong(
    store: Store, server: postgres.Server, empty_database: str, password: str, tmp_path: Path
) -> None:
    access = server.folder / "data" / "pg_hba.conf"
    if "strict" not in access.read_text():
        access.write_text(f"local all strict scram-sha-256\n{access.read_text()}")
        server.sql("CREATE ROLE strict LOGIN")
        server.sql("SELECT pg_reload_conf()")
    server.sql(f"ALTER ROLE strict PASSWORD $pw${password}$pw$; GRANT pg_read_all_data TO strict")
    url = empty_database.replace("postgres@", f"strict:{quote(password, safe='')}@")
    open_store(url, recall_base_url=BASE_URL).close()
    if shutil.which("pg_dump"):
        copy_to(kind_of(url)[0], tmp_path / "copy")
    wrong = empty_database.replace("postgres@", f"strict:{quote(password, safe='')}wrong@")
    with pytest.raises(StoreError, match="cannot be reached") as refusal:
        open_store(wrong, recall_base_url=BASE_URL)
    assert password not in "".join(traceback.format_exception(refusal.value))


def test_a_question_that_takes_too_long_is_ended(store: Store) -> None:
    def ask_for_long() -> None:
        with store.read() as connection:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 20")
            connection.exec_driver_sql("SELECT pg_sleep(5)")

    with pytest.raises(StoreError, match="took too long"):
        ask_for_long()


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (psycopg.errors.DiskFull(), "is full.*free some space"),
        (psycopg.errors.TooManyConnections(), "too many at once"),
        (psycopg.errors.DataCorrupted(), "is damaged.*backup"),
        (psycopg.errors.CannotConnectNow(), "cannot be reached"),
        (psycopg.errors.InvalidPassword(), "cannot be reached.*password"),
        (psycopg.errors.UndefinedTable(), "Tables of the store desk are gone.*backup"),
        (psycopg.errors.UndefinedFunction(), r"does not do what was asked \(42883\)"),
        (psycopg.DataError("secret"), r"^The store desk does not do what was asked \(None\)"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_the_server_reports_becomes_a_sentence(error: Exception, says: str) -> None:
    assert re.search(says, sentence(error, "desk"))


def test_a_store_without_schema_of_a_newer_version_or_of_another_recall_is_refused(
    store: Store, server: postgres.Server, empty_database: str
) -> None:
    with pytest.raises(StoreOfAnotherRecall, match="us-west-2"):
        open_store(empty_database, recall_base_url="https://us-west-2.recall.ai")
    with psycopg.connect(empty_database) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreSchemaMismatch, match="newer version"):
        migrate(empty_database)
    with psycopg.connect(empty_database) as other:
        other.execute("DROP TABLE alembic_version")
    with pytest.raises(StoreSchemaMismatch, match=r"python -m lib\.store.*backup"):
        open_store(empty_database, recall_base_url=BASE_URL)

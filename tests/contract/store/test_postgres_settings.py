"""Whatever somebody has set for a PostgreSQL database or its user, a store there keeps and tells the same."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from queue import Queue
from threading import Thread

import pytest

from lib.errors import StoreError
from lib.store import Store, migrate, open_store
from lib.store import staff as rows
from tests import postgres
from tests.contract.store.making import entry, kept, listed, read, user

BASE_URL = "http://127.0.0.1:8600"
IN_KATHMANDU = datetime(2026, 3, 29, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))
HOSTILE = "Robert'); DROP TABLE staff; -- \\' E'\\x41' %s %(x)s :x $1 \u202eevil\u202c 😀 Ǆ ß İ"
BIG = "x" * 5_000_000
DIFFERENT = [
    "timezone = 'Asia/Kathmandu'",
    "datestyle = 'German'",
    "datestyle = 'SQL, DMY'",
    "intervalstyle = 'iso_8601'",
    "client_encoding = 'LATIN1'",
    "client_encoding = 'SQL_ASCII'",
    "bytea_output = 'escape'",
    "standard_conforming_strings = off",
    "backslash_quote = on",
    "default_transaction_isolation = 'serializable'",
    "default_transaction_isolation = 'repeatable read'",
    "default_transaction_deferrable = on",
    "transform_null_equals = on",
    "lock_timeout = 1",
    'search_path = "$user", public, pg_catalog',
]
COLLATIONS = [
    "LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LOCALE 'C.UTF-8'",
    "LOCALE_PROVIDER icu ICU_LOCALE 'de-u-co-phonebk-kn-true' LOCALE 'C.UTF-8'",
]


@pytest.fixture(scope="module", params=[*DIFFERENT, *COLLATIONS])
def store(request: pytest.FixtureRequest, server: postgres.Server) -> Iterator[Store]:
    """An open store in a database on which this was set."""
    server.sql("DROP DATABASE IF EXISTS different")
    collation = request.param if request.param in COLLATIONS else ""
    server.sql(f"CREATE DATABASE different TEMPLATE template0 {collation}")
    if not collation:
        server.sql(f"ALTER DATABASE different SET {request.param}")
    migrate(server.url("different"))
    with closing(open_store(server.url("different"), recall_base_url=BASE_URL)) as opened:
        yield opened


def somebody(name: str, display: str = "Ada") -> rows.StaffRow:
    return rows.StaffRow(name, display, "viewer", "hash", True, IN_KATHMANDU, IN_KATHMANDU, None)


def test_times_and_texts_come_back_as_they_were(store: Store) -> None:
    with store.write() as connection:
        rows.add(connection, somebody("ada", HOSTILE))
    with store.read() as connection:
        found = rows.find(connection, "ada")
    assert found is not None
    assert (found.display, found.created_at) == (HOSTILE, IN_KATHMANDU.astimezone(UTC))
    listed(store, user("ada"))
    read(store, [entry("kept", title=HOSTILE + BIG)])
    assert set(kept(store)) == {"kept"}


def test_who_waited_to_write_sees_what_was_written_meanwhile(store: Store) -> None:
    """On it rests whatever is looked up before it is done: the last admin, the file that was one too many."""
    seen = Queue[bool]()

    def write() -> None:
        with store.write() as connection:
            seen.put(rows.find(connection, "bob") is not None)

    waits = Thread(target=write)
    with store.write() as connection:
        waits.start()
        until_somebody_waits(store)
        rows.add(connection, somebody("bob"))
    assert seen.get(timeout=10)
    waits.join(10)


def until_somebody_waits(store: Store) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    for _ in range(200):
        with store.read() as connection:
            if connection.exec_driver_sql(waiting).scalar_one():
                return
            connection.exec_driver_sql("SELECT pg_sleep(0.02)")
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "EUC_JP"])
def test_a_database_that_cannot_keep_every_sign_is_refused_in_a_sentence(
    server: postgres.Server, encoding: str
) -> None:
    server.sql("DROP DATABASE IF EXISTS narrow")
    server.sql(f"CREATE DATABASE narrow ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    url = server.url("narrow")
    for use in (migrate, lambda url: open_store(url, recall_base_url=BASE_URL)):
        with pytest.raises(StoreError, match=f"narrow on this machine keeps text as {encoding}.*ENCODING 'UTF8'"):
            use(url)

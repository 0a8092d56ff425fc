"""Five wrong passwords lock an account from an address, for a while; a stranger locks out nobody else."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import func, insert, select

from lib.clock import Clock
from lib.errors import SignInLocked
from lib.settings import Settings
from lib.staff import locks
from lib.staff.locks import COUNTED_FOR, LOCKED_FOR, MISSES, Client, key_of
from lib.store import Store, open_store
from lib.store import sign_in_locks as rows
from lib.store.sign_in_locks import MOST_OF_ADDRESS, MOST_ROWS, LockRow
from lib.store.tables.desk import sign_in_lock

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
KEY = b"a key of the tests"
HERE, THERE = Client("192.0.2.7", KEY), Client("198.51.100.9", KEY)


def at(minutes: float = 0) -> Clock:
    """A clock that stands so long after nine."""
    moment = NINE + timedelta(minutes=minutes)
    return lambda: moment


def miss(store: Store, name: str, client: Client = HERE, *, times: int = MISSES, minutes: float = 0) -> datetime | None:
    """So many wrong passwords; answers what the last of them came to."""
    until = None
    for _ in range(times):
        until = locks.attempt(store, name, client, clock=at(minutes))
    return until


def is_locked(store: Store, name: str, client: Client = HERE, *, minutes: float = 0) -> bool:
    try:
        locks.attempt(store, name, client, clock=at(minutes))
    except SignInLocked:
        return True
    return False


@pytest.mark.parametrize("name", ["dana", "nobody-of-this-name"])
def test_the_fifth_wrong_password_locks_and_the_sentence_says_until_when(store: Store, name: str) -> None:
    assert miss(store, name, times=MISSES - 1) is None
    assert miss(store, name, times=1) == NINE + LOCKED_FOR
    with pytest.raises(SignInLocked, match="09:15 UTC"):
        locks.attempt(store, name, HERE, clock=at(1))


def test_a_lock_ends_by_itself_and_five_are_counted_anew(store: Store) -> None:
    miss(store, "dana")
    assert is_locked(store, "dana", minutes=14.9)
    assert miss(store, "dana", times=MISSES - 1, minutes=15) is None


def test_asking_while_it_is_locked_makes_it_no_longer(store: Store) -> None:
    miss(store, "dana")
    for minute in range(1, 15):
        assert is_locked(store, "dana", minutes=minute)
    assert not is_locked(store, "dana", minutes=15)


def test_wrong_passwords_of_long_ago_do_not_count(store: Store) -> None:
    miss(store, "dana", times=MISSES - 1)
    assert miss(store, "dana", times=1, minutes=COUNTED_FOR / timedelta(minutes=1)) is None


def test_a_right_password_counts_from_none_again(store: Store) -> None:
    miss(store, "dana", times=MISSES - 1)
    locks.passed(store, "dana", HERE)
    assert miss(store, "dana", times=MISSES - 1) is None


def test_a_stranger_locks_out_nobody_at_another_address_and_no_other_account(store: Store) -> None:
    miss(store, "dana", HERE)
    assert is_locked(store, "dana", HERE)
    assert not is_locked(store, "dana", THERE)
    assert not is_locked(store, "vera", HERE)


def test_another_way_of_writing_a_name_is_the_same_account(store: Store) -> None:
    miss(store, "dana")
    assert is_locked(store, " DANA ")


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        (None, "", True),
        (None, "192.0.2.7", False),
    ],
)
def test_an_address_is_what_a_client_cannot_choose_itself(one: str | None, other: str | None, is_one: bool) -> None:
    assert (Client(one, KEY).lock_key("dana") == Client(other, KEY).lock_key("dana")) is is_one


def test_a_lock_survives_the_process(store: Store, file: Path) -> None:
    miss(store, "dana")
    store.close()
    reopened = open_store(f"sqlite:///{file}", recall_base_url="http://127.0.0.1:8600")
    assert is_locked(reopened, "dana", minutes=1)
    reopened.close()


def test_however_many_try_at_once_five_passwords_are_looked_at(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        refused = list(pool.map(lambda _: is_locked(store, "dana"), range(20)))
    assert refused.count(False) == MISSES


def test_nothing_that_was_typed_and_no_address_is_in_the_files_of_the_store(store: Store, file: Path) -> None:
    miss(store, "hunter2-in-the-wrong-field")
    everything = b"".join(each.read_bytes() for each in file.parent.iterdir())
    assert b"hunter2" not in everything
    assert b"192.0.2.7" not in everything
    with closing(sqlite3.connect(file)) as raw:
        assert [len(part) for part in raw.execute("SELECT account, address FROM sign_in_lock").fetchone()] == [64, 64]


def test_digests_say_nothing_without_the_key(store: Store) -> None:
    keys = [key_of(Settings(recall_api_key=SecretStr(word), _env_file=None)) for word in ("one key", "another")]
    places = [Client("192.0.2.7", key).lock_key("dana") for key in keys]
    assert len({digest for lock_key in places for digest in lock_key}) == 4
    assert "another" not in repr(Client("192.0.2.7", keys[1]))


def test_what_counts_no_more_is_forgotten(store: Store) -> None:
    miss(store, "dana")
    miss(store, "vera", times=1)
    locks.attempt(store, "later", HERE, clock=at(14.9))
    assert count(store) == 3
    locks.attempt(store, "later", HERE, clock=at(15))
    assert count(store) == 1


def test_no_flood_of_other_names_washes_a_lock_away(store: Store) -> None:
    miss(store, "dana")
    fill(store, MOST_ROWS, locked=False, minutes=1)
    for number in range(3):
        assert not is_locked(store, f"another {number}", minutes=2)
        assert count(store) == MOST_ROWS
    assert is_locked(store, "dana", minutes=14)


def test_of_too_many_names_the_oldest_that_are_not_locked_are_forgotten(store: Store) -> None:
    miss(store, "dana", times=1)
    miss(store, "vera", times=MISSES - 1, minutes=1)
    fill(store, MOST_ROWS - 2, locked=True, minutes=1)
    assert not is_locked(store, "another", THERE, minutes=2)
    assert miss(store, "vera", times=1, minutes=2)
    assert count(store) == MOST_ROWS


def test_where_all_are_locked_no_other_name_is_looked_at_until_the_first_ends(store: Store) -> None:
    fill(store, MOST_ROWS, locked=True, minutes=3)
    with pytest.raises(SignInLocked, match="09:18 UTC"):
        locks.attempt(store, "dana", HERE, clock=at(4))
    assert count(store) == MOST_ROWS
    assert not is_locked(store, "dana", minutes=18)


def test_one_address_tries_so_many_names_and_then_waits_for_the_first_of_them(store: Store) -> None:
    miss(store, "dana", times=MISSES - 1)
    with store.write() as connection:
        for number in range(MOST_OF_ADDRESS - 1):
            rows.keep(connection, f"{number}", HERE.lock_key("dana")[1], LockRow(1, at(1)(), None))
    with pytest.raises(SignInLocked, match="09:15 UTC"):
        locks.attempt(store, "another", HERE, clock=at(2))
    assert not is_locked(store, "another", THERE, minutes=2)
    assert miss(store, "dana", times=1, minutes=3)
    assert not is_locked(store, "another", minutes=16)


def fill(store: Store, names: int, *, locked: bool, minutes: float) -> None:
    """So many other names, tried once from as many addresses or locked there."""
    begun = at(minutes)()
    until = begun + LOCKED_FOR if locked else None
    columns = {"misses": MISSES if locked else 1, "first_at": begun, "until": until}
    with store.write() as connection:
        places = [{"account": f"{each}", "address": f"{each}"} | columns for each in range(names)]
        connection.execute(insert(sign_in_lock), places)


def count(store: Store) -> int:
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(sign_in_lock)) or 0

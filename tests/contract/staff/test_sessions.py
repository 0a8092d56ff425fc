"""Tickets and sessions: who gets one, and when it is over."""

import hashlib
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from lib.clock import Clock
from lib.errors import StaffError
from lib.staff import accounts, sessions
from lib.store import Store, migrate, open_store, schema
from lib.store import staff as rows
from lib.store.database import connect, writing

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)


def at(hours: float = 0, minutes: float = 0, seconds: float = 0) -> Clock:
    """A clock that stands so long after nine."""
    moment = NINE + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return lambda: moment


def sign_in(store: Store, name: str = "vera") -> str:
    """Sign in at nine."""
    cookie = sessions.redeem(store, sessions.mint_ticket(store, name, clock=at()), clock=at())
    assert cookie is not None
    return cookie


def name_of(session: sessions.Session | None) -> str | None:
    return session.staff.name if session else None


VERSION_BEFORE = "0015"
"""The schema in which `SESSION_BEFORE` was kept."""
COOKIE_BEFORE = "mB2v0c8wR1yQ5nT7uJ4kL9pX3zF6hD_sA-eG0iOqWtY"
SESSION_BEFORE = """
INSERT INTO session (id_hash, staff, created_at, last_seen_at, ended_at, ended_why, verified_at)
VALUES ('76a0613fc0f27bef1dd421a24bac0e6bc6c7d073bbb5c15b403b35baae5ddf61', 'vera', '2026-11-02 09:00:00.000000',
        '2026-11-02 09:30:00.000000', NULL, NULL, NULL)
"""
STAFF_BEFORE = """
INSERT INTO staff (name, display, role, password_hash, active, created_at, changed_at, password_changed_at, sees_all)
VALUES ('vera', 'Vera Lind', 'viewer', NULL, 1, '2026-10-01 09:00:00.000000', '2026-10-01 09:00:00.000000', NULL, 1)
"""


def test_a_session_of_the_version_before_is_still_in_force(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'before.db'}"
    engine = connect(url, makes=True)
    with writing(engine).begin() as connection:
        command.upgrade(schema._config(connection), VERSION_BEFORE)
        for statement in (STAFF_BEFORE, SESSION_BEFORE):
            connection.execute(text(statement))
    engine.dispose()
    migrate(url)
    with closing(open_store(url, recall_base_url="http://127.0.0.1:8600")) as store:
        session = sessions.find(store, COOKIE_BEFORE, clock=at(hours=1))
        assert session
        assert (name_of(session), session.staff.role) == ("vera", "viewer")
        assert session.created_at == NINE
        assert sessions.find(store, COOKIE_BEFORE, clock=at(hours=9)) is None
        assert sessions.expired_owner(store, COOKIE_BEFORE)


def test_a_ticket_becomes_a_cookie_that_names_its_owner(staffed: Store) -> None:
    cookie = sign_in(staffed, "vera")
    session = sessions.find(staffed, cookie, clock=at())
    assert session
    assert replace(session.staff, session=None) == accounts.everyone(staffed)[2]
    assert session.staff.session == hashlib.sha256(cookie.encode()).hexdigest()
    assert (session.created_at, session.last_seen_at) == (NINE, NINE)


def test_tickets_and_cookies_are_32_random_bytes_and_never_the_same(staffed: Store) -> None:
    made = [sessions.mint_ticket(staffed, "vera") for _ in range(5)]
    made += [cookie for ticket in made if (cookie := sessions.redeem(staffed, ticket))]
    assert len(set(made)) == 10
    assert {len(secret) for secret in made} == {43}


def test_neither_ticket_nor_cookie_is_in_the_files_of_the_store(staffed: Store, file: Path) -> None:
    ticket = sessions.mint_ticket(staffed, "vera")
    cookie = sessions.redeem(staffed, ticket)
    assert cookie is not None
    everything = b"".join(each.read_bytes() for each in file.parent.iterdir())
    assert b"vera" in everything
    assert ticket.encode() not in everything
    assert cookie.encode() not in everything


def test_a_ticket_is_good_once(staffed: Store) -> None:
    ticket = sessions.mint_ticket(staffed, "vera")
    assert sessions.redeem(staffed, ticket) is not None
    assert sessions.redeem(staffed, ticket) is None


def test_of_two_that_redeem_a_ticket_at_once_one_gets_a_session(staffed: Store) -> None:
    for _ in range(10):
        ticket = sessions.mint_ticket(staffed, "vera")
        cookies = both_at_once(partial(sessions.redeem, staffed, ticket))
        assert cookies.count(None) == 1


def test_a_ticket_is_good_for_a_minute(staffed: Store) -> None:
    early, late = (sessions.mint_ticket(staffed, "vera", clock=at()) for _ in range(2))
    assert sessions.redeem(staffed, late, clock=at(seconds=60)) is None
    assert sessions.redeem(staffed, early, clock=at(seconds=59)) is not None


@pytest.mark.parametrize("name", ["nobody", "", "<b>"])
def test_no_ticket_is_minted_for_somebody_unknown(staffed: Store, name: str) -> None:
    with pytest.raises(StaffError):
        sessions.mint_ticket(staffed, name)


def test_a_session_ends_after_two_hours_without_a_click(staffed: Store) -> None:
    late, in_time = sign_in(staffed), sign_in(staffed)
    assert sessions.find(staffed, late, clock=at(hours=2, seconds=1)) is None
    assert name_of(sessions.find(staffed, in_time, clock=at(hours=2))) == "vera"


def test_clicks_keep_a_session_alive_but_not_beyond_eight_hours(staffed: Store) -> None:
    cookie = sign_in(staffed)
    for hours in (1.5, 3, 4.5, 6, 7.5, 8):
        assert name_of(sessions.find(staffed, cookie, clock=at(hours=hours))) == "vera"
    assert sessions.find(staffed, cookie, clock=at(hours=8, seconds=1)) is None


def test_a_session_that_was_idle_too_long_is_not_revived_by_asking(staffed: Store) -> None:
    cookie = sign_in(staffed)
    for hours in (2.1, 2.2, 3):
        assert sessions.find(staffed, cookie, clock=at(hours=hours)) is None


def test_when_somebody_was_seen_is_written_once_a_minute(staffed: Store) -> None:
    cookie = sign_in(staffed)
    sessions.find(staffed, cookie, clock=at(seconds=59))
    assert accounts.last_seen(staffed) == {"vera": NINE}
    sessions.find(staffed, cookie, clock=at(seconds=60))
    assert accounts.last_seen(staffed) == {"vera": NINE + timedelta(minutes=1)}


def test_looking_a_session_up_within_a_minute_needs_no_writer(staffed: Store, file: Path) -> None:
    cookie = sign_in(staffed)
    impatient = open_store(f"sqlite:///{file}?timeout=0.01", recall_base_url="http://127.0.0.1:8600")
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert name_of(sessions.find(impatient, cookie, clock=at(seconds=30))) == "vera"
        writer.execute("ROLLBACK")
    impatient.close()


def test_signing_out_ends_the_session_for_every_copy_of_its_cookie_and_no_other(staffed: Store) -> None:
    copied, other = sign_in(staffed), sign_in(staffed)
    sessions.end(staffed, copied, clock=at(minutes=1))
    assert sessions.find(staffed, copied, clock=at(minutes=2)) is None
    assert name_of(sessions.find(staffed, other, clock=at(minutes=2))) == "vera"
    sessions.end(staffed, copied, clock=at(minutes=3))


def test_an_account_switched_off_in_the_table_is_out_without_anybody_ending_its_sessions(staffed: Store) -> None:
    cookie, ticket = sign_in(staffed), sessions.mint_ticket(staffed, "vera", clock=at())
    with staffed.write() as connection:
        rows.change(connection, "vera", active=False)
    assert sessions.find(staffed, cookie, clock=at()) is None
    assert sessions.redeem(staffed, ticket, clock=at()) is None
    with staffed.write() as connection:
        rows.change(connection, "vera", active=True)
    assert sessions.redeem(staffed, ticket, clock=at()) is None


def test_ending_all_of_somebodys_sessions_spares_everybody_else(staffed: Store) -> None:
    hers, also_hers, his = sign_in(staffed, "vera"), sign_in(staffed, "vera"), sign_in(staffed, "dana")
    sessions.end_all(staffed, "Vera", clock=at())
    assert [name_of(sessions.find(staffed, c, clock=at())) for c in (hers, also_hers, his)] == [None, None, "dana"]


def test_a_session_outlives_the_process_that_began_it(staffed: Store, file: Path) -> None:
    cookie = sign_in(staffed)
    staffed.close()
    reopened = open_store(f"sqlite:///{file}", recall_base_url="http://127.0.0.1:8600")
    assert name_of(sessions.find(reopened, cookie, clock=at())) == "vera"
    reopened.close()


def test_a_changed_cookie_names_nobody(staffed: Store) -> None:
    cookie = sign_in(staffed)
    forged = [cookie[:-1] + ("A" if cookie[-1] != "A" else "B"), cookie + "A", cookie[:-1], cookie.swapcase()]
    assert [sessions.find(staffed, each, clock=at()) for each in forged] == [None] * 4


def test_what_is_stored_of_a_session_is_no_cookie(staffed: Store, file: Path) -> None:
    sign_in(staffed)
    with closing(sqlite3.connect(file)) as raw:
        (digest,) = raw.execute("SELECT id_hash FROM session").fetchone()
    assert sessions.find(staffed, digest, clock=at()) is None


def test_a_ticket_is_no_cookie_and_a_cookie_no_ticket(staffed: Store) -> None:
    ticket = sessions.mint_ticket(staffed, "vera", clock=at())
    assert sessions.find(staffed, ticket, clock=at()) is None
    assert sessions.redeem(staffed, sign_in(staffed), clock=at()) is None


RUBBISH = [None, "", " ", "\x00" * 43, "ü" * 43, "\ud800" * 43, "a" * 43, "'" * 43, "x" * 1_000_000, "' OR 1=1 --"]


@pytest.mark.parametrize("rubbish", RUBBISH, ids=lambda text: ascii(text)[:20])
def test_rubbish_is_nobodys(staffed: Store, rubbish: str | None) -> None:
    sign_in(staffed)
    assert sessions.find(staffed, rubbish) is None
    assert sessions.redeem(staffed, rubbish) is None
    sessions.end(staffed, rubbish)


@given(st.text() | st.text(min_size=43, max_size=43))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_no_text_is_by_chance_a_cookie(staffed: Store, text: str) -> None:
    assert sessions.find(staffed, text) is None


def test_used_and_old_tickets_do_not_pile_up(staffed: Store, file: Path) -> None:
    for minute in range(5):
        sessions.mint_ticket(staffed, "vera", clock=at(minutes=minute * 2))
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("SELECT count(*) FROM ticket").fetchone() == (1,)


def both_at_once(ask: Callable[[], str | None]) -> list[str | None]:
    together = threading.Barrier(2)

    def begin(_: int) -> str | None:
        together.wait()
        return ask()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(begin, range(2)))

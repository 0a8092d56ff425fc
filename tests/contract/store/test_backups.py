"""The store into a file and back, on both databases; and a store of the version before, brought up to date."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import func, select, text

from lib.backup import main
from lib.errors import StoreError, StoreOfAnotherRecall, StoreSchemaMismatch
from lib.settings import Settings
from lib.staff import accounts, sessions
from lib.staff.permissions import Role
from lib.store import Store, migrate, open_store, schema
from lib.store.backups import back_up, restore
from lib.store.database import connect, writing
from lib.store.tables.desk import session, staff
from lib.store.tables.workspace import calendar_user
from tests.contract.store.conftest import BASE_URL
from tests.contract.store.making import listed, user

BEFORE = "0015"
"""The schema of the version before this one."""
OTHER_RECALL = "https://us-east-1.recall.ai"
PASSWORD = "a good password"


@pytest.fixture
def lived_in(store: Store) -> Store:
    """A store with somebody who is signed in, and a calendar user."""
    accounts.add(store, "ada", role=Role.ADMIN, display="Ada Okafor", password=PASSWORD)
    listed(store, user("bob"))
    return store


@pytest.fixture
def other_url(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> str:
    """Address of a store of the same kind that does not exist yet."""
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'other' / 'desk.db'}"
    address: str = request.getfixturevalue("empty_database")
    return address


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "desk.db"


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Where a backup goes."""
    return tmp_path / "desk.backup"


def opened(url: str, recall: str = BASE_URL) -> Iterator[Store]:
    store = open_store(url, recall_base_url=recall)
    yield store
    store.close()


def test_what_was_backed_up_while_in_use_is_there_again_and_nobody_is_signed_in(
    lived_in: Store, url: str, other_url: str, backup: Path
) -> None:
    cookie = sessions.redeem(lived_in, sessions.mint_ticket(lived_in, "ada"))
    assert cookie is not None
    unused = sessions.mint_ticket(lived_in, "ada")
    with lived_in.read() as reading:  # somebody is in the middle of something
        reading.execute(select(staff)).all()
        assert back_up(url, backup) > 1000
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    accounts.add(lived_in, "late", role=Role.VIEWER, display="Comes Later", password=PASSWORD)
    restore(other_url, backup, recall_base_url=BASE_URL)
    for store in opened(other_url):
        assert [member.name for member in accounts.everyone(store)] == ["ada"]
        with store.read() as connection:
            assert connection.scalar(select(func.count()).select_from(calendar_user)) == 1
            assert connection.scalar(select(func.count()).where(session.c.ended_at.is_(None))) == 0
        assert sessions.find(store, cookie) is None
        assert sessions.redeem(store, unused) is None
    assert sessions.find(lived_in, cookie) is not None


def test_a_store_with_something_in_it_is_replaced_only_on_demand(
    lived_in: Store, url: str, other_url: str, backup: Path
) -> None:
    back_up(url, backup)
    migrate(other_url)
    for store in opened(other_url):
        accounts.add(store, "eve", role=Role.ADMIN, display="Eve", password=PASSWORD)
    with pytest.raises(StoreError, match=r"has something in it already. Nothing was changed"):
        restore(other_url, backup, recall_base_url=BASE_URL)
    for store in opened(other_url):
        assert [member.name for member in accounts.everyone(store)] == ["eve"]
    restore(other_url, backup, recall_base_url=BASE_URL, replace=True)
    for store in opened(other_url):
        assert [member.name for member in accounts.everyone(store)] == ["ada"]


def test_a_backup_of_another_recall_is_refused_before_anything_is_touched(
    lived_in: Store, url: str, other_url: str, backup: Path
) -> None:
    back_up(url, backup)
    migrate(other_url)
    for store in opened(other_url, OTHER_RECALL):
        accounts.add(store, "eve", role=Role.ADMIN, display="Eve", password=PASSWORD)
    with pytest.raises(StoreOfAnotherRecall, match=r"was filled from http://127.0.0.1:8600"):
        restore(other_url, backup, recall_base_url=OTHER_RECALL, replace=True)
    for store in opened(other_url, OTHER_RECALL):
        assert [member.name for member in accounts.everyone(store)] == ["eve"]


def test_a_backup_of_a_newer_version_is_refused(lived_in: Store, url: str, other_url: str, backup: Path) -> None:
    with lived_in.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        back_up(url, backup)
    finally:
        with lived_in.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": newest()})
    with pytest.raises(StoreSchemaMismatch, match="newer version"):
        restore(other_url, backup, recall_base_url=BASE_URL)


def test_a_store_of_the_version_before_is_brought_up_to_date_with_all_that_is_in_it(other_url: str) -> None:
    made_before(other_url)
    with pytest.raises(StoreSchemaMismatch, match="older schema"):
        open_store(other_url, recall_base_url=BASE_URL)
    migrate(other_url)
    for store in opened(other_url):
        require_what_was_before(store)


def test_a_backup_of_the_version_before_is_brought_up_to_date_when_it_is_restored(other_url: str, backup: Path) -> None:
    made_before(other_url)
    back_up(other_url, backup)
    restore(other_url, backup, recall_base_url=BASE_URL, replace=True)
    for store in opened(other_url):
        require_what_was_before(store)


def test_a_server_whose_store_another_version_has_changed_says_so(store: Store) -> None:
    store.answers()
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(StoreSchemaMismatch, match="newer version"):
            store.answers()
    finally:
        with store.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": newest()})


def test_what_is_no_backup_is_refused_and_what_is_one_is_never_overwritten(
    lived_in: Store, url: str, other_url: str, backup: Path
) -> None:
    backup.write_text("my notes")
    with pytest.raises(StoreError, match=r"There is a file desk\.backup already. Nothing was written"):
        back_up(url, backup)
    assert backup.read_text() == "my notes"
    with pytest.raises(StoreError, match=r"is no backup of a store. Nothing was changed"):
        restore(other_url, backup, recall_base_url=BASE_URL)


def test_the_commands_do_it_for_the_store_in_the_settings(
    lived_in: Store,
    url: str,
    other_url: str,
    backup: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)  # no `.env` of whoever runs the tests
    monkeypatch.setenv("RECALL_API_KEY", "a-key")
    monkeypatch.setenv("RECALL_BASE_URL", BASE_URL)
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["make", str(backup)]) == 0
    assert main(["restore", str(backup)]) == 1
    monkeypatch.setenv("DATABASE_URL", other_url)
    assert main(["restore", str(backup)]) == 0
    said = capsys.readouterr()
    assert "Everybody must sign in again." in said.out
    assert "has something in it already" in said.err


def test_no_password_stands_on_a_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backup: Path) -> None:
    seen, program = tmp_path / "seen", tmp_path / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {seen}\nenv > {seen}.env\nexit 3\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    with pytest.raises(StoreError, match="pg_dump could not do it"):
        back_up("postgresql://desk:s%40cret@db.internal:5433/desk?sslmode=verify-full", backup)
    assert "s@cret" not in seen.read_text()
    told = Path(f"{seen}.env").read_text().splitlines()
    wanted = {"PGHOST=db.internal", "PGPORT=5433", "PGUSER=desk", "PGPASSWORD=s@cret", "PGSSLMODE=verify-full"}
    assert wanted <= set(told)
    assert not backup.exists()


def newest() -> str:
    [version] = schema._newest()
    return version


def made_before(url: str) -> None:
    """A store as the version before made it, with an account, a session and a calendar user in it."""
    engine = connect(url, makes=True)
    with writing(engine).begin() as connection:
        command.upgrade(schema._config(connection), BEFORE)
        connection.execute(text("INSERT INTO meta (k, v) VALUES ('recall_base_url', :url)"), {"url": BASE_URL})
        connection.execute(text(ACCOUNT), {"active": True})
        connection.execute(text(SESSION))
        connection.execute(text(CALENDAR_USER))
    engine.dispose()


def require_what_was_before(store: Store) -> None:
    """What was in it is as it was, and whoever saw everything sees it still."""
    [member] = accounts.everyone(store)
    assert (member.name, member.role, member.sight.customers) == ("ada", Role.EDITOR, None)
    with store.read() as connection:
        assert connection.execute(select(calendar_user.c.id, calendar_user.c.customer)).all() == [("u", "acme.example")]
        assert connection.execute(select(session.c.staff, session.c.verified_at)).all() == [("ada", None)]


ACCOUNT = (
    "INSERT INTO staff (name, display, role, active, password_hash, created_at, changed_at) VALUES"
    " ('ada', 'Ada Okafor', 'editor', :active, 'x', '2026-11-01 09:00:00.000000', '2026-11-01 09:00:00.000000')"
)
SESSION = (
    "INSERT INTO session (id_hash, staff, created_at, last_seen_at) VALUES"
    " ('abc', 'ada', '2026-11-01 09:00:00.000000', '2026-11-01 09:00:00.000000')"
)
CALENDAR_USER = (
    "INSERT INTO calendar_user (pk, id, connections, customer, hash, first_seen_at, ver)"
    " VALUES (1, 'u', '[]', 'acme.example', 0, 0, 0)"
)

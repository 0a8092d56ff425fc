"""The schema: made from nothing, by two processes at once, equal to the tables in code; another one is refused."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from alembic import command
from sqlalchemy import inspect, text

from lib.domain import Preferences
from lib.errors import StoreSchemaMismatch
from lib.store import Store, entries, migrate, open_store, schema
from lib.store.database import connect, writing
from lib.store.entry_rows import number_of
from lib.store.tables import metadata

ROOT = Path(__file__).parents[3]


@pytest.fixture
def url(file: Path) -> str:
    """Address of a SQLite store that is not made yet."""
    return f"sqlite:///{file}?timeout=0.05"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """The same, made and open."""
    migrate(url)
    opened = open_store(url, recall_base_url="http://127.0.0.1:8600")
    yield opened
    opened.close()


def test_an_empty_folder_becomes_a_store(file: Path, url: str) -> None:
    migrate(url)
    with sqlite3.connect(file) as raw:
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    raw.close()
    assert tables == set(metadata.tables) | {"alembic_version"}


def test_migrating_again_changes_nothing(file: Path, store: Store, url: str) -> None:
    before = dump(file)
    migrate(url)
    assert dump(file) == before


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_processes_that_migrate_at_once_all_succeed(request: pytest.FixtureRequest, file: Path, database: str) -> None:
    url = f"sqlite:///{file}" if database == "sqlite" else request.getfixturevalue("empty_database")
    command = [sys.executable, "-c", "import sys; from lib.store import migrate; migrate(sys.argv[1])", url]
    at_once = [
        subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE) for _ in range(3)
    ]
    assert [(process.communicate()[1], process.returncode) for process in at_once] == [(b"", 0)] * 3
    open_store(url, recall_base_url="http://127.0.0.1:8600").close()


def test_a_store_without_schema_is_refused_with_the_command_that_helps(url: str) -> None:
    connect(url, makes=True).dispose()
    with pytest.raises(StoreSchemaMismatch, match=r"python -m lib\.store"):
        open_store(url, recall_base_url="http://127.0.0.1:8600")


def test_a_store_of_a_newer_version_is_neither_opened_nor_migrated(file: Path, store: Store, url: str) -> None:
    store.close()
    with sqlite3.connect(file) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    before = dump(file)
    with pytest.raises(StoreSchemaMismatch, match="newer version"):
        open_store(url, recall_base_url="http://127.0.0.1:8600")
    with pytest.raises(StoreSchemaMismatch, match="newer version"):
        migrate(url)
    assert dump(file) == before


def test_bots_of_a_store_of_before_are_numbered_as_those_that_come(file: Path, url: str) -> None:
    engine = connect(url, makes=True)
    with writing(engine).begin() as connection:
        command.upgrade(schema._config(connection), "0002")
        connection.execute(text(USER_OF_BEFORE))
        for key, bot_id in ((1, "bot-1"), (2, "bot-1"), (3, "bot-2"), (4, None)):
            named = {"key": key, "id": f"e{key}", "bot_id": bot_id}
            connection.execute(text(ENTRY_OF_BEFORE), named)
    engine.dispose()
    migrate(url)
    with sqlite3.connect(file) as raw:
        numbers = dict(raw.execute("SELECT pk, bot FROM entry").fetchall())
    raw.close()
    assert numbers == {1: number_of("bot-1"), 2: number_of("bot-1"), 3: number_of("bot-2"), 4: 0}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_entries_of_a_store_of_before_have_the_earliest_rules_that_were_observed(
    request: pytest.FixtureRequest, file: Path, database: str
) -> None:
    url = f"sqlite:///{file}" if database == "sqlite" else request.getfixturevalue("empty_database")
    engine = connect(url, makes=True)
    with writing(engine).begin() as connection:
        command.upgrade(schema._config(connection), "0012")
        for statement, rows in BEFORE_OCCURRENCES:
            connection.execute(text(statement), rows)
    engine.dispose()
    migrate(url)
    opened = open_store(url, recall_base_url="http://127.0.0.1:8600")
    with opened.read() as connection:
        ada, bob = (entries.of_user(connection, name) for name in ("ada", "bob"))
    opened.close()
    assert {one.entry.id: named(one.first_preferences) for one in ada} == {
        "before both": "first",
        "between": "second",
        "after": "now",
        "set": "now",
    }
    assert [(one.entry.id, named(one.first_preferences)) for one in bob] == [("set", None)]
    assert {one.entry.id: one.first_override for one in ada} == {
        "before both": None,
        "between": None,
        "after": True,
        "set": False,
    }
    assert [one.first_override for one in bob] == [True]
    assert {(one.first_answer, one.occurrence, one.dragged_at, one.former_bots) for one in (*ada, *bob)} == {
        ("accepted", 0, None, ())
    }
    assert {one.entry.start_time for one in (*ada, *bob)} == {None}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_row_of_a_table_that_is_called_otherwise_now_is_there_as_it_was(
    request: pytest.FixtureRequest, file: Path, database: str
) -> None:
    url = f"sqlite:///{file}" if database == "sqlite" else request.getfixturevalue("empty_database")
    engine = connect(url, makes=True)
    with writing(engine).begin() as connection:
        command.upgrade(schema._config(connection), "0015")
        for statement, rows in BEFORE_THE_NEW_NAMES:
            connection.execute(text(statement), rows)
        for before, (_, columns) in CALLED_OTHERWISE.items():
            for row in _rows(columns):
                named = ", ".join(f'"{name}"' for name in row)
                values = ", ".join(f":{name}" for name in row)
                connection.execute(text(f"INSERT INTO {before} ({named}) VALUES ({values})"), row)  # noqa: S608
    engine.dispose()
    migrate(url)
    engine = connect(url)
    with engine.connect() as connection:
        assert not set(CALLED_OTHERWISE) & set(inspect(connection).get_table_names())
        for now, columns in CALLED_OTHERWISE.values():
            kept = connection.execute(metadata.tables[now].select()).all()
            expected = [{columns[name][0]: value for name, value in row.items()} for row in _rows(columns)]
            raw = connection.execute(text(f"SELECT * FROM {now}")).all()  # noqa: S608
            assert sorted((row._asdict() for row in raw), key=str) == sorted(expected, key=str)
            assert len(kept) == len(expected)
    engine.dispose()


def _rows(columns: Mapping[str, tuple[str, Any]]) -> list[dict[str, Any]]:
    """Two rows: one with all that there may be, one with what there must be alone."""
    whole = {name: value for name, (_, value) in columns.items()}
    least = {name: OTHER_KEYS.get(name, value) if name in MUST_BE else None for name, value in whole.items()}
    return [whole, least]


MUST_BE = {"staff", "at", "user", "unreadable", "odd", "slow", "pk", "months", "entry_id", "body"}
OTHER_KEYS = {"staff": "bob", "user": 2, "pk": 2}
CALLED_OTHERWISE: Mapping[str, tuple[str, Mapping[str, tuple[str, Any]]]] = {
    "looked": ("last_visit", {"staff": ("staff", "ada"), "at": ("at", 7), "before": ("previous_at", 5)}),
    "reading": (
        "last_read",
        {
            "user": ("user", 1),
            "read_at": ("read_at", 11),
            "unreadable": ("unreadable", 12),
            "odd": ("odd", 13),
            "held_back_at": ("held_back_since", 14),
            "failure": ("failure", "not_found"),
            "failed_at": ("failed_at", 15),
            "judge_at": ("judge_at", 16),
            "slow": ("slow", True),
            "empty_at": ("empty_since", 17),
            "accounts": ("accounts", -(2**62)),
        },
    ),
    "counting": ("recount", {"pk": ("pk", 1), "at": ("at", 21), "months": ("months", '[["2026-10", 1, 2, 3, 4]]')}),
    "taken_out": (
        "set_aside",
        {
            "pk": ("pk", 1),
            "user": ("user", 1),
            "entry_id": ("entry_id", "e"),
            "at": ("at", 31),
            "body": ("body", '{"entry": {}, "bots": []}'),
        },
    ),
}
"""By the name of before: the name of now, and of each column its name of now and a value that it had."""
BEFORE_THE_NEW_NAMES: list[tuple[str, list[dict[str, Any]]]] = [
    (
        "INSERT INTO staff (name, display, role, active, created_at, changed_at) VALUES"
        " (:name, 'A', 'viewer', :yes, '2026-11-01 09:00:00', '2026-11-01 09:00:00')",
        [{"name": "ada", "yes": True}, {"name": "bob", "yes": True}],
    ),
    (
        "INSERT INTO calendar_user (pk, id, connections, hash, first_seen_at, ver) VALUES (:pk, :id, '[]', 0, 0, 0)",
        [{"pk": 1, "id": "ada"}, {"pk": 2, "id": "bob"}],
    ),
]


def named(rules: Preferences | None) -> str | None:
    return rules.bot_name if rules else None


def body(name: str) -> str:
    return orjson.dumps(Preferences(bot_name=name)).decode()


def _old_entry(key: int, user: int, entry_id: str, first_seen: int, override: bool | None) -> dict[str, Any]:
    return {"key": key, "user": user, "id": entry_id, "seen": first_seen, "override": override, "yes": True}


def _seen_rules(seq: int, at: int, user: int, before: int | None, after: int | None) -> dict[str, Any]:
    return {"seq": seq, "at": at, "user": user, "before": before, "after": after}


def _seen_override(seq: int, at: int, user: int, before: bool | None, after: bool | None) -> dict[str, Any]:
    return {"seq": seq, "at": at, "user": user, "before": before, "after": after}


BEFORE_OCCURRENCES: list[tuple[str, list[dict[str, Any]]]] = [
    (
        "INSERT INTO preferences (pk, body) VALUES (:pk, :body)",
        [{"pk": pk, "body": body(name)} for pk, name in enumerate(("first", "second", "now"), 1)],
    ),
    (
        "INSERT INTO calendar_user (pk, id, connections, preferences, hash, first_seen_at, ver)"
        " VALUES (:pk, :id, '[]', :preferences, 0, 0, 0)",
        [{"pk": 1, "id": "ada", "preferences": 3}, {"pk": 2, "id": "bob", "preferences": None}],
    ),
    (
        'INSERT INTO entry (pk, "user", id, uid, will_record, invites, attendees, first_seen_at, changed_at, hash, ver,'
        " override_should_record, own_answer) VALUES (:key, :user, :id, 0, :yes, '', 0, :seen, :seen, 0, 0, :override,"
        " 'accepted')",
        [
            _old_entry(1, 1, "before both", 50, None),
            _old_entry(2, 1, "between", 150, None),
            _old_entry(3, 1, "after", 250, True),
            _old_entry(4, 1, "set", 250, None),
            _old_entry(5, 2, "set", 250, True),
        ],
    ),
    (
        'INSERT INTO observation (seq, at, kind, "user", before, after)'
        " VALUES (:seq, :at, 'preferences_changed', :user, :before, :after)",
        [_seen_rules(1, 100, 1, 1, 2), _seen_rules(2, 200, 1, 2, 3)],
    ),
    (
        'INSERT INTO observation (seq, at, kind, "user", entry_id, override_before, override_after)'
        " VALUES (:seq, :at, 'override_changed', :user, 'set', :before, :after)",
        [_seen_override(3, 300, 1, False, True), _seen_override(4, 400, 1, True, None)],
    ),
]

ENTRY_OF_BEFORE = (
    'INSERT INTO entry (pk, "user", id, uid, will_record, invites, bot_id, attendees, first_seen_at, changed_at, hash,'
    " ver) VALUES (:key, 1, :id, 0, 1, '', :bot_id, 0, 0, 0, 0, 0)"
)
USER_OF_BEFORE = (
    "INSERT INTO calendar_user (pk, id, connections, hash, first_seen_at, ver) VALUES (1, 'u', '[]', 0, 0, 0)"
)


def dump(file: Path) -> list[str]:
    raw = sqlite3.connect(file)
    try:
        return list(raw.iterdump())
    finally:
        raw.close()

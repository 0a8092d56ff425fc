"""The record of who did what is added to. No code of ours takes a row of it away, or changes what it says.

Two exceptions are named here: when a change was sent and how it ended is written, once each, and personal words are
erased with the person they belong to.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from lib.store.tables import metadata

STORE = Path(__file__).parents[2] / "lib" / "store"
RECORD = {"event", "change", "observation", "applied_file", "bot_config", "bot_config_mark", "standard"}
MAY_CHANGE = {
    ("outbox.py", "mark_sent", "update", "change"),
    ("outbox.py", "close", "update", "change"),
    ("privacy.py", "erase_user", "update", "observation"),
    ("privacy.py", "erase_user", "update", "change"),
    ("privacy.py", "erase_user", "update", "table"),  # the same two columns of changes, alone and of many
}
SQL = re.compile(r"\s*(UPDATE \w+ SET|DELETE FROM|DROP TABLE|INSERT INTO|ALTER TABLE|TRUNCATE)\b", re.IGNORECASE)


def writes(file: Path) -> Iterator[tuple[str, str, str, str]]:
    """Where a statement that changes or deletes rows is made: file, function, which of the two, table."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for statement in tree.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("update", "delete"):
                yield file.name, getattr(statement, "name", ""), node.func.id, ast.unparse(node.args[0])


def test_no_statement_takes_a_row_of_the_record_away_or_changes_what_it_says() -> None:
    found = {write for file in STORE.glob("*.py") for write in writes(file)}
    others = set(metadata.tables) - RECORD
    assert {write for write in found if write[3] not in others} == MAY_CHANGE


def test_statements_are_found_where_they_are_made() -> None:
    found = {write for file in STORE.glob("*.py") for write in writes(file)}
    assert ("sessions.py", "end_all", "update", "session") in found
    assert any(kind == "delete" for _, _, kind, _ in found)


def test_no_table_is_written_by_words_of_sql() -> None:
    """Text would be out of sight of the test above."""
    texts = [
        f"{file.name}: {node.value[:60]}"
        for file in STORE.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if SQL.match(node.value)
    ]
    assert set(texts) <= {"backups.py: DROP TABLE IF EXISTS alembic_version"}, (
        "an operator's restore fills a store anew"
    )

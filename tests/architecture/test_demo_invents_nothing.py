"""The demo's days write to the store by passes and commands alone: what else of it they call is argued here."""

import ast
from pathlib import Path

from tests.architecture.calling import store_calls

ROOT = Path(__file__).parents[2]
READS = {
    "batches.recent",
    "bot_configs.newest",
    "outbox.of_target",
    "outbox.recent",
    "entries.of_user",
    "passes.as_of",
    "users.everyone",
    "users.find",
}
WRITES = {"staff.visit": "what the Customers page notes when it is opened"}


def taken_from_within() -> set[str]:
    """What `lib.demo` imports of the store's modules by name."""
    nodes = [node for file in ROOT.glob("lib/demo/*.py") for node in ast.walk(ast.parse(file.read_text()))]
    inner = [n for n in nodes if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("lib.store.")]
    return {f"{node.module}.{alias.name}" for node in inner for alias in node.names}


def test_nothing_of_the_store_is_called_but_what_is_argued_here() -> None:
    assert set(store_calls(ROOT.glob("lib/demo/*.py"))) == READS | set(WRITES)


def test_nothing_that_writes_is_taken_by_its_name() -> None:
    nouns = {"lib.store.outbox.WriteKind", "lib.store.passes.PassState", "lib.store.users.UserRow"}
    assert taken_from_within() == nouns | {"lib.store.backups.back_up", "lib.store.sqlite_file.companions_of"}

"""Words that name a role agree with what roles may do: they are made from `lib.staff.permissions`, or say "admin" for
who manages this dashboard."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.staff.permissions import ROLE_WORDS, Permission, Role, role_needed_for

ROOT = Path(__file__).parents[2]
MADE_HERE = {"lib/staff/permissions.py", "lib/staff/demo.py", "lib/demo/staff_events.py"}
"""The roles, and the demo accounts, which are called as their roles are."""
SCRIPTS = [
    path
    for path in (ROOT / "lib").rglob("*.py")
    if "sandbox" not in path.parts and str(path.relative_to(ROOT)) not in MADE_HERE
]
MANAGER = role_needed_for(Permission.STAFF_MANAGE)
OTHERS = "|".join(role for role in Role if role is not MANAGER)
NAMED = re.compile(rf"^({OTHERS}|{MANAGER})$|\b(an? ({OTHERS})|({OTHERS})s|role ({OTHERS}))\b", re.IGNORECASE)


def words_of(script: Path) -> Iterator[str]:
    """Its texts, docstrings apart."""
    tree = ast.parse(script.read_text())
    docs = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_names_a_role_by_itself(script: Path) -> None:
    assert [words for words in words_of(script) if NAMED.search(words)] == []


def test_an_admin_is_who_can_do_what_texts_ask_an_admin_for() -> None:
    """Give a role or a sight, see and mend how the whole is doing, change the bot config."""
    asked_for = {
        Permission.STAFF_MANAGE,
        Permission.SYSTEM_READ,
        Permission.SYSTEM_MANAGE,
        Permission.BOT_CONFIG_WRITE,
        Permission.USERS_DELETE,
    }
    assert {role_needed_for(permission) for permission in asked_for} == {MANAGER}
    assert MANAGER == "admin"


def test_roles_are_listed_as_a_sentence_does() -> None:
    assert ROLE_WORDS.replace(" or ", ", ").split(", ") == list(Role)


def test_no_code_asks_for_a_role_by_its_name() -> None:
    asks = re.compile(r"\bRole\.[A-Z]+\b")
    assert [str(path) for path in SCRIPTS if asks.search(path.read_text())] == []

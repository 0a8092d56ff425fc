"""Imports point down, and pages stay thin."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "pages").glob("*.py"))
A_PAGE_MAY_IMPORT = ("streamlit", "lib.bootstrap", "lib.staff.permissions", "lib.ui")
Import = ast.Import | ast.ImportFrom


def imported(statement: ast.stmt) -> list[str]:
    """Names of the modules that an import statement names; `from . import x` would be outside every list."""
    if isinstance(statement, ast.ImportFrom):
        return [f"{'.' * statement.level}{statement.module or ''}"]
    return [alias.name for alias in statement.names] if isinstance(statement, ast.Import) else []


def imports_of(file: Path) -> set[str]:
    tree = ast.parse(file.read_text())
    return {name for node in ast.walk(tree) if isinstance(node, Import) for name in imported(node)}


def is_within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def test_each_layer_imports_only_from_those_below_it() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 broken" in run.stdout


def test_there_are_pages() -> None:
    assert {"start.py", "users.py"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_imports_what_it_shows_with_and_nothing_below(page: Path) -> None:
    assert {name for name in imports_of(page) if not is_within(name, A_PAGE_MAY_IMPORT)} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_first_thing_a_page_does_is_to_ask_for_the_right(page: Path) -> None:
    body = ast.parse(page.read_text()).body
    statements = [s for s in body if not isinstance(s, Import) and not _is_docstring(s)]
    assert _calls_require(statements[0]), ast.unparse(statements[0])


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _calls_require(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr | ast.Assign) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "require"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_guard_of_a_page_is_ours(page: Path) -> None:
    tree = ast.parse(page.read_text())
    sources = [
        node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and any((a.asname or a.name) == "require" for a in node.names)
    ]
    assert sources == ["lib.ui.sign_in.access"]


def test_nothing_in_lib_imports_a_page_or_a_test() -> None:
    files = [*(ROOT / "lib").rglob("*.py"), ROOT / "app.py"]
    outward = {f"{f.relative_to(ROOT)}: {m}" for f in files for m in imports_of(f) if is_within(m, ("pages", "tests"))}
    assert outward == set()

"""The tree as a whole: pinned dependencies, nothing ignored that matters, nothing written that may not be."""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = [*(ROOT / "lib").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]
PIN = re.compile(r"([a-z0-9][a-z0-9._-]*(?:\[[a-z,]+\])?)==([0-9][\w.]*)")
NEVER_DRAWN = re.compile(r"unsafe_allow_html|\bst\.html\(|\bst\.write\(|\bst\.exception\(")
# Put together here, so that this file does not name them itself.
REGISTRIES = re.compile("|".join([r"py" + r"pi\.", r"python" + r"hosted", r"npm" + r"js", r"index" + r"-url"]))
TEXTS = {".py", ".md", ".toml", ".txt", ".lock", ".svg", ".yml", ".yaml", ".json", ".ini", ".cfg", ".mako", ".js", ""}


def pins(name: str) -> dict[str, str]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    wanted = [line for line in lines if line and not line.startswith("-r ")]
    matches = {line: PIN.fullmatch(line) for line in wanted}
    assert [line for line, match in matches.items() if match is None] == []
    return {match[1]: match[2] for match in matches.values() if match}


def locked(name: str) -> dict[str, str]:
    found = re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE)
    return {package.partition("[")[0]: version for package, version in found}


@cache
def kept_files() -> tuple[Path, ...]:
    """Texts of the project itself: the folders that .gitignore names are passed over."""
    ignored = {".git", *re.findall(r"^/?([\w.-]+)/$", (ROOT / ".gitignore").read_text(), re.MULTILINE)}
    found: list[Path] = []
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in ignored]
        found += [Path(folder, name) for name in names if Path(name).suffix in TEXTS]
    return tuple(found)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_direct_dependencies_are_pinned_exactly_and_locked_as_pinned(name: str) -> None:
    wanted, lock = pins(f"{name}.txt"), locked(f"{name}.lock")
    assert wanted
    assert {package: lock.get(package) for package in wanted} == wanted


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_everything_locked_has_a_hash(name: str) -> None:
    blocks = re.split(r"^(?=[a-z0-9])", (ROOT / name).read_text(), flags=re.MULTILINE)
    assert [block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block] == []


def test_the_dashboard_is_tested_with_what_it_runs_with() -> None:
    runtime, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {package: dev.get(package) for package in runtime} == runtime


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_ignores_nothing_of_lib(tmp_path: Path) -> None:
    """In a repository of its own: nobody's global settings, and it works in an unpacked archive too."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True, timeout=20)  # noqa: S607
    shutil.copy(ROOT / ".gitignore", tmp_path)
    files = [str(path.relative_to(ROOT)) for path in SCRIPTS]
    command = ["git", "-c", "core.excludesFile=/dev/null", "check-ignore", "--no-index", *files, ".env", "data/desk.db"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=20, check=False)
    assert answer.stdout.splitlines() == [".env", "data/desk.db"]


def test_nothing_draws_text_as_markup_of_its_own() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in SCRIPTS
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if NEVER_DRAWN.search(line)
    ]
    assert found == []


def test_no_file_names_the_host_of_a_package_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in kept_files()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if REGISTRIES.search(line)
    ]
    assert found == []


def test_the_walk_over_the_tree_sees_what_matters_and_not_the_environment() -> None:
    seen = {str(path.relative_to(ROOT)) for path in kept_files()}
    assert {"README.md", "Makefile", "requirements.lock", ".streamlit/config.toml", "lib/errors.py", ".ci/run"} <= seen
    assert not any(name.startswith((".venv/", ".git/")) for name in seen)


def test_no_two_test_files_share_a_name() -> None:
    """Outside packages pytest knows a file by its name alone, and of two it cannot collect both at once."""
    tests = ROOT / "tests"
    loose = [file.name for file in tests.rglob("test_*.py") if not (file.parent / "__init__.py").exists()]
    assert {name for name in loose if loose.count(name) > 1} == set()

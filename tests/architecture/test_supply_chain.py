"""What is locked is what is installed, is told with its licence, and nothing else gets in."""

import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from docs.dependencies import COPYLEFT, LICENCES, PERMISSIVE, ROOT, licence_of, pinned, project, version_of

LOCKS = ("requirements.lock", "requirements-dev.lock")
WHEEL = "tiny-1.0-py3-none-any.whl"


def told() -> dict[str, tuple[str, str]]:
    """Package -> version and licence, as docs/LICENCES.md has them."""
    cells = re.findall(r"^\| ([\w.-]+) \| (\d[\w.]*) \| (.+) \|$", LICENCES.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: (version, licence) for name, version, licence in cells}


def installed(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_installed_is_what_is_locked(lock: str) -> None:
    found = {name: (installed(name), version_of(line)) for name, line in pinned(ROOT / lock).items() if installed(name)}
    assert len(found) > 30
    assert {name: versions for name, versions in found.items() if versions[0] != versions[1]} == {}


def test_every_package_is_told_with_the_licence_it_names_itself() -> None:
    locked = pinned(ROOT / "requirements.lock")
    assert {name: version for name, (version, _) in told().items()} == {n: version_of(x) for n, x in locked.items()}, (
        "make licences brings docs/LICENCES.md up to date"
    )
    here = {name: licence for name in locked if (licence := licence_of(name))}
    assert {name: told()[name][1] for name in here} == here


def test_nothing_asks_for_more_than_its_text_but_what_is_told_and_argued() -> None:
    words = {name: set(re.findall(r"[\w.-]+", licence)) - {"AND", "OR"} for name, (_, licence) in told().items()}
    asking = {name for name, found in words.items() if licence_of(name) and not found <= PERMISSIVE}
    assert asking == set(COPYLEFT)


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_audited_is_what_is_locked(lock: str) -> None:
    asked: list[str] = tomllib.loads(project(ROOT / lock))["project"]["dependencies"]
    assert asked == list(pinned(ROOT / lock).values())
    assert all("==" in line for line in asked)


def test_the_environment_is_made_with_hashes_alone() -> None:
    recipes = re.findall(r"^\t.*\binstall\b.*-r .*$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(recipes) == len(LOCKS)
    assert all("--require-hashes" in recipe for recipe in recipes)


def test_a_package_that_was_replaced_is_not_installed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / WHEEL, "w") as wheel:
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    locked_as = hashlib.sha256((tmp_path / WHEEL).read_bytes()).hexdigest()
    (tmp_path / "lock").write_text(f"tiny==1.0 --hash=sha256:{locked_as}\n")
    assert _installs(tmp_path) == (0, False)
    with zipfile.ZipFile(tmp_path / WHEEL, "a") as wheel:
        wheel.writestr("tiny.py", "something = 'else'\n")
    assert _installs(tmp_path) == (1, True)


def _installs(folder: Path) -> tuple[int, bool]:
    """How pip ends that may use this folder alone and writes nothing, and whether it says that hashes differ."""
    words = ["--no-index", "--find-links", str(folder), "--require-hashes", "--dry-run", "-r", str(folder / "lock")]
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", *words]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return run.returncode, "DO NOT MATCH THE HASHES" in run.stderr

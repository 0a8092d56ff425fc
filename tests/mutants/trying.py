"""One mutant tried: a process that has everything from outside loaded already forks, and the child runs the tests.

The tests run on a copy of the tree, so that a fault is never in the code itself, whatever ends this process. The copy's
code is compiled beforehand, but for the module that has the fault. What is of the project is loaded by the child alone.
"""

import os
import resource
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from compileall import compile_dir
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from py_compile import PycInvalidationMode
from time import monotonic, sleep

import numpy
import pandas
import pydantic
import pytest
import sqlalchemy
import streamlit.testing.v1
from hypothesis import Phase, settings

LOADED = (numpy, pandas, pydantic, sqlalchemy, streamlit.testing.v1)
"""What the tests need from outside; loading it takes longer than most of them."""
COPIED = ("lib", "tests", "pages", "app.py", "pyproject.toml", ".streamlit")
MOST_MEMORY = 6 * 1024**3
LOOKS_EVERY_SECONDS = 0.005
SHORTEST_WAIT, LONGEST_WAIT, TIMES_AS_LONG = 20.0, 600.0, 5
_OPTIONS = ("-q", "-n", "0", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")


class Outcome(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    TIMEOUT = "timeout"
    """The tests did not end: noticed as well."""


class Unhurried:
    """A plugin of pytest: an example that fails is enough, a smaller one is not looked for."""

    def __init__(self, red: Path | None):
        self._red = red
        """Where the names of tests go that fail."""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        """After conftest.py has set its own profile."""
        settings.register_profile("mutants", parent=settings(), phases=(Phase.explicit, Phase.generate), database=None)
        settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what fails."""
        if report.failed and self._red:
            with self._red.open("a") as red:
                red.write(f"{report.nodeid}\n")


class Copy:
    """A copy of the tree, in which tests run."""

    def __init__(self, root: Path, folder: Path):
        self.folder = folder
        self._seconds: dict[str, float] = {}
        self._left_out: dict[str, list[str]] = {}
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in COPIED:
            _copy(root / name, folder / name)
        compile_dir(folder / "lib", quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)

    def source(self, module: str) -> str:
        """A module as it is."""
        return (self.folder / module).read_text()

    @contextmanager
    def with_code(self, module: str, code: str) -> Iterator[None]:
        """While it lasts, the module reads like this."""
        path, before = self.folder / module, self.source(module)
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            compiled.unlink()
        path.write_text(code)
        try:
            yield
        finally:
            path.write_text(before)

    def seconds(self, file: str) -> float:
        """How long a file of tests takes without a fault. A test that is red then is left out, and named."""
        if file not in self._seconds:
            began, red = monotonic(), self.folder / "red.txt"
            red.write_text("")
            code = self._ended(file, LONGEST_WAIT, red)
            self._left_out[file] = red.read_text().splitlines()
            if code != 0 and not self._left_out[file]:
                raise SystemExit(f"without a fault {file} does not run: pytest says {code}")
            self._seconds[file] = monotonic() - began
        return self._seconds[file]

    @property
    def left_out(self) -> list[str]:
        """Tests that are red without any fault."""
        return [test for tests in self._left_out.values() for test in tests]

    def outcome(self, file: str) -> Outcome:
        """What a file of tests says of the code as it is now."""
        code = self._ended(file, max(SHORTEST_WAIT, TIMES_AS_LONG * self.seconds(file)))
        if code is None:
            return Outcome.TIMEOUT
        return Outcome.KILLED if code else Outcome.SURVIVED

    def _ended(self, file: str, most: float, red: Path | None = None) -> int | None:
        """pytest's exit status, or None after `most` seconds. With `red` all tests run, those that are red are named in
        it, and what is compiled stays."""
        left_out = [f"--deselect={test}" for test in self._left_out.get(file, ())]
        child = os.fork()
        if not child:
            _run(self.folder, [*left_out, f"--timeout={most:.0f}", "-x" if red is None else "-v", file], red)
        ends = monotonic() + most
        while monotonic() < ends:
            found, status = os.waitpid(child, os.WNOHANG)
            if found:
                return os.waitstatus_to_exitcode(status)
            sleep(LOOKS_EVERY_SECONDS)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
    else:
        shutil.copy(source, target)


def _run(folder: Path, arguments: Sequence[str], red: Path | None) -> None:
    """Never returns: what is left to do is the parent's work."""
    code = 99
    try:
        os.setsid()
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        sys.dont_write_bytecode = red is None
        sys.path[:] = [str(folder), *(path for path in sys.path if path not in ("", os.getcwd()))]
        os.chdir(folder)
        for name in [name for name in sys.modules if name.partition(".")[0] in ("lib", "tests")]:
            del sys.modules[name]
        code = int(pytest.main([*_OPTIONS, *arguments], plugins=[Unhurried(red)]))
    finally:
        os._exit(code)

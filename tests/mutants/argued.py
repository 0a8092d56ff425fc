"""The survivors that docs/MUTANTS.md argues: each a line of its own, under the module that it is in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LIST = "docs/MUTANTS.md"
_MODULE = re.compile(r"^## `(lib/[\w/]+\.py)`$")
_ARGUED = re.compile(r"^- `(.+?)` → `(.+?)`: (.+)$")


@dataclass(frozen=True)
class Change:
    """A line of a module, and what it says with the fault in it."""

    module: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"- `{self.before}` → `{self.after}`"


def argued(root: Path) -> dict[Change, str]:
    """Why each of these may survive."""
    found, module = {}, ""
    for line in (root / LIST).read_text().splitlines():
        if heading := _MODULE.match(line):
            module = heading[1]
        elif entry := _ARGUED.match(line):
            found[Change(module, entry[1], entry[2])] = entry[3]
    return found


def outdated(root: Path, why: Iterable[Change]) -> list[Change]:
    """Those whose line is no longer in its module."""
    return [change for change in why if change.before not in _in_one_line(root / change.module)]


def _in_one_line(path: Path) -> str:
    return " ".join(line.strip() for line in path.read_text().splitlines()) if path.exists() else ""

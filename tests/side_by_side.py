"""How tests are shared out to workers: what shares costly fixtures goes to one worker together, the longest first.

pytest-xdist's own groups do nothing with this version of pytest, which no longer takes the name it gives a test.
"""

from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

LONGEST_FIRST = (
    "tests/e2e/test_provider.py",  # these two have dashboards of their own
    "tests/e2e/test_equal_figures.py",
    "tests/e2e/changing/",
    "tests/e2e/",
    "tests/pages/",
    "tests/contract/deploy/",
    "tests/contract/supervisor/",
    "tests/faults/",
    "tests/contract/ui/",
)
"""Each for one worker; what is left to the end is short, so that no worker waits for another."""
NOTHING_SHARED = ("tests/unit/", "tests/architecture/")


class Together(LoadScopeScheduling):  # type: ignore[misc]  # xdist has types, and this one is of Any
    """Folders go to a worker as a whole; of those that share nothing, files."""

    def _split_scope(self, nodeid: str) -> str:
        """The name of what `nodeid` goes together with."""
        file = nodeid.split("::", 1)[0]
        longest = next((folder for folder in LONGEST_FIRST if file.startswith(folder)), None)
        return longest or (file if file.startswith(NOTHING_SHARED) else str(PurePosixPath(file).parent))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Asked for once, where there are several workers."""
    config.option.loadscopereorder = False
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest begin. The order within a folder stays."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    return next(
        (turn for turn, folder in enumerate(LONGEST_FIRST) if item.nodeid.startswith(folder)), len(LONGEST_FIRST)
    )

"""One sandbox for all tests that need no other: its clock stands still until a test moves it on."""

from collections.abc import Iterator

import pytest

from tests.contract.sandbox.sandbox_process import NOW, Sandbox, running


@pytest.fixture(scope="session")
def _shared() -> Iterator[Sandbox]:
    with running("--users", "12", "--meetings-per-user", "40", "--now", NOW, "--no-rate-limits") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_shared: Sandbox) -> Sandbox:
    """The clock stands where it always does, no fault of an earlier test is left, and the log is empty."""
    _shared.control("clock/", {"now": NOW, "frozen": True})
    _shared.control("faults/", method="DELETE")
    _shared.control("log/", method="DELETE")
    return _shared

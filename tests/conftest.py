"""What holds for all tests."""

import gc
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import HealthCheck, settings
from streamlit import config
from streamlit.components.v2 import manifest_scanner

pytest_plugins = ["tests.trust_tables", "tests.side_by_side"]

# A busy machine must not turn a test red, so no example has a deadline; the whole test has pytest's time-out. The
# examples are the same in every run: a failure on one machine is one on all.
settings.register_profile(
    "desk", deadline=None, derandomize=True, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("desk")


def pytest_collection_finish() -> None:
    """Freeze what is loaded by now, as a server does (`lib.ui.server.app.load_pages`)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _as_configured() -> None:
    """As `.streamlit/config.toml` has it, which is not read here: no collection of garbage after every run."""
    config.set_option("runner.postScriptGC", False)


@pytest.fixture(scope="session", autouse=True)
def _packages_looked_through_once() -> Iterator[None]:
    """A server looks for components among all that is installed when it starts; AppTest does for every page, which is a
    quarter of the time that a page takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield

"""What is loaded before anybody waits for it."""

import gc
import logging
from importlib import import_module
from pkgutil import walk_packages

import lib.ui

log = logging.getLogger(__name__)


def load_pages() -> None:
    """Load before anybody waits what pages are made of, and leave it out of every later collection of garbage.

    Streamlit collects after every run of a script, a click and each look of a status strip among them. With all our
    modules to go through that took 0.1 s each time, in which nothing else was answered. What cannot be loaded costs
    the pages that need it, which `/healthz` names, and no others.
    """
    for module in walk_packages(lib.ui.__path__, "lib.ui.", onerror=_tell):
        try:
            import_module(module.name)
        except Exception:
            log.exception("%s cannot be loaded", module.name)
    gc.collect()
    gc.freeze()


def _tell(package: str) -> None:
    log.exception("%s cannot be loaded", package)

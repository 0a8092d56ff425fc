"""What is loaded before anybody waits for it."""

import gc
import logging
from importlib import import_module
from pkgutil import walk_packages

import lib.ui

log = logging.getLogger(__name__)


def load_pages() -> None:
    """Load before anybody waits what pages are made of, and leave it out of every later collection of garbage.

    A collection stops every thread for as long as it takes to go through all objects; those of our modules are there
    for good. What cannot be loaded costs the pages that need it, which `/healthz` names, and no others.
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

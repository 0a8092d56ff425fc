"""`python -m lib.demo FOLDER [--days 30]`: watch the sandbox on this machine day by day, into a store in FOLDER.

`make run` does it once, before its first start. Exit status 0, or 1 with the reason on standard error.
"""

import argparse
import gc
import logging
import sys
from contextlib import closing
from pathlib import Path

from lib import logs
from lib.demo.clock import MovedClock
from lib.demo.place import store_url
from lib.demo.staff import Staff
from lib.demo.watching import Watched
from lib.demo.world import World
from lib.errors import DeskError
from lib.recall_api import BACKGROUND, open_recall
from lib.settings import Settings, load_settings
from lib.store import migrate, open_store

log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Make the past of a sandbox that serves and that nobody has used. It ends at once on TERM, half done."""
    asked = _parser().parse_args(arguments)
    gc.disable()  # it lives for seconds, and a tenth of them went into looking for garbage
    try:
        settings = load_settings()
        # What a terminal shows is a line for each day, and nothing of every single call.
        level = logging.INFO if settings.log_format == "json" else logging.ERROR
        logs.set_up("demo", form=settings.log_format, secrets=settings.secrets, level=level)
        _watch(settings, store_url(asked.folder, "sandbox.db"), asked.days)
    except (DeskError, OSError) as error:
        print(f"The sandbox was not watched to the end: {error}", file=sys.stderr)
        return 1
    return 0


def _watch(settings: Settings, url: str, days: int) -> None:
    clock, world = MovedClock(), World(settings.base_url, settings.api_key)
    migrate(url)
    with (
        closing(open_store(url, recall_base_url=settings.workspace_url)) as store,
        open_recall(settings.base_url, settings.api_key, clock=clock, retry_policy=BACKGROUND) as recall,
    ):
        watched = Watched(world, Staff(store, recall, settings, clock), clock, days)
        watched.watch(lambda day: _say(settings, f"Watching day {day} of {days}"))
    for deed in watched.left_out:
        log.warning("left out: %s", deed)


def _say(settings: Settings, text: str) -> None:
    if settings.log_format == "json":
        log.info("%s", text)
    else:
        print(text, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lib.demo", description="Gives the demo's sandbox a past.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the store is made")
    parser.add_argument("--days", type=int, default=30)
    return parser


if __name__ == "__main__":
    sys.exit(main())

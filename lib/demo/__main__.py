"""`python -m lib.demo FOLDER [--days 30]`: simulate the sandbox on this machine day by day, into a store in FOLDER.

`make run` does so once, before its first start. The exit status is 0, or 1 with the reason on standard error.
"""

import argparse
import gc
import logging
import sys
from contextlib import closing
from pathlib import Path

from lib import logs
from lib.demo.files import store_url
from lib.demo.sandbox_control import SandboxControl
from lib.demo.simulation import Simulation
from lib.demo.story import Demo
from lib.errors import DeskError
from lib.recall_api import BACKGROUND, open_recall
from lib.settings import Settings, load_settings
from lib.store import migrate, open_store

log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Make the history of a running sandbox that nobody has used. TERM ends it at once, unfinished."""
    asked = _parser().parse_args(arguments)
    gc.disable()  # garbage collection took a tenth of the few seconds that it runs
    try:
        settings = load_settings()
        # A terminal shows a line for each day, but not every call.
        level = logging.INFO if settings.log_format == "json" else logging.ERROR
        logs.set_up("demo", form=settings.log_format, secrets=settings.secrets, level=level)
        _simulate(settings, store_url(asked.folder, "sandbox.db"), asked.days)
    except (DeskError, OSError) as error:
        print(f"The sandbox was not watched to the end: {error}", file=sys.stderr)
        return 1
    return 0


def _simulate(settings: Settings, url: str, days: int) -> None:
    sandbox = SandboxControl(settings.base_url, settings.api_key)
    migrate(url)
    with (
        closing(open_store(url, recall_base_url=settings.workspace_url)) as store,
        open_recall(settings.base_url, settings.api_key, clock=sandbox.clock, retry_policy=BACKGROUND) as recall,
    ):
        simulation = Simulation(Demo(sandbox, store, recall, settings), days)
        simulation.run(lambda day: _say(settings, f"Watching day {day} of {days}"))
    for event in simulation.skipped:
        log.warning("skipped: %s", event)


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

"""The command line: `python -m lib.sandbox`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from .app import create_app
from .clock import SandboxClock, instant
from .ledger import Ledger, StateFile, StateOfAnotherWorld, discard, world_in
from .server import Server
from .workspace import Workspace
from .world.world import World

_DEFAULT_WORLD = {"seed": 1, "users": 60, "meetings": 110}


def main() -> int:
    """Serve until told to stop. The exit status is 2 when the state file belongs to another world."""
    options = _options()
    world = _world(options)
    state = StateFile(options.state, world) if options.state else None
    try:
        ledger = state.load() if state else Ledger()
    except StateOfAnotherWorld as error:
        print(error, file=sys.stderr)
        return 2
    workspace = Workspace(world, ledger, _clock(options.now, ledger), state.save if state else discard)
    app = create_app(workspace, options.api_key, options.rate_limits, options.latency_ms)
    server = Server(app, options.port, lambda port: print(f"Recall sandbox on http://127.0.0.1:{port}", flush=True))
    server.run()
    return 0 if server.started else 1


def _world(options: argparse.Namespace) -> World:
    """The world of the command line; numbers that it leaves out are those of the state file, else the defaults."""
    kept = world_in(options.state) if options.state else {}
    asked = {"seed": options.seed, "users": options.users, "meetings": options.meetings_per_user}
    made = _DEFAULT_WORLD | kept | {name: number for name, number in asked.items() if number is not None}
    return World(int(made["seed"]), int(made["users"]), made["meetings"])


def _clock(now: datetime | None, ledger: Ledger) -> SandboxClock:
    """A clock frozen at `--now`, else as the control route last set it, else the machine's."""
    clock = SandboxClock(now)
    if ledger.clock and now is None:
        clock.restore(*ledger.clock)
    return clock


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m lib.sandbox", description="An imitation of Recall.ai's Calendar V1."
    )
    parser.add_argument("--port", type=int, default=8600, help="0 takes any free one")
    parser.add_argument("--users", type=_positive, help="else those of --state, else 60")
    meetings = "mean, over the 88 days that are shown; else that of --state, else 110"
    parser.add_argument("--meetings-per-user", type=float, help=meetings)
    parser.add_argument("--seed", type=int, help="else that of --state, else 1")
    parser.add_argument("--now", type=_time, help="stand still at this ISO 8601 time")
    parser.add_argument("--latency-ms", type=float, default=0, help="before each answer of the API")
    parser.add_argument("--no-rate-limits", dest="rate_limits", action="store_false")
    parser.add_argument("--api-key", default="sandbox-key")
    parser.add_argument("--state", type=Path, help="keep what is written in this file")
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def _time(text: str) -> datetime:
    return instant(text).astimezone(UTC)


if __name__ == "__main__":
    sys.exit(main())

"""`python -m lib.backup make FILE` and `python -m lib.backup restore FILE [--replace]`, of the store in the settings.

`make` may run while everything is in use; before `restore`, end the dashboard and the sync. Exit codes: 0 done, 1 it
could not be done (the reason is on stderr, and nothing was changed), 2 wrong usage.
"""

import argparse
import sys
from pathlib import Path

from lib.errors import DeskError
from lib.settings import Settings, load_settings
from lib.store.backups import back_up, restore
from lib.store.database import name_of


def main(words: list[str] | None = None) -> int:
    """Run one command and answer its exit code."""
    asked = _parser().parse_args(words)
    try:
        print(asked.run(load_settings(), asked))
    except DeskError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _make(settings: Settings, asked: argparse.Namespace) -> str:
    size = back_up(settings.store_url, asked.file)
    return f"The store {name_of(settings.store_url)} is in {asked.file} ({size / 1e6:.1f} MB)."


def _restore(settings: Settings, asked: argparse.Namespace) -> str:
    restore(settings.store_url, asked.file, recall_base_url=settings.workspace_url, replace=asked.replace)
    return f"{asked.file} is in the store {name_of(settings.store_url)}. Everybody must sign in again."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lib.backup", description="The store into a file, and back.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    make = commands.add_parser("make", help="write the store into a new file")
    make.set_defaults(run=_make)
    back = commands.add_parser("restore", help="put a file back into an empty store")
    back.add_argument("--replace", action="store_true", help="lose what is in the store now")
    back.set_defaults(run=_restore)
    for command in (make, back):
        command.add_argument("file", type=Path, metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main())

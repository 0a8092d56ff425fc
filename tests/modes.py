"""Whose files are: the umask that they are made with, and those that others may open."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UMASKS = (0o000, 0o022, 0o377)
"""One that leaves everything to others, the usual one, and one that leaves too little to the owner."""


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """All that is made in the block, also by processes that are started in it, is made with this umask."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def modes_of(*files: Path) -> dict[str, str]:
    """By name, what is there with its mode."""
    return {file.name: oct(stat.S_IMODE(file.stat().st_mode)) for file in files}


def others_may_open(folder: Path) -> dict[str, str]:
    """What is in the folder, itself included, that is not for its owner alone."""
    found = [folder, *folder.rglob("*")]
    wanted = {True: "0o700", False: "0o600"}
    return {name: mode for file in found for name, mode in modes_of(file).items() if mode != wanted[file.is_dir()]}

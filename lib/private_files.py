"""Folders and files that only their owner can read and write, whatever the umask."""

import os
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
_OTHERS = 0o077


def make_folder(folder: Path) -> None:
    """Make `folder` and its missing parents. Existing ones stay as they are. Raises `OSError`."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(FOLDER)
    except FileExistsError:
        return  # another process was first
    folder.chmod(FOLDER)  # an umask may have left too little


def make_file(file: Path) -> int:
    """Make a file; answers its descriptor. Raises `FileExistsError`, also for a link, or another `OSError`."""
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE)
    os.fchmod(descriptor, FILE)
    return descriptor


def close_to_others(file: Path) -> None:
    """Take others' rights from a file that is ours. Does nothing if there is none."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return
    if status.st_mode & _OTHERS and status.st_uid == os.geteuid():
        file.chmod(FILE)

"""Folders and files that are for their owner alone, whoever makes them and whatever the umask."""

import os
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
_OTHERS = 0o077


def make_folder(folder: Path) -> None:
    """`folder` and what is missing above it. One that is there stays as it is. Raises `OSError`."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(FOLDER)
    except FileExistsError:
        return  # another process was first
    folder.chmod(FOLDER)  # an umask may have left too little


def make_file(file: Path) -> int:
    """A descriptor to write a file that was not there. Raises `FileExistsError`, also for a link, or an `OSError`."""
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE)
    os.fchmod(descriptor, FILE)
    return descriptor


def close_to_others(file: Path) -> None:
    """Let nobody but us read or write what is ours and was open to others. Nothing where there is no file."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return
    if status.st_mode & _OTHERS and status.st_uid == os.geteuid():
        file.chmod(FILE)

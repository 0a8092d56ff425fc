"""What a process calls itself where it holds something in the store, and whether one so called still lives."""

import os
import re
import socket
from secrets import token_hex

_NAME = re.compile(r"process (\d+) on (.+), ([0-9a-f]+)")


def new_holder() -> str:
    """What this process calls itself: number, machine, and a word that no other process has, nor another call."""
    return f"process {os.getpid()} on {socket.gethostname()}, {token_hex(4)}"


def shown(holder: str) -> str:
    """A holder's name for people."""
    known = _NAME.fullmatch(holder)
    return f"process {known[1]} on {known[2]}" if known else holder


def is_dead(holder: str) -> bool:
    """Whether it was a process of this machine, and there is none of its number any more."""
    known = _NAME.fullmatch(holder)
    if known is None or known[2] != socket.gethostname():
        return False
    try:
        os.kill(int(known[1]), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False

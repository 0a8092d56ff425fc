"""Passes in processes that are forked from this one and killed at a statement. Time stands still.

Reads lines from standard input: an address of a store, a space, and before which of its statements to the database the
pass is killed (0: never). Answers each with what became of it, and how many statements there were. Arguments: the
sandbox's address, its key, the time.
"""

import os
import signal
import sys
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import Engine, event

from lib.recall_api import open_recall
from lib.store import open_store
from lib.sync import new_holder, run_pass
from tests.contract.conftest import AT_ONCE

ADDRESS, KEY, NOW = sys.argv[1], sys.argv[2], datetime.fromisoformat(sys.argv[3])


def one_pass(url: str, fatal: int, told: int) -> None:
    """A pass, in a child, which tells a pipe how many statements it made."""
    made = 0

    def count(*_: object) -> None:
        nonlocal made
        made += 1
        if made == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    store = open_store(url, recall_base_url=ADDRESS)
    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    with open_recall(ADDRESS, SecretStr(KEY), clock=lambda: NOW, retry_policy=AT_ONCE) as recall:
        run_pass(store, recall, holder=new_holder(), clock=lambda: NOW, threads=2)
    os.write(told, str(made).encode())


def main() -> None:
    """Until standard input ends."""
    for line in sys.stdin:
        url, fatal = line.split()
        ear, mouth = os.pipe()
        child = os.fork()
        if child == 0:
            one_pass(url, int(fatal), mouth)
            os._exit(0)
        os.close(mouth)
        _, status = os.waitpid(child, 0)
        made = os.read(ear, 20).decode() or fatal
        os.close(ear)
        became = "killed" if os.WIFSIGNALED(status) else "done" if status == 0 else "broken"
        sys.stdout.write(f"{became} {made}\n")
        sys.stdout.flush()


main()

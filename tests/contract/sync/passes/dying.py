"""Passes in processes that are forked from this one, so that many can be killed in a short time. Time stands still.

Reads lines from standard input: an address of a store, a space, and after how many seconds to kill the pass (0: never).
Answers each with what became of it. Arguments: the sandbox's address, its key, the time.
"""

import os
import signal
import sys
import time
from datetime import datetime

from pydantic import SecretStr

from lib.recall_api import open_recall
from lib.store import open_store
from lib.sync import new_holder, run_pass
from tests.contract.sync.passes.conftest import AT_ONCE

ADDRESS, KEY, NOW = sys.argv[1], sys.argv[2], datetime.fromisoformat(sys.argv[3])


def one_pass(url: str) -> None:
    """A pass, in a child."""
    store = open_store(url, recall_base_url=ADDRESS)
    with open_recall(ADDRESS, SecretStr(KEY), clock=lambda: NOW, patience=AT_ONCE) as recall:
        run_pass(store, recall, holder=new_holder(), clock=lambda: NOW, threads=2)


def main() -> None:
    """Until standard input ends."""
    for line in sys.stdin:
        url, seconds = line.split()
        child = os.fork()
        if child == 0:
            one_pass(url)
            os._exit(0)
        if float(seconds):
            time.sleep(float(seconds))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        became = "killed" if os.WIFSIGNALED(status) else "done" if status == 0 else "broken"
        sys.stdout.write(f"{became}\n")
        sys.stdout.flush()


main()

"""A server of its own that works at one batch and dies when so many writes were answered, if it is told to.

`python -m tests.contract.commands.bulk.batch_runner STORE RECALL_URL BATCH ACTOR DIES_AFTER` (0: never).
"""

import os
import signal
import sys
import time

from pydantic import SecretStr

from lib.commands.bulk import runner
from lib.recall_api import open_recall
from lib.recall_api.client import Recall
from lib.store import open_store
from lib.writes import WriteContext


def main(address: str, url: str, key: int, actor: str, dies_after: int) -> None:
    """Run the batch, or die in the middle."""
    store = open_store(address, recall_base_url="http://127.0.0.1")
    with open_recall(url, SecretStr("sandbox-key")) as recall:
        context = WriteContext(store, _Dying(recall, dies_after) if dies_after else recall)  # type: ignore[arg-type]
        sys.stdout.write(runner.run(context, key, actor).value)


class _Dying:
    """A client whose process is killed just after an answer."""

    def __init__(self, recall: Recall, after: int):
        self._recall, self._left = recall, after

    def __getattr__(self, name: str) -> object:
        return getattr(self._recall, name)

    def update_preferences(self, *words: object) -> object:
        done = self._recall.update_preferences(*words)  # type: ignore[arg-type]
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)
        return done


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))

"""A process that changes one thing and dies at a step of it, if it is told to.

`python -m tests.contract.writes.writer STORE RECALL_URL KIND USER_ID WHAT STEP`: KIND and WHAT are `preferences` and
the name of a flag to switch on, `override` and the id of an entry not to be recorded, or `delete_user` and `-`. STEP is
a step of `lib.writes.WriteStep`, `in flight`, or `none`. It prints how the change ended.
Where `WAITS` is set it says `ready` once it has seen what is set, and goes on at a line.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from pydantic import SecretStr

from lib.commands.connections import delete_user, name_to_type
from lib.commands.overrides import set_overrides
from lib.commands.preferences import save_preferences
from lib.domain import Preferences
from lib.errors import DeskError
from lib.recall_api import Recall, open_recall
from lib.staff import accounts
from lib.store import Store, entries, open_store, users
from lib.writes import Progress, WriteContext, WriteResult, WriteStep
from lib.writes.intent import preferences_of, preferences_value
from tests.proving import proven

IN_FLIGHT = "in flight"
ON_ITS_WAY_SECONDS = 0.7
WAITS = "WRITER_WAITS"


def main(address: str, url: str, kind: str, user_id: str, what: str, dies_at: str) -> None:
    """Do it, or die."""
    store = open_store(address, recall_base_url="http://127.0.0.1")
    with open_recall(url, SecretStr("sandbox-key")) as recall:
        try:
            ended = WAYS[kind](store, recall, user_id, what, _dying_at(dies_at)).state.value
        except DeskError as problem:
            ended = type(problem).__name__
    sys.stdout.write(ended)


def _preferences(store: Store, recall: Recall, user_id: str, flag: str, progress: Progress) -> WriteResult:
    user = _row(store, user_id).user
    shown = user.preferences or Preferences()
    wanted = preferences_of({**preferences_value(shown), flag: True})
    if os.environ.get(WAITS):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
    return save_preferences(WriteContext(store, recall), _admin(store), user, shown, wanted, progress=progress)


def _override(store: Store, recall: Recall, user_id: str, entry_id: str, progress: Progress) -> WriteResult:
    user = _row(store, user_id).user
    with store.read() as connection:
        shown = [kept.entry for kept in entries.of_user(connection, user_id) if kept.entry.id == entry_id]
    [result] = set_overrides(WriteContext(store, recall), _admin(store), user, shown, False, progress=progress)
    return result.or_raised()


def _delete_user(store: Store, recall: Recall, user_id: str, _: str, progress: Progress) -> WriteResult:
    user = _row(store, user_id).user
    return delete_user(
        WriteContext(store, recall), proven(store, _admin(store)), user, name_to_type(user), progress=progress
    )


WAYS: dict[str, Callable[[Store, Recall, str, str, Progress], WriteResult]] = {
    "preferences": _preferences,
    "override": _override,
    "delete_user": _delete_user,
}


def _row(store: Store, user_id: str) -> users.UserRow:
    with store.read() as connection:
        row = users.find(connection, user_id)
    assert row is not None
    return row


def _admin(store: Store) -> accounts.StaffMember:
    who = accounts.find(store, "abel")
    assert who is not None
    return who


def _dying_at(place: str) -> Progress:
    def told(step: WriteStep) -> None:
        if step == place:
            _die()
        if step is WriteStep.SENDING and place == IN_FLIGHT:
            threading.Timer(ON_ITS_WAY_SECONDS, _die).start()

    return told


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:])

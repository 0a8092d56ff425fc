"""Several processes on one store: versions in the order of commits, nothing half and nothing twice."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lib.errors import StoreError
from lib.store import Store, frame_rows, version
from tests.contract.store.making import at, entry, kept, listed, read, user

ROOT = Path(__file__).parents[3]


@contextmanager
def process(script: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process that runs `script`; it is killed at the end if it still runs."""
    command = [sys.executable, "-c", OPENED + script, *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.kill()


def line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


def patient(url: str) -> str:
    return url.replace("timeout=0.05", "timeout=30")


def test_who_reads_by_version_while_others_write_misses_nothing(store: Store, url: str) -> None:
    listed(store, user("ada"), user("bob"))
    seen, at_version = dict[int, tuple[object, ...]](), -1
    with ExitStack() as stack:
        writers = [stack.enter_context(process(WRITES_READS, patient(url), name)) for name in ("ada", "bob")]
        assert [line(writer) for writer in writers] == ["ready", "ready"]
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write("go\n")
            writer.stdin.flush()
        while any(writer.poll() is None for writer in writers):
            with store.read() as connection:
                newer = version.current(connection).version
                seen |= {row[0]: row for rows in frame_rows.entries_since(connection, at_version) for row in rows}
                at_version = newer
        assert [(writer.returncode, writer.stderr.read() if writer.stderr else "") for writer in writers] == [
            (0, "")
        ] * 2
    with store.read() as connection:
        seen |= {row[0]: row for rows in frame_rows.entries_since(connection, at_version) for row in rows}
        assert seen == {row[0]: row for rows in frame_rows.entries_since(connection) for row in rows}
        assert version.current(connection).version == 1 + 2 * 30  # the list, and every read of both
    assert len(seen) == 2 * 30 * 3


def test_a_process_killed_in_the_middle_of_a_read_leaves_what_was_there(store: Store, url: str) -> None:
    listed(store, user("ada"))
    read(store, [entry("before")])
    with process(HOLDS_A_READ, patient(url)) as writer:
        assert line(writer) == "half way"
        writer.kill()
    assert set(kept(store)) == {"before"}
    read_until_free(store)
    assert set(kept(store)) == {"before", "after"}


def read_until_free(store: Store) -> None:
    """A server needs a moment to notice that a client is dead."""
    for _ in range(100):
        try:
            read(store, [entry("before"), entry("after")], now=at(0.1))
        except StoreError:
            continue
        return


def test_of_many_processes_one_gets_the_lease_and_no_limit_is_passed(store: Store, url: str) -> None:
    with ExitStack() as stack:
        askers = [stack.enter_context(process(ASKS, patient(url), str(n))) for n in range(3)]
        assert [line(asker) for asker in askers] == ["ready"] * 3
        answers = [asker.communicate("go\n", timeout=60)[0].split() for asker in askers]
    assert sorted(got_lease for got_lease, _ in answers) == ["False", "False", "True"]
    assert sum(int(taken) for _, taken in answers) == 20


OPENED = """
import sys
from datetime import timedelta
from lib.store import Store, budgets, leases, meetings, open_store
from tests.contract.store.making import NOON, answered, at, entry, read, window
store = open_store(sys.argv[1], recall_base_url="http://127.0.0.1:8600")
"""
WRITES_READS = """
print("ready", flush=True)
sys.stdin.readline()
name, answer = sys.argv[2], []
for n in range(30):
    answer += [entry(f"{name}-{n}-{m}") for m in range(3)]
    read(store, answer, who=f"id-{name}", now=at(n / 100))
"""
HOLDS_A_READ = """
import time
with store.write() as connection:
    answer = [entry(f"e{n}") for n in range(500)]
    meetings.store(connection, "id-ada", answered(answer), window=window(NOON), read_at=NOON, now=NOON)
    print("half way", flush=True)
    time.sleep(60)
"""
ASKS = """
print("ready", flush=True)
sys.stdin.readline()
with store.write() as connection:
    mine = leases.take(connection, "sync", sys.argv[2], ttl=timedelta(seconds=30), now=NOON).holder == sys.argv[2]
taken = 0
for _ in range(15):
    with store.write() as connection:
        taken += budgets.take(connection, "bots", 20, now=NOON) == 0
print(mine, taken)
"""

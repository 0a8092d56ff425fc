"""The same passes on PostgreSQL: the same rows, nothing written for nothing, and one at a time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Thread
from time import sleep

import pytest

from lib.errors import StoreError, SyncBusy
from lib.recall_api import Recall
from lib.store import Store, leases, migrate, open_store, version
from lib.store.freshness import SYNC_LEASE
from lib.store.passes import PassState
from lib.sync import PassResult
from tests import postgres
from tests.contract.sync.passes.commands import until
from tests.contract.sync.passes.looking import a_pass, calendar, everyone, latest
from tests.running import Sandbox

MEETINGS = "/api/v1/calendar/meetings/"


@pytest.fixture
def on_postgresql(server: postgres.Server, sandbox: Sandbox) -> Iterator[Store]:
    """An empty store in a new database."""
    server.sql("DROP DATABASE IF EXISTS synced")
    server.sql("CREATE DATABASE synced")
    migrate(server.url("synced"))
    with closing(open_store(server.url("synced"), recall_base_url=sandbox.url)) as store:
        yield store


def test_a_pass_leaves_the_same_on_both(on_postgresql: Store, store: Store, recall: Recall) -> None:
    for each in (store, on_postgresql):
        assert a_pass(each, recall).state is PassState.COMPLETE
    here, there = everyone(store), everyone(on_postgresql)
    assert {i: (row.user, row.customer) for i, row in here.items()} == {
        i: (row.user, row.customer) for i, row in there.items()
    }
    judged = [_judged(each) for each in (store, on_postgresql)]
    differing = {key for key in judged[0].keys() | judged[1].keys() if judged[0].get(key) != judged[1].get(key)}
    assert len(judged[0]) > 80
    assert len(differing) <= 3  # what began or ended between the two passes


def test_however_often_its_connections_are_cut_a_pass_ends_in_a_sentence_and_the_next_goes_on(
    on_postgresql: Store, store: Store, recall: Recall, server: postgres.Server
) -> None:
    for number in range(12):
        with ThreadPoolExecutor(1) as other:
            ended = other.submit(a_pass, on_postgresql, recall)
            sleep(0.03 * number)
            server.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'coverage-desk'"
            )
            assert isinstance(ended.exception(30), StoreError | None)
    for each in (store, on_postgresql):
        assert a_pass(each, recall).state is PassState.COMPLETE
    here, there = _judged(store), _judged(on_postgresql)
    assert here.keys() == there.keys()
    assert sum(there[key] != judged for key, judged in here.items()) <= 3  # what began or ended between the two


def test_a_second_pass_moves_no_version(on_postgresql: Store, recall: Recall) -> None:
    a_pass(on_postgresql, recall)
    with on_postgresql.read() as connection:
        before = version.current(connection)
    second = a_pass(on_postgresql, recall)
    with on_postgresql.read() as connection:
        after = version.current(connection)
    assert second.counts["meetings_changed"] == 0
    assert after.version - before.version <= second.counts["users_due"] + second.counts["bots_seen"]


def test_of_two_at_once_one_works_and_is_named(on_postgresql: Store, recall: Recall, sandbox: Sandbox) -> None:
    sandbox.break_calls(MEETINGS, delay_ms=400, times=3)
    done: list[PassResult] = []
    with _meanwhile(lambda: done.append(a_pass(on_postgresql, recall, holder="process 7 on desk-1, abc"))):
        until(lambda: sandbox.asked("POST"))
        with pytest.raises(SyncBusy, match="process 7 on desk-1") as refused:
            a_pass(on_postgresql, recall, holder="process 8 on desk-2, def")
    assert refused.value.holder == "process 7 on desk-1"
    assert [each.state for each in done] == [PassState.COMPLETE]
    assert latest(on_postgresql).key == 1


def test_a_pass_whose_lease_is_taken_writes_nothing_more(
    on_postgresql: Store, recall: Recall, sandbox: Sandbox
) -> None:
    sandbox.break_calls(MEETINGS, delay_ms=600, times=None)
    refused: list[str] = []

    def work() -> None:
        with pytest.raises(SyncBusy) as busy:
            a_pass(on_postgresql, recall, holder="process 7 on desk-1, abc")
        refused.append(busy.value.holder)

    with _meanwhile(work):
        until(lambda: sandbox.asked("POST"))
        with on_postgresql.write() as connection:
            leases.give_back(connection, SYNC_LEASE, "process 7 on desk-1, abc")
        before = latest(on_postgresql)
    assert refused == ["another process, which has ended since"]
    assert latest(on_postgresql) == before
    assert before.users_done == 0


def _judged(store: Store) -> dict[tuple[str, str], object]:
    return {(user, i): each.verdict for user in everyone(store) for i, each in calendar(store, user).items()}


@contextmanager
def _meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """Do `work` in a thread until the end of the block."""
    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join(20)

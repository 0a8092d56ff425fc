"""The list of users: the store's, read once for all who ask, kept when Recall fails, healed by the next read."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from lib.customer.sight import EVERYTHING
from lib.errors import RecallError, RecallKeyRefused, RecallLimited, RecallUnreachable, RecallUnreadable, StoreError
from lib.queries import UserDirectory
from lib.queries.users import FRESH_FOR, RETRY_AFTER
from lib.recall_api import Recall
from lib.store import Store
from lib.sync import read_users
from tests.contract.queries.conftest import MovableClock, NewUser, Until, at_the_same_time, broken
from tests.running import Sandbox

USERS = "/api/v1/calendar/users/"
A_SECOND = timedelta(seconds=1)


@pytest.fixture
def directory(store: Store, recall: Recall, clock: MovableClock) -> Iterator[UserDirectory]:
    directory = UserDirectory(store, recall, clock)
    yield directory
    directory.close()


@pytest.fixture
def settled(directory: UserDirectory, until: Until) -> Callable[[], None]:
    """Ask, and wait until nothing is read any more."""

    def settle() -> None:
        directory.snapshot(EVERYTHING)
        until(lambda: not directory.snapshot(EVERYTHING).is_refreshing)

    return settle


def test_the_first_answer_comes_at_once_and_says_that_the_list_is_on_its_way(
    directory: UserDirectory, sandbox: Sandbox, until: Until
) -> None:
    sandbox.break_calls(USERS, delay_ms=300)
    first = directory.snapshot(EVERYTHING)
    assert first.is_refreshing
    assert first.as_of is None
    assert first.users == ()
    until(lambda: not directory.snapshot(EVERYTHING).is_refreshing)
    assert len(directory.snapshot(EVERYTHING).users) >= 3


def test_however_many_ask_together_the_list_is_read_once(
    directory: UserDirectory, sandbox: Sandbox, until: Until
) -> None:
    sandbox.break_calls(USERS, delay_ms=200)
    at_the_same_time(lambda: directory.snapshot(EVERYTHING), 16)
    until(lambda: directory.snapshot(EVERYTHING).as_of is not None)
    assert len(sandbox.asked("GET", USERS)) == 1


def test_the_list_serves_for_five_minutes_and_is_then_read_again(
    directory: UserDirectory, clock: MovableClock, sandbox: Sandbox, settled: Callable[[], None], new_user: NewUser
) -> None:
    settled()
    added = new_user()
    clock.advance(FRESH_FOR - A_SECOND)
    settled()
    assert directory.snapshot(EVERYTHING).find(added.id) is None
    clock.advance(A_SECOND)
    settled()
    found = directory.snapshot(EVERYTHING).find(added.id)
    assert found is not None
    assert found.external_id == added.external_id
    assert directory.snapshot(EVERYTHING).as_of == clock()
    assert len(sandbox.asked("GET", USERS)) == 2


def test_read_again_does_not_wait_for_the_five_minutes(
    directory: UserDirectory, settled: Callable[[], None], new_user: NewUser
) -> None:
    settled()
    added = new_user()
    directory.read_again()
    settled()
    assert directory.snapshot(EVERYTHING).find(added.id) is not None


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"status": 503}, RecallUnreachable),
        ({"drop": True}, RecallUnreachable),
        ({"truncate": True}, RecallUnreadable),
        ({"html200": True}, RecallUnreadable),
        ({"status": 401, "body": {"detail": "Invalid token."}}, RecallKeyRefused),
        ({"retry_after": 3600}, RecallLimited),
    ],
)
def test_a_fault_keeps_the_former_list_and_the_next_read_heals_it(
    directory: UserDirectory,
    clock: MovableClock,
    sandbox: Sandbox,
    settled: Callable[[], None],
    how: dict[str, Any],
    problem: type[RecallError],
) -> None:
    settled()
    before = directory.snapshot(EVERYTHING)
    sandbox.break_calls(USERS, **how)
    clock.advance(FRESH_FOR)
    settled()
    during = directory.snapshot(EVERYTHING)
    assert isinstance(during.problem, problem)
    assert (during.users, during.as_of) == (before.users, before.as_of)
    assert during.version > before.version
    if problem is RecallLimited:
        return  # Recall named an hour, and nothing is sent before
    clock.advance(RETRY_AFTER)
    settled()
    after = directory.snapshot(EVERYTHING)
    assert after.problem is None
    assert after.as_of == clock()


def test_a_list_that_could_not_be_read_is_not_asked_for_at_every_look(
    directory: UserDirectory, clock: MovableClock, sandbox: Sandbox, settled: Callable[[], None]
) -> None:
    sandbox.break_calls(USERS, status=503, times=None)
    for _ in range(20):
        settled()
    clock.advance(RETRY_AFTER - A_SECOND)
    settled()
    assert len(sandbox.asked("GET", USERS)) == 1
    assert isinstance(directory.snapshot(EVERYTHING).problem, RecallUnreachable)
    assert directory.snapshot(EVERYTHING).as_of is None


def test_an_hour_that_recall_asks_for_is_kept_by_everyone(
    directory: UserDirectory, clock: MovableClock, sandbox: Sandbox, settled: Callable[[], None]
) -> None:
    sandbox.break_calls(USERS, retry_after=3600)
    settled()
    clock.advance(RETRY_AFTER)
    directory.read_again()
    settled()
    assert isinstance(directory.snapshot(EVERYTHING).problem, RecallLimited)
    assert len(sandbox.asked("GET", USERS)) == 1


def test_rows_that_cannot_be_read_are_counted_and_the_others_are_kept(
    directory: UserDirectory, sandbox: Sandbox, settled: Callable[[], None]
) -> None:
    good = {"id": "76a02ea0-f4b5-42d5-8e1d-e92b7a031fe4", "external_id": "good", "connections": []}
    sandbox.break_calls(USERS, status=200, body=[good, "no object", {"external_id": "without an id"}, None])
    settled()
    known = directory.snapshot(EVERYTHING)
    assert [user.external_id for user in known.users] == ["good"]
    assert known.unreadable == 3
    assert known.problem is None


def test_after_the_end_nothing_is_read_any_more(
    directory: UserDirectory, sandbox: Sandbox, settled: Callable[[], None]
) -> None:
    settled()
    directory.close()
    directory.read_again()
    assert not directory.snapshot(EVERYTHING).is_refreshing
    assert len(sandbox.asked("GET", USERS)) == 1


def test_what_another_process_has_read_is_shown_at_once_and_not_read_again(
    directory: UserDirectory, store: Store, recall: Recall, clock: MovableClock, sandbox: Sandbox, new_user: NewUser
) -> None:
    added = new_user()
    read_users(store, recall, now=clock())
    sandbox.forget_asked()
    known = directory.snapshot(EVERYTHING)
    assert known.find(added.id) is not None
    assert (known.as_of, known.is_refreshing) == (clock(), False)
    assert sandbox.asked() == []


def test_a_failure_is_forgotten_once_another_process_has_read_the_list(
    directory: UserDirectory,
    store: Store,
    recall: Recall,
    clock: MovableClock,
    sandbox: Sandbox,
    settled: Callable[[], None],
) -> None:
    sandbox.break_calls(USERS, status=503)
    settled()
    assert isinstance(directory.snapshot(EVERYTHING).problem, RecallUnreachable)
    clock.advance(A_SECOND)
    read_users(store, recall, now=clock())
    assert directory.snapshot(EVERYTHING).problem is None
    assert len(directory.snapshot(EVERYTHING).users) >= 3


def test_who_is_no_longer_listed_is_no_longer_shown(
    directory: UserDirectory, recall: Recall, clock: MovableClock, settled: Callable[[], None], new_user: NewUser
) -> None:
    added = new_user()
    settled()
    assert directory.snapshot(EVERYTHING).find(added.id) is not None
    recall.delete_user(str(added.external_id))
    clock.advance(A_SECOND)
    directory.read_again()
    settled()
    assert directory.snapshot(EVERYTHING).find(added.id) is None


def test_a_store_in_trouble_is_told_and_the_list_stays(
    directory: UserDirectory, store_url: str, settled: Callable[[], None], clock: MovableClock
) -> None:
    settled()
    before = directory.snapshot(EVERYTHING)
    with broken(store_url):
        during = directory.snapshot(EVERYTHING)
        assert isinstance(during.problem, StoreError)
        assert during.users == before.users
        assert directory.snapshot(EVERYTHING).version == during.version  # nothing to draw again
    after = directory.snapshot(EVERYTHING)
    assert after.problem is None
    assert after.users == before.users

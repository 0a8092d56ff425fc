"""The whole workspace in memory: what counts is in its frame, it follows the store, and it says what ails."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from time import monotonic, sleep

import pytest

from lib.customer.sight import EVERYTHING
from lib.domain import CalendarUser, Entry
from lib.errors import StoreError
from lib.queries import Workspace, WorkspaceSnapshot, load_workspace
from lib.queries.users import all_users
from lib.queries.workspace import LOOK_EVERY_SECONDS
from lib.store import Store, entries, open_store, passes
from lib.store.passes import PassState
from lib.store.users import UserRow
from tests.contract.queries.conftest import Until, broken
from tests.contract.queries.workspaces import begin_pass, bring_in, end_pass, followed, whole_pass
from tests.contract.store.conftest import BASE_URL
from tests.contract.store.conftest import file as file
from tests.contract.store.conftest import server as server
from tests.contract.store.conftest import store as store
from tests.contract.store.conftest import url as url
from tests.contract.store.making import NOON, at, entry, user

ADA, BOB = user("ada"), user("bob")
LOST = user("ada", connected=False)
A_CHANGE_SHOWS_SECONDS = 10


class Hours:
    """A clock that stands at noon until it is set."""

    now = 0.0

    def __call__(self) -> datetime:
        return at(self.now)


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def workspace(store: Store, hours: Hours) -> Iterator[Workspace]:
    with closing(Workspace(store, hours)) as workspace:
        yield workspace


def shown(known: WorkspaceSnapshot, store: Store) -> list[str]:
    """The ids of the entries in the frame, by start."""
    with store.read() as connection:
        return [one.entry.id for one in entries.find(connection, [int(key) for key in known.frame["key"]])]


def test_all_queries_share_one_copy_of_the_users_table(store: Store, workspace: Workspace) -> None:
    whole_pass(store, 1, {ADA: ()})
    with store.read() as connection:
        copy = all_users(connection)
        assert all_users(connection) is copy
    assert load_workspace(store).users is copy
    whole_pass(store, 2, {ADA: (), BOB: ()})
    assert [row.user for row in load_workspace(store).users] == [ADA, BOB]


def test_before_the_first_complete_pass_there_are_users_and_progress_but_no_figures(
    store: Store, workspace: Workspace
) -> None:
    key = begin_pass(store, 0)
    bring_in(store, 0, {ADA: [entry("e")]})
    with store.write() as connection:
        passes.progress(connection, key, stage="meetings", counts={"users": 2, "users_done": 1})
    known = workspace.snapshot(EVERYTHING)
    assert (known.as_of, known.first_complete_at, len(known.frame)) == (None, None, 0)
    assert [row.user.label for row in known.users] == ["ada@acme.com"]
    assert known.latest is not None
    assert (known.latest.stage, known.latest.counts["users_done"], known.at_work) == ("meetings", 1, True)
    assert known.looked


def test_after_it_the_frame_holds_what_was_judged_as_of_its_start(store: Store, workspace: Workspace) -> None:
    whole_pass(store, 0, {ADA: [entry("e", starts=-2, bot_id="bot"), entry("f")], BOB: []})
    known = workspace.snapshot(EVERYTHING)
    assert (known.as_of, known.first_complete_at) == (NOON, NOON)
    assert shown(known, store) == ["e", "f"]
    assert list(known.frame["customer"]) == ["acme.com"] * 2
    assert list(known.frame["unsettled"]) == [True, False]
    assert (known.connected, known.oldest_read(), known.problem) == (2, NOON, None)
    assert known.user_by_id["id-bob"].user.label == "bob@acme.com"


@pytest.mark.parametrize(
    ("user_then", "gone_at", "stays"),
    [
        pytest.param(ADA, 0.5, False, id="cancelled or moved: it vanished before its start, and could be read"),
        pytest.param(LOST, 0.5, True, id="nobody knows what became of it: no calendar could be read"),
        pytest.param(ADA, 1.5, True, id="it vanished after its start"),
    ],
)
def test_what_becomes_of_an_entry_that_vanishes(
    store: Store, user_then: CalendarUser, gone_at: float, stays: bool
) -> None:
    whole_pass(store, 0, {ADA: [entry("e", starts=1)]})
    whole_pass(store, gone_at, {user_then: []})
    whole_pass(store, 3, {user_then: []})
    known = load_workspace(store)
    assert shown(known, store) == (["e"] if stays else [])
    if user_then is LOST:
        assert list(known.frame["outcome"]) == ["unknown"]
        assert list(known.frame["reason"]) == ["calendar_disconnected"]


def test_entries_that_begin_after_their_user_vanished_are_left_out_until_it_is_back(
    store: Store,
) -> None:
    both: dict[CalendarUser, list[Entry]] = {ADA: [entry("e"), entry("f", starts=5)], BOB: []}
    whole_pass(store, 0, both)
    kept = followed(None, store, 0)
    whole_pass(store, 3, {BOB: []})
    kept = followed(kept, store, 3)
    assert list(kept.frame["start"]) == [at(1)]
    assert [row.user for row in kept.users if row.vanished_at] == [ADA]
    assert [row.user for row in load_workspace(store).listed] == [BOB]
    whole_pass(store, 4, both)
    assert list(followed(kept, store, 4).frame["start"]) == [at(1), at(5)]


def test_while_a_pass_is_at_work_entries_stay_and_users_follow(store: Store, hours: Hours) -> None:
    whole_pass(store, 0, {ADA: [entry("e")]})
    kept = followed(None, store, 0)
    key = begin_pass(store, 1)
    bring_in(store, 1, {ADA: [entry("e"), entry("f", starts=5)], BOB: []})
    during = followed(kept, store, 1)
    assert list(during.frame["key"]) == list(kept.frame["key"])
    assert [row.user for row in during.users] == [ADA, BOB]
    assert during.mark != kept.mark
    assert followed(during, store, 1) is during
    end_pass(store, key, 1)
    after = followed(during, store, 1)
    assert len(after.frame) == 2
    assert after.pulse.as_of == at(1)


def test_a_pass_whose_process_died_holds_nothing_up(store: Store) -> None:
    whole_pass(store, 0, {ADA: [entry("e", starts=5)]})
    kept = followed(None, store, 0)
    begin_pass(store, 1)
    bring_in(store, 1, {ADA: []})
    assert len(followed(kept, store, 1).frame) == 1
    assert len(followed(kept, store, 1.1).frame) == 0  # its lease has ended meanwhile


def test_a_newer_pass_that_follows_at_once_does_not_hide_the_one_that_is_complete(store: Store) -> None:
    whole_pass(store, 0, {ADA: [entry("e")]})
    kept = followed(None, store, 0)
    whole_pass(store, 1, {ADA: [entry("e"), entry("f", starts=5)]})
    begin_pass(store, 2)
    after = followed(kept, store, 2)
    assert (len(after.frame), after.pulse.as_of) == (2, at(1))


def test_a_pass_that_found_nothing_new_moves_as_of_and_when_users_were_read(store: Store) -> None:
    whole_pass(store, 0, {ADA: [entry("e")]})
    kept = followed(None, store, 0)
    with store.write() as connection:
        key = passes.begin(connection, now=at(1), resume_within=timedelta(0)).key
        passes.tried(connection, key, [row.key for row in kept.users])
        passes.end(connection, key, PassState.COMPLETE, now=at(1))
    after = followed(kept, store, 1)
    assert after.pulse.as_of == at(1)
    assert [row.read_at for row in after.users] == [at(1)]
    assert after.mark != kept.mark


def test_what_did_not_change_keeps_its_mark_and_a_request_is_told(store: Store, workspace: Workspace) -> None:
    whole_pass(store, 0, {ADA: [entry("e")]})
    before = workspace.snapshot(EVERYTHING)
    with store.write() as connection:
        passes.ask(connection, by="dana", now=NOON)
    workspace.look_again()
    ends_at = monotonic() + 5
    while not workspace.snapshot(EVERYTHING).asked:
        assert monotonic() < ends_at
        sleep(0.01)
    after = workspace.snapshot(EVERYTHING)
    assert not before.asked
    assert after.mark == before.mark
    assert after.news != before.news


def test_two_servers_show_a_change_within_ten_seconds_of_its_pass_and_write_nothing(
    store: Store, url: str, hours: Hours
) -> None:
    whole_pass(store, 0, {ADA: [entry("e")]})
    stores = [open_store(url, recall_base_url=BASE_URL) for _ in range(2)]
    servers = [Workspace(one, hours) for one in stores]
    assert [len(one.snapshot(EVERYTHING).frame) for one in servers] == [1, 1]
    whole_pass(store, 1, {ADA: [entry("e"), entry("f", starts=5)]})
    written = followed(None, store, 1).pulse
    ends_at = monotonic() + A_CHANGE_SHOWS_SECONDS
    while [len(one.snapshot(EVERYTHING).frame) for one in servers] != [2, 2]:
        assert monotonic() < ends_at, "the change is not shown"
        sleep(0.05)
    assert [one.snapshot(EVERYTHING).as_of for one in servers] == [at(1)] * 2
    assert followed(None, store, 1).pulse == written
    for workspace, opened in zip(servers, stores, strict=True):
        workspace.close()
        opened.close()
    assert LOOK_EVERY_SECONDS < A_CHANGE_SHOWS_SECONDS / 2


def test_whoever_comes_after_a_pause_sees_what_changed_meanwhile_at_once(store: Store, hours: Hours) -> None:
    whole_pass(store, 0, {ADA: [entry("e")]})
    with closing(Workspace(store, hours, look_for_seconds=0)) as workspace:  # it looks once for each who asks
        assert len(workspace.snapshot(EVERYTHING).frame) == 1
        whole_pass(store, 1, {ADA: [entry("e"), entry("f", starts=5)]})
        sleep(0.05)
        assert len(workspace.snapshot(EVERYTHING).frame) == 2


def test_the_oldest_read_is_that_of_those_who_are_shown(store: Store) -> None:
    whole_pass(store, 0, {ADA: [], BOB: []})
    begin_pass(store, 1)
    bring_in(store, 1, {ADA: [entry("e")], BOB: []})
    known = load_workspace(store)
    read: list[UserRow] = list(known.users)
    assert known.oldest_read() == min(row.read_at for row in read if row.read_at)
    assert known.oldest_read(["id-ada"]) == at(1)
    assert known.oldest_read([]) is None


def test_a_store_in_trouble_is_told_and_what_is_known_stays(store_url: str, hours: Hours, until: Until) -> None:
    store = open_store(store_url, recall_base_url=BASE_URL)
    whole_pass(store, 0, {ADA: [entry("e")]})
    with closing(Workspace(store, hours)) as workspace:
        before = workspace.snapshot(EVERYTHING)
        with broken(store_url):
            workspace.look_again()
            until(lambda: workspace.snapshot(EVERYTHING).problem is not None)
            during = workspace.snapshot(EVERYTHING)
            assert isinstance(during.problem, StoreError)
            assert (during.frame is before.frame, during.mark, during.as_of) == (True, before.mark, before.as_of)
            with pytest.raises(StoreError):
                load_workspace(store)
        workspace.look_again()
        until(lambda: workspace.snapshot(EVERYTHING).problem is None)
    store.close()

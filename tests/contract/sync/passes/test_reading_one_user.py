"""A read of one user outside a pass: stored like a pass would, judged at once, and never over what is newer."""

from datetime import timedelta
from itertools import count

import pytest
from pydantic import SecretStr

from lib.clock import utc_now
from lib.errors import CalendarUserWithoutId, RecallUnreadable, UnknownCalendarUser
from lib.recall_api import Recall, open_recall
from lib.store import Store, passes
from lib.sync import read_user, read_users
from lib.sync.user_meetings import keep
from lib.sync.user_meetings import read as slow_answer
from lib.sync.verdicts import judge_user
from tests.contract.sync.passes.looking import Raw, a_pass, as_of, calendar, everyone, latest
from tests.running import Sandbox

MEETINGS = "/api/v1/calendar/meetings/"
EVERYTHING = {"record_external": True, "record_internal": True}


@pytest.fixture
def user(sandbox: Sandbox, numbers: "count[int]") -> str:
    """Recall's id of a user with a recorded meeting behind it and a coming one."""
    name = f"one-{next(numbers)}"
    added = sandbox.add_user(name, email=f"{name}@acme.example", preferences=EVERYTHING)
    past = sandbox.add_meeting(added["id"], start_in_seconds=-7200, title="Behind")
    sandbox.control("POST", "outcomes/", {"meeting": past["id"], "shape": "recorded"})
    sandbox.add_meeting(added["id"], start_in_seconds=7200, title="Ahead")
    return str(added["id"])


def test_before_the_first_pass_a_user_is_read_and_not_judged(store: Store, recall: Recall, user: str) -> None:
    read_users(store, recall, now=utc_now())
    told: list[tuple[str, int, int]] = []
    done = read_user(store, recall, user, progress=lambda *how: told.append(how))
    kept = calendar(store, user).values()
    assert {each.entry.title for each in kept} == {"Behind", "Ahead"}
    assert (done.changes.new, done.bots_wanted, done.bots_failed, done.problem) == (2, 1, 0, None)
    assert {each.verdict for each in kept} == {None}
    assert told[0] == ("meetings", 0, 1)
    assert told[-1] == ("bots", 1, 1)


def test_after_one_it_is_judged_as_of_that_pass(store: Store, recall: Recall, sandbox: Sandbox, user: str) -> None:
    a_pass(store, recall)
    sandbox.add_meeting(user, start_in_seconds=3600, title="New")
    done = read_user(store, recall, user)
    judged = {each.entry.title: each.verdict for each in calendar(store, user).values()}
    assert done.changes.new == 1
    assert judged["Behind"] is not None
    assert (judged["Behind"].outcome, judged["Behind"].has("recorded")) == ("recorded", True)
    with store.read() as connection:
        instant = passes.as_of(connection)
        assert instant is not None
        assert {k.key: k.verdict for k in calendar(store, user).values()} == judge_user(connection, user, instant)
    assert done.user.read_at is not None
    assert done.user.read_at > instant


def test_one_that_cannot_be_read_is_stale_until_it_can(
    store: Store, recall: Recall, sandbox: Sandbox, user: str
) -> None:
    a_pass(store, recall)
    sandbox.break_calls(MEETINGS, html200=True)
    with pytest.raises(RecallUnreadable):
        read_user(store, recall, user)
    assert everyone(store)[user].failure == "unreadable"
    assert len(calendar(store, user)) == 2
    assert not read_user(store, recall, user).user.stale


def test_a_bot_that_cannot_be_read_is_noted_and_read_later(
    store: Store, recall: Recall, sandbox: Sandbox, user: str
) -> None:
    read_users(store, recall, now=utc_now())
    sandbox.break_calls("/api/v1/bot/*", status=404, body={"detail": "Not found."})
    done = read_user(store, recall, user)
    assert (done.bots_wanted, done.bots_failed) == (1, 1)
    assert done.problem is not None
    assert read_user(store, recall, user).bots_failed == 0


def test_whoever_is_not_in_the_list_or_has_no_id_is_not_asked_for(
    store: Store, recall: Recall, sandbox: Sandbox, user: str
) -> None:
    with pytest.raises(UnknownCalendarUser):
        read_user(store, recall, user)
    nameless = sandbox.add_user(None, email="nobody@acme.example")
    read_users(store, recall, now=utc_now())
    with pytest.raises(CalendarUserWithoutId):
        read_user(store, recall, nameless["id"])
    assert not sandbox.asked("POST")


def test_one_that_was_deleted_a_moment_ago_is_not_made_again_by_reading_it(
    store: Store, recall: Recall, sandbox: Sandbox, user: str
) -> None:
    """The list that this process knows names the user still, and it has no token for it."""
    read_users(store, recall, now=utc_now())
    name = everyone(store)[user].user.external_id or ""
    with open_recall(sandbox.url, SecretStr("sandbox-key")) as elsewhere:
        elsewhere.delete_user(name)
    with pytest.raises(UnknownCalendarUser):
        read_user(store, recall, user)
    assert name not in {each["external_id"] for each in Raw(sandbox).users()}
    sandbox.add_user(name, email="another@acme.example")
    with pytest.raises(UnknownCalendarUser):
        read_user(store, recall, user)  # who has its name now is another one
    assert everyone(store)[user].read_at is None


def test_a_read_that_began_before_a_newer_one_changes_nothing(
    store: Store, recall: Recall, sandbox: Sandbox, user: str
) -> None:
    """A slow answer, overtaken by a read that a server made after a change."""
    a_pass(store, recall)
    slow = slow_answer(recall, everyone(store)[user].user.external_id or "", utc_now)
    sandbox.add_meeting(user, start_in_seconds=5400, title="Newer")
    read_user(store, recall, user)
    with store.write() as connection:
        assert keep(connection, user, slow, now=utc_now()).vanished == 0
    kept = calendar(store, user).values()
    assert [(each.removed_at, each.changed_at > slow.read_at) for each in kept if each.entry.title == "Newer"] == [
        (None, True)
    ]


def test_a_read_in_the_middle_of_a_pass_is_judged_by_that_pass_too(
    store: Store, recall: Recall, sandbox: Sandbox, user: str
) -> None:
    first = a_pass(store, recall)
    with store.write() as connection:
        begun = passes.begin(connection, now=utc_now(), resume_within=timedelta(hours=1))
    sandbox.add_meeting(user, start_in_seconds=-300, length_minutes=3, title="Between")
    read_user(store, recall, user)
    done = a_pass(store, recall)
    assert (done.key, first.key < begun.key, latest(store).resumed) == (begun.key, True, 1)
    assert as_of(store) == begun.begun_at
    with store.read() as connection:
        again = judge_user(connection, user, begun.begun_at)
    assert {each.key: each.verdict for each in calendar(store, user).values()} == again

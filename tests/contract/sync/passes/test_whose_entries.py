"""A Recall that answers for one user with another's meetings: over real sockets, pass after pass."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from pydantic import SecretStr
from sqlalchemy import insert, select

from lib.errors import RecallContested
from lib.recall_api import Recall, open_recall
from lib.store import Store, contests, events, users
from lib.store.rows import next_key
from lib.store.tables.workspace import entry as entry_table
from lib.store.version import bump
from lib.sync import read_user
from lib.sync.user_meetings import window_of
from tests.contract.conftest import AT_ONCE
from tests.contract.sync.passes.conftest import SlidingClock
from tests.contract.sync.passes.looking import a_pass, calendar, everyone, latest
from tests.running import Sandbox

LIST, ONE = "/api/v1/calendar/meetings/", "/api/v1/calendar/meetings/*"
TOKEN = "x-recallcalendarauthtoken"


@dataclass(frozen=True)
class Two:
    """Two users of the sandbox with meetings of their own."""

    sandbox: Sandbox
    ann: str
    ben: str

    def meetings(self, of: str) -> list[dict[str, Any]]:
        """What Recall has for a user (Recall's uuid), by a client that is not ours."""
        now = window_of(SlidingClock()())
        bounds = {"start_time_after": now.after.isoformat(), "start_time_before": now.before.isoformat()}
        found: list[dict[str, Any]] = self.ask("GET", f"meetings/?{urlencode(bounds)}", token=self.token(of))
        return found

    def token(self, of: str) -> str:
        external_id = next(u["external_id"] for u in self.ask("GET", "users/") if u["id"] == of)
        token: str = self.ask("POST", "authenticate/", {"user_id": external_id})["token"]
        return token

    def delete(self, of: str) -> None:
        self.ask("DELETE", "user/", token=self.token(of))

    def answer_with(self, whose: str, *, to: str, times: int = 1) -> None:
        """The next lists of `to` are those of `whose`."""
        rows = self.meetings(whose)
        self.sandbox.break_calls(LIST, method="GET", user=to, status=200, body=rows, times=times)

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        credential = {TOKEN: token} if token else {"Authorization": f"Token {self.sandbox.key}"}
        request = Request(  # noqa: S310 - loopback
            f"{self.sandbox.url}/api/v1/calendar/{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json", **credential},
            method=method,
        )
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
            text = answer.read()
        return json.loads(text) if text else None


@pytest.fixture
def two(sandbox: Sandbox) -> Iterator[Two]:
    ids = []
    for name in ("ann", "ben"):
        user = sandbox.add_user(f"two-{name}-{len(sandbox.asked())}", email=f"{name}@two.example")
        for hours in (-30, 5, 26, 50):
            sandbox.add_meeting(user["id"], start_in_seconds=hours * 3600, title=f"{name} {hours}")
        ids.append(user["id"])
    made = Two(sandbox, *ids)
    yield made
    sandbox.heal()
    for each in {user["id"] for user in made.ask("GET", "users/")} & set(ids):
        made.delete(each)


@pytest.fixture
def recall(sandbox: Sandbox, clock: SlidingClock) -> Iterator[Recall]:
    with open_recall(sandbox.url, SecretStr(sandbox.key), retry_policy=AT_ONCE, clock=clock) as recall:
        yield recall


def ids(rows: list[dict[str, Any]]) -> set[str]:
    return {row["id"] for row in rows}


def kept(store: Store, user: str) -> set[str]:
    return set(calendar(store, user))


def later(clock: SlidingClock, minutes: float = 6) -> None:
    clock.ahead += timedelta(minutes=minutes)


def test_anothers_answer_is_not_stored_and_the_user_counts_as_not_read_until_the_next_one(
    two: Two, store: Store, recall: Recall, clock: SlidingClock
) -> None:
    a_pass(store, recall, clock)
    before = {who: calendar(store, who) for who in (two.ann, two.ben)}
    later(clock)
    two.answer_with(two.ann, to=two.ben)
    result = a_pass(store, recall, clock)
    assert {who: calendar(store, who) for who in (two.ann, two.ben)} == before
    assert [failure.user.id for failure in result.failures] == [two.ben]
    assert result.failures[0].why == str(RecallContested())
    assert latest(store).counts["doubted"] == 1
    later(clock)
    assert a_pass(store, recall, clock).failures == ()
    with store.read() as connection:
        assert contests.everyone(connection) == ()


def test_the_very_first_read_may_be_anothers_and_the_owner_gets_the_entries_by_the_second_healthy_pass(
    two: Two, store: Store, recall: Recall, clock: SlidingClock
) -> None:
    own = {who: ids(two.meetings(who)) for who in (two.ann, two.ben)}
    two.answer_with(two.ben, to=two.ann)
    two.sandbox.break_calls(LIST, method="GET", user=two.ben, status=503)  # the owner comes later
    a_pass(store, recall, clock)
    assert kept(store, two.ann) == own[two.ben]
    two.sandbox.heal()
    later(clock)
    assert [failure.user.id for failure in a_pass(store, recall, clock).failures] == [two.ben]
    later(clock)
    assert a_pass(store, recall, clock).failures == ()
    assert {who: kept(store, who) for who in own} == own


def test_a_page_that_reads_a_user_says_so_and_stores_nothing(
    two: Two, store: Store, recall: Recall, clock: SlidingClock
) -> None:
    a_pass(store, recall, clock)
    before = calendar(store, two.ben)
    later(clock)
    two.answer_with(two.ann, to=two.ben)
    with pytest.raises(RecallContested):
        read_user(store, recall, two.ben, clock=clock)
    assert calendar(store, two.ben) == before
    assert everyone(store)[two.ben].failure == "contested"


def test_where_recall_answers_single_entries_to_both_both_keep_what_they_have(
    two: Two, store: Store, recall: Recall, clock: SlidingClock
) -> None:
    a_pass(store, recall, clock)
    before = {who: kept(store, who) for who in (two.ann, two.ben)}
    two.answer_with(two.ann, to=two.ben, times=5)
    for row in two.meetings(two.ann):
        two.sandbox.break_calls(f"{LIST}{row['id']}/", user=two.ben, status=200, body=row, times=10)
    for _ in range(3):
        later(clock)
        a_pass(store, recall, clock)
    assert {who: kept(store, who) for who in before} == before
    assert everyone(store)[two.ben].failure is None
    with store.read() as connection:
        [one] = contests.everyone(connection)
    assert (one.claimant, one.holder, one.owner) == (two.ben, two.ann, contests.ContestOwner.BOTH)


def test_a_token_that_was_minted_for_somebody_else_is_found_out_though_their_calendar_is_empty(
    two: Two, store: Store, recall: Recall, clock: SlidingClock
) -> None:
    nobody = two.sandbox.add_user("two-nobody", email="nobody@two.example")
    a_pass(store, recall, clock)
    before, own = calendar(store, two.ben), everyone(store)[two.ben].user.external_id or ""
    recall.forget_token(own)
    wrong = {"token": two.token(nobody["id"])}
    two.sandbox.break_calls("/api/v1/calendar/authenticate/", status=200, body=wrong)
    later(clock)
    assert two.ben in {failure.user.id for failure in a_pass(store, recall, clock).failures}
    later(clock)
    assert a_pass(store, recall, clock).failures == ()
    later(clock)
    assert a_pass(store, recall, clock).failures == ()
    assert calendar(store, two.ben) == before
    two.delete(nobody["id"])


def test_what_got_in_before_this_rule_is_taken_out_by_two_passes_after_the_check(
    two: Two, store: Store, recall: Recall, clock: SlidingClock
) -> None:
    a_pass(store, recall, clock)
    right = {who: calendar(store, who) for who in (two.ann, two.ben)}
    _file_under(store, two.ann, two.ben, clock())
    later(clock)
    a_pass(store, recall, clock)
    assert kept(store, two.ben) == kept(store, two.ann) | right[two.ben].keys()
    with store.write() as connection:
        assert contests.note_shared(connection, at=clock()) == 1
    for _ in range(2):
        later(clock)
        assert a_pass(store, recall, clock).failures == ()
    assert {who: kept(store, who) for who in right} == {who: set(theirs) for who, theirs in right.items()}
    with store.read() as connection:
        assert contests.everyone(connection) == ()
        [happened] = events.numbered(connection, [1])
    assert (happened.kind, happened.user_id) == (events.EventKind.ENTRIES_SET_ASIDE, two.ben)


@pytest.mark.parametrize("how", ["a calendar connected again", "a user made again", "two users of one mailbox"])
def test_what_only_looks_like_it_is_no_such_case(
    two: Two, store: Store, recall: Recall, clock: SlidingClock, how: str
) -> None:
    a_pass(store, recall, clock)
    external_id = everyone(store)[two.ben].user.external_id
    if how == "a user made again":
        two.delete(two.ben)
        made = two.sandbox.add_user(external_id, email="ben@two.example")
        two.sandbox.add_meeting(made["id"], start_in_seconds=7200)
    elif how == "two users of one mailbox":
        made = two.sandbox.add_user("two-ann-again", email="ann@two.example")
        two.sandbox.add_meeting(made["id"], start_in_seconds=7200)
    else:
        two.sandbox.control("POST", "connections/", {"user": two.ben, "platform": "google", "connected": False})
        later(clock)
        a_pass(store, recall, clock)
        two.sandbox.control("POST", "connections/", {"user": two.ben, "platform": "google", "connected": True})
    later(clock)
    result = a_pass(store, recall, clock)
    assert (result.failures, result.counts["doubted"]) == ((), 0)
    if how in ("a user made again", "two users of one mailbox"):
        assert len(kept(store, made["id"])) == 1
        two.delete(made["id"])


def test_bots_that_became_final_in_such_an_hour_are_read_once_more_when_recall_is_well(
    two: Two, store: Store, recall: Recall, clock: SlidingClock
) -> None:
    a_pass(store, recall, clock)
    with store.read() as connection:
        read_before = _reads_of_bots(two.sandbox)
        assert users.readable(connection)
    two.answer_with(two.ann, to=two.ben)
    later(clock)
    a_pass(store, recall, clock)  # in doubt: nothing is read again yet
    in_doubt = _reads_of_bots(two.sandbox)
    later(clock)
    a_pass(store, recall, clock)
    well = _reads_of_bots(two.sandbox)
    later(clock)
    a_pass(store, recall, clock)
    assert well - in_doubt > in_doubt - read_before
    assert _reads_of_bots(two.sandbox) - well < well - in_doubt


def _reads_of_bots(sandbox: Sandbox) -> int:
    return sum(1 for sent in sandbox.asked("GET") if sent["path"].startswith("/api/v1/bot/"))


def _file_under(store: Store, source: str, target: str, at: datetime) -> None:
    """What a pass of before this rule did with another's answer."""
    keys = {who: row.key for who, row in everyone(store).items()}
    with store.write() as connection:
        number = next_key(connection, entry_table.c.pk)
        rows = connection.execute(select(entry_table).where(entry_table.c.user == keys[source])).all()
        for pk, row in enumerate(rows, number):
            copy = row._asdict() | {"pk": pk, "user": keys[target], "first_seen_at": at, "ver": bump(connection)}
            connection.execute(insert(entry_table).values(copy))

"""A pass: what it brings in, what it leaves alone, and whom it names."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from pydantic import SecretStr

from lib.clock import utc_now
from lib.errors import RecallKeyRefused, RecallOutOfCredit, RecallUnreachable
from lib.recall_api import Recall, open_recall
from lib.store import Store, bots, passes, verdicts
from lib.store.passes import PassState
from lib.sync import read_users
from lib.sync.running_pass import FAILURES_IN_A_ROW
from lib.sync.verdicts import judge_user
from tests.contract.conftest import AT_ONCE
from tests.contract.sync.passes.conftest import SlidingClock
from tests.contract.sync.passes.looking import Raw, a_pass, as_of, calendar, everyone, latest, rows
from tests.running import Sandbox

MEETINGS = "/api/v1/calendar/meetings/"
USERS = "/api/v1/calendar/users/"
EVERYTHING = {"record_external": True, "record_internal": True}


def new_user(sandbox: Sandbox, numbers: "count[int]") -> str:
    """A connected user of a name of its own; its id."""
    name = f"sync-{next(numbers)}"
    added = sandbox.add_user(name, email=f"{name}@acme.example", preferences=EVERYTHING)
    return str(added["id"])


def test_a_complete_pass_holds_what_recall_answers(store: Store, recall: Recall, sandbox: Sandbox) -> None:
    done, raw = a_pass(store, recall), Raw(sandbox)
    assert (done.state, done.problem, done.failures) == (PassState.COMPLETE, None, ())
    listed, seen = raw.users(), 0
    assert set(everyone(store)) == {user["id"] for user in listed}
    for user in listed:
        answered = raw.meetings(user["external_id"]) if user["external_id"] else {}
        kept = calendar(store, user["id"])
        seen += len(answered)
        assert set(kept) == set(answered)
        assert {i: _facts(each.entry) for i, each in kept.items()} == {i: _named(each) for i, each in answered.items()}
    assert (done.counts["users"], done.counts["meetings_seen"]) == (len(listed), seen)
    assert seen > 80


def test_what_became_of_every_bot_that_was_due_is_known(store: Store, recall: Recall, sandbox: Sandbox) -> None:
    began = utc_now()
    done, raw = a_pass(store, recall), Raw(sandbox)
    booked = [e.entry for user in everyone(store) for e in calendar(store, user).values() if e.entry.bot_id]
    begun = {e.bot_id for e in booked if e.start_time and e.start_time <= began}
    with store.read() as connection:
        known = bots.find(connection, {e.bot_id for e in booked if e.bot_id})
    assert {bot_id for bot_id, row in known.items() if row.bot} == begun
    assert done.counts["bots_seen"] == done.counts["bots_wanted"] == len(begun) > 20
    for bot_id in sorted(filter(None, begun))[::9]:
        body, row = raw.bot(bot_id), known[bot_id]
        assert row.bot is not None
        assert [c.code for c in row.bot.status_changes] == [c["code"] for c in body["status_changes"]]
        assert row.final == (body["status_changes"][-1]["code"] in {"done", "fatal"})


def test_every_entry_is_judged_as_of_the_start_of_the_pass(store: Store, recall: Recall) -> None:
    a_pass(store, recall)
    judged = [each for user in everyone(store) for each in calendar(store, user).values()]
    assert all(each.verdict for each in judged)
    assert len({each.verdict.outcome for each in judged if each.verdict}) > 4
    with store.read() as connection:
        instant = passes.as_of(connection)
        assert instant == latest(store).begun_at
        for user in everyone(store):
            again = judge_user(connection, user, instant)
            assert again == {each.key: each.verdict for each in calendar(store, user).values()}


def test_a_pass_that_finds_nothing_new_writes_nothing_but_itself(store: Store, recall: Recall, file: Path) -> None:
    a_pass(store, recall)
    before = rows(file)
    done = a_pass(store, recall)
    after = rows(file)
    assert done.counts["meetings_changed"] == 0
    (now,), (then,) = after.pop("version"), before.pop("version")
    assert now["version"] == then["version"]
    # A meeting may begin or end between the two; then its user is judged, and its bot read.
    assert {
        name: _changed(before[name], after[name]) for name in after if _changed(before[name], after[name]) > 3
    } == {}


def test_pages_of_bots_are_read_while_they_pay_and_final_ones_never_again(
    store: Store, recall: Recall, sandbox: Sandbox
) -> None:
    first = a_pass(store, recall)
    asked = [each["path"] for each in sandbox.asked() if "/bot/" in each["path"]]
    pages = asked.count("/api/v1/bot/")
    assert 1 <= pages <= 1 + first.counts["bots_wanted"] / 20
    assert len(asked) - pages < first.counts["bots_wanted"] / 10
    sandbox.forget_asked()
    second = a_pass(store, recall)
    asked = [each["path"] for each in sandbox.asked() if "/bot/" in each["path"]]
    window = asked.count("/api/v1/bot/")  # what is to join about now
    assert window == 1
    assert len(asked) - window <= second.counts["bots_wanted"] <= 5


def test_a_token_is_minted_once_for_each_user_with_an_id_and_kept_for_the_next_pass(
    store: Store, recall: Recall, sandbox: Sandbox
) -> None:
    sandbox.add_user(None, email="nobody@acme.example")
    first = a_pass(store, recall)
    with_id = [row for row in everyone(store).values() if row.user.external_id]
    assert first.counts["users"] - len(with_id) == first.counts["users_without_external_id"] >= 1
    minted = sandbox.asked("POST", "/api/v1/calendar/authenticate/")
    assert len(minted) == first.counts["tokens_minted"] == len(with_id)
    second = a_pass(store, recall)
    assert second.counts["tokens_minted"] == 0
    assert len(sandbox.asked("POST", "/api/v1/calendar/authenticate/")) == len(minted)
    assert first.failures == second.failures == ()


def test_a_meeting_that_vanished_is_marked_and_kept(
    store: Store, recall: Recall, sandbox: Sandbox, numbers: "count[int]"
) -> None:
    user = new_user(sandbox, numbers)
    meeting = sandbox.add_meeting(user, start_in_seconds=3600, title="Soon gone")
    a_pass(store, recall)
    sandbox.control("DELETE", f"meetings/{meeting['id']}/")
    done = a_pass(store, recall)
    assert done.counts["meetings_changed"] == 1
    kept = calendar(store, user)[meeting["id"]]
    assert (kept.entry.title, kept.removed_connected) == ("Soon gone", True)
    assert kept.removed_at is not None
    assert kept.removed_at >= latest(store).begun_at


def test_a_user_that_vanished_is_marked_kept_and_erased_after_a_day(
    store: Store, recall: Recall, sandbox: Sandbox, numbers: "count[int]", clock: SlidingClock
) -> None:
    user = new_user(sandbox, numbers)
    sandbox.add_meeting(user, start_in_seconds=-7200, title="Long talk")
    a_pass(store, recall, clock)
    recall.delete_user(everyone(store)[user].user.external_id or "")
    gone = a_pass(store, recall, clock)
    row = everyone(store)[user]
    assert (gone.state, row.erased_at) == (PassState.COMPLETE, None)
    assert row.vanished_at is not None
    assert row.vanished_at >= latest(store).begun_at
    assert [each.entry.title for each in calendar(store, user).values()] == ["Long talk"]
    clock.ahead = timedelta(hours=25)
    a_pass(store, recall, clock)
    row = everyone(store)[user]
    assert (row.user.external_id, row.user.email, row.customer) == (None, None, "acme.example")
    (stored,) = calendar(store, user).values()
    assert (stored.erased, stored.entry.title) == (True, None)
    assert stored.verdict is not None


def test_a_user_deleted_here_while_a_pass_runs_is_not_created_again_by_it(
    store: Store, sandbox: Sandbox, numbers: "count[int]"
) -> None:
    """The pass's own list still names the user, and it has no token for it: minting one would create it anew."""
    first, last = new_user(sandbox, numbers), new_user(sandbox, numbers)
    with (
        open_recall(sandbox.url, SecretStr("sandbox-key"), retry_policy=AT_ONCE) as recall,
        open_recall(sandbox.url, SecretStr("sandbox-key"), retry_policy=AT_ONCE) as other_process,
        ThreadPoolExecutor(1) as pool,
    ):
        sandbox.break_calls(MEETINGS, delay_ms=600, times=1)
        sandbox.forget_asked()
        running = pool.submit(a_pass, store, recall, threads=1)
        while not sandbox.asked("GET", MEETINGS):
            sleep(0.01)
        name = everyone(store)[last].user.external_id or ""
        other_process.delete_user(name)
        read_users(store, other_process, now=utc_now())
        done = running.result(30)
    assert (done.state, done.failures) == (PassState.COMPLETE, ())
    assert name not in {user["external_id"] for user in Raw(sandbox).users()}
    assert everyone(store)[last].vanished_at is not None
    assert everyone(store)[first].vanished_at is None


def test_a_user_that_cannot_be_read_is_named_kept_and_stale_and_stops_nobody(
    store: Store, recall: Recall, sandbox: Sandbox
) -> None:
    a_pass(store, recall)
    before = {user: calendar(store, user) for user in everyone(store)}
    sandbox.break_calls(MEETINGS, status=200, body={"surprise": ["<b>nonsense</b>"]}, times=1)
    done = a_pass(store, recall)
    (failure,) = done.failures
    assert (done.state, done.counts["users_failed"]) == (PassState.COMPLETE, 1)
    assert "could not be read" in failure.why
    row = everyone(store)[failure.user.id]
    assert (row.stale, row.failure) == (True, "unreadable")
    assert row.read_at is not None
    assert row.read_at < latest(store).begun_at
    assert calendar(store, failure.user.id).keys() == before[failure.user.id].keys()
    assert as_of(store) == latest(store).begun_at
    others = [other for other in everyone(store).values() if other.user.id != failure.user.id]
    assert not any(other.stale for other in others)
    again = a_pass(store, recall)
    assert (again.failures, everyone(store)[failure.user.id].stale) == ((), False)
    read_at = everyone(store)[failure.user.id].read_at
    assert read_at is not None
    assert read_at >= latest(store).begun_at


@pytest.mark.parametrize(
    ("fault", "kind", "word"),
    [
        ({"status": 401, "body": {"code": "not_authenticated"}}, RecallKeyRefused, "API key"),
        ({"status": 503, "body": "down"}, RecallUnreachable, "does not answer"),
    ],
)
def test_a_recall_that_refuses_the_list_ends_the_pass_and_changes_nothing(
    store: Store, recall: Recall, sandbox: Sandbox, file: Path, fault: dict[str, Any], kind: type[Exception], word: str
) -> None:
    a_pass(store, recall)
    before, instant = rows(file), as_of(store)
    sandbox.break_calls("*", times=None, **fault)
    sandbox.forget_asked()
    done = a_pass(store, recall)
    assert isinstance(done.problem, kind)
    assert (done.state, latest(store).state, as_of(store)) == (PassState.PARTIAL, PassState.PARTIAL, instant)
    assert word in (latest(store).problem or "")
    assert len(sandbox.asked()) == 1
    after = rows(file)
    assert sum(_changed(before[name], after[name]) for name in ("calendar_user", "entry", "entry_details", "bot")) <= 2


@pytest.mark.parametrize(
    ("fault", "kind", "calls"),
    [
        ({"status": 402, "body": {"code": "out_of_credit"}}, RecallOutOfCredit, 1),
        ({"status": 502, "body": "bad gateway"}, RecallUnreachable, FAILURES_IN_A_ROW),
        ({"drop": True}, RecallUnreachable, FAILURES_IN_A_ROW),
    ],
)
def test_a_recall_that_refuses_everybody_in_the_middle_is_not_hammered(
    store: Store, recall: Recall, sandbox: Sandbox, fault: dict[str, Any], kind: type[Exception], calls: int
) -> None:
    a_pass(store, recall)
    sandbox.break_calls(MEETINGS, times=None, **fault)
    sandbox.forget_asked()
    done = a_pass(store, recall)
    assert isinstance(done.problem, kind)
    assert (done.state, done.failures) == (PassState.PARTIAL, ())
    assert not any(row.stale for row in everyone(store).values())
    ahead = 2 * 4  # of as many threads, each has one under way and one waiting to be stored
    assert len(sandbox.asked("GET", MEETINGS)) <= calls + ahead
    sandbox.heal()
    assert a_pass(store, recall).state is PassState.COMPLETE


def test_a_list_with_a_page_missing_leaves_the_pass_partial_and_nobody_gone(
    store: Store, recall: Recall, sandbox: Sandbox
) -> None:
    a_pass(store, recall)
    instant, known = as_of(store), everyone(store)
    some = Raw(sandbox).users()[:3]
    sandbox.break_calls(USERS, status=200, body={"results": some, "next": "http://elsewhere.example/more"}, times=1)
    done = a_pass(store, recall)
    assert (done.state, as_of(store), done.failures) == (PassState.PARTIAL, instant, ())
    assert "may be missing" in (latest(store).problem or "")
    assert [row.vanished_at for row in everyone(store).values()] == [row.vanished_at for row in known.values()]


def test_a_clock_put_back_an_hour_loses_nothing(
    store: Store, recall: Recall, sandbox: Sandbox, numbers: "count[int]", clock: SlidingClock
) -> None:
    user = new_user(sandbox, numbers)
    sandbox.add_meeting(user, start_in_seconds=-1800, length_minutes=10, title="Half an hour ago")
    clock.ahead = timedelta(hours=1)
    a_pass(store, recall, clock)
    clock.ahead = timedelta()
    sandbox.add_meeting(user, start_in_seconds=7200, title="Added since")
    done = a_pass(store, recall, clock)
    assert (done.state, done.counts["meetings_changed"]) == (PassState.COMPLETE, 1)
    assert as_of(store) == latest(store).begun_at <= utc_now()
    assert {each.entry.title for each in calendar(store, user).values()} == {"Half an hour ago", "Added since"}
    with store.read() as connection:
        for each in everyone(store):
            instant = latest(store).begun_at
            assert judge_user(connection, each, instant) == {
                stored.key: stored.verdict for stored in calendar(store, each).values()
            }


def test_personal_details_are_erased_in_time_and_no_figure_changes(store: Store, recall: Recall, file: Path) -> None:
    a_pass(store, recall)
    judged = {e.key: e.verdict for user in everyone(store) for e in calendar(store, user).values()}
    a_pass(store, recall, keep_personal=timedelta(days=10))
    with store.write() as connection:
        verdicts.judge_everyone_again(connection)
    a_pass(store, recall, keep_personal=timedelta(days=10))
    kept = [e for user in everyone(store) for e in calendar(store, user).values()]
    old = utc_now() - timedelta(days=10, hours=1)
    ended = [e for e in kept if e.entry.ends_at and e.entry.ends_at < old]
    assert len(ended) > 10
    assert all(e.erased and e.entry.title is None for e in ended)
    assert not any(e.erased for e in kept if e.entry.ends_at and e.entry.ends_at > old + timedelta(hours=1))
    now = {e.key: e.verdict for e in kept}
    changed = [key for key in judged if judged[key] != now[key]]
    assert len(changed) <= 2  # what began or ended meanwhile


def test_a_wrong_key_is_said_so(store: Store, sandbox: Sandbox) -> None:
    with open_recall(sandbox.url, SecretStr("not-the-key"), retry_policy=AT_ONCE) as recall:
        done = a_pass(store, recall)
    assert isinstance(done.problem, RecallKeyRefused)
    assert "not-the-key" not in f"{latest(store)} {done}"


def _changed(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> int:
    known = [tuple(row.items()) for row in before]
    return sum(tuple(row.items()) not in known for row in after) + max(0, len(before) - len(after))


def _facts(entry: Any) -> dict[str, Any]:
    return {
        "title": entry.title,
        "will_record": entry.will_record,
        "start": entry.start_time and entry.start_time.timestamp(),
        "end": entry.end_time and entry.end_time.timestamp(),
        "bot": entry.bot_id,
        "uid": entry.ical_uid,
        "attendees": len(entry.attendees),
    }


def _named(raw: dict[str, Any]) -> dict[str, Any]:
    def time(text: str | None) -> float | None:
        return datetime.fromisoformat(text).timestamp() if text else None

    return {
        "title": raw["title"],
        "will_record": raw["will_record"],
        "start": time(raw["start_time"]),
        "end": time(raw["end_time"]),
        "bot": raw["bot_id"],
        "uid": raw["ical_uid"],
        "attendees": len(raw["attendee_emails"] if "attendee_emails" in raw else raw["attendees"]),
    }

"""Whatever stands in a field of Recall's answers: no pass ends for it, nobody goes unread for it, each is counted."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel, SecretStr

from lib.errors import RecallError, UnknownCalendarUser
from lib.queries.workspace import load_workspace
from lib.recall_api import Recall, open_recall, schemas
from lib.report.__main__ import question_of
from lib.report.figures import report_of
from lib.store import Store
from lib.store.passes import PassState
from lib.sync import PassResult
from tests.contract.conftest import AT_ONCE
from tests.contract.report.raw_world import ask
from tests.contract.sync.passes.looking import a_pass, everyone
from tests.contract.sync.passes.spoiling import Spoilt, is_of_another_type, spoilt
from tests.running import Sandbox, running_sandbox

Json: TypeAlias = dict[str, Any]
Passed: TypeAlias = Callable[[], PassResult]

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAYS = (str(NOON.date() - timedelta(days=70)), str(NOON.date() + timedelta(days=40)))
EVERYTHING = {"record_external": True, "record_internal": True}
HOUR = 3600
COUNTED = ("users", "meetings_seen")
NEEDED = (("id",), ("start_time",), ("will_record",))
"""Fields of a meeting without which, or with another type of which, nobody can count it."""


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """At noon, for ever, with a few users whom nothing happens to."""
    with running_sandbox(tmp_path, users=4, meetings=10) as sandbox:
        sandbox.control("POST", "clock/", {"now": NOON.isoformat(), "frozen": True})
        sandbox.control("POST", "settings/", {"booking_lag_seconds": 0})
        yield sandbox


@pytest.fixture
def fresh(sandbox: Sandbox) -> Callable[[], Recall]:
    """Makes clients that know no token yet."""
    return lambda: open_recall(sandbox.url, SecretStr(sandbox.key), clock=lambda: NOON, retry_policy=AT_ONCE)


@pytest.fixture
def passed(store: Store, fresh: Callable[[], Recall]) -> Passed:
    """One pass, the first at noon, each a minute after the last."""
    minutes = count()

    def once() -> PassResult:
        moment = NOON + timedelta(minutes=next(minutes))
        with fresh() as recall:
            return a_pass(store, recall, clock=lambda: moment)

    return once


@pytest.fixture
def witness(sandbox: Sandbox) -> str:
    """A colleague of those whose rows are spoilt, with meetings recorded and to come."""
    id_ = add_user(sandbox, "witness")
    for hours in (-30, -2, 1, 30):
        sandbox.add_meeting(id_, start_in_seconds=hours * HOUR, ical_uid="shared")
    return id_


def add_user(sandbox: Sandbox, name: str) -> str:
    return str(sandbox.add_user(name, email=f"{name}@acme.example", preferences=EVERYTHING)["id"])


class Said:
    """What the report says of the store as it stands: of everybody, or of one user."""

    def __init__(self, store: Store) -> None:
        self._snapshot = load_workspace(store)

    def of(self, user: str | None = None) -> Json:
        words = ["--from", DAYS[0], "--to", DAYS[1], "--format", "json", *(["--user", user] if user else [])]
        said = report_of(self._snapshot, question_of(words), ZoneInfo("UTC")).figures
        return {name: figure for name, figure in said.items() if name != "as_of"}

    def entries(self, user: str) -> int:
        """All that is counted of this user's calendar."""
        said = self.of(user)
        parts = (said[part]["entries"] for part in ("upcoming", "in_progress", "ended"))
        return int(said["without_start"] + sum(parts))


def read_after_noon(store: Store) -> set[str]:
    """The users whose meetings were read by another pass than the first."""
    return {id_ for id_, row in everyone(store).items() if row.read_at is not None and row.read_at > NOON}


def ended_well(done: PassResult) -> bool:
    """Complete, with nobody unread."""
    return (done.state, done.failures) == (PassState.COMPLETE, ())


def test_any_field_of_a_meeting_costs_its_row_at_most(
    store: Store, sandbox: Sandbox, passed: Passed, witness: str
) -> None:
    sample = sandbox.add_meeting(witness, start_in_seconds=HOUR, is_external=True)
    rows = list(spoilt(sample, schemas.WireMeeting))
    kinds = {"odd": [row for row in rows if is_of_another_type(row, schemas.WireMeeting)]}
    for row in rows:
        if row not in kinds["odd"]:
            kinds.setdefault(row.how, []).append(row)
    people = {how: add_user(sandbox, f"user-{number}") for number, how in enumerate(kinds)}
    passed()
    before = Said(store).of(witness)
    added = {how: add_meetings(sandbox, people[how], sample, of_one) for how, of_one in kinds.items()}

    assert ended_well(passed())
    said = Said(store)
    assert said.of(witness) == before
    for how, user in people.items():
        assert said.entries(user) + said.of(user)["unreadable_rows"] == len(added[how]), how
    odd, unreadable = said.of(people["odd"]), [row for row in kinds["odd"] if row.place in NEEDED]
    assert (odd["unreadable_rows"], odd["odd_rows"]) == (len(unreadable), len(kinds["odd"]) - len(unreadable))
    assert odd["odd_rows"] > 120

    for id_ in (id_ for of_one in added.values() for id_ in of_one):
        sandbox.control("PATCH", f"meetings/{id_}/", {"extra": {}, "omit": []})
    assert ended_well(passed())
    said = Said(store)
    assert (said.of()["unreadable_rows"], said.of()["odd_rows"]) == (0, 0)
    assert {how: said.entries(user) for how, user in people.items()} == {how: len(ids) for how, ids in added.items()}


def add_meetings(sandbox: Sandbox, user: str, sample: Json, rows: list[Spoilt]) -> list[str]:
    """A meeting of this user's for each of the rows, spoilt as that is; their ids."""
    starts = (HOUR * (number + 2) for number in range(len(rows)))
    facts = [{"user": user, "start_in_seconds": start} for start in starts]
    ids = [each["id"] for each in sandbox.control("POST", "meetings/", facts)]
    for id_, row in zip(ids, rows, strict=True):
        sandbox.control("PATCH", f"meetings/{id_}/", row.against(sample))
    return ids


def test_any_field_of_a_user_costs_its_row_at_most(
    store: Store, sandbox: Sandbox, passed: Passed, witness: str
) -> None:
    number_of_users = len(list(spoilt(sandbox.add_user("sample", email="s@x.example"), schemas.WireUser)))
    added = [
        sandbox.add_user(f"u{n}", email=f"u{n}@acme.example", preferences=EVERYTHING) for n in range(number_of_users)
    ]
    rows = {user["id"]: list(spoilt(user, schemas.WireUser))[number] for number, user in enumerate(added)}
    named = {id_: row for id_, row in rows.items() if row.place[0] not in ("id", "external_id")}
    meetings = [{"user": id_, "start_in_seconds": HOUR * 2} for id_ in rows]
    sandbox.control("POST", "meetings/", meetings)
    passed()
    before = Said(store).of(witness)
    for user in added:
        sandbox.control("PATCH", f"users/{user['id']}/", rows[user["id"]].against(user))

    listed = len(users_of(sandbox))
    done, said = passed(), Said(store)
    assert done.state == PassState.COMPLETE
    assert [failure.why for failure in done.failures if failure.user.id in named] == []
    assert named.keys() <= read_after_noon(store)
    assert said.of(witness) == before
    for id_, row in named.items():
        of_one = said.of(id_)
        assert (of_one["users"], of_one["users_unreadable"], said.entries(id_)) == (1, 0, 1), row
    assert done.counts["users"] + done.counts["users_unreadable"] == listed
    odd = [row for row in rows.values() if is_of_another_type(row, schemas.WireUser)]
    assert done.counts["users_odd"] + done.counts["users_unreadable"] >= len(odd) > 60

    for id_ in rows:
        sandbox.control("PATCH", f"users/{id_}/", {"extra": {}, "omit": []})
    assert ended_well(passed())
    said = Said(store)
    assert said.of(witness) == before
    assert {id_ for id_ in rows if said.entries(id_) != 1} == set()


def test_any_field_of_a_bot_costs_what_is_known_of_it_at_most(
    store: Store, sandbox: Sandbox, passed: Passed, witness: str
) -> None:
    passed()
    before = Said(store).of(witness)
    sample = bot_of(sandbox, sandbox.add_meeting(add_user(sandbox, "sample"), start_in_seconds=-2 * HOUR)["bot_id"])
    rows, user = list(spoilt(sample, schemas.WireBot)), add_user(sandbox, "user")
    facts = [{"user": user, "start_in_seconds": -HOUR * (2 + n % 20)} for n in range(len(rows))]
    bots = [each["bot_id"] for each in sandbox.control("POST", "meetings/", facts)]
    for bot_id, row in zip(bots, rows, strict=True):
        sandbox.control("PATCH", f"bots/{bot_id}/", row.against(sample))

    done, said = passed(), Said(store)
    assert ended_well(done)
    assert said.of(witness) == before
    assert done.counts["bots_seen"] + done.counts["bots_failed"] == done.counts["bots_wanted"] >= len(rows) > 200
    ended = said.of(user)["ended"]
    assert ended["held"] + ended["unsettled"] + ended["did_not_happen"] == ended["entries"] == len(rows)
    odd = sum(is_of_another_type(row, schemas.WireBot) for row in rows)
    assert done.counts["bots_odd"] + done.counts["bots_unreadable"] >= odd > 80

    for bot_id in bots:
        sandbox.control("PATCH", f"bots/{bot_id}/", {"extra": {}, "omit": []})
    assert ended_well(passed())
    assert Said(store).of(user)["ended"]["unsettled"] == 0


def test_rows_that_come_twice_count_once(store: Store, sandbox: Sandbox, passed: Passed, witness: str) -> None:
    first = passed()
    before, token = Said(store).of(), token_of(sandbox, "witness")
    bounds = "start_time_after=2026-10-01T00:00:00Z&start_time_before=2026-12-24T00:00:00Z"
    meetings = ask(f"{sandbox.url}/api/v1/calendar/meetings/?{bounds}", {"x-recallcalendarauthtoken": token})
    bots = ask(f"{sandbox.url}/api/v1/bot/", by_key(sandbox))
    sandbox.break_calls("/api/v1/calendar/users/", status=200, body=users_of(sandbox) * 2, times=None)
    sandbox.break_calls("/api/v1/calendar/meetings/", status=200, body=meetings * 2, times=None, user="witness")
    twice = bots | {"results": bots["results"] * 2, "next": None}
    sandbox.break_calls("/api/v1/bot/", status=200, body=twice, times=None)
    assert len(meetings) == 4
    done = passed()
    assert ended_well(done)
    assert [done.counts[name] for name in COUNTED] == [first.counts[name] for name in COUNTED]
    assert Said(store).of() == before


def test_any_token_that_is_none_costs_one_user_one_pass(
    store: Store, sandbox: Sandbox, passed: Passed, witness: str
) -> None:
    bodies: list[Any] = [row.body for row in spoilt({"token": token_of(sandbox, "witness")}, Token)]
    bodies += [[], [None], 7, None, True, {"token": "two\r\nlines"}, {"token": "\u00e9"}]
    people = [add_user(sandbox, f"user-{number}") for number in range(len(bodies))]
    passed()
    before = Said(store).of()
    for body in bodies:
        sandbox.break_calls("/api/v1/calendar/authenticate/", status=200, body=body, content_type="application/json")

    done = passed()
    assert done.state == PassState.COMPLETE
    assert len(people) // 2 < done.counts["users_failed"] == len(done.failures) <= len(bodies)
    said = Said(store).of()
    assert said == before | {"users_unreadable": before["users_unreadable"] + len(done.failures)}
    assert ended_well(passed())
    assert Said(store).of() == before


def test_a_single_answer_is_read_or_refused(sandbox: Sandbox, fresh: Callable[[], Recall], witness: str) -> None:
    user = next(user for user in users_of(sandbox) if user["id"] == witness)
    meeting = sandbox.add_meeting(witness, start_in_seconds=-HOUR)
    bot = bot_of(sandbox, meeting["bot_id"])
    cases = [
        *(("users", user, row) for row in spoilt(user, schemas.WireUser)),
        *(("meetings", meeting, row) for row in spoilt(meeting, schemas.WireMeeting)),
        *(("bots", bot, row) for row in spoilt(bot, schemas.WireBot)),
    ]
    refused = 0
    with fresh() as recall:
        ask_for: dict[str, Callable[[], object]] = {
            "users": lambda: recall.get_user("witness"),
            "meetings": lambda: recall.get_meeting("witness", meeting["id"]),
            "bots": lambda: recall.get_bot(bot["id"]),
        }
        for what, whole, row in cases:
            sandbox.control("PATCH", f"{what}/{whole['id']}/", row.against(whole))
            try:
                ask_for[what]()
            except (RecallError, UnknownCalendarUser):
                refused += 1
            sandbox.control("PATCH", f"{what}/{whole['id']}/", {"extra": {}, "omit": []})
    assert 20 < refused < len(cases) / 4


class Token(BaseModel):
    """Contract 3.1."""

    token: str


def by_key(sandbox: Sandbox) -> dict[str, str]:
    return {"Authorization": f"Token {sandbox.key}"}


def users_of(sandbox: Sandbox) -> list[Json]:
    found: list[Json] = ask(f"{sandbox.url}/api/v1/calendar/users/", by_key(sandbox))
    return found


def bot_of(sandbox: Sandbox, bot_id: str) -> Json:
    found: Json = ask(f"{sandbox.url}/api/v1/bot/{bot_id}/", by_key(sandbox))
    return found


def token_of(sandbox: Sandbox, external_id: str) -> str:
    minted = ask(f"{sandbox.url}/api/v1/calendar/authenticate/", by_key(sandbox), {"user_id": external_id})
    return str(minted["token"])

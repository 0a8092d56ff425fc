"""Whatever stands in a field of Recall's answers: no pass ends for it, nobody goes unread for it, each is counted."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from lib.errors import RecallError
from lib.reading.workspace import load_workspace
from lib.recall_api import Recall, open_recall, schemas
from lib.report.figures import report_of
from lib.report.question import question_of
from lib.store import Store
from lib.store.passes import State
from lib.sync import PassResult
from tests.contract.report.raw_world import ask
from tests.contract.sync.passes.conftest import AT_ONCE
from tests.contract.sync.passes.looking import a_pass
from tests.contract.sync.passes.spoiling import Spoilt, is_of_another_type, spoilt
from tests.running import Sandbox, running_sandbox

Json: TypeAlias = dict[str, Any]
Passed: TypeAlias = Callable[[], PassResult]

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAYS = (str(NOON.date() - timedelta(days=70)), str(NOON.date() + timedelta(days=40)))
EVERYTHING = {"record_external": True, "record_internal": True}
HOUR = 3600


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
    return lambda: open_recall(sandbox.url, SecretStr(sandbox.key), clock=lambda: NOON, patience=AT_ONCE)


@pytest.fixture
def passed(store: Store, fresh: Callable[[], Recall]) -> Passed:
    """One pass at noon."""

    def once() -> PassResult:
        with fresh() as recall:
            return a_pass(store, recall, clock=lambda: NOON)

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


def figures(store: Store, user: str | None = None) -> Json:
    """What the report says, of everybody or of one."""
    words = ["--from", DAYS[0], "--to", DAYS[1], "--format", "json", *(["--user", user] if user else [])]
    return report_of(load_workspace(store), question_of(words), ZoneInfo("UTC")).figures


def entries(said: Json) -> int:
    """All that the report counts of somebody's calendar."""
    return int(said["without_start"] + sum(said[part]["entries"] for part in ("upcoming", "in_progress", "ended")))


def ended_well(done: PassResult) -> bool:
    """Complete, with nobody unread."""
    return (done.state, done.failures) == (State.COMPLETE, ())


def test_any_field_of_a_meeting_costs_its_row_at_most(
    store: Store, sandbox: Sandbox, passed: Passed, witness: str
) -> None:
    sample = sandbox.add_meeting(witness, start_in_seconds=HOUR, is_external=True)
    rows = list(spoilt(sample, schemas.WireMeeting))
    odd = [row for row in rows if is_of_another_type(row, schemas.WireMeeting)]
    spoilt_so = {
        "odd": odd,
        **{how: [r for r in rows if r.how == how and r not in odd] for how in {r.how for r in rows}},
    }
    people = {how: add_user(sandbox, f"user-{number}") for number, how in enumerate(spoilt_so)}
    passed()
    before = figures(store, witness)
    added = {how: add_meetings(sandbox, people[how], sample, of_one) for how, of_one in spoilt_so.items()}

    assert ended_well(passed())
    assert figures(store, witness) == before
    for how, user in people.items():
        said = figures(store, user)
        assert entries(said) + said["unreadable_rows"] == len(added[how]), how
    said = figures(store, people["odd"])
    assert said["unreadable_rows"] + said["odd_rows"] == len(odd) > 150

    for id_ in (id_ for of_one in added.values() for id_ in of_one):
        sandbox.control("PATCH", f"meetings/{id_}/", {"extra": {}, "omit": []})
    assert ended_well(passed())
    said = figures(store)
    assert (said["unreadable_rows"], said["odd_rows"]) == (0, 0)
    assert all(entries(figures(store, user)) == len(added[how]) for how, user in people.items())


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
    count = len(list(spoilt(sandbox.add_user("sample", email="s@x.example"), schemas.WireUser)))
    added = [sandbox.add_user(f"u{n}", email=f"u{n}@acme.example", preferences=EVERYTHING) for n in range(count)]
    rows = [list(spoilt(user, schemas.WireUser))[number] for number, user in enumerate(added)]
    meetings = [{"user": user["id"], "start_in_seconds": HOUR * 2} for user in added]
    sandbox.control("POST", "meetings/", meetings)
    passed()
    before = figures(store, witness)
    for user, row in zip(added, rows, strict=True):
        sandbox.control("PATCH", f"users/{user['id']}/", row.against(user))

    done = passed()
    listed = ask(f"{sandbox.url}/api/v1/calendar/users/", {"Authorization": f"Token {sandbox.key}"})
    assert done.state == State.COMPLETE
    assert figures(store, witness) == before
    named = {
        user["id"]: row for user, row in zip(added, rows, strict=True) if row.place[0] not in ("id", "external_id")
    }
    assert [failure.why for failure in done.failures if failure.user.id in named] == []
    assert done.counts["users"] + done.counts["users_unreadable"] == len({str(user.get("id")) for user in listed})
    for id_ in named:
        said = figures(store, id_)
        assert (said["users"], said["users_unreadable"], entries(said)) == (1, 0, 1), named[id_]
    odd = [row for row in rows if is_of_another_type(row, schemas.WireUser) and row.place != ("id",)]
    assert done.counts["users_odd"] == len(odd) > 60

    for user in added:
        sandbox.control("PATCH", f"users/{user['id']}/", {"extra": {}, "omit": []})
    assert ended_well(passed())
    assert figures(store, witness) == before
    assert all(entries(figures(store, user["id"])) == 1 for user in added)

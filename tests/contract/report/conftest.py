"""What the report says of a workspace, and what that and the count by hand disagree in."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeAlias

import pytest

from lib.report.__main__ import main
from tests.contract.report.recount import recount
from tests.contract.report.synced import Json, Workspace

Differences: TypeAlias = list[str]
Report: TypeAlias = Callable[..., Json]
Compare: TypeAlias = Callable[..., Differences]


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Report:
    """What `python -m lib.report` prints about a workspace, without the second that a process takes to begin."""

    def say(workspace: Workspace, first: date, last: date, *words: str, zone: str = "UTC") -> Json:
        workspace.zone = zone
        workspace.settle(monkeypatch)
        code = main(["--from", str(first), "--to", str(last), "--format", "json", *words])
        said = capsys.readouterr()
        assert code == 0, said.err
        answer: Json = json.loads(said.out)
        return answer

    return say


@pytest.fixture
def compare(report: Report) -> Compare:
    """What the report and the count by hand disagree in: nothing."""

    def differences(
        workspace: Workspace,
        first: date,
        last: date,
        *,
        zone: str = "UTC",
        user: str | None = None,
        customer: str | None = None,
    ) -> Differences:
        words = (*(["--user", user] if user else []), *(["--customer", customer] if customer else []))
        said = report(workspace, first, last, *words, zone=zone)
        as_of = datetime.fromisoformat(said["as_of"])
        counted = recount(workspace.history, as_of, first, last, zone, user=user, customer=customer)
        return [
            *_different(said | {"as_of": as_of}, counted.figures),
            *counted.upcoming.differences(_of(said, "upcoming")),
            *counted.ended.differences(_of(said, "ended")),
        ]

    return differences


def _of(said: Json, part: str) -> Sequence[Json]:
    return [row for row in said["reasons"] if row["part"] == part]


def _different(said: Json, counted: Json) -> Differences:
    names = (said.keys() | counted.keys()) - {"reasons"}
    return [
        f"{name}: {said.get(name)}, not {counted.get(name)}" for name in names if said.get(name) != counted.get(name)
    ]

"""`python -m lib.report` as others script against it: what it prints, its exit codes, and what it says is wrong."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from lib.report.__main__ import main
from tests.contract.report.synced import Workspace, now, standing_still, sync_once

TODAY = now().date()
WHOLE = ("--from", str(TODAY - timedelta(days=62)), "--to", str(TODAY + timedelta(days=31)))
PART_NAMES = {
    "upcoming": ["entries", "meetings", "recordable", "will_record", "booked", "planned", "booked_rate"],
    "in_progress": ["entries", "meetings", "recordable", "booked", "recording"],
    "ended": [
        *("entries", "meetings", "recordable", "unsettled", "did_not_happen", "held", "asked", "recorded"),
        *("coverage", "reach", "delivery"),
    ],
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A small world with one complete pass over it."""
    with standing_still(tmp_path_factory.mktemp("command"), now(), users=10, meetings=20) as workspace:
        sync_once(workspace)
        workspace.look(now())
        yield workspace


@pytest.fixture
def settings(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.settle(monkeypatch)


def test_the_command_prints_one_object_with_the_names_that_were_agreed(workspace: Workspace) -> None:
    ended = workspace.run("lib.report", *WHOLE, "--format", "json")
    assert (ended.returncode, ended.stderr) == (0, "")
    said = json.loads(ended.stdout)
    assert list(said) == [
        *("as_of", "from", "to", "time_zone", "users", "users_connected", "users_unreadable", "without_start"),
        *("upcoming", "in_progress", "ended", "unreadable_rows", "odd_rows", "reasons"),
    ]
    assert {part: list(said[part]) for part in PART_NAMES} == PART_NAMES
    assert {tuple(row) for row in said["reasons"]} == {("part", "reason", "class", "owner", "meetings", "basis")}
    assert (said["from"], said["to"], said["time_zone"]) == (WHOLE[1], WHOLE[3], "UTC")


def test_the_command_asks_nobody(workspace: Workspace) -> None:
    workspace.sandbox.forget_asked()
    assert workspace.run("lib.report", *WHOLE, "--format", "json").returncode == 0
    assert workspace.sandbox.asked() == []


@pytest.mark.usefixtures("settings")
def test_the_csv_is_the_table_of_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WHOLE, "--format", "json"]) == 0
    reasons = json.loads(capsys.readouterr().out)["reasons"]
    assert main([*WHOLE, "--format", "csv"]) == 0
    rows = list(csv.DictReader(StringIO(capsys.readouterr().out)))
    assert [row | {"meetings": int(row["meetings"])} for row in rows] == reasons
    assert len(reasons) > 3


@pytest.mark.usefixtures("settings")
def test_a_range_without_meetings_has_zeros_and_no_rates(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--from", "1999-01-01", "--to", "1999-01-01", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    rates = {name: said[part][name] for part, name in _RATES}
    assert set(rates.values()) == {None}
    assert said["reasons"] == []
    counts = {said[part][name] for part, names in PART_NAMES.items() for name in names if (part, name) not in _RATES}
    assert counts == {0}


@pytest.mark.usefixtures("settings")
def test_a_range_of_thousands_of_years_counts_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--from", "0001-01-01", "--to", "9999-12-31", "--format", "json"]) == 0
    wide = json.loads(capsys.readouterr().out)
    assert main([*WHOLE, "--format", "json"]) == 0
    assert wide["ended"] == json.loads(capsys.readouterr().out)["ended"]


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--user", "no-such-user"), "Recall has never listed a user with the id 'no-such-user'."),
        (("--customer", "Nobody Ltd"), "No user's customer is called 'Nobody Ltd'."),
        (("--customer", ""), "No user's customer is called ''."),
        (("--to", "1999-01-01"), "--to 1999-01-01 lies before --from"),
        (("--from", "today"), "'today' is not a day."),
    ],
)
def test_what_cannot_be_answered_is_told_in_a_sentence(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WHOLE, "--format", "json", *words]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err


@pytest.mark.usefixtures("settings")
def test_a_user_of_another_customer_is_not_counted_silently(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    user, customer = next((user, name) for user, name in workspace.history.customers.items() if name)
    assert main([*WHOLE, "--format", "json", "--user", user, "--customer", "unassigned"]) == 1
    assert "not one of that customer's" in capsys.readouterr().err
    assert main([*WHOLE, "--format", "json", "--user", user, "--customer", customer or ""]) == 0
    assert json.loads(capsys.readouterr().out)["users"] == 1


@pytest.mark.usefixtures("settings")
def test_case_does_not_count_in_a_customers_name(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    for customer in {customer or "unassigned" for customer in workspace.history.customers.values()}:
        said = []
        for spelt in (customer, customer.upper()):
            assert main([*WHOLE, "--format", "json", "--customer", spelt]) == 0
            said.append(capsys.readouterr().out)
        assert said[0] == said[1]


def test_before_the_first_complete_pass_there_is_nothing_to_count(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(workspace, folder=tmp_path).settle(monkeypatch)
    assert main([*WHOLE, "--format", "json"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Nothing can be counted yet: no pass over the workspace is complete.")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_told_in_a_sentence(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sandbox.db").write_bytes(b"=no store at all=" * 1000)
    replace(workspace, folder=tmp_path).settle(monkeypatch)
    assert main([*WHOLE, "--format", "csv"]) == 1
    assert "sandbox.db is not a store" in capsys.readouterr().err


def test_a_store_filled_from_another_recall_is_refused(workspace: Workspace) -> None:
    other = {"RECALL_API_KEY": "k", "RECALL_BASE_URL": "http://127.0.0.1:9"}
    ended = workspace.run("lib.report", *WHOLE, "--format", "json", **other)
    assert ended.returncode == 1
    assert "was filled from" in ended.stderr
    assert "Traceback" not in ended.stderr


_RATES = {
    ("upcoming", "planned"),
    ("upcoming", "booked_rate"),
    ("ended", "coverage"),
    ("ended", "reach"),
    ("ended", "delivery"),
}

"""What a CSV says of users' customers holds in the report too."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lib.commands.customers import apply_customers, preview
from lib.customer.csv_file import read_customers
from lib.staff import accounts
from lib.staff.permissions import Role
from lib.store import open_store
from tests.contract.report.conftest import Compare, Report
from tests.contract.report.synced import standing_still, sync_at

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAYS = (NOON.date() - timedelta(days=3), NOON.date() + timedelta(days=4))
NAMES = ("Globex & Sons", "=cmd|'/c calc'!A1")


def test_users_of_one_customer_by_csv_share_their_meetings(tmp_path: Path, report: Report, compare: Compare) -> None:
    with standing_still(tmp_path, NOON, users=2, meetings=4) as workspace:
        anna, gina, zoe = (
            workspace.sandbox.add_user(address.partition("@")[0], email=address, preferences={"record_internal": True})
            for address in ("anna@acme.example", "gina@gmail.com", "zoe@globex.example")
        )
        everyone = [user["id"] for user in (anna, gina, zoe)]
        for hours in (-30, 2, 30):
            shared = {"users": everyone, "start_in_seconds": hours * 3600, "ical_uid": f"call {hours}"}
            workspace.sandbox.control("POST", "meetings/", shared)
        sync_at(workspace, NOON)
        workspace.look(NOON)
        assert compare(workspace, *DAYS, customer="acme.example") == []

        for name in NAMES:
            _apply(workspace.folder, f'user,customer\nanna,"{name}"\ngina@gmail.com,"{name}"\n')
            workspace.history.customers |= {anna["id"]: name, gina["id"]: name}
            for customer in (name, "globex.example", "unassigned", None):
                assert compare(workspace, *DAYS, customer=customer) == []
            said = report(workspace, *DAYS, "--customer", name)
            assert (said["users"], said["upcoming"]["entries"], said["upcoming"]["meetings"]) == (2, 4, 2)


def test_a_customer_called_unassigned_is_told_from_users_without_one(tmp_path: Path, report: Report) -> None:
    with standing_still(tmp_path, NOON, users=2, meetings=4) as workspace:
        for address in ("anna@acme.example", "zoe@globex.example", "gina@gmail.com"):
            added = workspace.sandbox.add_user(address.partition("@")[0], email=address)
            workspace.sandbox.add_meeting(added["id"], start_in_seconds=7200)
        sync_at(workspace, NOON)
        assert _users_and_entries(report(workspace, *DAYS, "--customer", "Unassigned")) == (1, 1)
        _apply(workspace.folder, "user,customer\nanna,unassigned\nzoe,unassigned\n")
        for asked in ("unassigned", "Unassigned"):
            assert _users_and_entries(report(workspace, *DAYS, "--customer", asked)) == (2, 2)
        assert _users_and_entries(report(workspace, *DAYS, "--no-customer")) == (1, 1)


def _users_and_entries(said: Any) -> tuple[int, int]:
    return said["users"], said["upcoming"]["entries"]


def _apply(folder: Path, text: str) -> None:
    with closing(open_store(f"sqlite:///{folder / 'sandbox.db'}", recall_base_url="http://127.0.0.1")) as store:
        admin = accounts.find(store, "ada")
        admin = admin or accounts.add(store, "ada", role=Role.ADMIN, display="Ada", password="a long enough one")
        file = read_customers(text.encode())
        apply_customers(store, admin, file, preview(store, admin, file))

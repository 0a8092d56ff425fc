"""A CSV of customers is applied by who may, as it was shown, or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.commands.customers import apply_customers, preview
from lib.customer.csv_file import read_customers
from lib.errors import NotPermitted, PreviewOutdated
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import Store, assignments, migrate, open_store, users, users_list
from tests.contract.store.making import NOON, at, user

FILE = read_customers(b"user,customer,owner\next-ada,Globex,dana\next-bob,Initech,\n")
EDITOR = StaffMember("dana", "Dana Weiss", Role.EDITOR)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    migrate(url)
    opened = open_store(url, recall_base_url="http://127.0.0.1")
    accounts.add(opened, "dana", role=Role.EDITOR, display="Dana Weiss", password="a long enough password")
    with opened.write() as connection:
        users_list.store(connection, [user("ada"), user("bob")], read_at=NOON, complete=True)
    yield opened
    opened.close()


def customers(store: Store) -> list[str | None]:
    with store.read() as connection:
        return [row.customer for row in users.everyone(connection)]


def test_what_was_shown_is_applied_under_the_name_of_who_confirmed(store: Store, editor: StaffMember) -> None:
    applied = apply_customers(store, editor, FILE, preview(store, EDITOR, FILE), clock=lambda: at(1))
    assert (applied.by, applied.at, applied.counts["users"], applied.counts["owners"]) == ("dana", at(1), 2, 1)
    assert customers(store) == ["Globex", "Initech"]


def test_a_preview_changes_nothing(store: Store) -> None:
    assert len(preview(store, EDITOR, FILE).users) == 2
    assert customers(store) == ["acme.com", "acme.com"]


def test_who_may_only_look_changes_nothing(store: Store, viewer: StaffMember) -> None:
    shown = preview(store, EDITOR, FILE)
    with pytest.raises(NotPermitted, match="editor"):
        apply_customers(store, viewer, FILE, shown)
    assert customers(store) == ["acme.com", "acme.com"]


def test_a_preview_of_other_users_is_not_applied(store: Store, editor: StaffMember) -> None:
    shown = preview(store, EDITOR, FILE)
    with store.write() as connection:
        users_list.store(connection, [user("ada"), user("bob", connected=False)], read_at=at(1), complete=True)
    with pytest.raises(PreviewOutdated):
        apply_customers(store, editor, FILE, shown)
    assert customers(store) == ["acme.com", "acme.com"]
    apply_customers(store, editor, FILE, preview(store, EDITOR, FILE))
    assert customers(store) == ["Globex", "Initech"]


def test_a_second_click_applies_nothing_twice(store: Store, editor: StaffMember) -> None:
    shown = preview(store, EDITOR, FILE)
    apply_customers(store, editor, FILE, shown)
    with pytest.raises(PreviewOutdated):
        apply_customers(store, editor, FILE, shown)
    with store.read() as connection:
        assert len(assignments.history(connection)) == 1


def test_an_owner_whose_account_was_disabled_meanwhile_is_not_set(store: Store, editor: StaffMember) -> None:
    shown = preview(store, EDITOR, FILE)
    ann = accounts.add(store, "ann", role=Role.ADMIN, display="Ann", password="a long enough password")
    accounts.disable(store, "dana")
    with pytest.raises(PreviewOutdated):
        apply_customers(store, editor, FILE, shown)
    assert preview(store, ann, FILE).owners == ()

"""The sandbox's accounts for trying it."""

from pathlib import Path

import pytest
from streamlit_authenticator.utilities.hasher import Hasher

from lib.errors import StaffError
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.demo import add_demo_staff
from lib.staff.permissions import Role
from lib.store import Store, migrate, open_store


def test_the_sandbox_has_a_viewer_an_editor_and_an_admin_with_a_known_password(store: Store) -> None:
    demo = add_demo_staff(store)
    assert accounts.everyone(store) == (
        StaffMember("admin", "Ada Okafor", Role.ADMIN),
        StaffMember("editor", "Dana Weiss", Role.EDITOR),
        StaffMember("viewer", "Vera Lind", Role.VIEWER),
    )
    assert {d.password for d in demo} == {"sandbox-demo"}
    assert Hasher.check_pw("sandbox-demo", accounts.credentials(store)["viewer"]["password"])


def test_adding_them_again_leaves_what_was_changed_meanwhile(store: Store) -> None:
    add_demo_staff(store)
    accounts.change(store, "viewer", role=Role.EDITOR)
    accounts.disable(store, "editor")
    before = accounts.credentials(store), accounts.everyone(store)
    add_demo_staff(store)
    assert (accounts.credentials(store), accounts.everyone(store)) == before


def test_somebody_elses_account_of_the_same_name_is_never_touched(store: Store) -> None:
    theirs = accounts.add_with_hash(store, "admin", role=Role.ADMIN, display="Real Person", password_hash="theirs")
    add_demo_staff(store)
    assert accounts.find(store, "admin") == theirs
    assert accounts.credentials(store)["admin"]["password"] == "theirs"
    assert accounts.find(store, "viewer") is not None


def test_a_store_of_the_real_recall_gets_no_demo_accounts(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'real.db'}"
    migrate(url)
    real = open_store(url, recall_base_url="https://us-west-2.recall.ai")
    with pytest.raises(StaffError, match="for the sandbox only"):
        add_demo_staff(real)
    assert accounts.everyone(real) == ()
    real.close()

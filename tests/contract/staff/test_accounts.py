"""Accounts: added, changed, disabled, found, and handed to the sign-in form."""

import copy
from collections.abc import Callable

import pytest
from streamlit_authenticator.utilities.hasher import Hasher

from lib.errors import StaffError
from lib.settings import Settings
from lib.staff import accounts, sessions
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, Role
from lib.staff.provider_accounts import require_way_in
from lib.store import Store
from lib.store import staff as rows

BY_PASSWORD = Settings(_env_file=None, oidc_metadata_url=None)


def signed_in(store: Store, name: str) -> str:
    cookie = sessions.redeem(store, sessions.mint_ticket(store, name))
    assert cookie is not None
    return cookie


def stored(store: Store, name: str) -> rows.StaffRow:
    with store.read() as connection:
        row = rows.find(connection, name)
    assert row is not None
    return row


def test_an_account_that_was_added_can_sign_in_with_its_password_alone(store: Store) -> None:
    added = accounts.add(store, "Ada", role=Role.ADMIN, display=" Ada Okafor ", password="correct horse")
    assert added == StaffMember("ada", "Ada Okafor", Role.ADMIN) == accounts.find(store, "ADA")
    known = accounts.credentials(store)["ada"]
    assert (known["name"], known["roles"]) == ("Ada Okafor", ["admin"])
    assert Hasher.check_pw("correct horse", known["password"])
    assert not Hasher.check_pw("correct Horse", known["password"])


def test_a_name_that_exists_is_refused_and_left_as_it_was(staffed: Store) -> None:
    before = stored(staffed, "vera")
    with pytest.raises(StaffError, match="an account vera already"):
        accounts.add(staffed, "Vera", role=Role.ADMIN, display="Other", password="correct horse")
    assert stored(staffed, "vera") == before


@pytest.mark.parametrize("display", ["", "  ", "x" * 101, "two\nlines", "\x1b[31mred", "\u202eright to left"])
def test_a_display_name_that_cannot_be_shown_is_refused(store: Store, display: str) -> None:
    with pytest.raises(StaffError, match="display name needs"):
        accounts.add(store, "ada", role=Role.VIEWER, display=display, password="correct horse")
    assert accounts.everyone(store) == ()


def test_everyone_is_listed_by_name_disabled_ones_too(staffed: Store) -> None:
    accounts.disable(staffed, "dana")
    assert [(m.name, m.active) for m in accounts.everyone(staffed)] == [("ada", True), ("dana", False), ("vera", True)]


@pytest.mark.parametrize("name", ["nobody", "", "ad a", "x" * 1000, "ada'; DROP TABLE staff; --"])
def test_nobody_is_found_by_a_name_that_is_not_there(staffed: Store, name: str) -> None:
    assert accounts.find(staffed, name) is None


@pytest.mark.parametrize("change", [accounts.change, accounts.disable, accounts.enable])
def test_an_unknown_name_cannot_be_changed(staffed: Store, change: Callable[[Store, str], object]) -> None:
    with pytest.raises(StaffError, match="no account nobody"):
        change(staffed, "nobody")


def test_the_form_is_given_active_accounts_with_a_password_only(staffed: Store) -> None:
    accounts.disable(staffed, "dana")
    with staffed.write() as connection:
        rows.change(connection, "vera", password_hash=None)
    assert set(accounts.credentials(staffed)) == {"ada"}


def test_what_the_form_writes_into_its_dictionary_reaches_nobody_else(staffed: Store) -> None:
    first = accounts.credentials(staffed)
    untouched = copy.deepcopy(first)
    first["ada"]["logged_in"] = True
    assert accounts.credentials(staffed) == untouched


def test_a_role_given_to_somebody_signed_in_applies_at_the_next_look_up(staffed: Store) -> None:
    cookie = signed_in(staffed, "vera")
    accounts.change(staffed, "vera", role=Role.EDITOR)
    session = sessions.find(staffed, cookie)
    assert session is not None
    assert session.staff.may(Permission.PREFERENCES_WRITE)
    accounts.change(staffed, "vera", role=Role.VIEWER)
    session = sessions.find(staffed, cookie)
    assert session is not None
    assert not session.staff.may(Permission.PREFERENCES_WRITE)


def test_a_new_password_replaces_the_old_one_and_ends_that_persons_sessions_alone(staffed: Store) -> None:
    veras, another_of_veras, danas = (signed_in(staffed, name) for name in ("vera", "vera", "dana"))
    accounts.change(staffed, "vera", password="something new")
    assert Hasher.check_pw("something new", stored(staffed, "vera").password_hash)
    assert stored(staffed, "vera").password_changed_at == stored(staffed, "vera").changed_at
    assert [sessions.find(staffed, cookie) is not None for cookie in (veras, another_of_veras, danas)] == [
        False,
        False,
        True,
    ]


def test_a_ticket_minted_before_a_new_password_begins_no_session(staffed: Store) -> None:
    ticket = sessions.mint_ticket(staffed, "vera")
    accounts.change(staffed, "vera", password="something new")
    assert sessions.redeem(staffed, ticket) is None


def test_a_disabled_account_is_out_at_once_and_stays_out_when_enabled_again(staffed: Store) -> None:
    cookie, ticket = signed_in(staffed, "vera"), sessions.mint_ticket(staffed, "vera")
    accounts.disable(staffed, "vera")
    assert sessions.find(staffed, cookie) is None
    assert sessions.redeem(staffed, ticket) is None
    with pytest.raises(StaffError, match="cannot sign in"):
        sessions.mint_ticket(staffed, "vera")
    accounts.enable(staffed, "vera")
    assert sessions.find(staffed, cookie) is None
    assert sessions.find(staffed, signed_in(staffed, "vera")) is not None


def test_the_last_active_admin_can_be_neither_disabled_nor_demoted(staffed: Store) -> None:
    cookie = signed_in(staffed, "ada")
    before = stored(staffed, "ada")
    with pytest.raises(StaffError, match="last active admin"):
        accounts.disable(staffed, "ada")
    with pytest.raises(StaffError, match="last active admin"):
        accounts.change(staffed, "ada", role=Role.EDITOR)
    assert stored(staffed, "ada") == before
    assert sessions.find(staffed, cookie) is not None


def test_an_admin_can_go_once_there_is_another(staffed: Store) -> None:
    accounts.change(staffed, "dana", role=Role.ADMIN)
    assert not accounts.disable(staffed, "ada").active
    with pytest.raises(StaffError, match="last active admin"):
        accounts.disable(staffed, "dana")


def test_somebody_who_is_no_admin_can_go_where_there_is_no_admin(staffed: Store) -> None:
    with staffed.write() as connection:
        rows.change(connection, "ada", active=False)
    assert not accounts.disable(staffed, "vera").active


def test_a_role_of_another_version_lets_nobody_in(staffed: Store) -> None:
    cookie = signed_in(staffed, "vera")
    with staffed.write() as connection:
        rows.change(connection, "vera", role="owner")
    with pytest.raises(StaffError, match="vera has a role that this version does not know"):
        sessions.find(staffed, cookie)
    assert accounts.change(staffed, "vera", role=Role.VIEWER).role is Role.VIEWER
    assert sessions.find(staffed, cookie) is not None


def test_without_an_active_account_the_sentence_has_the_command_that_adds_an_admin(store: Store) -> None:
    with pytest.raises(StaffError, match=r'python -m lib\.staff add NAME --role admin --display "FULL NAME"'):
        require_way_in(store, BY_PASSWORD)


def test_with_an_active_account_there_is_staff(staffed: Store) -> None:
    require_way_in(staffed, BY_PASSWORD)

"""The sign-in does the same work for every name, so that the time it takes does not tell which there are."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from time import thread_time

import pytest
from streamlit_authenticator.models.authentication_model import AuthenticationModel

from lib.errors import SignInLocked
from lib.staff import accounts
from lib.staff.locks import MISSES, Client
from lib.staff.passwords import hashed, nobodys_hash
from lib.staff.permissions import Role
from lib.store import Store, events, migrate, open_store
from lib.store.events import EventKind
from lib.ui.sign_in.credentials import Credentials, PasswordCheck

PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with ada, who is an admin, and dana, who is disabled, to copy."""
    file = tmp_path_factory.mktemp("door") / "desk.db"
    migrate(f"sqlite:///{file}")
    store = open_store(f"sqlite:///{file}", recall_base_url="http://127.0.0.1")
    for name, role in (("ada", Role.ADMIN), ("dana", Role.EDITOR)):
        accounts.add(store, name, role=role, display=name.title(), password=PASSWORD)
    accounts.disable(store, "dana")
    store.close()
    return file


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(made, tmp_path / "desk.db")
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}", recall_base_url="http://127.0.0.1")
    yield store
    store.close()


def checking(store: Store) -> tuple[PasswordCheck, Credentials]:
    """The check, as the form has it done."""
    credentials = Credentials(store, Client("192.0.2.7", b"a key of the tests"))
    return PasswordCheck(credentials), credentials


def seconds_of(check: Callable[[], bool | None]) -> float:
    """What it takes of this thread's time, the better of two."""
    took = []
    for _ in range(2):
        began = thread_time()
        assert not check()
        took.append(thread_time() - began)
    return min(took)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("nobody", "not the password"),
        ("dana", "not the password"),
        ("ada", ""),
        ("ada", "x" * 73),
        ("nobody", "x" * 100_000),
        ("ada", "é" * 37),
        ("ada", "half a sign \ud800"),
    ],
)
def test_whatever_is_typed_takes_as_long_as_a_wrong_password_of_somebody(
    store: Store, name: str, password: str, capsys: pytest.CaptureFixture[str]
) -> None:
    nobodys_hash()  # made at the start of the server
    model, _ = checking(store)
    usual = seconds_of(lambda: model.check_credentials("ada", "not the password"))
    assert 0.5 < seconds_of(lambda: model.check_credentials(name, password)) / usual < 2
    assert capsys.readouterr() == ("", "")


def test_streamlit_authenticators_own_check_tells_by_the_time_it_takes(store: Store) -> None:
    """Why it is not used: should this fail, it may be."""
    telling = AuthenticationModel({"usernames": accounts.credentials(store)}, auto_hash=False)
    usual = seconds_of(lambda: telling.check_credentials("ada", "not the password"))
    assert seconds_of(lambda: telling.check_credentials("nobody", "not the password")) < usual / 10
    assert seconds_of(lambda: telling.check_credentials("ada", "x" * 73)) < usual / 10


def test_a_name_that_is_locked_takes_as_long_as_well(store: Store) -> None:
    nobodys_hash()
    model, credentials = checking(store)
    for _ in range(MISSES):
        credentials.get("ada")
    usual = seconds_of(lambda: model.check_credentials("ada", "not the password"))

    def refused() -> bool:
        with pytest.raises(SignInLocked):
            credentials.get("ada")
        return False

    assert 0.5 < seconds_of(refused) / usual < 2


def test_nobodys_hash_asks_for_the_work_that_everybodys_does() -> None:
    assert nobodys_hash().split("$")[1:3] == hashed(PASSWORD).split("$")[1:3]


@pytest.mark.parametrize(("name", "told_of"), [("ada", "ada"), ("nobody", None), ("dana", None)])
def test_the_last_wrong_password_locks_and_is_told_by_the_name_of_an_account_alone(
    store: Store, name: str, told_of: str | None
) -> None:
    for _ in range(MISSES):
        _, credentials = checking(store)
        credentials.get(name)
        credentials.refuse()
    assert credentials.locked_until
    _, another = checking(store)
    with pytest.raises(SignInLocked):
        another.get(name)
    with store.read() as connection:
        found = events.numbered(connection, range(1, 50))
    told = [
        (each.kind, each.actor) for each in found if each.kind in (EventKind.SIGN_IN_REFUSED, EventKind.SIGN_IN_LOCKED)
    ]
    assert told == [(EventKind.SIGN_IN_REFUSED, told_of)] * MISSES + [(EventKind.SIGN_IN_LOCKED, told_of)]


def test_who_has_no_account_is_let_in_by_no_password(store: Store) -> None:
    model, _ = checking(store)
    assert model.check_credentials("ada", PASSWORD)
    for password in (PASSWORD, "", nobodys_hash()):
        assert not model.check_credentials("dana", password)
        assert not model.check_credentials("nobody", password)

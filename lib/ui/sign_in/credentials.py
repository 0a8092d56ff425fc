"""The accounts as streamlit-authenticator asks for them, and the check of a password.

The library's own check answers at once for an unknown name and for a password longer than bcrypt reads, which it also
prints: its time would tell which names exist, and such tries would cost nothing. Ours takes the same time for all.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st
from streamlit_authenticator.models.authentication_model import AuthenticationModel

from lib.bootstrap import desk
from lib.errors import SignInLocked
from lib.staff import accounts, locks, sessions
from lib.staff.locks import Client, key_of
from lib.staff.passwords import matches
from lib.store import Store
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import clock_time

Account = dict[str, Any]


def client() -> Client:
    """The client that types a password: its address as the server sees it, or as a trusted proxy forwards it."""
    return Client(st.context.ip_address, key_of(desk().settings))


def lock_message(lock: SignInLocked) -> str:
    """What is said after too many wrong passwords, whether or not the name has an account."""
    zone = viewer_zone()
    return f"There were too many wrong passwords. Try again at {clock_time(lock.until, zone)} ({zone.key})."


class Credentials(dict[str, Account]):
    """One form's accounts. Asked for a name's failed attempts before its password is checked, they count one more."""

    attempts = locks.MISSES

    def __init__(self, store: Store, client: Client):
        super().__init__(accounts.credentials(store))
        self.locked_until: datetime | None = None
        """Until when the name is locked for this client, should its password be wrong."""
        self._store, self._client = store, client
        self._asked = ""

    def get(self, name: str, default: Any = None) -> Mapping[str, int]:  # type: ignore[override]
        """Count an attempt: the library asks this first. Raises `SignInLocked` when the name may not be tried."""
        self._asked = name
        self.locked_until = locks.attempt(self._store, name, self._client)
        return {}

    def accept(self, name: str) -> None:
        """The password was right."""
        locks.passed(self._store, name, self._client)

    def refuse(self) -> None:
        """Record a wrong password, with the name only if it is an account's: what else was typed may be a password."""
        account = self._asked if self._asked in self else None
        (sessions.locked if self.locked_until else sessions.refused)(self._store, account)


class PasswordCheck(AuthenticationModel):  # type: ignore[misc]
    """streamlit-authenticator's model, with our check."""

    def __init__(self, credentials: Credentials):
        super().__init__({"usernames": {}}, auto_hash=False)
        self.credentials = {"usernames": credentials}  # it would have been copied into a plain dictionary
        self._credentials = credentials

    def check_credentials(self, username: str, password: str) -> bool:
        """Whether this is the password of the account of that name."""
        return matches(password, self._credentials[username]["password"] if username in self._credentials else None)

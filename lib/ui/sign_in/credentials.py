"""The accounts as streamlit-authenticator asks for them, and its check of a password.

Its own check answers at once for a name that it does not find, and for a password longer than bcrypt reads, of which it
also prints a line: the time would say which names there are, and such tries would cost nothing. So the check is ours,
which takes as long whatever was typed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st
from streamlit_authenticator.models.authentication_model import AuthenticationModel

from lib.bootstrap import desk
from lib.errors import SignInLocked
from lib.staff import accounts, locks, sessions
from lib.staff.locks import Door, key_of
from lib.staff.passwords import matches
from lib.store import Store
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import clock_time

Account = dict[str, Any]


def door() -> Door:
    """Where a password is typed: the browser's address as the server sees it, or as a trusted proxy names it."""
    return Door(st.context.ip_address, key_of(desk().settings))


def locked_words(lock: SignInLocked) -> str:
    """What is said after too many wrong passwords, of a name with an account or without."""
    zone = viewer_zone()
    return f"There were too many wrong passwords. Try again at {clock_time(lock.until, zone)} ({zone.key})."


class Doorkeeper(dict[str, Account]):
    """One form's accounts. Asked for a name's failed attempts before its password is looked at, it counts one more."""

    attempts = locks.MISSES

    def __init__(self, store: Store, door: Door):
        super().__init__(accounts.credentials(store)["usernames"])
        self.locked_until: datetime | None = None
        """Until when the name that was typed is locked from here, should the password be wrong."""
        self._store, self._door = store, door
        self._asked = ""

    def get(self, name: str, default: Any = None) -> Mapping[str, int]:  # type: ignore[override]
        """What is asked first of a name: that it may be tried. Raises `SignInLocked` where it may not."""
        self._asked = name
        self.locked_until = locks.attempt(self._store, name, self._door)
        return {}

    def let_in(self, name: str) -> None:
        """The password was right."""
        locks.passed(self._store, name, self._door)

    def refuse(self) -> None:
        """It was not: that is kept, by the name of an account that there is. What else was typed may be a password."""
        account = self._asked if self._asked in self else None
        (sessions.locked if self.locked_until else sessions.refused)(self._store, account)


class Check(AuthenticationModel):  # type: ignore[misc]
    """streamlit-authenticator's sign-in, asking a doorkeeper."""

    def __init__(self, keeper: Doorkeeper):
        super().__init__({"usernames": {}}, auto_hash=False)
        self.credentials = {"usernames": keeper}  # it would have been copied into a plain dictionary
        self._keeper = keeper

    def check_credentials(self, username: str, password: str) -> bool:
        """Whether it is the password of an account of that name."""
        return matches(password, self._keeper[username]["password"] if username in self._keeper else None)

"""The accounts as streamlit-authenticator asks for them: by the name that was typed, whatever it is.

It checks passwords of names that it finds, and tells the others at once: the time would say which names there are. So
here every name is found; who has no account is checked against a hash of a password that nobody knows.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lib.staff import accounts, locks, sessions
from lib.staff.locks import Door
from lib.staff.passwords import nobodys_hash
from lib.store import Store

Account = dict[str, Any]


class Doorkeeper(dict[str, Account]):
    """One form's accounts. Asked for a name's failed attempts before its password is looked at, it counts one more."""

    attempts = locks.MISSES

    def __init__(self, store: Store, door: Door):
        super().__init__(accounts.credentials(store)["usernames"])
        self.locked_until: datetime | None = None
        """Until when the name that was typed is locked from here, should the password be wrong."""
        self._store, self._door = store, door
        self._known, self._asked = frozenset(self), ""

    def get(self, name: str, default: Any = None) -> Mapping[str, int]:  # type: ignore[override]
        """What is asked first of a name: that it may be tried. Raises `SignInLocked` where it may not."""
        self._asked = name
        self.locked_until = locks.attempt(self._store, name, self._door)
        return {}

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Account:
        self[name] = {"name": "", "password": nobodys_hash(), "roles": []}
        return self[name]

    def let_in(self, name: str) -> None:
        """The password was right."""
        locks.passed(self._store, name, self._door)

    def refuse(self) -> None:
        """It was not: that is kept, by the name of an account that there is. What else was typed may be a password."""
        account = self._asked if self._asked in self._known else None
        (sessions.locked if self.locked_until else sessions.refused)(self._store, account)

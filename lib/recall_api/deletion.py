"""Deleting a user whose answer may be lost. Alone here because the obvious repair would undo it.

Minting a token creates the user again (contract 2.4), so after a lost answer nothing may mint for it before the users
list has been read, and a second request to delete goes out with the token of the first (contract 12.4).
"""

from threading import Lock

from lib.errors import RecallNotFound, RecallOutcomeUnknown, RecallTokenRefused
from lib.recall_api.allow_list import DELETE_USER
from lib.recall_api.calls import Calls
from lib.recall_api.known_users import KnownUsers
from lib.recall_api.tokens import CalendarToken, Tokens


class Deletion:
    """Deletes users. Remembers the tokens of those whose answer was lost. Thread-safe."""

    def __init__(self, calls: Calls, tokens: Tokens, known_users: KnownUsers):
        self._calls, self._tokens, self._roster = calls, tokens, known_users
        self._lock = Lock()
        self._unsettled: dict[str, CalendarToken] = {}

    def of(self, external_id: str) -> None:
        """Delete the user. Raises `RecallOutcomeUnknown` when the answer is lost; asking again then settles it."""
        with self._lock:
            used = self._unsettled.get(external_id)
        if used is not None and self._tokens.is_alive(used):
            self._again(used)
        else:
            self._first(external_id)
        self._forget(external_id)

    def _first(self, external_id: str) -> None:
        token = self._tokens.of(external_id)
        if not self._sent(token):
            token = self._tokens.instead_of(token)
            if not self._sent(token):
                raise RecallTokenRefused

    def _again(self, token: CalendarToken) -> None:
        """A refused token and an unknown user are what is left of a user who is gone."""
        try:
            self._sent(token)
        except RecallNotFound:
            return

    def _sent(self, token: CalendarToken) -> bool:
        """Whether Recall took it; False when it refused the token."""
        try:
            self._calls.make(DELETE_USER, lambda _: True, token=token)
        except RecallTokenRefused:
            return False
        except RecallOutcomeUnknown:
            self._forget(token.external_id)
            with self._lock:
                self._unsettled[token.external_id] = token
            raise
        return True

    def _forget(self, external_id: str) -> None:
        self._tokens.forget(external_id)
        self._roster.forget(external_id)
        with self._lock:
            self._unsettled.pop(external_id, None)

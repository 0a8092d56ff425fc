"""Creating and deleting calendar users, where the obvious repair of a lost answer would do harm.

Minting a token creates a missing user (contract 2.4). Everything else asks the users list first so that it never
happens; `Creation` does it on purpose. After a lost answer to a deletion nothing may mint for that user before the
users list has been read, and a second request to delete goes out with the token of the first (contract 12.4).
"""

from collections.abc import Callable
from threading import Lock

from pydantic import SecretStr

from lib.domain import CalendarUser, Listing
from lib.errors import (
    CalendarUserExists,
    RecallError,
    RecallLimited,
    RecallNotFound,
    RecallOutcomeUnknown,
    RecallTokenRefused,
    RecallUnreachable,
    RecallUnreadable,
)
from lib.recall_api.allow_list import DELETE_USER
from lib.recall_api.calls import Calls
from lib.recall_api.tokens import CalendarToken, KnownUsers, Tokens


class Creation:
    """Creates users. The token of a new user is dropped: the users list says who was created."""

    def __init__(
        self, list_users: Callable[[], Listing[CalendarUser]], mint: Callable[[str], SecretStr], tokens: Tokens
    ):
        self._list_users, self._mint, self._tokens = list_users, mint, tokens

    def of(self, external_id: str) -> CalendarUser:
        """Create the user. After a lost answer the users list tells whether it was created.

        Raises `CalendarUserExists`, also for an id that differs in case alone, which would mean a second user of one
        person, and a second bot; and `RecallOutcomeUnknown` when the list cannot be read.
        """
        if any(_is_same(user, external_id) for user in self._whole_list()):
            raise CalendarUserExists
        self._tokens.forget(external_id)
        lost = self._minted(external_id)
        try:
            made = [user for user in self._whole_list() if user.external_id == external_id]
        except (RecallUnreachable, RecallUnreadable, RecallLimited):
            raise RecallOutcomeUnknown from None
        if made:
            return made[0]
        raise lost or RecallOutcomeUnknown()

    def _minted(self, external_id: str) -> RecallError | None:
        """Mint the first token, which creates the user; returns why the outcome is unknown, if it is."""
        try:
            self._mint(external_id)
        except (RecallUnreachable, RecallUnreadable) as problem:
            return problem
        return None

    def _whole_list(self) -> Listing[CalendarUser]:
        listing = self._list_users()
        if not listing.complete:
            raise RecallUnreadable
        return listing


def _is_same(user: CalendarUser, external_id: str) -> bool:
    return user.external_id is not None and user.external_id.casefold() == external_id.casefold()


class Deletion:
    """Deletes users, and remembers the tokens of those whose answer was lost. Thread-safe."""

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
        """Send the request again. A refused token or an unknown user is what remains of a user who is gone."""
        try:
            self._sent(token)
        except RecallNotFound:
            return

    def _sent(self, token: CalendarToken) -> bool:
        """Send the request; returns False when Recall refused the token."""
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

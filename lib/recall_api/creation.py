"""Making a calendar user on purpose. Alone here because everything else sees to it that it never happens.

Minting a token creates whoever is missing (contract 2.4), so that `Tokens` asks the users list first. This does not.
"""

from collections.abc import Callable

from pydantic import SecretStr

from lib.domain import CalendarUser, Listing
from lib.errors import (
    CalendarUserExists,
    RecallError,
    RecallLimited,
    RecallOutcomeUnknown,
    RecallUnreachable,
    RecallUnreadable,
)
from lib.recall_api.tokens import Tokens


class Creation:
    """Makes users. The token of a new one is dropped: the users list says who was made."""

    def __init__(
        self, list_users: Callable[[], Listing[CalendarUser]], mint: Callable[[str], SecretStr], tokens: Tokens
    ):
        self._list_users, self._mint, self._tokens = list_users, mint, tokens

    def of(self, external_id: str) -> CalendarUser:
        """Make the user. Raises `CalendarUserExists`, also where nothing but the case differs: that would be a second
        user of one person, and a second bot. After a lost answer the list is asked; `RecallOutcomeUnknown` when it
        cannot be.
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
        """Why nobody knows whether it was taken, if so."""
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

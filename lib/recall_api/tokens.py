"""Calendar tokens: minted late, kept in memory alone, renewed in time, and shared by all who ask (contract 2.2).

Minting creates a missing user (contract 2.4), so a token is minted only for users that the latest users list names.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock

from pydantic import SecretStr

from lib.clock import Clock
from lib.domain import CalendarUser
from lib.errors import CalendarUserWithoutId, UnknownCalendarUser
from lib.recall_api.single_flight import SingleFlight

LONG_AGO = datetime.min.replace(tzinfo=UTC)
RENEWED_AFTER = timedelta(hours=23)
"""A token lives a day from its making; an hour is left for clocks that differ and calls under way."""

LIST_MAY_BE = timedelta(minutes=1)
"""How old the users list may be when a user's first token is minted: who was deleted since would be created again.

A pass that mints for thousands asks for the list once a minute, of sixty times that it may."""


@dataclass(frozen=True, slots=True, repr=False)
class CalendarToken:
    """A bearer secret for one calendar user. It is never written, logged or shown; `minted_at` is aware, in UTC."""

    external_id: str
    secret: SecretStr
    minted_at: datetime

    def __repr__(self) -> str:
        return "CalendarToken()"


def external_id_of(user: CalendarUser) -> str:
    """The id that mints this user's tokens. Raises `CalendarUserWithoutId` when Recall lists it without one."""
    if not user.external_id:
        raise CalendarUserWithoutId
    return user.external_id


class KnownUsers:
    """The external ids of the latest users list, which `read` reads: it takes a `mark` first and ends with `remember`.

    Thread-safe.
    """

    def __init__(self, read: Callable[[], object], clock: Clock):
        self._read, self._clock = read, clock
        self._reading: SingleFlight[object] = SingleFlight()
        self._lock = Lock()
        self._ids: frozenset[str] = frozenset()
        self._as_of = LONG_AGO
        self._asked_at_mark = 0
        self._marks = 0
        self._forgotten: dict[str, int] = {}

    def mark(self) -> int:
        """A mark to take before asking for a list: it tells what was forgotten before from what was forgotten since."""
        with self._lock:
            self._marks += 1
            return self._marks

    def remember(self, ids: Iterable[str], mark: int) -> None:
        """Remember the ids of the list that was asked for after `mark`, but for those forgotten since then.

        A list that arrives after one that was asked for later is ignored.
        """
        with self._lock:
            if mark > self._asked_at_mark:
                self._ids = frozenset(i for i in ids if self._forgotten.get(i, 0) < mark)
                self._as_of, self._asked_at_mark = self._clock(), mark

    def forget(self, external_id: str) -> None:
        """Forget a user who may be gone, until a list that is asked for from now on holds it."""
        with self._lock:
            self._ids -= {external_id}
            self._forgotten[external_id] = self._marks

    def require(self, external_id: str, no_older_than: timedelta) -> None:
        """Raise `UnknownCalendarUser` unless the list holds the id, after reading a list that lacks it or is older.

        All who ask at the same time share one read.
        """
        age = self._clock() - self._as_of
        if not self._holds(external_id) or not timedelta(0) <= age <= no_older_than:  # below 0: a clock put back
            self._reading.do("users", self._read)
        if not self._holds(external_id):
            raise UnknownCalendarUser

    def require_anew(self, external_id: str) -> None:
        """Raise `UnknownCalendarUser` unless a list that is asked for from now on holds the id."""
        since = self.mark()
        for _ in range(2):  # whoever joins a read that is under way gets a list from before, and reads once more
            if self._asked_at_mark <= since:
                self._reading.do("users", self._read)
        if not self._holds(external_id):
            raise UnknownCalendarUser

    def _holds(self, external_id: str) -> bool:
        with self._lock:
            return external_id in self._ids


class Tokens:
    """The tokens of this process, by external id. Thread-safe; different users are minted for in parallel."""

    def __init__(self, known_users: KnownUsers, mint: Callable[[str], SecretStr], clock: Clock):
        self._roster, self._mint, self._clock = known_users, mint, clock
        self._minting: SingleFlight[CalendarToken] = SingleFlight()
        self._lock = Lock()
        self._kept: dict[str, CalendarToken] = {}
        self.minted = 0
        """How many were minted so far."""

    def of(self, external_id: str) -> CalendarToken:
        """A token that lives for an hour yet. Raises `UnknownCalendarUser` for an id that is not in the users list."""
        return self._alive(external_id) or self._shared(external_id, self._require_listed)

    def has(self, external_id: str) -> bool:
        """Whether a token of this user's is kept that lives for an hour yet."""
        return self._alive(external_id) is not None

    def instead_of(self, refused: CalendarToken) -> CalendarToken:
        """Another token for the same user, minted unless somebody has done so already.

        A refused token is what a deleted user looks like, so that only a list asked for after the refusal counts.
        """
        with self._lock:
            if self._kept.get(refused.external_id) is refused:
                del self._kept[refused.external_id]
        return self._alive(refused.external_id) or self._shared(refused.external_id, self._roster.require_anew)

    def for_a_link(self, external_id: str) -> CalendarToken:
        """A token of its own, which is not kept: it leaves this process in a link, and lives a day with it."""
        self._roster.require_anew(external_id)
        minted_at = self._clock()
        return CalendarToken(external_id, self._count(self._mint(external_id)), minted_at)

    def forget(self, external_id: str) -> None:
        """Drop the user's token."""
        with self._lock:
            self._kept.pop(external_id, None)

    def is_alive(self, token: CalendarToken) -> bool:
        """Whether the token still serves, as far as its age tells."""
        return self._clock() - token.minted_at < RENEWED_AFTER

    def _alive(self, external_id: str) -> CalendarToken | None:
        with self._lock:
            kept = self._kept.get(external_id)
        return kept if kept is not None and self.is_alive(kept) else None

    def _require_listed(self, external_id: str) -> None:
        self._roster.require(external_id, LIST_MAY_BE)

    def _shared(self, external_id: str, require: Callable[[str], None]) -> CalendarToken:
        # Asked again inside: somebody may have landed between the question and the take-off.
        return self._minting.do(external_id, lambda: self._alive(external_id) or self._minted(external_id, require))

    def _minted(self, external_id: str, require: Callable[[str], None]) -> CalendarToken:
        require(external_id)
        minted_at = self._clock()
        token = CalendarToken(external_id, self._count(self._mint(external_id)), minted_at)
        with self._lock:
            self._kept[external_id] = token
        return token

    def _count(self, minted: SecretStr) -> SecretStr:
        with self._lock:
            self.minted += 1
        return minted

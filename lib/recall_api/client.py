"""One method for each call of Calendar V1, and for reading bots, that this project makes (contract 3 and 9.1)."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any, TypeVar
from urllib.parse import urlencode

from pydantic import SecretStr

from lib.clock import Clock, utc_now
from lib.domain import Bot, CalendarUser, Entry, Listing, Preferences
from lib.errors import RecallTokenRefused, RecallTooLarge
from lib.recall_api import allow_list, schemas
from lib.recall_api.allow_list import Endpoint
from lib.recall_api.calls import Calls
from lib.recall_api.memory_limits import MemoryBudget
from lib.recall_api.pagination import Page, contents, pages
from lib.recall_api.rate_limits import RateLimiter, UnmeteredRateLimiter
from lib.recall_api.retries import INTERACTIVE, RetryPolicy, Sleep
from lib.recall_api.row_parser import Read, Row, listing
from lib.recall_api.tokens import CalendarToken, KnownUsers, Tokens
from lib.recall_api.transport import Transport
from lib.recall_api.user_lifecycle import Creation, Deletion

T = TypeVar("T")


def open_recall(
    base_url: str,
    api_key: SecretStr,
    *,
    clock: Clock = utc_now,
    retry_policy: RetryPolicy = INTERACTIVE,
    rate_limiter: RateLimiter | None = None,
    sleep: Sleep = time.sleep,
) -> "Recall":
    """The workspace behind `api_key`. Sends nothing. Raises `SettingsError` for an address that is not Recall's.

    Every attempt waits for `rate_limiter` first; without one only a 429 slows the calls down. `sleep` makes the pauses
    between attempts: if it raises, the call ends, so that a process can shut down.
    """
    return Recall(
        Transport(base_url, api_key),
        clock,
        retry_policy,
        UnmeteredRateLimiter(clock, sleep) if rate_limiter is None else rate_limiter,
        sleep,
    )


class Recall:
    """Recall as this project uses it: one for a process, for any number of threads. `close` it, or use it in a `with`.

    Every method raises the `RecallError` that fits. Those that take an `external_id` act with that user's token: they
    raise `UnknownCalendarUser` for an id that the users list does not hold, `RecallTokenRefused` when a fresh token is
    refused too, `RecallCalendarLost` when Recall says that it cannot reach the user's calendar, and, where they write,
    `RecallOutcomeUnknown` when the write may or may not have been applied: it is never sent again by itself, so read
    back. Ids of meetings and bots are uuids; another id raises `CallNotAllowed`.
    """

    def __init__(
        self, transport: Transport, clock: Clock, retry_policy: RetryPolicy, rate_limiter: RateLimiter, sleep: Sleep
    ):
        self._transport = transport
        self._calls = Calls(transport, clock, retry_policy, rate_limiter, sleep)
        self._roster = KnownUsers(self.list_users, clock)
        self._tokens = Tokens(self._roster, self._mint, clock)
        self._deletion = Deletion(self._calls, self._tokens, self._roster)
        self._creation = Creation(self.list_users, self._mint, self._tokens)

    def __repr__(self) -> str:
        return f"Recall({self._transport.base_url!r})"

    def __enter__(self) -> "Recall":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close idle connections. A later call opens new ones."""
        self._transport.close()

    @property
    def tokens_minted(self) -> int:
        """How many calendar tokens this client has minted so far."""
        return self._tokens.minted

    def list_users(self) -> Listing[CalendarUser]:
        """All calendar users of the workspace, each once, in Recall's order. They are the known users from now on."""
        mark = self._roster.mark()
        with self._calls.memory_limits.of(allow_list.LIST_USERS) as memory:
            users = _all(self._pages(allow_list.LIST_USERS, memory=memory), schemas.read_user, memory)
        self._roster.remember((user.external_id for user in users if user.external_id), mark)
        return users

    def has_token(self, external_id: str) -> bool:
        """Whether a token of this user's is kept that lives for another hour."""
        return self._tokens.has(external_id)

    def forget_token(self, external_id: str) -> None:
        """Drop this user's token, which may be another user's: the next call mints a new one."""
        self._tokens.forget(external_id)

    def require_listed(self, external_id: str) -> None:
        """Raise `UnknownCalendarUser` unless this user has a live token, or a users list asked for now holds the id.

        For reads of one user that can wait for a list: going by an older one, minting would create a user again who was
        deleted since (contract 2.4).
        """
        if not self.has_token(external_id):
            self._roster.require_anew(external_id)

    def get_user(self, external_id: str) -> CalendarUser:
        """One user as Recall knows it now: the only way to learn that a connection was lost (contract 3.3)."""
        return self._own_user(external_id, allow_list.GET_USER)

    def update_preferences(self, external_id: str, preferences: Preferences) -> CalendarUser:
        """Write all six flags, and `bot_name` unless it is None, which leaves it as it is (contract 3.4).

        Recall books and removes bots after it has answered: read the meetings to see what came of it.
        """
        named = {} if preferences.bot_name is None else {"bot_name": preferences.bot_name}
        return self._own_user(external_id, allow_list.UPDATE_USER, {"preferences": preferences.flags | named})

    def delete_user(self, external_id: str) -> None:
        """Delete the user and disconnect its calendars (contract 3.5). After a lost answer ask again: gone is done."""
        self._deletion.of(external_id)

    def disconnect(self, external_id: str, platform: str) -> CalendarUser:
        """Disconnect google or microsoft. The user, its preferences and the other calendar stay (contract 3.6)."""
        return self._own_user(external_id, allow_list.DISCONNECT, {"platform": platform})

    def fresh_token(self, external_id: str) -> CalendarToken:
        """A token minted now, for a link that goes to somebody's browser: one link, one token (contract 2.2).

        This client never uses it itself. Raises `UnknownCalendarUser` for an id that the users list does not hold.
        """
        return self._tokens.for_a_link(external_id)

    def create_calendar_user(self, external_id: str) -> CalendarUser:
        """Create a calendar user on purpose (contract 2.4), for the one command that does so.

        Raises `CalendarUserExists` for an id that is there already, and `RecallOutcomeUnknown` when nobody can tell
        whether it was made.
        """
        return self._creation.of(external_id)

    def list_meetings(
        self, external_id: str, start_after: datetime, start_before: datetime, *, in_a_hurry: bool = False
    ) -> Listing[Entry]:
        """Entries that start between two aware times, in no order. Recall decides at the bounds (contract 3.7).

        Some calendars take Recall minutes (contract N1): it gets `RetryPolicy.slow_seconds`, unless somebody waits for
        the answer (`in_a_hurry`). Raises `RecallSlow` when it does not come in that time, and `RecallTooLarge` for a
        calendar that nobody can have.
        """
        bounds = urlencode({"start_time_after": _iso(start_after), "start_time_before": _iso(start_before)})
        with self._calls.memory_limits.of(allow_list.LIST_MEETINGS) as memory:
            found = self._pages(
                allow_list.LIST_MEETINGS, bounds, external_id=external_id, in_a_hurry=in_a_hurry, memory=memory
            )
            return _all(found, schemas.read_entry, memory)

    def get_meeting(self, external_id: str, entry_id: str) -> Entry:
        """One entry of this user's calendar; `RecallNotFound` for another user's (contract 3.8)."""
        return self._own_entry(external_id, entry_id, allow_list.GET_MEETING)

    def update_override(self, external_id: str, entry_id: str, override: bool | None) -> Entry:
        """Record this entry, or not, whatever the preferences; None hands it back to them (contract 3.9)."""
        return self._own_entry(external_id, entry_id, allow_list.UPDATE_MEETING, {"override_should_record": override})

    def refresh_meetings(self, external_id: str) -> Listing[Entry]:
        """Have Recall read the calendar again: slow and seldom needed, for a person's button alone (contract 3.10)."""
        # A further page would cost another refresh; the contract knows of none.
        with self._calls.memory_limits.of(allow_list.REFRESH) as memory:
            found = self._pages(allow_list.REFRESH, external_id=external_id, memory=memory)
            return _all(islice(found, 1), schemas.read_entry, memory)

    def get_bot(self, bot_id: str) -> Bot:
        """One bot and what became of it so far (contract 9.1)."""
        return self._calls.make(allow_list.GET_BOT, _the_one(schemas.read_bot, bot_id), id=bot_id)

    def list_bots(
        self, join_at_after: datetime | None = None, join_at_before: datetime | None = None
    ) -> Iterator[Listing[Bot]]:
        """The workspace's bots, a page at a time. Windows may miss bots that have joined (contract 9.1)."""
        bounds = {"join_at_after": join_at_after, "join_at_before": join_at_before}
        query = urlencode({name: _iso(time) for name, time in bounds.items() if time is not None})
        for page in self._pages(allow_list.LIST_BOTS, query):
            yield listing(page.rows, schemas.read_bot, page.complete)

    def _pages(
        self, endpoint: Endpoint, query: str = "", *, external_id: str | None = None, **how: Any
    ) -> Iterator[Page]:
        """A list that the key reads, or the token of the user `external_id`."""
        make = self._calls.make if external_id is None else partial(self._as_user, external_id)
        return pages(lambda query: make(endpoint, contents, query=query, **how), endpoint.path(), query)

    def _as_user(self, external_id: str, endpoint: Endpoint, read: Callable[[Any], T | None], **what: Any) -> T:
        """One call with the user's token, repeated once with a fresh one when it is refused."""
        token = self._tokens.of(external_id)
        # Not in an `except` clause: what is raised below must not drag the first refusal along.
        with suppress(RecallTokenRefused):
            return self._calls.make(endpoint, read, token=token, **what)
        return self._calls.make(endpoint, read, token=self._tokens.instead_of(token), **what)

    def _own_user(self, external_id: str, endpoint: Endpoint, body: Any = None) -> CalendarUser:
        def read(answer: Any) -> CalendarUser | None:
            found = schemas.read_user(answer)
            if found is None or found.value.external_id not in (None, external_id):
                self.forget_token(external_id)
                return None
            return replace(found.value, external_id=external_id)

        return self._as_user(external_id, endpoint, read, body=body)

    def _own_entry(self, external_id: str, entry_id: str, endpoint: Endpoint, body: Any = None) -> Entry:
        return self._as_user(external_id, endpoint, _the_one(schemas.read_entry, entry_id), id=entry_id, body=body)

    def _mint(self, external_id: str) -> SecretStr:
        return self._calls.make(allow_list.AUTHENTICATE, schemas.token_in, body={"user_id": external_id})


def _all(found: Iterator[Page], read: Read[Row], memory: MemoryBudget) -> Listing[Row]:
    """All pages as one listing, each understood before the next one is asked for. Raises `RecallTooLarge`."""
    is_whole = True

    def rows() -> Iterator[Any]:
        nonlocal is_whole
        for page in found:
            if not memory.take_rows(len(page.rows)):
                raise RecallTooLarge
            is_whole = is_whole and page.complete
            yield from page.rows

    return replace(listing(rows(), read), complete=is_whole)


def _the_one(read: Read[Row], id: str) -> Callable[[Any], Row | None]:
    """A reader of the object asked for by `id`, which takes no other object for it."""

    def read_one(answer: Any) -> Row | None:
        found = read(answer)
        return found.value if found is not None and found.value.id.lower() == id.lower() else None

    return read_one


def _iso(time: datetime) -> str:
    """ISO 8601 in UTC, such as 2026-11-24T15:00:00Z. Raises ValueError for a time without a zone."""
    if time.tzinfo is None:
        raise ValueError("a time sent to Recall must name its zone")
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")

"""What Recall has now of what an intent changes. Whatever is read is stored, so that every server shows it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lib.domain import CalendarUser, Entry
from lib.errors import DeskError, RecallCalendarLost, RecallSlow, RecallUnreadable, StoreError, UnknownCalendarUser
from lib.recall_api import external_id_of
from lib.store import Transaction, meetings, users_list
from lib.store.outbox import Value, WriteKind
from lib.writes.context import WriteContext
from lib.writes.intent import Intent, connection_value, override_value, preferences_value
from lib.writes.lost_calendar import explain

FEW = 2
"""Up to so many entries are read one by one; more of them with one list for all."""
BOUND = timedelta(minutes=1)
"""Whether the bounds of a window belong to it is not documented (contract 3.7)."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CurrentState:
    """What Recall had when it was asked."""

    value: Value
    user: CalendarUser | None = None
    entry: Entry | None = None


def current_state(context: WriteContext, intent: Intent, *, must_keep: bool = True) -> CurrentState:
    """What Recall has now in the place of what `intent` changes.

    Raises a `RecallError`, `UnknownCalendarUser`, `CalendarUserWithoutId`; and `StoreError` where the store could not
    be asked for the rate limit, or, with `must_keep`, could not take what was read.
    """
    match intent.kind:
        case WriteKind.OVERRIDE:
            return _entry(context, intent, must_keep)
        case WriteKind.DELETE_USER:
            return CurrentState({"listed": _is_listed(context, intent.user, must_keep)})
        case WriteKind.DISCONNECT:
            user = _user(context, intent.user, must_keep)
            return CurrentState(connection_value(user, intent.after["platform"]), user=user)
        case WriteKind.PREFERENCES:
            user = _user(context, intent.user, must_keep)
            return CurrentState(preferences_value(user.preferences), user=user)


def current_states(
    context: WriteContext, intents: Sequence[Intent], *, must_keep: bool = True
) -> list[CurrentState | DeskError]:
    """What Recall has now for each of one user's intents, or why that cannot be told; many entries by one list."""
    known = _listed(context, intents, must_keep) if len(intents) > FEW else {}
    if isinstance(known, DeskError):
        return [known for _ in intents]
    return [known.get(intent.entry_id or "") or _state_or_problem(context, intent, must_keep) for intent in intents]


def _state_or_problem(context: WriteContext, intent: Intent, must_keep: bool) -> CurrentState | DeskError:
    try:
        return current_state(context, intent, must_keep=must_keep)
    except RecallCalendarLost as refused:
        return explain(context, intent.user, refused)
    except DeskError as problem:
        return problem


def _user(context: WriteContext, user: CalendarUser, must_keep: bool) -> CalendarUser:
    began = context.now()
    found = context.recall.get_user(external_id_of(user))
    _keep_users(context, [found], began, must_keep, whole=False)
    if found.id != user.id:  # deleted, and made again by somebody under the same external id
        raise UnknownCalendarUser
    return found


def _is_listed(context: WriteContext, user: CalendarUser, must_keep: bool) -> bool:
    """Whether the users list holds the user. Its own token is not asked: minting one would create it (contract 2.4)."""
    began = context.now()
    listing = context.recall.list_users()
    whole = listing.complete and not listing.unreadable
    _keep_users(context, listing.rows, began, must_keep, whole=whole)
    found = any(each.id == user.id for each in listing)
    if not found and not whole:
        raise RecallUnreadable
    return found


def _entry(context: WriteContext, intent: Intent, must_keep: bool) -> CurrentState:
    began = context.now()
    found = context.recall.get_meeting(external_id_of(intent.user), intent.entry_id or "")
    _keep_entries(context, intent.user.id, [found], began, must_keep)
    return _state_of_entry(found)


def _listed(context: WriteContext, intents: Sequence[Intent], must_keep: bool) -> dict[str, CurrentState] | DeskError:
    """The wanted entries of one list that reaches from the first start to the last, by their ids.

    An entry that was moved out of that window is not in it. Empty where the list takes Recall longer than somebody at a
    page can wait (contract N1).
    """
    wanted = {intent.entry_id for intent in intents if intent.entry_id}
    starts = [intent.starts_at for intent in intents if intent.starts_at]
    if not starts:
        return {}
    user, began = intents[0].user, context.now()
    try:
        bounds = min(starts) - BOUND, max(starts) + BOUND
        listing = context.recall.list_meetings(external_id_of(user), *bounds, in_a_hurry=True)
        found = [entry for entry in listing if entry.id in wanted]
        _keep_entries(context, user.id, found, began, must_keep)
    except RecallSlow:
        return {}
    except RecallCalendarLost as refused:
        return explain(context, user, refused)
    except DeskError as problem:
        return problem
    return {entry.id: _state_of_entry(entry) for entry in found}


def _state_of_entry(entry: Entry) -> CurrentState:
    return CurrentState(override_value(entry.override_should_record), entry=entry)


def _keep_users(
    context: WriteContext, found: Sequence[CalendarUser], began: datetime, must_keep: bool, *, whole: bool
) -> None:
    def store(connection: Transaction) -> None:
        users_list.store(connection, found, read_at=began, complete=whole, now=context.now())

    _keep(context, must_keep, store)


def _keep_entries(
    context: WriteContext, user_id: str, found: Sequence[Entry], began: datetime, must_keep: bool
) -> None:
    def store(connection: Transaction) -> None:
        for entry in found:
            meetings.store_entry(connection, user_id, entry, read_at=began, now=context.now())

    _keep(context, must_keep, store)


def _keep(context: WriteContext, must_keep: bool, store: Callable[[Transaction], None]) -> None:
    """Store what was read. After a write Recall's answer counts, whether the store can take it or not."""
    try:
        with context.store.write() as connection:
            store(connection)
    except StoreError as problem:
        if must_keep:
            raise
        log.warning("What Recall has after a change was not kept: %s", problem)

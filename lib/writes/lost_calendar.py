"""After a 422, which means a lost calendar (contract N2), the connections are checked before anything is said."""

from dataclasses import dataclass
from datetime import datetime

from lib.clock import Clock
from lib.domain import CalendarUser
from lib.errors import (
    DeskError,
    RecallCalendarLost,
    RecallCalendarUnclear,
    RecallError,
    RecallKeyRefused,
    RecallOutOfCredit,
    UnknownCalendarUser,
)
from lib.recall_api import Recall, external_id_of
from lib.store import Transaction, users, users_list
from lib.writes.context import WriteContext


@dataclass(frozen=True, slots=True)
class ConnectionCheck:
    """The user as `user/` showed it after `refused`; None where it could not be read. `read_at`: when that began."""

    refused: RecallCalendarLost
    read_at: datetime
    user: CalendarUser | None


def check_connections(
    recall: Recall, user_id: str, external_id: str, refused: RecallCalendarLost, clock: Clock
) -> ConnectionCheck:
    """Ask Recall which calendars are connected; the check has no user where it does not say.

    Raises `UnknownCalendarUser` where the external id is another user's by now, `RecallKeyRefused`, or
    `RecallOutOfCredit`.
    """
    read_at = clock()
    try:
        found = recall.get_user(external_id)
    except (RecallKeyRefused, RecallOutOfCredit):
        raise
    except RecallError:
        return ConnectionCheck(refused, read_at, None)
    if found.id != user_id:  # deleted, and made again by somebody under the same external id
        raise UnknownCalendarUser
    return ConnectionCheck(refused, read_at, found)


def keep_check(connection: Transaction, user_id: str, check: ConnectionCheck, *, now: datetime) -> RecallError:
    """Store the connections that a check showed; returns what the 422 means."""
    if check.user is None:
        return check.refused
    users_list.store(connection, [check.user], read_at=check.read_at, complete=False, now=now)
    row = users.find(connection, user_id)
    return meaning(check.refused, row.user if row else check.user)


def explain(context: WriteContext, user: CalendarUser, refused: RecallCalendarLost) -> DeskError:
    """Why a write of this user was refused by a 422, by a check of the connections, which is stored. Raises nothing."""
    try:
        check = check_connections(context.recall, user.id, external_id_of(user), refused, context.now)
        with context.store.write() as connection:
            return keep_check(connection, user.id, check, now=context.now())
    except DeskError:
        return refused


def meaning(refused: RecallCalendarLost, user: CalendarUser) -> RecallError:
    """What a 422 means for a user with these connections, among them those that were seen before."""
    if user.connected and not user.lost:
        return RecallCalendarUnclear(refused.fields)
    return refused

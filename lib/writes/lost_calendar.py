"""After a 422, which means a lost calendar (contract N2): the connection is looked at before anything is said."""

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


def look(recall: Recall, user_id: str, external_id: str, refused: RecallCalendarLost, clock: Clock) -> ConnectionCheck:
    """Ask which calendars are connected. Where that cannot be told the 422 stands. Raises `UnknownCalendarUser` where
    the id is somebody else's by now, `RecallKeyRefused`, or `RecallOutOfCredit`."""
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


def keep(connection: Transaction, user_id: str, check: ConnectionCheck, *, now: datetime) -> RecallError:
    """Bring what was seen into the store, and answer what the 422 comes to."""
    if check.user is None:
        return check.refused
    users_list.store(connection, [check.user], read_at=check.read_at, complete=False, now=now)
    row = users.find(connection, user_id)
    return meaning(check.refused, row.user if row else check.user)


def explained(context: WriteContext, user: CalendarUser, refused: RecallCalendarLost) -> DeskError:
    """Both, for a change of this user's that met a 422: it was refused, and this says why. Raises nothing."""
    try:
        check = look(context.recall, user.id, external_id_of(user), refused, context.now)
        with context.store.write() as connection:
            return keep(connection, user.id, check, now=context.now())
    except DeskError:
        return refused


def meaning(refused: RecallCalendarLost, user: CalendarUser) -> RecallError:
    """What a 422 says of a user with these connections, those in it that are known to have been there before."""
    if user.connected and not user.lost:
        return RecallCalendarUnclear(refused.fields)
    return refused

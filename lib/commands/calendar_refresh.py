"""Ask Recall to read one user's calendar at Google or Microsoft again (contract 3.10).

Recall reads calendars by itself and in near real time, so this is seldom needed and is for somebody's button alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lib.domain import CalendarUser
from lib.errors import (
    CalendarRefreshedLately,
    DeskError,
    RecallCalendarLost,
    RecallError,
    RecallLimited,
    RecallUnreachable,
    RecallUnreadable,
    UnknownCalendarUser,
)
from lib.recall_api import external_id_of
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import Transaction, events, users
from lib.store.events import EventKind
from lib.writes import WriteContext, writes_in_flight
from lib.writes.lost_calendar import explain

PAUSE = timedelta(minutes=10)
"""The least time between two requests for one user, the tighter of the documented limits (contract 3.10)."""


class RefreshState(StrEnum):
    """What came of asking Recall to read a calendar again."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    RATE_LIMITED = "rate_limited"
    CALENDAR_LOST = "calendar_lost"
    NO_ANSWER = "no_answer"
    """No usable answer came; Recall may be reading the calendar all the same."""


@dataclass(frozen=True, slots=True)
class RefreshOutcome:
    """What came of a request, for the staff member who made it."""

    state: RefreshState
    again_from: datetime
    """When it can be asked for again (UTC)."""
    problem: DeskError | None = None
    """Why it was not accepted. Recall's own words, where it gave some, are in its `fields`."""

    @property
    def sentence(self) -> str:
        """What to tell the staff member."""
        if self.problem is None:
            return "Recall has read the calendar again. What changed shows here once the meetings are read."
        return str(self.problem)


def ask_recall_to_read(context: WriteContext, member: StaffMember, user: CalendarUser) -> RefreshOutcome:
    """Ask Recall to read the calendar of `user` again, once, and record who asked and what came of it.

    Recall may take up to a minute. Read the user afterwards: Recall books and removes bots after it has answered. What
    Recall answers, or that it does not, is the outcome's `state` and `problem`. Raises, with nothing sent,
    `NotPermitted`, `UnknownCalendarUser`, `CalendarUserWithoutId`, `CalendarRefreshedLately`, `ServerEnding`, or
    `StoreError`.
    """
    member.require(Permission.CALENDARS_REFRESH)
    external_id = external_id_of(user)
    with writes_in_flight.one():
        asked_at = _record_request(context, member, user)
        problem = _ask(context, user, external_id)
        state = _state_of(problem)
        again_from = max(problem.retry_at, asked_at) if isinstance(problem, RecallLimited) else asked_at + PAUSE
        with context.store.write() as connection:
            told = {"outcome": state, "again_from": again_from.isoformat()}
            events.add(connection, EventKind.REFRESH_ENDED, member.name, now=context.now(), user_id=user.id, **told)
    return RefreshOutcome(state, again_from, problem)


def _record_request(context: WriteContext, member: StaffMember, user: CalendarUser) -> datetime:
    """Record the request before it is sent, so that of two at the same moment one is sent."""
    now = context.now()
    with context.store.write() as connection:
        accounts.require_now(connection, member.name, Permission.CALENDARS_REFRESH, user_id=user.id)
        row = users.find(connection, user.id)
        if row is None or row.vanished_at is not None:
            raise UnknownCalendarUser
        again_from = _again_from(connection, user.id)
        if again_from is not None and now < again_from:
            raise CalendarRefreshedLately(again_from)
        events.add(connection, EventKind.REFRESH_ASKED, member.name, now=now, user_id=user.id)
    return now


def _again_from(connection: Transaction, user_id: str) -> datetime | None:
    last = events.last_of(connection, (EventKind.REFRESH_ASKED, EventKind.REFRESH_ENDED), user_id)
    if last is None:
        return None
    told = last.details.get("again_from")
    return datetime.fromisoformat(told) if told else last.at + PAUSE


def _ask(context: WriteContext, user: CalendarUser, external_id: str) -> DeskError | None:
    try:
        context.recall.refresh_meetings(external_id)
    except RecallCalendarLost as refused:
        return explain(context, user, refused)
    except (RecallError, UnknownCalendarUser) as problem:
        return problem
    return None


def _state_of(problem: DeskError | None) -> RefreshState:
    match problem:
        case None:
            return RefreshState.ACCEPTED
        case RecallLimited():
            return RefreshState.RATE_LIMITED
        case RecallCalendarLost():
            return RefreshState.CALENDAR_LOST
        case RecallUnreachable() | RecallUnreadable():
            return RefreshState.NO_ANSWER
        case _:
            return RefreshState.REFUSED

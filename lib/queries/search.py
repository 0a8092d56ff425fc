"""Find calendar users by what staff know of them. Pure."""

from collections.abc import Callable, Iterable
from enum import StrEnum

from lib.customer import Unassigned, customer_of, fits
from lib.domain import CalendarUser


class CalendarHealth(StrEnum):
    """Whether Recall can read a user's calendars."""

    CONNECTED = "connected"
    LOST = "lost"
    """A calendar that was connected once is not now, whatever the others are."""
    NONE = "none"
    """No calendar is connected, and none is lost: there never was one, or it was disconnected here."""


def calendar_health(user: CalendarUser) -> CalendarHealth:
    """The worst that can be said of the user's calendars."""
    if user.lost:
        return CalendarHealth.LOST
    return CalendarHealth.CONNECTED if user.connected else CalendarHealth.NONE


def find_users(
    users: Iterable[CalendarUser],
    text: str = "",
    customer: str | Unassigned | None = None,
    health: CalendarHealth | None = None,
    *,
    whose: Callable[[CalendarUser], str | None] = customer_of,
) -> tuple[CalendarUser, ...]:
    """Users that hold every word of `text` in an email, external id, customer or Recall's id; by label.

    `customer` may be `UNASSIGNED`: those that have none. `whose` tells the customer of each. Lost calendars come first,
    because somebody must act on them.
    """
    words = text.casefold().split()
    found = (
        user
        for user in users
        if fits(whose(user), customer)
        and (health is None or calendar_health(user) is health)
        and all(word in _haystack(user, whose(user)) for word in words)
    )
    return tuple(
        sorted(found, key=lambda user: (calendar_health(user) is not CalendarHealth.LOST, user.label.lower(), user.id))
    )


def _haystack(user: CalendarUser, customer: str | None) -> str:
    emails = (connection.email or "" for connection in user.connections)
    return "\n".join((user.id, user.external_id or "", customer or "", *emails)).casefold()

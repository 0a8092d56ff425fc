"""Which of a user's calendars are gone because somebody disconnected them here: not lost, but let go."""

from lib.bootstrap import desk
from lib.domain import CalendarUser
from lib.errors import StoreError
from lib.store import observations


def disconnected_here(user: CalendarUser) -> frozenset[str]:
    """Their platforms."""
    if not user.lost:
        return frozenset()
    try:
        with desk().store.read() as connection:
            return observations.disconnected_here(connection, user.id)
    except StoreError:  # the page above says so
        return frozenset()

"""Somebody who has just signed in, as commands that ask for a password typed a moment ago want them."""

from lib.clock import Clock, utc_now
from lib.staff import sessions
from lib.staff.accounts import StaffMember
from lib.store import Store


def proven(store: Store, member: StaffMember, *, clock: Clock = utc_now) -> StaffMember:
    """`member` by a session that begins now."""
    cookie = sessions.redeem(store, sessions.mint_ticket(store, member.name, clock=clock), clock=clock)
    session = sessions.find(store, cookie, clock=clock)
    assert session is not None
    return session.staff

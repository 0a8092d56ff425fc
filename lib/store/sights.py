"""Whose rows a sight holds, in SQL."""

from sqlalchemy import Select, func, select

from lib.customer.sight import Sight
from lib.store.tables import assignment, calendar_user

EFFECTIVE = func.coalesce(assignment.c.customer, calendar_user.c.customer)
"""The customer of a user, where `assignment` is joined to `calendar_user`."""


def seen_by(sight: Sight) -> Select[tuple[int]]:
    """A query for the numbers of the users whose customers `sight` names. Not for a sight of everything."""
    users = select(calendar_user.c.pk).outerjoin(assignment, assignment.c.user == calendar_user.c.pk)
    return users.where(EFFECTIVE.in_(sorted(sight.customers or ())))

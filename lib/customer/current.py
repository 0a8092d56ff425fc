"""What is in force, as rows of a file that can be changed and uploaded again: as it stands, it would change nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from lib.customer.names import tidy
from lib.customer.plan import UserAssignment
from lib.domain import CalendarUser

HEADS = ("user", "customer", "team", "owner", "by email domain")
"""The last one is for people: columns of other names are passed over."""

_Rows: TypeAlias = tuple[tuple[str, ...], ...]


def assignment_rows(users: Sequence[UserAssignment], owners: Mapping[str, str]) -> _Rows:
    """A row for each user with the words of CSVs, and one for each customer with its owner. Empty: there is none."""
    called = _names_of(users)
    customers = sorted({user.effective for user in users if user.effective})
    return (
        *((name, u.customer or "", u.team or "", "", u.by_domain or "") for name, u in zip(called, users, strict=True)),
        *(("", customer, "", owners.get(customer, ""), "") for customer in customers),
    )


def rows_to_fill(users: Sequence[UserAssignment]) -> _Rows:
    """A row for each user without a customer."""
    called = zip(_names_of(users), users, strict=True)
    return tuple((name, "", user.team or "", "", "") for name, user in called if user.effective is None)


def _names_of(users: Sequence[UserAssignment]) -> list[str]:
    """What each user is called so that nobody else is meant: its address, else its external id, else Recall's id."""
    taken = Counter(name for known in users for name in {word.casefold() for word in _words(known.user)})
    return [_own_name(known.user, taken) for known in users]


def _own_name(user: CalendarUser, taken: Mapping[str, int]) -> str:
    return next((word for word in _words(user) if word and taken[word.casefold()] == 1), user.id)


def _words(user: CalendarUser) -> tuple[str, ...]:
    addresses = (tidy(connection.email) for connection in user.connections if connection.email)
    return (*addresses, tidy(user.external_id or ""), user.id)

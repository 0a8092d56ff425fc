"""The standard preferences of each customer, and the users who drift from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lib.clock import Clock, utc_now
from lib.domain import PREFERENCE_FLAGS, Preferences
from lib.errors import InvalidChange
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import Store, standards, users
from lib.store.standards import Standard
from lib.store.users import UserRow


@dataclass(frozen=True, slots=True)
class Drift:
    """A customer's standard, how many users it has, and which of them have something else set."""

    standard: Standard
    users: int
    away: tuple[UserRow, ...]


def drift_of(rows: Iterable[UserRow], known: Mapping[str, Standard]) -> tuple[Drift, ...]:
    """Who drifts from the standard of their customer: by customer, most of them first. Pure.

    Who vanished plays no part; the bot's name plays none.
    """
    of: dict[str, list[UserRow]] = {customer: [] for customer in known}
    for row in rows:
        if row.vanished_at is None and row.customer in of:
            of[row.customer].append(row)
    drifts = [
        Drift(known[name], len(rows), tuple(r for r in rows if _is_away(r, known[name]))) for name, rows in of.items()
    ]
    return tuple(sorted(drifts, key=lambda drift: (-len(drift.away), drift.standard.customer)))


def set_standard(
    store: Store, member: StaffMember, customer: str, flags: Mapping[str, bool] | None, *, clock: Clock = utc_now
) -> None:
    """From now on the users of `customer` are to have `flags`, all six; None: there is no standard any more.

    Nobody's preferences are changed by it. Raises `NotPermitted`, or `InvalidChange` for a customer that nobody
    belongs to. What stands so already is not written again.
    """
    member.require(Permission.PREFERENCES_WRITE)
    if flags is not None and set(flags) != set(PREFERENCE_FLAGS):
        raise ValueError("a standard names all six flags")
    with store.write() as connection:
        accounts.require_now(connection, member.name, Permission.PREFERENCES_WRITE).require_sight_of([customer])
        known = standards.current(connection).get(customer)
        if (known.flags if known else None) == flags:
            return
        if flags is not None and not _has_users(users.everyone(connection), customer):
            raise InvalidChange("No user belongs to this customer any more. Nothing was changed; choose another.")
        standards.add(connection, customer, flags, by=member.name, now=clock())


def _has_users(rows: Iterable[UserRow], customer: str) -> bool:
    return any(row.customer == customer and row.vanished_at is None for row in rows)


def _is_away(row: UserRow, standard: Standard) -> bool:
    return (row.user.preferences or Preferences()).flags != standard.flags

"""What applied CSVs say: a user's customer and team, and which staff member owns a customer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update

from lib.customer.plan import AssignmentPlan, OwnerChange, UserAssignment, UserChange
from lib.domain import CalendarUser
from lib.store.rows import AnyRow, insert_many, insert_row, rows_in, run_many
from lib.store.tables.desk import applied_file, assignment, customer_owner
from lib.store.tables.workspace import calendar_user
from lib.store.users import calendars_of
from lib.store.version import bump


@dataclass(frozen=True, slots=True)
class AppliedFile:
    """A CSV that was applied: figures by customer and team may differ from then on. `at` is UTC."""

    at: datetime
    by: str
    """Name of the staff member who confirmed it."""
    counts: dict[str, int]
    """How many users and customers' owners it changed, how many were so already, how many lines were left out."""


def assigned(connection: Connection) -> tuple[UserAssignment, ...]:
    """Every user, vanished ones too, with what CSVs said of it, in the order in which they were first seen."""
    return tuple(
        UserAssignment(
            user=CalendarUser(row.id, row.external_id, calendars_of(row)),
            by_domain=row.by_domain,
            customer=row.customer,
            team=row.team,
        )
        for row in connection.execute(_assigned)
    )


def owners(connection: Connection) -> dict[str, str]:
    """Who owns each customer that has an owner: customer to staff name."""
    return {row.customer: row.staff for row in connection.execute(select(customer_owner))}


def basis(connection: Connection) -> tuple[int, int]:
    """Changes whenever a plan made before may be out of date: a user or what a CSV said of it is another."""
    return connection.scalar(_users_version) or 0, connection.scalar(_files) or 0


def apply(connection: Connection, plan: AssignmentPlan, *, by: str, now: datetime) -> AppliedFile:
    """Put `plan` into force, by the staff member `by`. Users whose customer or team changed are new to frames."""
    _assign(connection, plan.users)
    _own(connection, plan.owners)
    applied = AppliedFile(now, by, _counts(plan))
    insert_row(connection, applied_file, at=now, staff=by, counts=applied.counts)
    return applied


def history(connection: Connection, *, limit: int = 100) -> tuple[AppliedFile, ...]:
    """The files that were applied, newest first."""
    rows = connection.execute(select(applied_file).order_by(applied_file.c.pk.desc()).limit(limit))
    return tuple(_applied(row) for row in rows)


def numbered(connection: Connection, numbers: Collection[int]) -> dict[int, AppliedFile]:
    """The applied files with these numbers, as far as there are any."""
    return {row.pk: _applied(row) for row in rows_in(connection, select(applied_file), applied_file.c.pk, numbers)}


_assigned = (
    select(
        *calendar_user.c["id", "external_id", "connections"],
        calendar_user.c.customer.label("by_domain"),
        *assignment.c["customer", "team"],
    )
    .outerjoin(assignment, assignment.c.user == calendar_user.c.pk)
    .order_by(calendar_user.c.pk)
)
_users_version = select(func.max(calendar_user.c.ver))
_files = select(func.max(applied_file.c.pk))
_forget = delete(assignment).where(assignment.c.user == bindparam("key"))
_touch = update(calendar_user).where(calendar_user.c.pk == bindparam("key"))
_disown = delete(customer_owner).where(customer_owner.c.customer == bindparam("customer_"))


def _assign(connection: Connection, changes: Sequence[UserChange]) -> None:
    keys = {row.id: row.pk for row in connection.execute(select(calendar_user.c.id, calendar_user.c.pk))}
    known = [(keys[change.after.user.id], change) for change in changes]
    run_many(connection, _forget, [{"key": key} for key, _ in known])
    insert_many(
        connection,
        assignment,
        [
            {"user": key, "customer": change.after.customer, "team": change.after.team}
            for key, change in known
            if change.after.customer or change.after.team
        ],
    )
    seen = [key for key, change in known if change.is_seen]
    if seen:
        ver = bump(connection)
        run_many(connection, _touch, [{"key": key, "ver": ver} for key in seen])


def _own(connection: Connection, changes: Sequence[OwnerChange]) -> None:
    run_many(connection, _disown, [{"customer_": change.customer} for change in changes])
    rows = [{"customer": change.customer, "staff": change.after} for change in changes if change.after]
    insert_many(connection, customer_owner, rows)


def _applied(row: AnyRow) -> AppliedFile:
    return AppliedFile(row.at, row.staff, row.counts)


def _counts(plan: AssignmentPlan) -> dict[str, int]:
    return {
        "users": len(plan.users),
        "owners": len(plan.owners),
        "unchanged": plan.unchanged,
        "left": len(plan.left),
    }

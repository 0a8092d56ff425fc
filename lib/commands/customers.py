"""Apply an uploaded CSV of customers: previewed first, and checked again when it is confirmed."""

from lib.clock import Clock, utc_now
from lib.customer.csv_file import CustomersFile
from lib.customer.plan import AssignmentPlan, plan_of
from lib.errors import PreviewOutdated
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import Store, assignments
from lib.store.assignments import AppliedFile


def preview(store: Store, member: StaffMember, file: CustomersFile) -> AssignmentPlan:
    """What applying `file` would do now. Nothing is changed.

    A preview shows all users: raises `NotPermitted` unless `member` sees everything.
    """
    with store.read() as connection:
        accounts.require_now(connection, member.name, Permission.CUSTOMERS_WRITE).require_all_in_sight()
    return _prepared(store, file)[0]


def apply_customers(
    store: Store, member: StaffMember, file: CustomersFile, shown: AssignmentPlan, *, clock: Clock = utc_now
) -> AppliedFile:
    """Apply `file` in one transaction, after `member` has confirmed the plan `shown`.

    A file may name any user, so `member` must see everything. Raises `NotPermitted`, or `PreviewOutdated` when the file
    would now do something else than was shown. Nothing was changed then.
    """
    member.require(Permission.CUSTOMERS_WRITE)
    plan, basis = _prepared(store, file)
    if plan != shown:
        raise PreviewOutdated
    with store.write() as connection:
        accounts.require_now(connection, member.name, Permission.CUSTOMERS_WRITE).require_all_in_sight()
        if assignments.basis(connection) != basis:
            raise PreviewOutdated
        return assignments.apply(connection, plan, by=member.name, now=clock())


def _prepared(store: Store, file: CustomersFile) -> tuple[AssignmentPlan, tuple[int, int]]:
    staff = {member.name for member in accounts.everyone(store) if member.active}
    with store.read() as connection:
        basis = assignments.basis(connection)
        users, owners = assignments.assigned(connection), assignments.owners(connection)
    return plan_of(file, users, owners, staff), basis

"""What CSVs of customers said, and who looks after whom, as far as somebody may see it."""

from collections.abc import Mapping

from lib.customer.plan import UserAssignment
from lib.customer.sight import Sight
from lib.store import Transaction, assignments, standards
from lib.store.assignments import AppliedFile
from lib.store.standards import Standard


def assigned(connection: Transaction, sight: Sight) -> tuple[UserAssignment, ...]:
    """Every user that `sight` sees, vanished ones too, with what CSVs said of it."""
    return tuple(each for each in assignments.assigned(connection) if sight.sees(each.effective))


def owners_of(connection: Transaction, sight: Sight) -> Mapping[str, str]:
    """Who looks after each customer that has an owner: customer to staff name."""
    return {customer: name for customer, name in assignments.owners(connection).items() if sight.sees(customer)}


def applied_files(connection: Transaction, sight: Sight) -> tuple[AppliedFile, ...]:
    """The files that were applied, newest first: they speak of the whole workspace, and so to who sees all of it."""
    return assignments.history(connection) if sight.is_everything else ()


def standards_in_force(connection: Transaction, sight: Sight) -> Mapping[str, Standard]:
    """The standard of each customer that has one."""
    return {name: each for name, each in standards.current(connection).items() if sight.sees(name)}

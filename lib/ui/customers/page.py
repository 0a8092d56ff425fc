"""The Customers page: the customers somebody looks after, one of them, or the CSV that says whose they are."""

from lib.bootstrap import desk
from lib.errors import StoreError
from lib.staff.accounts import StaffMember
from lib.ui.customers.address import asked_customer, asked_to_assign
from lib.ui.customers.assignments import show_assigning
from lib.ui.customers.customer import show_customer
from lib.ui.customers.home import show_home
from lib.ui.widgets.notices import show_problem
from lib.ui.widgets.page_head import show_age, show_head, show_why_no_figures


def show_customers(member: StaffMember) -> None:
    """What the address asks for. Where the store cannot be read, what was drawn until then stays, and why is said."""
    try:
        _show(member)
    except StoreError as problem:
        show_problem(problem, key="customers")


def _show(member: StaffMember) -> None:
    known = desk().workspace.snapshot(member.sight)
    asked = asked_customer()
    if asked_to_assign():
        show_assigning(known, member)
    elif known.as_of is None or not known.users:
        show_head("Customers", known, member)
        show_age(known)
        show_why_no_figures(known)
    elif asked is not None:
        show_customer(asked, known, known.as_of, member)
    else:
        show_home(known, known.as_of, member)

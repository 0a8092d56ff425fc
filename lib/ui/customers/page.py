"""The Customers page: all customers or the viewer's own, one customer, or the CSV that assigns them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.customer.sight import Sight
from lib.errors import StoreError
from lib.queries.customer_summary import CustomerSummary, customer_summaries, users_by_customer
from lib.queries.customer_totals import customer_totals
from lib.queries.customers import owners_of
from lib.queries.recent_observations import lost_recently
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, role_needed_for
from lib.ui.customers.address import asked_customer, asked_to_assign, open_assignments
from lib.ui.customers.assignments import show_assignments
from lib.ui.customers.customer import show_customer
from lib.ui.customers.figures import show_figures
from lib.ui.customers.news import show_news
from lib.ui.customers.ranking import show_ranking
from lib.ui.customers.words import key_sentence
from lib.ui.widgets.choices import choose
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.notices import show_empty, show_problem
from lib.ui.widgets.page_head import show_age, show_first_days, show_head, show_why_no_figures
from lib.ui.widgets.query_params import read_word
from lib.ui.words.formats import age, count, fraction, plural
from lib.ui.words.odd_rows import odd_rows, odd_words

_WHOSE = "whose"


def show_customers(member: StaffMember) -> None:
    """The page. Where the store cannot be read, what was drawn until then stays, and the reason is shown."""
    try:
        _show(member)
    except StoreError as problem:
        show_problem(problem, key="customers")


def _show(member: StaffMember) -> None:
    known = desk().workspace.snapshot(member.sight)
    asked = asked_customer()
    if asked_to_assign():
        show_assignments(known, member)
    elif known.as_of is None or not known.users:
        show_head("Customers", known, member)
        show_age(known)
        show_why_no_figures(known)
    elif asked is not None:
        show_customer(asked, known, known.as_of, member)
    else:
        _show_all(known, known.as_of, member)


def _show_all(known: WorkspaceSnapshot, as_of: datetime, member: StaffMember) -> None:
    zone, owners = report_zone(), _owners(known.sight)
    all_rows = customer_summaries(known, zone)
    mine = tuple(row for row in all_rows if row.name is not None and owners.get(row.name) == member.name)
    is_mine = bool(mine) and st.session_state.get(_WHOSE, read_word(_WHOSE)) != "all"
    actions = show_head("My customers" if is_mine else "Customers", known, member)
    with actions:
        _show_assign_button()
        if mine:
            choose("Whose", {"mine": f"Mine · {len(mine)}", "all": f"All · {len(all_rows)}"}, name=_WHOSE)
    show_age(known)
    rows = mine if is_mine else all_rows
    if not mine:
        _show_how_to_own(member)
    st.markdown(key_sentence(rows, lost_recently(desk().store, known, as_of)))
    show_first_days(known, as_of, zone)
    show_figures(known, rows, customer_totals(known, rows, zone, as_of))
    if is_mine:
        st.caption(_freshness(known, rows))
    show_ranking(rows, owners, member)
    _show_unassigned(all_rows, is_mine)
    show_news(known, as_of, member, frozenset(row.name for row in rows) if is_mine else None, step=("home", is_mine))


def _owners(sight: Sight) -> Mapping[str, str]:
    with desk().store.read() as connection:
        return owners_of(connection, sight)


def _show_assign_button() -> None:
    st.button(
        "Assign",
        icon=":material/upload_file:",
        type="tertiary",
        on_click=open_assignments,
        key="assign",
        help="Upload a CSV that says which user belongs to which customer and team, and who owns each customer.",
    )


def _show_how_to_own(member: StaffMember) -> None:
    may_upload = member.may(Permission.CUSTOMERS_WRITE) and member.sight.is_everything
    needed = role_needed_for(Permission.CUSTOMERS_WRITE).title()
    how = "Upload" if may_upload else f"Ask someone with the role {needed} to upload"
    shown = "" if member.sight.is_everything else " that you see"
    st.caption(
        f"No customers are assigned to you yet; showing all{shown}. {how} a CSV that names `{member.name}` "
        'as their owner: see "Assign".'
    )


def _freshness(known: WorkspaceSnapshot, rows: Sequence[CustomerSummary]) -> str:
    """ "38 of 41 calendars are connected; the oldest was read 4 min ago.", of the customers in view alone."""
    users = [user for row in rows for user in users_by_customer(known).get(row.name, ())]
    oldest = known.oldest_read([each.user.id for each in users])
    read = f"; the oldest was read {age(utc_now() - oldest)}" if oldest else ""
    connected = sum(1 for each in users if each.user.connected)
    odd = odd_words(*odd_rows(users))
    return f"Of these customers, {fraction(connected, len(users))} calendars are connected{read}.{odd and f' {odd}'}"


def _show_unassigned(all_rows: Sequence[CustomerSummary], is_mine: bool) -> None:
    users = sum(row.users for row in all_rows if row.name is None)
    if users:
        where = 'They are listed under "All".' if is_mine else "They are listed last."
        st.caption(
            f"{plural(users, 'user')} of {count(sum(row.users for row in all_rows))} {'is' if users == 1 else 'are'} "
            f"unassigned: the mailbox is at a public mail host, or none is known. {where}"
        )
    elif not all_rows:
        show_empty("No customers yet", "No user is listed.", ":material/groups:")

"""Assigning users to customers by a CSV: how to write it, today's assignments, the upload, and files applied before."""

from functools import partial

import streamlit as st

from lib.bootstrap import desk
from lib.customer.plan import HEADS, assignment_rows, rows_to_fill
from lib.customer.sight import Sight
from lib.export import Format, Table
from lib.queries.customers import applied_files, assigned, owners_of
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store.assignments import AppliedFile
from lib.ui.customers.address import close
from lib.ui.customers.upload import show_upload
from lib.ui.widgets.download import offer
from lib.ui.widgets.page_head import show_age
from lib.ui.widgets.table import Column, Columns, number_column, show_plain_table, text_column, time_column
from lib.ui.words.formats import plural

_HOW = """
- The first line names the columns: `user`, `customer`, `team`, `owner`. A column that is missing changes nothing.
- `user` is an email, an external id or Recall's id. If several users share an email, the line applies to all of them.
- **Users not in the file are left unchanged.** An empty `customer` returns the user to the domain of their email; an
  empty `team` means none.
- `owner` is the name of a staff account. A line without a user sets the customer's owner; an empty `owner` there means
  nobody.
- Upper and lower case do not matter in names. If two lines contradict each other about a user, nothing is changed.
"""


def show_assignments(known: WorkspaceSnapshot, member: StaffMember) -> None:
    """The page of the CSV."""
    st.button("Customers", icon=":material/arrow_back:", type="tertiary", on_click=close, key="back")
    st.title("Assign customers", anchor=False)
    show_age(known)
    st.markdown("**A CSV says which user belongs to which customer and team, and who owns each customer.**")
    with st.expander("How the file is written", expanded=True):
        st.markdown(_HOW)
        _show_files(member)
    show_upload(member)
    if member.sight.is_everything:
        _show_history(member)


def _show_files(member: StaffMember) -> None:
    if not member.may(Permission.EXPORT_READ):
        return
    files = [("Download current assignments", _current, "customers in force", "in_force")]
    if member.sight.is_everything:
        files.append(("Template: users without a customer", _template, "customers template", "template"))
    with st.container(horizontal=True):
        for label, table, name, key in files:
            offer(label, partial(table, member.sight), name, member, Format.CSV, key=key, icon=":material/download:")


def _current(sight: Sight) -> Table:
    with desk().store.read() as connection:
        rows = assignment_rows(assigned(connection, sight), owners_of(connection, sight))
    return Table(HEADS, rows)


def _template(sight: Sight) -> Table:
    with desk().store.read() as connection:
        return Table(HEADS, rows_to_fill(assigned(connection, sight)))


def _show_history(member: StaffMember) -> None:
    with desk().store.read() as connection:
        history = applied_files(connection, member.sight)
    st.subheader("Files applied", anchor=False)
    if not history:
        st.caption("None yet: every user belongs to the domain of their email.")
        return
    show_plain_table(history, HISTORY_COLUMNS, alt=f"{plural(len(history), 'file')} applied, newest first")


def _count_column(head: str, width: int, name: str) -> Column[AppliedFile]:
    return number_column(head, width, lambda file: file.counts.get(name, 0))


HISTORY_COLUMNS: Columns[AppliedFile] = {
    "at": time_column("When", lambda file: file.at),
    "by": text_column("By", 200, lambda file: file.by),
    "users": _count_column("Users", 100, "users"),
    "owners": _count_column("Owners", 100, "owners"),
    "unchanged": _count_column("Unchanged", 110, "unchanged"),
    "left": _count_column("Lines left out", 120, "left"),
}

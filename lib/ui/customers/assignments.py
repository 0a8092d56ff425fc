"""Whose users are whose, by a CSV: how it is written, what is in force, a preview of an upload, what was applied."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
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
from lib.ui.customers.preview import show_preview
from lib.ui.customers.upload import show_upload
from lib.ui.widgets.download import offer
from lib.ui.widgets.page_head import show_age
from lib.ui.widgets.tables import number_column, show_plain_table, starts_column, text_column
from lib.ui.words.formats import plural

_HOW = """
- The first line names the columns: `user`, `customer`, `team`, `owner`. A column that is missing changes nothing.
- `user` is an email, an external id or Recall's id. An email that several users share speaks for all of them.
- **Who is in no line keeps what they had.** An empty `customer` gives the user back to the domain of their email; an
  empty `team` means none.
- `owner` is the name of a staff account. A line without a user speaks of the customer: there an empty `owner` means
  nobody.
- Names that differ in case alone are one customer. Two lines that say different things of one user change nothing.
"""
_COUNTS = ("users", "owners", "unchanged", "left")


def show_assigning(known: WorkspaceSnapshot, member: StaffMember) -> None:
    """The page when the CSV's part is open."""
    st.button("Customers", icon=":material/arrow_back:", type="tertiary", on_click=close, key="back")
    st.title("Assign customers", anchor=False)
    show_age(known)
    st.markdown("**A CSV says which user belongs to which customer and team, and who looks after a customer.**")
    with st.expander("How the file is written", expanded=True):
        st.markdown(_HOW)
        _show_files(member)
    file = show_upload(member)
    if file is not None:
        show_preview(file, member)
    if member.sight.is_everything:
        _show_history(member)


def _show_files(member: StaffMember) -> None:
    if not member.may(Permission.EXPORT_READ):
        return
    with st.container(horizontal=True):
        _offer("What is in force", lambda: _in_force(member.sight), "customers in force", member, "in_force")
        if member.sight.is_everything:
            _offer(
                "Template: users without a customer",
                lambda: _template(member.sight),
                "customers template",
                member,
                "template",
            )


def _offer(label: str, table: Callable[[], Table], name: str, member: StaffMember, key: str) -> None:
    offer(label, table, name, member, Format.CSV, key=key, icon=":material/download:")


def _in_force(sight: Sight) -> Table:
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
    show_plain_table(_frame(history), _columns(), alt=f"{plural(len(history), 'file')} applied, newest first")


def _frame(history: Sequence[AppliedFile]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "at": [each.at for each in history],
            "by": [each.by for each in history],
            **{
                name: [each.counts.get(name, 0) for each in history]
                for name in ("users", "owners", "unchanged", "left")
            },
        }
    )


def _columns() -> dict[str, Any]:
    return {
        "at": starts_column("When"),
        "by": text_column("By", 200),
        "users": number_column("Users", 100),
        "owners": number_column("Owners", 100),
        "unchanged": number_column("Unchanged", 110),
        "left": number_column("Lines left out", 120),
    }

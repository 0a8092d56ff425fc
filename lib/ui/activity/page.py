"""The Activity page, and the history of one user: the audit log with its filters, its file and one entry in full."""

import streamlit as st

from lib.bootstrap import desk
from lib.errors import StoreError
from lib.export import Table
from lib.queries.audit_log import audit_entries
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.store.audit_log import AuditFilter
from lib.ui.activity.entry_card import show_open_entry
from lib.ui.activity.filters import clear_filters, show_filters
from lib.ui.activity.table import columns, show_rows
from lib.ui.sign_in.access import current_member
from lib.ui.widgets.download import show_download
from lib.ui.widgets.notices import show_empty, show_problem
from lib.ui.widgets.page_head import show_age, show_head
from lib.ui.widgets.table import table_of
from lib.ui.words.formats import count

FIRST_ROWS, MORE_ROWS = 100, 200
MOST_EXPORTED = 50_000
_SHOWN = "activity_shown"


def show_activity(member: StaffMember) -> None:
    """The page. Where the store cannot be read, what was drawn until then stays, and why is said."""
    try:
        _show(member)
    except StoreError as problem:
        show_problem(problem, key="activity")


def _show(member: StaffMember) -> None:
    known = desk().workspace.snapshot(member.sight)
    actions = show_head("Activity", known, member)
    show_age(known)
    wanted = show_filters(known, member)
    with actions:
        show_download(lambda: _exported(wanted, known, member), "activity", member, key="activity")
    limit = _rows_shown(wanted)
    found = audit_entries(desk().store, wanted, member, limit=limit)
    if not found.entries:
        _show_empty(wanted)
    else:
        show_rows(found.entries, known, key="activity_rows")
        if found.has_more:
            _show_more(wanted, limit)
    show_open_entry(known, member)


def show_history(user_id: str) -> None:
    """The History section of a user's page; `user_id` is Recall's."""
    member = current_member()
    if member is None:
        return
    known, wanted = desk().workspace.snapshot(member.sight), AuditFilter(user_id=user_id)
    limit = _rows_shown(wanted)
    found = audit_entries(desk().store, wanted, member, limit=limit)
    if not found.entries:
        st.caption("No changes of this user are known, made here or elsewhere.")
        return
    show_rows(found.entries, known, key="history_rows", one_user=True)
    if found.has_more:
        _show_more(wanted, limit)
    show_open_entry(known, member, with_user=False)


def _rows_shown(wanted: AuditFilter) -> int:
    """How many rows are shown under these filters."""
    asked, limit = st.session_state.get(_SHOWN, (None, FIRST_ROWS))
    return int(limit) if asked == wanted else FIRST_ROWS


def _show_more(wanted: AuditFilter, limit: int) -> None:
    """The button that shows older entries. Only as many entries as are shown are read."""
    st.button(
        f"Show older (the newest {count(limit)} are shown)",
        icon=":material/expand_more:",
        type="tertiary",
        on_click=lambda: st.session_state.update({_SHOWN: (wanted, limit + MORE_ROWS)}),
        key="activity_older",
    )


def _exported(wanted: AuditFilter, known: WorkspaceSnapshot, member: StaffMember) -> Table:
    return table_of(audit_entries(desk().store, wanted, member, limit=MOST_EXPORTED).entries, columns(known))


def _show_empty(wanted: AuditFilter) -> None:
    if wanted != AuditFilter():
        show_empty(
            "No entries match these filters",
            "Try another period, kind, customer or user.",
            ":material/filter_alt_off:",
            act="Show everything",
            on_click=clear_filters,
            key="activity_clear",
        )
    else:
        show_empty("No activity yet", "Changes, sign-ins and downloads are listed here.", ":material/history:")

"""One user's history: every change here and elsewhere, with undo."""

import streamlit as st

from lib.bootstrap import desk
from lib.queries.audit_log import audit_entries
from lib.store.audit_log import AuditFilter
from lib.ui.activity.card import show_selected
from lib.ui.activity.page import rows_shown, show_more
from lib.ui.activity.table import show_rows
from lib.ui.sign_in.access import current_member


def show_history(user_id: str) -> None:
    """The section of the user's page; `user_id` is Recall's."""
    member = current_member()
    if member is None:
        return
    known, wanted = desk().workspace.snapshot(member.sight), AuditFilter(user_id=user_id)
    limit = rows_shown(wanted)
    found = audit_entries(desk().store, wanted, member, limit=limit)
    if not found.entries:
        st.caption("Nothing was changed for this user, here or elsewhere, since it is in the record.")
        return
    show_rows(found.entries, known, key="history_rows", one_user=True)
    if found.has_more:
        show_more(wanted, limit)
    show_selected(known, member, with_user=False)

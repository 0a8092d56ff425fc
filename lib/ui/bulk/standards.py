"""The standard of each customer: what its users are to have, which of them drift from it, and the way to align them."""

from collections.abc import Sequence

import streamlit as st

from lib.bootstrap import desk
from lib.commands.standards import Drift, drift_of
from lib.queries.customers import standards_in_force
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.presets import preset_words
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store.users import UserRow
from lib.ui.bulk.actions import save_standard
from lib.ui.bulk.address import choose_flags_in_address, open_dry_run
from lib.ui.bulk.words import flags_words
from lib.ui.widgets.buttons import clicked
from lib.ui.widgets.table import (
    BY_KEYBOARD,
    Columns,
    number_column,
    show_plain_table,
    show_table,
    text_column,
    time_column,
)
from lib.ui.widgets.theme import main_button
from lib.ui.words.formats import one_line, plural

_COLUMNS: Columns[Drift] = {
    "customer": text_column("Customer", 220, lambda drift: one_line(drift.standard.customer)),
    "standard": text_column("Standard", 150, lambda drift: flags_words(drift.standard.flags or {})),
    "away": number_column("Drift", 80, lambda drift: len(drift.away)),
    "users": number_column("Users", 80, lambda drift: drift.users),
    "by": text_column("Set by", 150, lambda drift: drift.standard.by),
    "at": time_column("Set", lambda drift: drift.standard.at),
}
_USER_COLUMNS: Columns[UserRow] = {
    "user": text_column("User", 300, lambda row: one_line(row.user.label)),
    "has": text_column("Has", 200, lambda row: preset_words(row.user.preferences)),
}


def show_standards(known: WorkspaceSnapshot, member: StaffMember) -> None:
    """The section."""
    with desk().store.read() as connection:
        drifts = drift_of(known.listed, standards_in_force(connection, known.sight))
    if drifts:
        away = sum(len(drift.away) for drift in drifts)
        verb = "differs" if away == 1 else "differ"
        st.markdown(f"**{plural(away, 'user')} {verb}** from the standard of their customer.")
        selected = _show_table(drifts)
        if selected is not None:
            _show_drift(selected, member)
    else:
        st.caption(
            "No customer has a standard yet. A standard is what all users of a customer are to have; this page then "
            "shows which users differ."
        )
    if member.may(Permission.PREFERENCES_WRITE):
        _show_form(known)


def _show_table(drifts: Sequence[Drift]) -> Drift | None:
    st.caption("Most drift first. Select a row to see its users.", help=BY_KEYBOARD)
    alt = f"{plural(len(drifts), 'standard')}, most drift first"
    return next(iter(show_table(drifts, _COLUMNS, key="standards_table", alt=alt)), None)


def _show_drift(drift: Drift, member: StaffMember) -> None:
    customer, flags = drift.standard.customer, drift.standard.flags or {}
    with st.container(border=True):
        st.text(one_line(customer))
        if drift.away:
            alt = f"{plural(len(drift.away), 'user')} with other preferences"
            show_plain_table(drift.away, _USER_COLUMNS, alt=alt, most_rows=6)
        else:
            st.caption("All its users have the standard.")
        if not member.may(Permission.PREFERENCES_WRITE):
            return
        with st.container(horizontal=True):
            st.button(
                "Apply the standard…",
                icon=":material/rule:",
                type=main_button(),
                disabled=not drift.away,
                help="Opens the dry run. Nothing is changed before you confirm it.",
                on_click=open_dry_run,
                args=(customer, dict(flags)),
                key="apply_standard",
            )
            st.button(
                "Remove standard",
                type="tertiary",
                on_click=save_standard,
                args=(customer, None),
                key="remove_standard",
            )


def _show_form(known: WorkspaceSnapshot) -> None:
    customers = sorted({row.customer for row in known.listed if row.customer})
    if not customers:
        return
    # The session keeps it open: the page draws itself anew after each read, and must not close a form in use.
    with st.expander("Set a standard", key="set_standard", on_change="rerun"):
        customer = st.selectbox("Customer", customers, key="standard_customer")
        flags = choose_flags_in_address("standard")
        # Not by a callback, which would be given what was drawn before the last choice.
        if clicked("Save as standard", icon=":material/rule:", disabled=customer is None, key="save_standard"):
            save_standard(customer, flags)
            st.rerun()

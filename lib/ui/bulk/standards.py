"""Standards: what each customer's users are to have, who drifts from it, and the way to put that right."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.bootstrap import desk
from lib.commands.standards import Drift, drift_of
from lib.queries.customers import standards_in_force
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.bulk.actions import keep_standard
from lib.ui.bulk.address import fill_dry_run
from lib.ui.bulk.preferences_choice import choose_flags
from lib.ui.bulk.words import flags_words
from lib.ui.user.presets import preset_words
from lib.ui.widgets.buttons import clicked
from lib.ui.widgets.tables import BY_KEYBOARD, number_column, show_plain_table, show_table, starts_column, text_column
from lib.ui.widgets.theme import main_button
from lib.ui.words.formats import one_line, plural


def show_standards(known: WorkspaceSnapshot, member: StaffMember) -> None:
    """The section."""
    with desk().store.read() as connection:
        drifts = drift_of(known.listed, standards_in_force(connection, known.sight))
    away = sum(len(drift.away) for drift in drifts)
    if drifts:
        verb = "has" if away == 1 else "have"
        st.markdown(f"**{plural(away, 'user')} {verb} something else set** than the standard of their customer says.")
        shown = _show_table(drifts)
        if shown is not None:
            _show_one(shown, member)
    else:
        st.caption(
            "No customer has a standard yet. It says what all its users are to have, and shows who drifts from it."
        )
    if member.may(Permission.PREFERENCES_WRITE):
        _show_form(known)


def _show_table(drifts: Sequence[Drift]) -> Drift | None:
    st.caption("Most drift first. Select a row to see who.", help=BY_KEYBOARD)
    frame = pd.DataFrame(
        {
            "customer": [one_line(drift.standard.customer) for drift in drifts],
            "standard": [flags_words(drift.standard.flags or {}) for drift in drifts],
            "away": [len(drift.away) for drift in drifts],
            "users": [drift.users for drift in drifts],
            "by": [drift.standard.by for drift in drifts],
            "at": [drift.standard.at for drift in drifts],
        }
    )
    columns = {
        "customer": text_column("Customer", 220),
        "standard": text_column("Standard", 150),
        "away": number_column("Drift", 80),
        "users": number_column("Users", 80),
        "by": text_column("Set by", 150),
        "at": starts_column("Set"),
    }
    alt = f"{plural(len(drifts), 'standard')}, most drift first"
    picked = show_table(frame, columns, key="standards_table", alt=alt)
    return drifts[picked[0]] if picked and picked[0] < len(drifts) else None


def _show_one(drift: Drift, member: StaffMember) -> None:
    customer, flags = drift.standard.customer, drift.standard.flags or {}
    with st.container(border=True):
        st.text(one_line(customer))
        if drift.away:
            frame = pd.DataFrame(
                {
                    "user": [one_line(row.user.label) for row in drift.away],
                    "has": [preset_words(row.user.preferences) for row in drift.away],
                }
            )
            columns = {"user": text_column("User", 300), "has": text_column("Has", 200)}
            show_plain_table(
                frame, columns, alt=f"{plural(len(drift.away), 'user')} with something else set", most_rows=6
            )
        else:
            st.caption("All its users have what the standard says.")
        if member.may(Permission.PREFERENCES_WRITE):
            _show_buttons(drift, customer, dict(flags))


def _show_buttons(drift: Drift, customer: str, flags: dict[str, bool]) -> None:
    with st.container(horizontal=True):
        st.button(
            "Apply the standard…",
            icon=":material/rule:",
            type=main_button(),
            disabled=not drift.away,
            help="Opens the dry run. Nothing is changed before you have seen it.",
            on_click=fill_dry_run,
            args=(customer, flags),
            key="apply_standard",
        )
        st.button(
            "Take the standard away",
            type="tertiary",
            on_click=keep_standard,
            args=(customer, None),
            key="drop_standard",
        )


def _show_form(known: WorkspaceSnapshot) -> None:
    customers = sorted({row.customer for row in known.listed if row.customer})
    if not customers:
        return
    # Its state is kept: the page draws itself anew when Recall was read, and must not shut what somebody fills in.
    with st.expander("Set a standard", key="set_standard", on_change="rerun"):
        customer = st.selectbox("Customer", customers, key="standard_customer")
        flags = choose_flags(name="standard")
        # Not by a callback: whoever chooses and clicks at once would keep what was drawn before.
        if clicked("Keep as the standard", icon=":material/rule:", disabled=customer is None, key="keep_standard"):
            keep_standard(customer, flags)
            st.rerun()

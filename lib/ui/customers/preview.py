"""What an uploaded file would do: who changes, which lines are left out and why, and the button that applies it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.bootstrap import desk
from lib.commands.customers import preview
from lib.customer.csv_file import CustomersFile
from lib.customer.plan import AssignmentPlan, OwnerChange, SkippedLine, SkipReason, UserChange
from lib.staff.accounts import StaffMember
from lib.ui.customers.upload import apply_shown, forget_upload
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.tables import number_column, show_plain_table, text_column
from lib.ui.widgets.theme import main_button
from lib.ui.words.formats import NOTHING, count, one_line, plural

MOST_ROWS = 1000
_HEADINGS = {
    SkipReason.UNMATCHED: "Does not match",
    SkipReason.TWICE: "Twice, saying different things",
    SkipReason.OWNER_UNKNOWN: "Owner without a staff account",
    SkipReason.UNUSABLE: "Cannot be understood",
}


def show_preview(file: CustomersFile, member: StaffMember) -> None:
    """The preview and its button. Nothing is changed by looking."""
    plan = preview(desk().store, member, file)
    st.subheader("What it would do", anchor=False)
    st.markdown(sentence(plan))
    _show_buttons(file, plan)
    _show_users([change for change in plan.users if change.is_seen])
    _show_owners(plan.owners)
    for why, heading in _HEADINGS.items():
        _show_left(heading, plan.left_for(why))


def sentence(plan: AssignmentPlan) -> str:
    """ "12 users change customer or team, and 2 customers their owner. ..." Our words and numbers alone."""
    seen = sum(1 for change in plan.users if change.is_seen)
    confirmed, lines = len(plan.users) - seen, len({left.line for left in plan.left})
    if plan.is_empty:
        first = "**Nothing would change.**"
    else:
        first = (
            f"**{plural(seen, 'user changes', 'users change')} customer or team, "
            f"and {plural(len(plan.owners), 'customer')} the owner.**"
        )
    rest = [f"{count(plan.unchanged)} are so already"] if plan.unchanged else []
    if confirmed:
        rest.append(f"for {plural(confirmed, 'user')} it confirms the domain of the email")
    rest.append(f"{plural(lines, 'line')} {'is' if lines == 1 else 'are'} left out" if lines else "no line is left out")
    told = "; ".join(rest)
    return f"{first} {told[0].upper()}{told[1:]}."


def _show_buttons(file: CustomersFile, plan: AssignmentPlan) -> None:
    words = f"Apply: {plural(len(plan.users), 'user')}, {plural(len(plan.owners), 'owner')}"
    with st.container(horizontal=True):
        st.button(
            "Nothing to apply" if plan.is_empty else words,
            icon=":material/check:",
            type=main_button(),
            disabled=plan.is_empty,
            on_click=apply_shown,
            args=(file, plan),
            key="apply_customers",
        )
        st.button("Discard", type="tertiary", on_click=forget_upload, key="discard_customers")


def _show_users(changes: Sequence[UserChange]) -> None:
    if not changes:
        return
    shown = changes[:MOST_ROWS]
    st.markdown(f"**Users · {count(len(changes))}**{_cut(len(changes))}")
    frame = pd.DataFrame(
        {
            "user": [one_line(change.after.user.label) for change in shown],
            "customer": [_name(change.before.effective) for change in shown],
            "customer_after": [_name(change.after.effective) for change in shown],
            "team": [one_line(change.before.team) or NOTHING for change in shown],
            "team_after": [one_line(change.after.team) or NOTHING for change in shown],
        }
    )
    columns = {
        "user": text_column("User", 250),
        "customer": text_column("Customer now", 160),
        "customer_after": text_column("Customer then", 180),
        "team": text_column("Team now", 120),
        "team_after": text_column("Team then", 140),
    }
    show_plain_table(frame, columns, alt=f"{plural(len(changes), 'user')} that would change")


def _show_owners(changes: Sequence[OwnerChange]) -> None:
    if not changes:
        return
    shown = changes[:MOST_ROWS]
    st.markdown(f"**Owners · {count(len(changes))}**{_cut(len(changes))}")
    frame = pd.DataFrame(
        {
            "customer": [one_line(change.customer) for change in shown],
            "before": [change.before or "nobody" for change in shown],
            "after": [change.after or "nobody" for change in shown],
        }
    )
    columns = {
        "customer": text_column("Customer", 300),
        "before": text_column("Owner now", 200),
        "after": text_column("Owner then", 200),
    }
    show_plain_table(frame, columns, alt=f"{plural(len(changes), 'customer')} whose owner would change")


def _show_left(heading: str, lines: Sequence[SkippedLine]) -> None:
    if not lines:
        return
    shown = lines[:MOST_ROWS]
    st.markdown(f"**{heading} · {count(len(lines))}**{_cut(len(lines))}")
    frame = pd.DataFrame(
        {
            "line": [left.line for left in shown],
            "user": [one_line(left.user) or NOTHING for left in shown],
            "customer": [one_line(left.customer) or NOTHING for left in shown],
            "why": [left.sentence for left in shown],
        }
    )
    columns = {
        "line": number_column("Line", 70),
        "user": text_column("User", 220),
        "customer": text_column("Customer", 160),
        "why": text_column("Why", 420),
    }
    show_plain_table(frame, columns, alt=f"{plural(len(lines), 'line')} left out: {heading.lower()}")


def _cut(lines: int) -> str:
    return f", the first {count(MOST_ROWS)} of them" if lines > MOST_ROWS else ""


def _name(customer: str | None) -> str:
    return customer_words(customer)

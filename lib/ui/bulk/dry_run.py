"""The dry run: whom, what, what it would do to each and in total, and the button that lets it be done."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from lib.bootstrap import desk
from lib.commands.bulk import BulkPlan, PlannedUser, plan_bulk
from lib.errors import InvalidChange
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.bulk.actions import ask_proof, begin
from lib.ui.bulk.address import OWN
from lib.ui.bulk.preferences_choice import choose_flags
from lib.ui.bulk.users_choice import choose_users
from lib.ui.bulk.words import confirm_words, key_sentence
from lib.ui.user.presets import preset_words
from lib.ui.widgets.choices import choose
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.session_cache import once
from lib.ui.widgets.tables import number_column, show_plain_table, text_column
from lib.ui.widgets.theme import main_button
from lib.ui.words.formats import NOTHING, one_line, plural

_KEPT = "many_dry_run"
_OWN = {"keep": "Keep individual settings", "overwrite": "Overwrite all"}
_OWN_MEANS = "Individual: a combination that is neither a preset nor the standard of the user's customer."


def show_dry_run(known: WorkspaceSnapshot, member: StaffMember) -> None:
    """The section."""
    whom, what = st.columns(2, gap="large")
    with whom:
        user_ids = choose_users(known)
    with what:
        st.subheader("What is recorded", anchor=False)
        flags = choose_flags()
        keep = choose("Individual settings", _OWN, name=OWN) == "keep"
        st.caption(_OWN_MEANS)
    st.subheader("What it would do", anchor=False)
    if not user_ids:
        st.caption("Choose users first: nothing is changed by looking.")
        return
    plan = _plan(known, user_ids, flags, keep)
    if plan is None:
        return
    st.markdown(key_sentence(plan))
    if member.may(Permission.PREFERENCES_WRITE):
        _offer(plan, member)
    _show_lines(plan)
    st.caption(
        "Our estimate from what was read last, user by user. Recall decides. "
        "Each user is looked at again before anything is sent."
    )


def _plan(
    known: WorkspaceSnapshot, user_ids: tuple[str, ...], flags: Mapping[str, bool], keep: bool
) -> BulkPlan | None:
    """The dry run, worked out once for each state of what is chosen and known."""
    mark = (known.mark, user_ids, tuple(flags.items()), keep)

    def work_out() -> BulkPlan:
        with st.spinner(f"Working out what becomes of the meetings of {plural(len(user_ids), 'user')}…"):
            return plan_bulk(desk().store, user_ids, flags, known.sight, keep=keep, zone=report_zone())

    try:
        return once(_KEPT, mark, work_out)
    except InvalidChange as problem:
        st.error(str(problem), icon=":material/error:")
        return None


def _offer(plan: BulkPlan, member: StaffMember) -> None:
    why = st.text_input("Reason (kept in Activity)", key="many_why", placeholder="Asked for by the customer")
    if plan.changing:
        ask_proof(member)
    st.button(
        confirm_words(plan),
        icon=":material/group_add:",
        type=main_button(),
        disabled=not plan.changing,
        on_click=begin,
        args=(plan, why),
        key="begin_many",
    )


def _show_lines(plan: BulkPlan) -> None:
    lines = sorted(plan.lines, key=lambda line: (line.stays is not None, -line.losses, -line.gains, line.user.label))
    frame = pd.DataFrame(
        {
            "user": [one_line(line.user.label) for line in lines],
            "old": [preset_words(line.old) for line in lines],
            "new": [_new(line) for line in lines],
            "gains": [line.gains for line in lines],
            "losses": [line.losses for line in lines],
            "stays": [line.stays.value if line.stays else NOTHING for line in lines],
        }
    )
    columns = {
        "user": text_column("User", 250),
        "old": text_column("Old", 130),
        "new": text_column("New", 130),
        "gains": number_column("Gains", 70),
        "losses": number_column("Losses", 70),
        "stays": text_column("Why nothing is done", 230),
    }
    show_plain_table(frame, columns, alt=f"{plural(len(lines), 'user')}, those who lose most first")


def _new(line: PlannedUser) -> str:
    return preset_words(line.old if line.stays else line.new)

"""The dry run of a change: which users, what is to be recorded, its effect on each, and the button that starts it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from lib.bootstrap import desk
from lib.commands.bulk import BulkPlan, PlannedUser, Selection, parse_selection, plan_bulk
from lib.commands.bulk.selection import MOST_LETTERS
from lib.customer import fits
from lib.domain import CalendarUser
from lib.errors import InvalidChange
from lib.queries.search import find_users
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.presets import preset_words
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.bulk.actions import ask_proof, begin
from lib.ui.bulk.address import BY, CUSTOMER, OWN, choose_flags_in_address
from lib.ui.bulk.words import confirm_words, key_sentence
from lib.ui.widgets.choices import choose
from lib.ui.widgets.customer_choice import ALL_CUSTOMERS, choose_customer
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.session_cache import once
from lib.ui.widgets.table import Columns, number_column, show_plain_table, text_column
from lib.ui.widgets.theme import main_button
from lib.ui.words.formats import NOTHING, count, one_line, plural
from lib.ui.words.scope import ALL, customer_asked

MOST_UNKNOWN_SHOWN = 500
_NONE_YET, _ALL_TEAMS = "", ""
_CUSTOMERS = {_NONE_YET: "Choose a customer", ALL: ALL_CUSTOMERS}
_WAYS = {"filter": "By customer", "list": "By a list"}
_OWN = {"keep": "Keep individual settings", "overwrite": "Overwrite all"}
_COLUMNS: Columns[PlannedUser] = {
    "user": text_column("User", 250, lambda line: one_line(line.user.label)),
    "old": text_column("Old", 130, lambda line: preset_words(line.old)),
    "new": text_column("New", 130, lambda line: preset_words(line.old if line.skipped else line.new)),
    "gains": number_column("Gains", 70, lambda line: line.gains),
    "losses": number_column("Losses", 70, lambda line: line.losses),
    "stays": text_column("Why unchanged", 230, lambda line: line.skipped.value if line.skipped else NOTHING),
}
_UNKNOWN_COLUMNS: Columns[str] = {"name": text_column("Not found", 300, one_line)}


def show_dry_run(known: WorkspaceSnapshot, member: StaffMember) -> None:
    """The section."""
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Users", anchor=False)
        way = choose("Choose users", _WAYS, name=BY)
        users = _users_of_list(known) if way == "list" else _users_of_customer(known)
    with right:
        st.subheader("What is recorded", anchor=False)
        flags = choose_flags_in_address()
        keep = choose("Individual settings", _OWN, name=OWN) == "keep"
        st.caption("Individual: a combination that is neither a preset nor the standard of the user's customer.")
    st.subheader("Preview", anchor=False)
    if not users:
        st.caption("Choose users first. A preview changes nothing.")
        return
    plan = _plan(known, tuple(user.id for user in users), flags, keep)
    if plan is None:
        return
    st.markdown(key_sentence(plan))
    if member.may(Permission.PREFERENCES_WRITE):
        _offer_begin(plan, member)
    lines = sorted(plan.lines, key=lambda line: (line.skipped is not None, -line.losses, -line.gains, line.user.label))
    show_plain_table(lines, _COLUMNS, alt=f"{plural(len(lines), 'user')}, those who lose most first")
    st.caption(
        "Our estimate from what was last read, user by user. Recall decides. "
        "Each user is checked again before anything is sent."
    )


def _users_of_customer(known: WorkspaceSnapshot) -> Sequence[CalendarUser]:
    rows = known.listed
    customer = choose_customer((row.customer for row in rows), _CUSTOMERS, name=CUSTOMER, width=300)
    if customer == _NONE_YET:
        return ()
    rows = tuple(row for row in rows if fits(row.customer, customer_asked(customer)))
    teams = sorted({row.team for row in rows if row.team})
    if teams:
        named = {_ALL_TEAMS: "All teams", **{team: one_line(team) for team in teams}}
        team = choose("Team", named, name="team", style="list", width=300)
        rows = rows if team == _ALL_TEAMS else tuple(row for row in rows if row.team == team)
    # Not in the address, because this is often somebody's email.
    text = st.text_input("Find", key="bulk_find", placeholder="Part of an email or id", label_visibility="collapsed")
    customers = {row.user.id: row.customer for row in rows}
    found = find_users([row.user for row in rows], text or "", whose=lambda user: customers[user.id])
    st.caption(f"{plural(len(found), 'user')} selected.")
    return found


def _users_of_list(known: WorkspaceSnapshot) -> Sequence[CalendarUser]:
    text = st.text_area(
        "Emails, external ids or Recall's ids",
        key="bulk_list",
        height=150,
        max_chars=MOST_LETTERS,
        help="One per line, or separated by commas, semicolons or tabs. The list is not kept.",
    )
    users = [row.user for row in known.listed]
    try:
        selection = once("bulk_selection", (known.mark, text), lambda: parse_selection(text or "", users))
    except InvalidChange as problem:
        st.error(str(problem), icon=":material/error:")
        return ()
    if text:
        _show_selection(selection)
    return selection.found


def _show_selection(selection: Selection) -> None:
    rest = (
        (len(selection.duplicates), "named twice, taken once"),
        (selection.blanks, "blank"),
        (len(selection.unknown), "not found"),
    )
    told = [f"{plural(len(selection.found), 'user')} selected", *(f"{count(n)} {words}" for n, words in rest if n)]
    st.caption(f"{'; '.join(told)}.")
    if selection.unknown:
        alt = f"{plural(len(selection.unknown), 'name')} that no user has"
        show_plain_table(selection.unknown[:MOST_UNKNOWN_SHOWN], _UNKNOWN_COLUMNS, alt=alt, most_rows=4)


def _plan(
    known: WorkspaceSnapshot, user_ids: tuple[str, ...], flags: Mapping[str, bool], keep: bool
) -> BulkPlan | None:
    """The dry run, computed once for each selection and state of the workspace."""

    def compute() -> BulkPlan:
        with st.spinner(f"Computing the effect on the meetings of {plural(len(user_ids), 'user')}…"):
            return plan_bulk(desk().store, user_ids, flags, known.sight, keep=keep, zone=report_zone())

    try:
        return once("bulk_plan", (known.mark, user_ids, tuple(flags.items()), keep), compute)
    except InvalidChange as problem:
        st.error(str(problem), icon=":material/error:")
        return None


def _offer_begin(plan: BulkPlan, member: StaffMember) -> None:
    why = st.text_input("Reason (kept in Activity)", key="bulk_why", placeholder="Requested by the customer")
    if plan.changing:
        ask_proof(member)
    st.button(
        confirm_words(plan),
        icon=":material/group_add:",
        type=main_button(),
        disabled=not plan.changing,
        on_click=begin,
        args=(plan, why),
        key="bulk_begin",
    )

"""Whom to change: users of a customer or a team, by what somebody types, or by a pasted list."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.commands.bulk import Selection, parse_selection
from lib.commands.bulk.selection import MOST_LETTERS
from lib.customer import fits
from lib.domain import CalendarUser
from lib.errors import InvalidChange
from lib.queries.search import find_users
from lib.queries.workspace import WorkspaceSnapshot
from lib.ui.bulk.address import BY, CUSTOMER
from lib.ui.widgets.choices import choose
from lib.ui.widgets.customer_choice import ALL_CUSTOMERS, EVERYBODY, choose_customer
from lib.ui.widgets.scope_choice import customer_asked
from lib.ui.widgets.session_cache import once
from lib.ui.widgets.tables import show_plain_table, text_column
from lib.ui.words.formats import count, one_line, plural

_NOBODY_YET, _ALL_TEAMS = "", ""
_OURS = {_NOBODY_YET: "Choose a customer", EVERYBODY: ALL_CUSTOMERS}
_WAYS = {"filter": "By customer", "list": "By a list"}
MOST_STRANGERS = 500
_CHOSEN = "many_chosen"


def choose_users(known: WorkspaceSnapshot) -> tuple[str, ...]:
    """Recall's ids of those chosen, in the order in which they are shown."""
    st.subheader("Whom", anchor=False)
    way = choose("Choose users", _WAYS, name=BY)
    found = _by_list(known) if way == "list" else _by_filter(known)
    return tuple(user.id for user in found)


def _by_filter(known: WorkspaceSnapshot) -> Sequence[CalendarUser]:
    rows = known.listed
    customer = choose_customer((row.customer for row in rows), _OURS, name=CUSTOMER, width=300)
    if customer == _NOBODY_YET:
        return ()
    if customer != EVERYBODY:
        rows = tuple(row for row in rows if fits(row.customer, customer_asked(customer)))
    teams = sorted({row.team for row in rows if row.team})
    if teams:
        named = {_ALL_TEAMS: "All teams", **{team: one_line(team) for team in teams}}
        team = choose("Team", named, name="team", style="list", width=300)
        rows = rows if team == _ALL_TEAMS else tuple(row for row in rows if row.team == team)
    # Not in the address: what is typed here is often somebody's email.
    text = st.text_input("Find", key="many_find", placeholder="Part of an email or id", label_visibility="collapsed")
    whose = {row.user.id: row.customer for row in rows}
    found = find_users([row.user for row in rows], text or "", whose=lambda user: whose[user.id])
    st.caption(f"{plural(len(found), 'user')} chosen.")
    return found


def _by_list(known: WorkspaceSnapshot) -> Sequence[CalendarUser]:
    text = st.text_area(
        "Emails, external ids or Recall's ids",
        key="many_list",
        height=150,
        max_chars=MOST_LETTERS,
        help="One on a line, or with commas, semicolons or tabs between them. It is not kept.",
    )
    try:
        chosen = once(
            _CHOSEN, (known.mark, text), lambda: parse_selection(text or "", [row.user for row in known.listed])
        )
    except InvalidChange as problem:
        st.error(str(problem), icon=":material/error:")
        return ()
    if text:
        _tell(chosen)
    return chosen.found


def _tell(chosen: Selection) -> None:
    left = [
        f"{count(number)} {words}"
        for number, words in (
            (len(chosen.twice), "named twice, taken once"),
            (chosen.blanks, "blank"),
            (len(chosen.strangers), "not found"),
        )
        if number
    ]
    st.caption("; ".join([f"{plural(len(chosen.found), 'user')} chosen", *left]) + ".")
    if chosen.strangers:
        names = [one_line(name) for name in chosen.strangers[:MOST_STRANGERS]]
        frame = pd.DataFrame({"name": names})
        alt = f"{plural(len(chosen.strangers), 'name')} that nobody has"
        show_plain_table(frame, {"name": text_column("Not found", 300)}, alt=alt, most_rows=4)

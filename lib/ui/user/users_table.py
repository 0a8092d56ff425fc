"""All calendar users: find one by part of an email, external id or customer; see whose calendar is lost."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.bootstrap import desk
from lib.domain import CalendarUser
from lib.queries import UsersSnapshot
from lib.queries.search import CalendarHealth, calendar_health, find_users
from lib.staff.accounts import StaffMember
from lib.ui.user.active_overrides import show_set_by_hand
from lib.ui.user.calendar_health import HEALTH_CHIPS, health_words, platforms_words
from lib.ui.user.new_user import offer_new_user, show_new_user
from lib.ui.user.presets import preset_words
from lib.ui.widgets.choices import choose
from lib.ui.widgets.customer_choice import ALL_CUSTOMERS, choose_customer, customer_words
from lib.ui.widgets.notices import show_empty, show_nobody, show_problem
from lib.ui.widgets.query_params import open_user
from lib.ui.widgets.scope_choice import customer_asked
from lib.ui.widgets.status_strip import Look, as_of_badge, calendars_badge, environment_badge, show_status
from lib.ui.widgets.tables import BY_KEYBOARD, chip_column, show_table, text_column
from lib.ui.widgets.title import show_head
from lib.ui.words.formats import count, one_line, plural

MOST_ROWS = 500
_LISTS = {"users": "Users", "overrides": "Overrides"}
_HEALTH_WORDS = {
    "all": "All",
    CalendarHealth.LOST.value: "Lost",
    CalendarHealth.NONE.value: "No calendar",
    CalendarHealth.CONNECTED.value: "Connected",
}


def show_user_list(known: UsersSnapshot, member: StaffMember) -> None:
    """The page when no user is asked for."""
    show_head("Users", on_read_again=desk().users.read_for_a_click, more=lambda: offer_new_user(member))
    show_new_user()
    show_status(lambda: _look(desk().users.snapshot(known.sight)), drawn=known.version, reading=known.reading)
    if known.problem:
        show_problem(known.problem, retry=desk().users.read_for_a_click, key="users")
    if known.as_of is None:
        _show_first_read(known)
        return
    if not known.users:
        show_nobody(known.sight)
        return
    if choose("List", _LISTS, name="show", style="pills") == "overrides":
        show_set_by_hand(known)
    else:
        _show_users(known)


def _show_users(known: UsersSnapshot) -> None:
    _show_key_sentence(known)
    found = _filtered(known)
    if found:
        _show_rows(found, known)
    else:
        show_empty(
            "Nobody matches",
            f"{plural(len(known.users), 'user')} without these filters.",
            ":material/filter_alt_off:",
            act="Clear filters",
            on_click=_clear_filters,
        )


def _look(known: UsersSnapshot) -> Look:
    calendars = calendars_badge(known.connected, len(known.users))
    return Look(known.version, [environment_badge(), as_of_badge(known.as_of), calendars])


def _show_first_read(known: UsersSnapshot) -> None:
    if not known.problem:
        st.progress(0.3, "Reading the list of users from Recall…")
        st.skeleton(height=420)


def _show_key_sentence(known: UsersSnapshot) -> None:
    lost = sum(1 for user in known.users if calendar_health(user) is CalendarHealth.LOST)
    none = sum(1 for user in known.users if calendar_health(user) is CalendarHealth.NONE)
    first = f"{plural(lost, 'user')} lost a calendar." if lost else "No calendar is lost."
    rest = f" For {plural(none, 'user')} none is connected; their meetings cannot be seen." if none else ""
    st.markdown(f"**{first}**{rest}")
    if known.unreadable:
        st.caption(f"{plural(known.unreadable, 'user')} in Recall's list could not be read and are not shown.")


def _filtered(known: UsersSnapshot) -> tuple[CalendarUser, ...]:
    with st.container(horizontal=True, vertical_alignment="center"):
        # Not in the address: what is typed here is often somebody's email.
        text = st.text_input(
            "Find", key="find", placeholder="Part of an email, id or customer", label_visibility="collapsed", width=300
        )
        customer = choose_customer((row.customer for row in known.rows), {"": ALL_CUSTOMERS}, width=220)
        health = choose("Calendars", _HEALTH_WORDS, name="calendars")
    return find_users(
        known.users,
        text or "",
        customer=customer_asked(customer) if customer else None,
        health=None if health == "all" else CalendarHealth(health),
        whose=known.customer_of,
    )


def _clear_filters() -> None:
    st.session_state.update(find="", customer="", calendars="all")


def _show_rows(found: Sequence[CalendarUser], known: UsersSnapshot) -> None:
    shown = found[:MOST_ROWS]
    frame = pd.DataFrame(
        {
            "user": [one_line(user.label) for user in shown],
            "customer": [customer_words(known.customer_of(user)) for user in shown],
            "health": [[health_words(user)] for user in shown],
            "calendars": [platforms_words(user) or "—" for user in shown],
            "preset": [preset_words(user.preferences) for user in shown],
            "external_id": [one_line(user.external_id) or "none" for user in shown],
        }
    )
    columns = {
        "user": text_column("User", 220),
        "health": chip_column("Calendar", 132, HEALTH_CHIPS),
        "customer": text_column("Customer", 145),
        "calendars": text_column("Platforms", 125),
        "preset": text_column("Preset", 130),
        "external_id": text_column("External id", 125),
    }
    words = f"{count(len(shown))} of {plural(len(known.users), 'user')}"
    narrow = " Search to see the rest." if len(found) > len(shown) else ""
    st.caption(f"{words}. Select a row to open it.{narrow}", help=BY_KEYBOARD)
    show_table(
        frame,
        columns,
        key="users_table",
        alt=f"{words}, lost calendars first",
        on_pick=lambda rows: open_user(shown[rows[0]].id) if rows else None,
    )

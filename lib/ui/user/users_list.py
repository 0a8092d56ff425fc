"""The lists of the Users page: all calendar users, and all coming meetings that are set by hand."""

from collections.abc import Sequence

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.domain import CalendarUser
from lib.errors import StoreError
from lib.queries import UsersSnapshot
from lib.queries.meetings import coming_overrides
from lib.queries.search import CalendarHealth, calendar_health, find_users
from lib.recording.outcome import Outcome
from lib.recording.presets import preset_words
from lib.staff.accounts import StaffMember
from lib.store.active_overrides import ActiveOverride
from lib.ui.user.new_user import offer_new_user, show_new_user
from lib.ui.widgets.choices import choose
from lib.ui.widgets.customer_choice import ALL_CUSTOMERS, choose_customer, customer_words
from lib.ui.widgets.notices import show_empty, show_nobody, show_problem
from lib.ui.widgets.page_head import show_refreshable_head
from lib.ui.widgets.query_params import open_user
from lib.ui.widgets.status_strip import Look, as_of_badge, calendars_badge, environment_badge, show_status
from lib.ui.widgets.table import BY_KEYBOARD, NO_TITLE, Columns, chip_column, show_table, text_column, time_column
from lib.ui.words.calendar_health import HEALTH_CHIPS, health_words, platforms_words
from lib.ui.words.formats import NOTHING, count, one_line, plural
from lib.ui.words.scope import customer_asked

MOST_ROWS = 500
ELSEWHERE = "(elsewhere)"
_LISTS = {"users": "Users", "overrides": "Overrides"}
_HEALTH_WORDS = {
    "all": "All",
    CalendarHealth.LOST.value: "Lost",
    CalendarHealth.NONE.value: "No calendar",
    CalendarHealth.CONNECTED.value: "Connected",
}
_OVERRIDES = {True: "● Record", False: f"{Outcome.OFF_BY_CHOICE.sign} Don't record"}
_OVERRIDE_CHIPS = ("(1)", _OVERRIDES[True], _OVERRIDES[False])


def show_user_list(known: UsersSnapshot, member: StaffMember) -> None:
    """The page when its address names no user."""
    show_refreshable_head("Users", on_refresh=desk().users.refresh, more=lambda: offer_new_user(member))
    show_new_user()
    show_status(lambda: _look(desk().users.snapshot(known.sight)), drawn=known.version, reading=known.is_refreshing)
    if known.problem:
        show_problem(known.problem, retry=desk().users.refresh, key="users")
    elif known.as_of is None:
        st.progress(0.3, "Reading the list of users from Recall…")
        st.skeleton(height=420)
    if known.as_of is None:
        return
    if not known.users:
        show_nobody(known.sight)
    elif choose("List", _LISTS, name="show", style="pills") == "overrides":
        _show_overrides(known)
    else:
        _show_users(known)


def _show_users(known: UsersSnapshot) -> None:
    _show_key_sentence(known)
    found = _filtered(known)
    if found:
        _show_table(found, known)
    else:
        show_empty(
            "No user matches",
            f"{plural(len(known.users), 'user')} without these filters.",
            ":material/filter_alt_off:",
            act="Clear filters",
            on_click=_clear_filters,
        )


def _look(known: UsersSnapshot) -> Look:
    calendars = calendars_badge(known.connected, len(known.users))
    return Look(known.version, [environment_badge(), as_of_badge(known.as_of), calendars])


def _show_key_sentence(known: UsersSnapshot) -> None:
    lost = sum(1 for user in known.users if calendar_health(user) is CalendarHealth.LOST)
    none = sum(1 for user in known.users if calendar_health(user) is CalendarHealth.NONE)
    first = f"{plural(lost, 'user')} lost a calendar." if lost else "No calendar is lost."
    have = "has" if none == 1 else "have"
    rest = f" {plural(none, 'user')} {have} no calendar connected; their meetings cannot be seen." if none else ""
    st.markdown(f"**{first}**{rest}")
    if known.unreadable:
        st.caption(f"{plural(known.unreadable, 'user')} in Recall's list could not be read and are not shown.")


def _filtered(known: UsersSnapshot) -> tuple[CalendarUser, ...]:
    with st.container(horizontal=True, vertical_alignment="center"):
        # Not in the address, because this is often somebody's email.
        text = st.text_input(
            "Find", key="find", placeholder="Part of an email, id or customer", label_visibility="collapsed", width=300
        )
        customer = choose_customer((row.customer for row in known.rows), {"": ALL_CUSTOMERS}, width=220)
        health = choose("Calendars", _HEALTH_WORDS, name="calendars")
    return find_users(
        known.users,
        text or "",
        customer=customer_asked(customer),
        health=None if health == "all" else CalendarHealth(health),
        whose=known.customer_of,
    )


def _clear_filters() -> None:
    st.session_state.update(find="", customer="", calendars="all")


def _show_table(found: Sequence[CalendarUser], known: UsersSnapshot) -> None:
    shown = found[:MOST_ROWS]
    columns: Columns[CalendarUser] = {
        "user": text_column("User", 220, lambda user: one_line(user.label)),
        "health": chip_column("Calendar", 132, health_words, HEALTH_CHIPS),
        "customer": text_column("Customer", 145, lambda user: customer_words(known.customer_of(user))),
        "calendars": text_column("Platforms", 125, lambda user: platforms_words(user) or NOTHING),
        "preset": text_column("Preset", 130, lambda user: preset_words(user.preferences)),
        "external_id": text_column("External id", 125, lambda user: one_line(user.external_id) or "none"),
    }
    words = f"{count(len(shown))} of {plural(len(known.users), 'user')}"
    narrow = " Search to see the rest." if len(found) > len(shown) else ""
    st.caption(f"{words}. Select a row to open it.{narrow}", help=BY_KEYBOARD)
    show_table(
        shown,
        columns,
        key="users_table",
        alt=f"{words}, lost calendars first",
        on_pick=lambda user: open_user(user.id) if user else None,
    )


def _show_overrides(known: UsersSnapshot) -> None:
    """The coming meetings of the whole workspace that are set by hand, longest ago first; a row opens its user."""
    try:
        with desk().store.read() as connection:
            found = coming_overrides(connection, utc_now(), known.sight)
    except StoreError as problem:
        show_problem(problem)
        return
    if not found:
        show_empty("Nothing is set by hand", "Every coming meeting follows its user's rules.", ":material/rule:")
        return
    recorded, elsewhere = sum(each.wanted for each in found), sum(each.actor is None for each in found)
    st.markdown(
        f"**{plural(len(found), 'coming meeting')} {'is' if len(found) == 1 else 'are'} set by hand:** "
        f"{count(recorded)} to be recorded, {count(len(found) - recorded)} not. "
        f"{count(elsewhere)} of them {'was' if elsewhere == 1 else 'were'} set elsewhere."
    )
    shown = found[:MOST_ROWS]
    words = f"{count(len(shown))} of {plural(len(found), 'meeting')}, longest ago first"
    st.caption(
        f"{words}. Select a row to open its user. For an override set elsewhere, the time is when it was first seen.",
        help=BY_KEYBOARD,
    )
    show_table(
        shown,
        _override_columns(known),
        key="by_hand",
        alt=f"{words}, set by hand",
        on_pick=lambda each: open_user(each.user_id) if each else None,
    )


def _override_columns(known: UsersSnapshot) -> Columns[ActiveOverride]:
    def user(each: ActiveOverride) -> str:
        found = known.find(each.user_id)
        return one_line(found.label) if found else NOTHING

    return {
        "since": time_column("Set", lambda each: each.since),
        "state": chip_column("Choice", 112, lambda each: _OVERRIDES[each.wanted], _OVERRIDE_CHIPS),
        "user": text_column("User", 150, user),
        "customer": text_column("Customer", 110, lambda each: customer_words(each.customer)),
        "title": text_column("Meeting", 120, lambda each: one_line(each.title) or NO_TITLE),
        "starts": time_column("Starts", lambda each: each.start),
        "by": text_column("By", 84, lambda each: each.actor or ELSEWHERE),
        "why": text_column("Why", 100, lambda each: one_line(each.why) or NOTHING),
    }

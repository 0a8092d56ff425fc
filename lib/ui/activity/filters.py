"""The filters of the Activity page, all in the address: period, customer, kind, staff member, user."""

from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.coverage.period import last_days
from lib.queries.audit_log import actors
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.store.audit_log import AuditFilter, AuditTopic
from lib.ui.activity.words import ELSEWHERE, TOPIC_WORDS
from lib.ui.widgets.choices import choose
from lib.ui.widgets.customer_choice import ALL_CUSTOMERS, choose_customer
from lib.ui.widgets.filter_row import options_of, report_zone
from lib.ui.widgets.query_params import asked_id, write_word
from lib.ui.words.formats import one_line
from lib.ui.words.scope import customer_asked

NAMES = ("period", "customer", "what", "who", "person")
_PERIODS = {"7": "7 days", "30": "30 days", "90": "90 days", "all": "All"}
_DEFAULT = "30"
_ELSEWHERE = "*"
"""The word in the address for changes made outside Coverage Desk; no staff account can have this name."""


def show_filters(known: WorkspaceSnapshot, member: StaffMember) -> AuditFilter:
    """Draw the row; returns the filter, which the address then holds."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        period = choose("Period", _PERIODS, name="period", default=_DEFAULT)
        customer = choose_customer((row.customer for row in known.users), {"": ALL_CUSTOMERS}, width=170)
        what = choose("Kind", _kinds(), name="what", style="list", width=150)
        with st.popover(_more_words(), icon=":material/filter_list:", key="activity_more"):
            who = choose("Who", _staff(member), name="who", style="list")
            person = _choose_user(known, customer)
    return AuditFilter(
        topic=AuditTopic(what) if what else None,
        actor=who if who not in ("", _ELSEWHERE) else None,
        elsewhere=who == _ELSEWHERE,
        customer=customer_asked(customer),
        user_id=person or None,
        since=_since(period),
    )


def clear_filters() -> None:
    """Show every entry of all time."""
    for name in NAMES:
        st.session_state.pop(name, None)
        write_word(name, None)
    write_word("period", "all")


def _since(period: str) -> datetime | None:
    return None if period == "all" else last_days(utc_now(), int(period), report_zone()).from_


def _kinds() -> dict[str, str]:
    return {"": "All kinds", **{what.value: words for what, words in TOPIC_WORDS.items()}}


def _staff(member: StaffMember) -> dict[str, str]:
    names = {name: name for name in actors(desk().store, member)}
    return {"": "Anyone", _ELSEWHERE: f"{ELSEWHERE} outside Coverage Desk", **names}


def _choose_user(known: WorkspaceSnapshot, customer: str) -> str:
    users = dict(options_of(known, customer or None).users)
    asked = st.session_state.get("person") or asked_id("person")
    if asked in known.user_by_id:
        users.setdefault(asked, one_line(known.user_by_id[asked].user.label))
    if not users:
        st.caption("Choose a customer to list its users.")
        return ""
    return choose("User", {"": "All users", **users}, name="person", style="list")


def _more_words() -> str:
    set_ = sum(1 for name in ("who", "person") if st.session_state.get(name) or asked_id(name))
    return f"Filters · {set_}" if set_ else "Filters"

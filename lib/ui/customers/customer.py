"""One customer: its figures, why meetings are missed and which, whose calendars are lost, and its teams."""

from datetime import datetime

import streamlit as st

from lib.coverage.scope import Scope
from lib.customer import UNASSIGNED, Unassigned
from lib.queries.customer_summary import CustomerSummary, customer_summaries, last_30_days, users_by_customer
from lib.queries.customer_totals import CustomerTotals, customer_totals
from lib.queries.selection import Selection
from lib.queries.switched_off_rules import switched_off_rules
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.ui.charts import show_bars
from lib.ui.coverage.reasons import finding, ranked_bars, show_basis
from lib.ui.customers.address import close, open_on
from lib.ui.customers.figures import show_figures
from lib.ui.customers.news import show_news
from lib.ui.customers.report_text import CustomerReport, report_text
from lib.ui.customers.tables import show_lost_calendars, show_meetings_of, show_teams, show_unassigned
from lib.ui.customers.words import customer_sentence
from lib.ui.widgets.buttons import clicked
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.page_head import freshness_words, show_age
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words import basis
from lib.ui.words.formats import one_line, sayable


def show_customer(asked: str | Unassigned, known: WorkspaceSnapshot, as_of: datetime, member: StaffMember) -> None:
    """The page when `?customer=` names one; `asked` is text from outside."""
    st.button("Customers", icon=":material/arrow_back:", type="tertiary", on_click=close, key="back")
    zone = report_zone()
    summary = next((row for row in customer_summaries(known, zone) if row.asked == asked), None)
    if summary is None:
        _show_nobody(known, asked)
        return
    totals = customer_totals(known, [summary], zone, as_of)
    scope = Scope(customer=summary.asked)
    selection = Selection(known, scope, last_30_days(as_of, zone), zone)
    _show_head(selection, summary, totals)
    show_age(known, scope)
    first_seen = basis.when_seen(totals.first_seen, zone)
    st.markdown(customer_sentence(summary.name, totals.misses, totals.numbers.ended.held, first_seen))
    show_figures(known, [summary], totals, with_coverage=True)
    st.caption(freshness_words(known, scope))
    users = users_by_customer(known).get(summary.name, ())
    show_lost_calendars(known, users, as_of)
    _show_reasons(totals, first_seen)
    show_meetings_of(selection)
    show_teams(selection, users)
    if summary.name is None:
        show_unassigned(users)
    show_news(known, as_of, member, {summary.name}, step=("one", summary.name))


def _show_nobody(known: WorkspaceSnapshot, asked: str | Unassigned) -> None:
    title, why = "No such customer", "No user belongs to it: the link is old, or its users were reassigned."
    if asked is UNASSIGNED and known.sight.is_everything:
        title, why = "Nobody is unassigned", "Every user belongs to a customer."
    show_age(known)
    show_empty(title, why, ":material/groups:", act="See all customers", on_click=close)


def _show_head(selection: Selection, summary: CustomerSummary, totals: CustomerTotals) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        _show_name(summary)
        with st.container(horizontal=True, width="content", gap="small", vertical_alignment="center"):
            if summary.name is not None:
                _show_copy(selection, summary, totals)
            if clicked("Coverage", icon=":material/donut_large:", type="tertiary", key="to_coverage"):
                open_on("coverage", summary.name)
            if clicked("Bots", icon=":material/smart_toy:", type="tertiary", key="to_bots"):
                open_on("bots", summary.name)


def _show_name(summary: CustomerSummary) -> None:
    """The name as the title where it is a plain domain, otherwise as text in which no markup is rendered."""
    plain = sayable(summary.name)
    if summary.name is None or plain:
        st.title(plain or "Unassigned users", anchor=False, width="content")
    else:
        with st.container(width="content", gap=None):
            st.title("Customer", anchor=False)
            st.text(one_line(summary.name))


def _show_copy(selection: Selection, summary: CustomerSummary, totals: CustomerTotals) -> None:
    users = users_by_customer(selection.known).get(summary.name, ())
    report = CustomerReport(
        customer=summary.name,
        as_of=selection.as_of,
        first=selection.period.from_.date(),
        last=selection.as_of.astimezone(selection.zone).date(),
        numbers=totals.numbers,
        calendars=summary.calendars,
        at_risk=summary.at_risk,
        switched_off=selection.remembered("switched off", lambda: switched_off_rules(selection.view, users)),
    )
    with st.popover("Copy for the customer", icon=":material/content_copy:", key="copy_for_customer"):
        st.caption(
            "It contains no titles, no addresses and no other customer's name. Copy it with the button at its corner."
        )
        st.code(report_text(report, viewer_zone()), language=None, wrap_lines=True)


def _show_reasons(totals: CustomerTotals, first_seen: str) -> None:
    if not totals.reasons:
        return
    st.subheader("Why meetings are missed", anchor=False)
    show_bars(
        ranked_bars(totals.reasons),
        alt_text=finding(totals.reasons),
        hatching=basis.legend(first_seen),
    )
    show_basis(totals.reasons, totals.agreement)

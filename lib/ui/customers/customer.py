"""One customer: the same figures, why its meetings are missed, which of them, whose calendars are lost, its teams."""

from datetime import datetime

import streamlit as st

from lib.coverage.period import Period
from lib.coverage.scope import Scope
from lib.customer import UNASSIGNED, Unassigned
from lib.queries.shared_cache import remembered, view_of
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.ui.charts import show_bars
from lib.ui.coverage.reasons import finding, ranked_bars, show_basis
from lib.ui.customers.address import close, open_on
from lib.ui.customers.figures import Totals, show_figures, totals_of
from lib.ui.customers.lost_table import show_lost_calendars, show_unassigned
from lib.ui.customers.meetings_table import show_meetings_of
from lib.ui.customers.news_table import show_news
from lib.ui.customers.sharing import Summary, text_for_customer
from lib.ui.customers.standing import Standing, period_of, standings, users_by_customer
from lib.ui.customers.switched_off import SwitchedOff, switched_off
from lib.ui.customers.teams_table import show_teams
from lib.ui.customers.words import one_sentence
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
    standing = next((row for row in standings(known, zone) if row.asked == asked), None)
    if standing is None:
        _show_nobody(known, asked)
        return
    totals = totals_of(known, [standing], zone, as_of)
    _show_head(known, standing, totals, as_of)
    scope = Scope(customer=standing.asked)
    show_age(known, scope)
    st.markdown(one_sentence(standing.name, totals.misses, totals.last.ended.held, totals.first_seen))
    show_figures(known, [standing], totals, with_coverage=True)
    st.caption(freshness_words(known, scope))
    people = users_by_customer(known).get(standing.name, ())
    show_lost_calendars(known, people, as_of)
    _show_reasons(totals)
    show_meetings_of(known, standing, as_of)
    show_teams(known, standing, people, as_of)
    if standing.name is None:
        show_unassigned(people)
    show_news(known, as_of, member, {standing.name}, step=("one", standing.name))


def _show_nobody(known: WorkspaceSnapshot, asked: str | Unassigned) -> None:
    title, why = "No such customer", "Nobody's users belong to it: the link is old, or they were assigned anew."
    if asked is UNASSIGNED and known.sight.is_everything:
        title, why = "Nobody is unassigned", "Every user belongs to a customer."
    show_age(known)
    show_empty(title, why, ":material/groups:", act="See all customers", on_click=close)


def _show_head(known: WorkspaceSnapshot, standing: Standing, totals: Totals, as_of: datetime) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        _show_name(standing)
        with st.container(horizontal=True, width="content", gap="small", vertical_alignment="center"):
            if standing.name is not None:
                _show_copy(known, standing, totals, as_of)
            if clicked("Coverage", icon=":material/donut_large:", type="tertiary", key="to_coverage"):
                open_on("coverage", standing.name)
            if clicked("Bots", icon=":material/smart_toy:", type="tertiary", key="to_bots"):
                open_on("bots", standing.name)


def _show_name(standing: Standing) -> None:
    """A plain domain as the title; any other name as plain text, whatever it holds."""
    plain = sayable(standing.name)
    if standing.name is None or plain:
        st.title(plain or "Unassigned users", anchor=False, width="content")
    else:
        with st.container(width="content", gap=None):
            st.title("Customer", anchor=False)
            st.text(one_line(standing.name))


def _show_copy(known: WorkspaceSnapshot, standing: Standing, totals: Totals, as_of: datetime) -> None:
    zone = report_zone()
    period = period_of(as_of, zone)
    told = Summary(
        customer=standing.name,
        as_of=as_of,
        first=period.from_.date(),
        last=as_of.astimezone(zone).date(),
        numbers=totals.last,
        calendars=standing.calendars,
        at_risk=standing.at_risk,
        today=_switched_off(known, standing, period),
    )
    with st.popover("Copy for the customer", icon=":material/content_copy:", key="copy_for_customer"):
        st.caption(
            "No titles, no addresses and no other customer's name are in it. Copy it with the button at its corner."
        )
        st.code(text_for_customer(told, viewer_zone()), language=None, wrap_lines=True)


def _switched_off(known: WorkspaceSnapshot, standing: Standing, period: Period) -> tuple[SwitchedOff, ...]:
    def work_out() -> tuple[SwitchedOff, ...]:
        people = users_by_customer(known).get(standing.name, ())
        return switched_off(view_of(known, Scope(customer=standing.asked), period), people)

    return remembered(known, ("switched off", standing.asked, period), work_out)


def _show_reasons(totals: Totals) -> None:
    if not totals.reasons:
        return
    st.subheader("Why meetings are missed", anchor=False)
    show_bars(
        ranked_bars(totals.reasons),
        alt_text=finding(totals.reasons),
        hatching=basis.legend(totals.first_seen),
    )
    show_basis(totals.reasons, totals.agreement)

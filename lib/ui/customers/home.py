"""All customers, or those that somebody looks after: what needs them, the figures, the ranking, what is new."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.customer.sight import Sight
from lib.queries.customers import owners_of
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, role_needed_for
from lib.ui.customers.address import open_assigning
from lib.ui.customers.figures import show_figures, totals_of
from lib.ui.customers.news_table import show_news
from lib.ui.customers.ranking import show_ranking
from lib.ui.customers.seen import lost_lately
from lib.ui.customers.standing import Standing, standings, users_by_customer
from lib.ui.customers.words import key_sentence
from lib.ui.widgets.choices import choose
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.page_head import show_age, show_first_days, show_head
from lib.ui.widgets.query_params import read_word
from lib.ui.words.formats import age, count, fraction, plural
from lib.ui.words.odd_rows import odd_rows, odd_words

_WHOSE = "whose"


def show_home(known: WorkspaceSnapshot, as_of: datetime, member: StaffMember) -> None:
    """The page when no customer is asked for."""
    zone, owners = report_zone(), owners_now(known.sight)
    everybody = standings(known, zone)
    mine = tuple(row for row in everybody if row.name is not None and owners.get(row.name) == member.name)
    is_mine = bool(mine) and st.session_state.get(_WHOSE, read_word(_WHOSE)) != "all"
    actions = show_head("My customers" if is_mine else "Customers", known, member)
    with actions:
        _show_assign_button()
        _choose_whose(mine, everybody)
    show_age(known)
    rows = mine if is_mine else everybody
    if not mine:
        _say_how_to_own(member)
    st.markdown(key_sentence(rows, lost_lately(known, as_of)))
    show_first_days(known, as_of, zone)
    show_figures(known, rows, totals_of(known, rows, zone, as_of))
    if is_mine:
        st.caption(_freshness(known, rows))
    show_ranking(rows, owners, member)
    _say_unassigned(everybody, is_mine)
    show_news(known, as_of, member, frozenset(row.name for row in rows) if is_mine else None, step=("home", is_mine))


def owners_now(sight: Sight) -> Mapping[str, str]:
    """Who owns each customer that has an owner."""
    with desk().store.read() as connection:
        return owners_of(connection, sight)


def _choose_whose(mine: Sequence[Standing], everybody: Sequence[Standing]) -> None:
    if mine:
        choose("Whose", {"mine": f"Mine · {len(mine)}", "all": f"All · {len(everybody)}"}, name=_WHOSE)


def _show_assign_button() -> None:
    st.button(
        "Assign",
        icon=":material/upload_file:",
        type="tertiary",
        on_click=open_assigning,
        key="assign",
        help="Say by a CSV which user belongs to which customer and team, and who looks after it.",
    )


def _say_how_to_own(member: StaffMember) -> None:
    may_upload = member.may(Permission.CUSTOMERS_WRITE) and member.sight.is_everything
    needed = role_needed_for(Permission.CUSTOMERS_WRITE).title()
    how = "Upload" if may_upload else f"Ask someone with the role {needed} to upload"
    shown = "" if member.sight.is_everything else " that you see"
    st.caption(
        f"No customers are assigned to you yet; showing all{shown}. {how} a CSV that names `{member.name}` "
        'as their owner: see "Assign".'
    )


def _freshness(known: WorkspaceSnapshot, rows: Sequence[Standing]) -> str:
    """ "38 of 41 calendars are connected; the oldest was read 4 min ago.": of the customers in view alone."""
    people = [person for row in rows for person in users_by_customer(known).get(row.name, ())]
    oldest = known.oldest_read([person.user.id for person in people])
    read = f"; the oldest was read {age(utc_now() - oldest)}" if oldest else ""
    connected = sum(1 for person in people if person.user.connected)
    odd = odd_words(*odd_rows(people))
    return f"Of these customers, {fraction(connected, len(people))} calendars are connected{read}.{odd and f' {odd}'}"


def _say_unassigned(everybody: Sequence[Standing], is_mine: bool) -> None:
    users = sum(row.users for row in everybody if row.name is None)
    if users:
        where = 'They are listed under "All".' if is_mine else "They are listed last."
        st.caption(
            f"{plural(users, 'user')} of {count(sum(row.users for row in everybody))} {'is' if users == 1 else 'are'} "
            f"unassigned: the mailbox is at a public mail host, or none is known. {where}"
        )
    elif not everybody:
        show_empty("No customers yet", "No user is listed.", ":material/groups:")

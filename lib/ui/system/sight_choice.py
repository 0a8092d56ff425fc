"""Which customers somebody sees: all of them, or those that are ticked in a list."""

import streamlit as st

from lib.bootstrap import desk
from lib.customer.sight import EVERYTHING, Sight
from lib.staff import accounts
from lib.ui.widgets.table import Columns, select_rows, show_table, text_column
from lib.ui.words.formats import one_line, plural

_ALL, _SOME = "All customers", "Only some"


def choose_sight(now: Sight, *, key: str) -> Sight:
    """What is chosen; it begins with `now`."""
    customers = sorted({*accounts.customers(desk().store), *(now.customers or ())})
    usual = _ALL if now.is_everything else _SOME
    chosen = st.segmented_control(
        "Customers", [_ALL, _SOME], default=usual, required=True, key=f"{key}_which", label_visibility="collapsed"
    )
    if chosen == _ALL:
        return EVERYTHING
    table = f"{key}_customers"
    if table not in st.session_state:
        select_rows(
            table, [place for place, name in enumerate(customers) if now.sees(name) and now.customers], customers
        )
    columns: Columns[str] = {"customer": text_column("Customer", 300, one_line)}
    alt = f"{plural(len(customers), 'customer')} to tick"
    picked = show_table(customers, columns, key=table, alt=alt, many=True, names=customers, most_rows=6)
    st.caption(
        f"{plural(len(picked), 'customer')} ticked. Users without a customer are seen by those who see all customers."
    )
    return Sight(frozenset(picked))

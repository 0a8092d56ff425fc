"""What the Customers page has open: `?customer=` one customer, `?do=assign` the CSV, otherwise all customers."""

import streamlit as st

from lib.customer import Unassigned
from lib.ui.widgets.query_params import PAGES, read_word, write_word
from lib.ui.words.scope import customer_asked, word_of

_ASSIGN = "assign"
_OF_ONE = ("customer", "do", "rows")


def asked_customer() -> str | Unassigned | None:
    """The customer that the address names: text from outside, or `UNASSIGNED`; None where it asks for all."""
    return customer_asked(read_word("customer"))


def open_customer(name: str | None) -> None:
    """Show one customer, or (None) the users without one."""
    close()
    write_word("customer", word_of(name))


def asked_to_assign() -> bool:
    """Whether the page of the CSV is open."""
    return read_word("do") == _ASSIGN


def open_assignments() -> None:
    """Show the page of the CSV."""
    close()
    write_word("do", _ASSIGN)


def close() -> None:
    """Show all customers."""
    for name in _OF_ONE:
        write_word(name, None)


def open_on(page: str, name: str | None) -> None:
    """Show this customer on another page of the workspace."""
    st.switch_page(PAGES / f"{page}.py", query_params={"customer": word_of(name)})

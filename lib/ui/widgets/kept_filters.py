"""Filters that live in the address and are kept from page to page.

The address is read when a page is opened or a link is followed; after that the widgets decide, and the address follows
them. Where a page is opened without any filter in its address, those last chosen hold: so a period and a customer stay
when somebody goes from Coverage to Bots.
"""

from collections.abc import Mapping

import streamlit as st

from lib.ui.widgets.customer_choice import read_customer
from lib.ui.widgets.query_params import read_word, write_word
from lib.ui.widgets.scope_choice import ALL

NAMES = ("period", "from", "to", "customer", "team", "person", "platform", "calendar", "audience", "host")
"""The parameters. `person` is Recall's id of a user; `user` in the address opens one."""
_KEPT = "kept_filters"


def key_of(page: str, name: str) -> str:
    """The key of a filter's widget: of its page, so that a widget begins anew wherever the page is opened."""
    return f"{page}_{name}"


def begin(page: str) -> dict[str, str]:
    """The filters in force before the widgets of `page` are drawn, by parameter; what is missing has its default.

    Where the address decides, the widgets forget what they showed.
    """
    asked = _asked()
    kept: Mapping[str, str] = st.session_state.get(_KEPT, {})
    is_open = key_of(page, "period") in st.session_state
    if not is_open and not asked:
        asked = dict(kept)
    if not is_open or asked != kept:
        for name in NAMES:
            st.session_state.pop(key_of(page, name), None)
    return asked


def settle(words: Mapping[str, str]) -> None:
    """Put what was chosen into the address, and keep it for the other pages."""
    for name in NAMES:
        write_word(name, words.get(name))
    st.session_state[_KEPT] = {name: words[name] for name in NAMES if words.get(name)}


def change(page: str, **words: str | None) -> None:
    """Change some filters from outside their widgets (None: back to the default), before the next run."""
    now = {**st.session_state.get(_KEPT, {}), **words}
    settle({name: word for name, word in now.items() if word})
    for name in NAMES:
        st.session_state.pop(key_of(page, name), None)


def _asked() -> dict[str, str]:
    words = {name: read_customer() if name == "customer" else read_word(name) for name in NAMES}
    return {name: word for name, word in words.items() if word and (name, word) != ("customer", ALL)}

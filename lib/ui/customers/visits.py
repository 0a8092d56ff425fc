"""Since when things are new to whoever looks: the mark in the store (`lib.store.staff.visit`), asked once a step."""

from datetime import datetime, timedelta

import streamlit as st

from lib.bootstrap import desk
from lib.errors import StoreError
from lib.staff.accounts import StaffMember
from lib.store import staff

FIRST_TIME = timedelta(days=7)
"""What is new to somebody who never looked before."""
_KEPT = "customers_looked"


def since_last_look(member: StaffMember, as_of: datetime, step: object) -> datetime | None:
    """What `member` saw last in the visit before was as of this; None where there was no visit before.

    A look is noted when the page is opened and whenever `step`, what is open on it, becomes another: a page that is
    drawn again by itself is no look. A store that cannot be written to forgets, and the page is shown all the same.
    """
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != step:
        kept = (step, _look(member, as_of, kept[1] if kept else None))
        st.session_state[_KEPT] = kept
    since: datetime | None = kept[1]
    return since


def _look(member: StaffMember, as_of: datetime, before: datetime | None) -> datetime | None:
    try:
        with desk().store.write() as connection:
            return staff.visit(connection, member.name, as_of=as_of)
    except StoreError:
        return before

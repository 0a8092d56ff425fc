"""What a browser session is deciding about overrides, what it confirmed, and how that ended.

It is kept in a plain object. Any call of Streamlit may end the script when the tab is closed or clicked again, so none
is made from the confirmation's command to the moment when its outcome is kept here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from lib.bootstrap import desk
from lib.commands.overrides import set_overrides
from lib.commands.undo import undo
from lib.domain import CalendarUser, Entry
from lib.errors import DeskError
from lib.queries import CalendarSnapshot
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.writes import WriteOutcome, WriteResult

CHOICE_WORDS: Mapping[bool | None, str] = {None: "Follows rules", True: "Record", False: "Don't record"}
DONE_WORDS: Mapping[bool | None, str] = {
    None: "Back to the rules",
    True: 'Set to "Record"',
    False: 'Set to "Don\'t record"',
}
TAKEN_BACK = "Taken back"
_KEY = "overriding"


@dataclass(frozen=True, slots=True)
class Asked:
    """A choice that somebody looks at before it is confirmed: of which user's which meetings."""

    user_id: str
    entry_ids: tuple[str, ...]
    wanted: bool | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What is to be done now. `entries` are as they stood on the screen when it was confirmed."""

    user: CalendarUser
    entries: tuple[Entry, ...]
    wanted: bool | None
    why: str | None


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Changes that are to be taken back, and the meetings that they are about, as they stand now."""

    user: CalendarUser
    entries: tuple[Entry, ...]
    seqs: tuple[int, ...]
    why: str | None


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended. `entries` are as they were before; a problem means that nothing was changed of any."""

    user_id: str
    words: str
    entries: tuple[Entry, ...]
    results: tuple[WriteResult, ...] = ()
    problem: DeskError | None = None

    @property
    def undoable(self) -> tuple[tuple[Entry, int], ...]:
        """Meetings of which something was changed, with the numbers of the changes."""
        pairs = zip(self.entries, self.results, strict=False)
        return tuple((e, r.seq) for e, r in pairs if r.seq and r.applied is WriteOutcome.APPLIED and not r.already)


@dataclass(slots=True)
class Overriding:
    """One browser session's."""

    asked: Asked | None = None
    confirmed: Confirmed | TakingBack | None = None
    ended: Ended | None = None
    undo_asked: bool = False
    problem: str | None = field(default=None)
    """What must be corrected before it can be confirmed."""
    unselect: bool = False
    """Whether the selection is to be cleared: what was selected was done."""

    def ask(self, asked: Asked | None) -> None:
        """Look at another choice, or at none."""
        self.asked, self.problem = asked, None


def overriding() -> Overriding:
    """This session's."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Overriding()
    kept: Overriding = st.session_state[_KEY]
    return kept


def carry_out_what_was_confirmed(known: CalendarSnapshot, member: StaffMember) -> None:
    """Do what was confirmed just now, once, and draw the page again. Who may not do it has confirmed nothing."""
    now = overriding()
    order, now.confirmed = now.confirmed, None
    if order is None or order.user.id != known.user.id or not member.may(Permission.OVERRIDES_WRITE):
        return
    with st.spinner(f"Setting {_many(order.entries)} at Recall and reading back…"):
        now.ask(None)
        now.undo_asked = False
        now.ended = _done(order, member)
        now.unselect = True
        desk().calendars.follow_bookings(known.user)
    st.rerun()


def _done(order: Confirmed | TakingBack, member: StaffMember) -> Ended:
    words = DONE_WORDS[order.wanted] if isinstance(order, Confirmed) else TAKEN_BACK
    try:
        results = _results(order, member)
    except DeskError as problem:
        return Ended(order.user.id, words, order.entries, problem=problem)
    return Ended(order.user.id, words, order.entries, results)


def _results(order: Confirmed | TakingBack, member: StaffMember) -> tuple[WriteResult, ...]:
    store, recall = desk().store, desk().recall
    if isinstance(order, Confirmed):
        return set_overrides(store, recall, member, order.user, order.entries, order.wanted, why=order.why)
    return undo(store, recall, member, order.seqs, why=order.why)


def _many(entries: Sequence[Entry]) -> str:
    return "one meeting" if len(entries) == 1 else f"{len(entries)} meetings"

"""What is there twice: meetings with more than one bot, and users that share one mailbox; each with what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from lib.coverage.duplicates import DuplicateBots, DuplicateCause, SharedMailbox
from lib.domain import CalendarUser
from lib.export import Cell, Table
from lib.ui.bots.rows import BotLine, lines_of
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.download import show_download
from lib.ui.widgets.open_rows import close_rows, open_rows
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.query_params import open_user_page
from lib.ui.widgets.tables import BY_KEYBOARD, show_table, starts_column, text_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.calendar_health import platform_name
from lib.ui.words.formats import count, one_line, plural

KIND = "twice"
"""What stands before a meeting in `?rows=`: the key of its first entry."""
MOST_MEETINGS = 200
CAUSES = {
    DuplicateCause.DUPLICATE_USER: "One person is listed twice",
    DuplicateCause.MIXED_PLATFORMS: "Google and Outlook calendars",
    DuplicateCause.DEDUPLICATION_OFF: "Bots are not shared",
}
WHAT_TO_DO = {
    DuplicateCause.DUPLICATE_USER: "Keep the user that your product uses now; disconnect the calendar of the other.",
    DuplicateCause.MIXED_PLATFORMS: (
        'Calendars of two platforms share no bot: set "Don\'t record" for the users of one of them.'
    ),
    DuplicateCause.DEDUPLICATION_OFF: (
        "Ask Recall whether sharing a bot within one calendar platform is switched on for you."
    ),
}
_TWICE_HEADS = ("Starts", "Meeting", "Customer", "Bots", "Likely cause", "What to do")
_MAILBOX_HEADS = ("Mailbox", "User", "Customer", "Calendars", "What to do")
_MAILBOX_WIDTHS = (300, 240, 180, 150)
"""Of those that are shown: what to do stands above."""


@dataclass(frozen=True, slots=True)
class Sharer:
    """A user that shares its mailbox with another."""

    mailbox: SharedMailbox
    user: CalendarUser
    customer: str | None

    @property
    def cells(self) -> tuple[str | None, ...]:
        """In the order of the heads. All but the last are text from outside; None: no customer."""
        calendars = ", ".join(platform_name(connection.platform) for connection in self.user.connected)
        id_ = one_line(self.user.external_id) or "no external id"
        return one_line(self.mailbox.email), id_, self.customer, calendars, advice(self.mailbox)


def show_twice(shown: Shown, found: Sequence[DuplicateBots]) -> None:
    """Meetings with more than one bot; selecting one opens its bots."""
    st.subheader("Twice in one meeting", anchor=False)
    if not found:
        st.caption(f"No meeting {shown.choice.in_words} has more than one bot.")
        return
    listed = found[:MOST_MEETINGS]
    lines = lines_of(shown.known, tuple(each.keys[0] for each in listed))
    rows = [_cells(each, line) for each, line in zip(listed, lines, strict=False)]
    more = f"\n\nThe latest {count(len(listed))} of them are listed." if len(found) > len(listed) else ""
    st.markdown(f"{causes(found)}{more}")
    frame = pd.DataFrame(rows, columns=list(_TWICE_HEADS))
    frame["Customer"] = [customer_words(line.customer) for _, line in zip(listed, lines, strict=False)]
    columns = {
        "Starts": starts_column(),
        "Meeting": text_column("Meeting", 260),
        "Customer": text_column("Customer", 180),
        "Bots": text_column("Bots", 60),
        "Likely cause": text_column("Likely cause", 240),
    }
    alt = f"{plural(len(listed), 'meeting')} with more than one bot"
    show_table(frame, columns, key="bots_twice", alt=alt, on_pick=partial(_pick, listed))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption("Select a row to see its bots.", help=BY_KEYBOARD, width="content")
        table = Table(_TWICE_HEADS, rows, viewer_zone())
        show_download(lambda: table, "twice", shown.member, key="bots_twice")


def show_mailboxes(shown: Shown, found: Sequence[SharedMailbox]) -> None:
    """Users that share one mailbox, one row each; selecting one opens it."""
    st.subheader("Users that share one mailbox", anchor=False)
    if not found:
        st.caption("Every connected mailbox belongs to one user.")
        return
    rows = [Sharer(mailbox, user, _customer(shown, user)) for mailbox in found for user in mailbox.users]
    shared = "One mailbox is" if len(found) == 1 else f"{plural(len(found), 'mailbox', 'mailboxes')} are"
    st.markdown(f"{shared} connected by {plural(len(rows), 'user')}. Each of them may book a bot of its own.")
    st.markdown("\n".join(f"- {words}" for words in dict.fromkeys(advice(mailbox) for mailbox in found)))
    frame = pd.DataFrame([row.cells for row in rows], columns=list(_MAILBOX_HEADS))
    frame["Customer"] = [customer_words(row.customer) for row in rows]
    columns = {head: text_column(head, width) for head, width in zip(_MAILBOX_HEADS, _MAILBOX_WIDTHS, strict=False)}
    picked = show_table(frame, columns, key="bots_mailboxes", alt=f"{plural(len(rows), 'user')} sharing a mailbox")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption("Select a row to open the user.", help=BY_KEYBOARD, width="content")
        table = Table(_MAILBOX_HEADS, [row.cells for row in rows])
        show_download(lambda: table, "mailboxes", shown.member, key="bots_mailboxes")
    if picked and picked[0] < len(rows):
        open_user_page(rows[picked[0]].user.id)


def advice(mailbox: SharedMailbox) -> str:
    """What to do about a shared mailbox."""
    if mailbox.ids_differ_in_case_only:
        return "The ids differ in upper and lower case only: keep the one that your product sends, delete the other."
    return "Keep the user that your product uses now; disconnect the calendar of the others."


def causes(found: Sequence[DuplicateBots]) -> str:
    """How many meetings, and for each likely cause how many and what to do, as a list."""
    has = "has" if len(found) == 1 else "have"
    lines = [f"**{plural(len(found), 'meeting')} {has} more than one bot.**"]
    for cause in DuplicateCause:
        n = sum(1 for each in found if each.cause is cause)
        if n:
            lines.append(f"- {CAUSES[cause]}, {plural(n, 'meeting')}: {WHAT_TO_DO[cause]}")
    return "\n".join(lines)


def _cells(each: DuplicateBots, line: BotLine) -> tuple[Cell, ...]:
    return (line.starts, line.title, line.customer, str(each.bots), CAUSES[each.cause], WHAT_TO_DO[each.cause])


def _pick(listed: Sequence[DuplicateBots], rows: list[int]) -> None:
    if rows and rows[0] < len(listed):
        open_rows(KIND, str(listed[rows[0]].keys[0]))
    else:
        close_rows(KIND)


def _customer(shown: Shown, user: CalendarUser) -> str | None:
    row = shown.known.user_by_id.get(user.id)
    return one_line(row.customer) if row and row.customer else None

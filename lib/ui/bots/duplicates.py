"""What is there twice: meetings with more than one bot, and users that share one mailbox; each with what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from lib.coverage.duplicates import DuplicateBots, DuplicateCause, SharedMailbox
from lib.domain import CalendarUser
from lib.ui.bots.rows import BotLine, lines_of
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.download import show_download
from lib.ui.widgets.open_rows import close_rows, open_rows
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.query_params import open_user_page
from lib.ui.widgets.table import BY_KEYBOARD, Columns, file_column, show_table, table_of, text_column, time_column
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


@dataclass(frozen=True, slots=True)
class Sharer:
    """A user that shares its mailbox with another."""

    mailbox: SharedMailbox
    user: CalendarUser
    customer: str | None


TWICE_COLUMNS: Columns[tuple[DuplicateBots, BotLine]] = {
    "starts": time_column("Starts", lambda row: row[1].starts),
    "meeting": text_column("Meeting", 260, lambda row: row[1].title),
    "customer": text_column(
        "Customer", 180, lambda row: customer_words(row[1].customer), export=lambda row: row[1].customer
    ),
    "bots": text_column("Bots", 60, lambda row: str(row[0].bots)),
    "cause": text_column("Likely cause", 240, lambda row: CAUSES[row[0].cause]),
    "to_do": file_column("What to do", lambda row: WHAT_TO_DO[row[0].cause]),
}
MAILBOX_COLUMNS: Columns[Sharer] = {
    "mailbox": text_column("Mailbox", 300, lambda row: one_line(row.mailbox.email)),
    "user": text_column("User", 240, lambda row: one_line(row.user.external_id) or "no external id"),
    "customer": text_column("Customer", 180, lambda row: customer_words(row.customer), export=lambda row: row.customer),
    "calendars": text_column(
        "Calendars", 150, lambda row: ", ".join(platform_name(each.platform) for each in row.user.connected)
    ),
    "to_do": file_column("What to do", lambda row: advice(row.mailbox)),
}


def show_twice(shown: Shown, found: Sequence[DuplicateBots]) -> None:
    """Meetings with more than one bot; selecting one opens its bots."""
    st.subheader("Twice in one meeting", anchor=False)
    if not found:
        st.caption(f"No meeting {shown.choice.in_words} has more than one bot.")
        return
    listed = found[:MOST_MEETINGS]
    rows = list(zip(listed, lines_of(shown.known, tuple(each.keys[0] for each in listed)), strict=False))
    more = f"\n\nThe latest {count(len(listed))} of them are listed." if len(found) > len(listed) else ""
    st.markdown(f"{causes(found)}{more}")
    alt = f"{plural(len(listed), 'meeting')} with more than one bot"
    show_table(rows, TWICE_COLUMNS, key="bots_twice", alt=alt, on_pick=_pick)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption("Select a row to see its bots.", help=BY_KEYBOARD, width="content")
        show_download(lambda: table_of(rows, TWICE_COLUMNS), "twice", shown.member, key="bots_twice")


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
    alt = f"{plural(len(rows), 'user')} sharing a mailbox"
    picked = show_table(rows, MAILBOX_COLUMNS, key="bots_mailboxes", alt=alt)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption("Select a row to open the user.", help=BY_KEYBOARD, width="content")
        show_download(lambda: table_of(rows, MAILBOX_COLUMNS), "mailboxes", shown.member, key="bots_mailboxes")
    if picked:
        open_user_page(picked[0].user.id)


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


def _pick(row: tuple[DuplicateBots, BotLine] | None) -> None:
    if row:
        open_rows(KIND, str(row[0].keys[0]))
    else:
        close_rows(KIND)


def _customer(shown: Shown, user: CalendarUser) -> str | None:
    row = shown.known.user_by_id.get(user.id)
    return one_line(row.customer) if row and row.customer else None

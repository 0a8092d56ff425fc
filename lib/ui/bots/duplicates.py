"""Duplicates: meetings with more than one bot, and users who share a mailbox, with what to do about each."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from lib.coverage.duplicates import DuplicateBots, DuplicateCause, SharedMailbox
from lib.domain import CalendarUser
from lib.ui.bots.rows import BotLine, lines_of
from lib.ui.coverage.section import show_table_foot
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.open_rows import close_rows, open_rows
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.query_params import open_user_page
from lib.ui.widgets.table import Columns, file_column, show_table, text_column, time_column
from lib.ui.words.calendar_health import platform_name
from lib.ui.words.formats import count, one_line, plural

KIND = "twice"
"""The prefix of a meeting in `?rows=`, which is named by the key of its first entry."""
MOST_MEETINGS = 200
CAUSES = {
    DuplicateCause.DUPLICATE_USER: "One person is listed as two users",
    DuplicateCause.MIXED_PLATFORMS: "Google and Outlook calendars",
    DuplicateCause.DEDUPLICATION_OFF: "Bots are not shared",
}
WHAT_TO_DO = {
    DuplicateCause.DUPLICATE_USER: "Keep the user that your product uses now; disconnect the calendar of the other.",
    DuplicateCause.MIXED_PLATFORMS: (
        'Calendars on two platforms do not share a bot: set "Don\'t record" for the users of one of them.'
    ),
    DuplicateCause.DEDUPLICATION_OFF: (
        "Ask Recall whether sharing a bot within one calendar platform is switched on for you."
    ),
}


@dataclass(frozen=True, slots=True)
class MailboxUser:
    """A user who shares a mailbox with another."""

    mailbox: SharedMailbox
    user: CalendarUser
    customer: str | None


DUPLICATE_COLUMNS: Columns[tuple[DuplicateBots, BotLine]] = {
    "starts": time_column("Starts", lambda row: row[1].starts),
    "meeting": text_column("Meeting", 260, lambda row: row[1].title),
    "customer": text_column(
        "Customer", 180, lambda row: customer_words(row[1].customer), export=lambda row: row[1].customer
    ),
    "bots": text_column("Bots", 60, lambda row: str(row[0].bots)),
    "cause": text_column("Likely cause", 240, lambda row: CAUSES[row[0].cause]),
    "to_do": file_column("What to do", lambda row: WHAT_TO_DO[row[0].cause]),
}
MAILBOX_COLUMNS: Columns[MailboxUser] = {
    "mailbox": text_column("Mailbox", 300, lambda row: one_line(row.mailbox.email)),
    "user": text_column("User", 240, lambda row: one_line(row.user.external_id) or "no external id"),
    "customer": text_column("Customer", 180, lambda row: customer_words(row.customer), export=lambda row: row.customer),
    "calendars": text_column(
        "Calendars", 150, lambda row: ", ".join(platform_name(each.platform) for each in row.user.connected)
    ),
    "to_do": file_column("What to do", lambda row: advice(row.mailbox)),
}


def show_duplicate_bots(shown: Shown, found: Sequence[DuplicateBots]) -> None:
    """Meetings with more than one bot; selecting one opens its bots."""
    st.subheader("Two bots in one meeting", anchor=False)
    if not found:
        st.caption(f"No meeting {shown.choice.in_words} has more than one bot.")
        return
    listed = found[:MOST_MEETINGS]
    rows = list(zip(listed, lines_of(shown.known, tuple(each.keys[0] for each in listed)), strict=False))
    more = f"\n\nThe latest {count(len(listed))} of them are listed." if len(found) > len(listed) else ""
    st.markdown(f"{causes(found)}{more}")
    alt = f"{plural(len(listed), 'meeting')} with more than one bot"
    show_table(rows, DUPLICATE_COLUMNS, key="bots_twice", alt=alt, on_pick=_pick)
    show_table_foot(shown, "Select a row to see its bots.", rows, DUPLICATE_COLUMNS, "twice", key="bots_twice")


def show_mailboxes(shown: Shown, found: Sequence[SharedMailbox]) -> None:
    """Users who share a mailbox, a row each; selecting one opens the user."""
    st.subheader("Users who share a mailbox", anchor=False)
    if not found:
        st.caption("Every connected mailbox belongs to one user.")
        return
    rows = [MailboxUser(mailbox, user, _customer(shown, user)) for mailbox in found for user in mailbox.users]
    shared = "One mailbox is" if len(found) == 1 else f"{plural(len(found), 'mailbox', 'mailboxes')} are"
    st.markdown(f"{shared} connected by {plural(len(rows), 'user')}. Each of them may get a bot of their own.")
    st.markdown("\n".join(f"- {words}" for words in dict.fromkeys(advice(mailbox) for mailbox in found)))
    alt = f"{plural(len(rows), 'user')} sharing a mailbox"
    picked = show_table(rows, MAILBOX_COLUMNS, key="bots_mailboxes", alt=alt)
    show_table_foot(shown, "Select a row to open the user.", rows, MAILBOX_COLUMNS, "mailboxes", key="bots_mailboxes")
    if picked:
        open_user_page(picked[0].user.id)


def advice(mailbox: SharedMailbox) -> str:
    """What to do about a shared mailbox."""
    if mailbox.ids_differ_in_case_only:
        return "The ids differ only in upper and lower case: keep the one that your product sends, delete the other."
    return "Keep the user that your product uses now; disconnect the calendar of the others."


def causes(found: Sequence[DuplicateBots]) -> str:
    """How many meetings there are, and a list of the likely causes, each with its meetings and what to do."""
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

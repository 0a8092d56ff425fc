"""Doubted answers of Recall on the System page, and what an admin can do about them."""

from collections.abc import Sequence

import streamlit as st

from lib.bootstrap import desk
from lib.commands import doubts
from lib.queries.system import SystemState
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store.contests import Contest, ContestOwner
from lib.store.users import UserRow
from lib.ui.widgets import flash
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.table import Columns, number_column, show_plain_table, text_column, time_column
from lib.ui.words.formats import one_line, plural

MOST_ROWS = 500
_FLASH = "doubts_flash"
_STATES = {
    ContestOwner.CLAIMANT: "Recall's first answer: they are the user's",
    ContestOwner.HOLDER: "Recall's first answer: they are the other's",
    ContestOwner.BOTH: "Recall answers them to both",
    ContestOwner.NEITHER: "Recall answers them to neither",
}
_UNLISTED: Columns[UserRow] = {
    "user": text_column("User", 300, lambda row: one_line(row.user.label)),
    "customer": text_column("Customer", 200, lambda row: customer_words(row.customer)),
    "since": time_column("Not listed since", lambda row: row.unlisted_since),
}


def show_doubts(found: SystemState, member: StaffMember) -> None:
    """Users missing from a doubted list, entries that two users were shown with, and the search for those."""
    flash.show(_FLASH)
    _show_unlisted(found.unlisted, member)
    _show_contests(found)
    if member.may(Permission.SYSTEM_MANAGE):
        st.button(
            "Look for entries that two users have",
            icon=":material/content_copy:",
            on_click=_find_shared,
            key="find_shared",
            help="Among all that is stored. The next two passes ask Recall whose they are.",
        )


def _show_unlisted(unlisted: Sequence[UserRow], member: StaffMember) -> None:
    if not unlisted:
        return
    st.markdown(f"**{plural(len(unlisted), 'user')} missing from Recall's list, which is doubted**")
    st.caption(
        "They are shown as they were, and nothing of theirs is erased. A user who is missing for a day counts as gone; "
        "where a whole customer is missing and most others are listed, five minutes are enough."
    )
    alt = f"{plural(len(unlisted), 'user')} not listed"
    show_plain_table(unlisted[:MOST_ROWS], _UNLISTED, alt=alt, most_rows=6)
    if member.may(Permission.SYSTEM_MANAGE):
        st.button(
            "Treat them as gone now",
            icon=":material/person_off:",
            on_click=_believe,
            key="believe_list",
            help="They count as deleted since the first list without them. If Recall lists them again, they are "
            "back with all that is known of them.",
        )


def _show_contests(found: SystemState) -> None:
    if not found.contests:
        return
    st.markdown(f"**{plural(len(found.contests), 'pair')} of users were shown with the same entries**")
    columns: Columns[Contest] = {
        "user": text_column("User", 220, lambda contest: one_line(found.label(contest.claimant))),
        "other": text_column("Stored before for", 220, lambda contest: one_line(found.label(contest.holder))),
        "entries": number_column("Entries", 80, lambda contest: contest.entries),
        "since": time_column("First seen", lambda contest: contest.found_at),
        "state": text_column("Whose they are", 300, _state),
    }
    alt = f"{plural(len(found.contests), 'pair')} of users"
    show_plain_table(found.contests[:MOST_ROWS], columns, alt=alt, most_rows=6)
    st.caption(
        "Recall is asked for single entries with each user's token, twice and five minutes apart; the user they do not "
        "belong to loses them. Where it answers both or neither, both keep what they have."
    )


def _state(one: Contest) -> str:
    return _STATES[one.owner] if one.owner else "Recall is asked by the next pass"


def _believe() -> None:
    def command(member: StaffMember) -> str:
        return _gone_words(doubts.believe_list(desk().store, member))

    flash.run(_FLASH, Permission.SYSTEM_MANAGE, command)


def _gone_words(users: int) -> str:
    return f"{plural(users, 'user')} {'is' if users == 1 else 'are'} gone now."


def _find_shared() -> None:
    def command(member: StaffMember) -> str:
        return _found_words(doubts.find_shared_entries(desk().store, member))

    flash.run(_FLASH, Permission.SYSTEM_MANAGE, command)


def _found_words(pairs: int) -> str:
    if not pairs:
        return "No two users have the same entries."
    return f"{plural(pairs, 'pair')} of users have the same entries. The next two passes ask Recall whose they are."

"""The Change many page: the change itself with its dry run, standards, and earlier changes."""

import streamlit as st

from lib.bootstrap import desk
from lib.commands.bulk import state_now
from lib.customer.sight import Sight
from lib.errors import StoreError
from lib.queries.bulk import recent_batches
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store.batches import Batch, BatchState, ItemState
from lib.ui.bulk.actions import show_flash
from lib.ui.bulk.address import SECTION, asked_batch, open_batch
from lib.ui.bulk.batch import show_batch
from lib.ui.bulk.dry_run import show_dry_run
from lib.ui.bulk.standards import show_standards
from lib.ui.bulk.words import STATE_WORDS, batch_title
from lib.ui.widgets.choices import choose
from lib.ui.widgets.notices import show_empty, show_problem, view_only
from lib.ui.widgets.page_head import show_age, show_head, show_why_no_figures
from lib.ui.widgets.table import BY_KEYBOARD, Columns, number_column, show_table, text_column, time_column
from lib.ui.words.formats import plural

_SECTIONS = {"change": "Change", "standards": "Standards", "earlier": "Earlier changes"}
_COLUMNS: Columns[tuple[Batch, BatchState]] = {
    "at": time_column("When", lambda row: row[0].made_at),
    "what": text_column("What", 200, lambda row: batch_title(row[0])),
    "state": text_column("State", 90, lambda row: STATE_WORDS[row[1]]),
    "users": number_column("Users", 70, lambda row: sum(row[0].counts.values())),
    "done": number_column("Changed", 80, lambda row: row[0].counts.get(ItemState.APPLIED, 0)),
    "failed": number_column("Not changed", 100, lambda row: row[0].counts.get(ItemState.NOT_APPLIED, 0)),
    "by": text_column("By", 150, lambda row: row[0].actor),
}


def show_bulk(member: StaffMember) -> None:
    """What the address asks for. If the store cannot be read, what was drawn until then stays, with the reason."""
    try:
        _show(member)
    except StoreError as problem:
        show_problem(problem, key="bulk")


def _show(member: StaffMember) -> None:
    known = desk().workspace.snapshot(member.sight)
    show_head("Change many", known, member)
    show_age(known)
    if not member.may(Permission.PREFERENCES_WRITE):
        st.info(view_only("Changing many users", Permission.PREFERENCES_WRITE), icon=":material/lock:")
    show_flash()
    if (asked := asked_batch()) is not None:
        show_batch(asked, known, member)
        return
    section = choose("Section", _SECTIONS, name=SECTION)
    if section == "earlier":
        _show_earlier(member.sight)
    elif not known.listed:
        show_why_no_figures(known)
    elif section == "standards":
        show_standards(known, member)
    else:
        show_dry_run(known, member)


def _show_earlier(sight: Sight) -> None:
    """All changes of many users, newest first; a row opens one."""
    context = desk().context
    with desk().store.read() as connection:
        found = [(each, state_now(connection, each, context)) for each in recent_batches(connection, sight, limit=200)]
    if not found:
        show_empty(
            "Nothing was changed for many users yet", "Changes made here are listed here.", ":material/group_add:"
        )
        return
    st.caption(f"{plural(len(found), 'change')}, newest first. Select a row to open it.", help=BY_KEYBOARD)
    show_table(
        found,
        _COLUMNS,
        key="batches_table",
        alt=f"{plural(len(found), 'change')} of many users, newest first",
        on_pick=lambda row: open_batch(row[0].key) if row else None,
    )

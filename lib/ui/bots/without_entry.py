"""Bots that no calendar entry names: sent by other ways, or for meetings that no calendar ever showed."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.queries.bot import KnownBot, bots_without_entry
from lib.queries.shared_cache import remembered
from lib.ui.bots.address import open_bot
from lib.ui.bots.rows import set_out
from lib.ui.bots.words import reason_for
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import platform_words
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.table import (
    BY_KEYBOARD,
    Columns,
    chip_column,
    file_column,
    show_table,
    table_of,
    text_column,
    time_column,
)
from lib.ui.words import outcomes
from lib.ui.words.formats import NOTHING, count, one_line, plural

MOST_BOTS = 200
EXPLAINED = (
    "Bots that were sent by other ways than a calendar, or whose meeting no calendar ever showed. They belong to no "
    "customer and count in no other number."
)


def show_without_entry(shown: Shown) -> None:
    """Those of the period, while nothing is filtered: no filter can tell whose they are. None: nothing is drawn."""
    if not shown.choice.scope.is_all:
        return
    found = _found(shown)
    if not found:
        return
    st.subheader("No calendar entry", anchor=False)
    listed = found[:MOST_BOTS]
    more = f" The latest {count(len(listed))} are listed." if len(found) > len(listed) else ""
    st.markdown(f"**{plural(len(found), 'bot')} {shown.choice.in_words} had no calendar entry.** {EXPLAINED}{more}")
    _show(listed)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption("Select a row to see what became of it.", help=BY_KEYBOARD, width="content")
        show_download(lambda: table_of(found, COLUMNS), "bots-without-entry", shown.member, key="bots_without_entry")


def _found(shown: Shown) -> tuple[KnownBot, ...]:
    period = shown.choice.period
    return remembered(
        shown.known,
        ("bots without entry", period),
        lambda: bots_without_entry(desk().store, period.from_, period.to, shown.known.sight),
    )


def _joined(each: KnownBot) -> datetime | None:
    return set_out(each.bot) or (each.bot.join_at if each.bot else None)


def _platform(each: KnownBot) -> str:
    return platform_words(each.bot.platform if each.bot and each.bot.platform else "") or NOTHING


def _name(each: KnownBot) -> str:
    """Its name, which is text from outside."""
    return one_line(each.bot.bot_name) if each.bot else ""


def _reason(each: KnownBot) -> str:
    reason = reason_for(each)
    return reason.label if reason else ""


COLUMNS: Columns[KnownBot] = {
    "joined": time_column("Joined", _joined),
    "outcome": chip_column(
        "Outcome",
        136,
        lambda each: outcomes.chip(each.outcome),
        outcomes.chip_words(),
        export=lambda each: each.outcome.label,
    ),
    "platform": text_column("Platform", 110, _platform),
    "name": text_column("Name", 180, lambda each: _name(each) or NOTHING, export=_name),
    "reason": text_column("Reason", 260, lambda each: _reason(each) or NOTHING, export=_reason),
    "bot": file_column("Bot", lambda each: each.row.id),
}


def _show(listed: Sequence[KnownBot]) -> None:
    def pick(each: KnownBot | None) -> None:
        if each:
            open_bot(each.row.id)

    alt = f"{plural(len(listed), 'bot')} without a calendar entry"
    show_table(listed, COLUMNS, key="bots_without_entry_rows", alt=alt, on_pick=pick)

"""Bots without a calendar entry: not sent by a calendar, or for meetings that no calendar ever had."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.queries.bot import KnownBot, bots_without_entry
from lib.queries.shared_cache import remembered
from lib.ui.bots.rows import set_out
from lib.ui.coverage.section import show_table_foot
from lib.ui.widgets.filter_row import platform_words
from lib.ui.widgets.meeting_rows import outcome_column
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.query_params import write_word
from lib.ui.widgets.table import (
    Columns,
    file_column,
    show_table,
    text_column,
    time_column,
)
from lib.ui.words.formats import NOTHING, count, one_line, plural

MOST_BOTS = 200
EXPLAINED = (
    "They were not sent by a calendar, or no calendar ever had their meeting. They belong to no customer and are in no "
    "other number."
)


def show_without_entry(shown: Shown) -> None:
    """The bots of the period; nothing where there are none, or a filter is set: none could tell whose they are."""
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
    hint, name = "Select a row to open the bot.", "bots-without-entry"
    show_table_foot(shown, hint, found, COLUMNS, name, key="bots_without_entry")


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
    """The bot's name: text from outside."""
    return one_line(each.bot.bot_name) if each.bot else ""


def _reason(each: KnownBot) -> str:
    return each.reason.label if each.reason else ""


COLUMNS: Columns[KnownBot] = {
    "joined": time_column("Joined", _joined),
    "outcome": outcome_column(136, lambda each: each.outcome),
    "platform": text_column("Platform", 110, _platform),
    "name": text_column("Name", 180, lambda each: _name(each) or NOTHING, export=_name),
    "reason": text_column("Reason", 260, lambda each: _reason(each) or NOTHING, export=_reason),
    "bot": file_column("Bot", lambda each: each.row.id),
}


def _show(listed: Sequence[KnownBot]) -> None:
    def pick(each: KnownBot | None) -> None:
        if each:
            write_word("bot", each.row.id)

    alt = f"{plural(len(listed), 'bot')} without a calendar entry"
    show_table(listed, COLUMNS, key="bots_without_entry_rows", alt=alt, on_pick=pick)

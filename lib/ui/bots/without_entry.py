"""Bots that no calendar entry names: sent by other ways, or for meetings that no calendar ever showed."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from lib.bootstrap import desk
from lib.export import Cell, Table
from lib.queries.bot import KnownBot, bots_without_entry
from lib.queries.shared_cache import remembered
from lib.ui.bots.address import open_bot
from lib.ui.bots.rows import set_out
from lib.ui.bots.words import reason_for
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import platform_words
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.tables import BY_KEYBOARD, chip_column, show_table, starts_column, text_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words import outcomes
from lib.ui.words.formats import NOTHING, count, one_line, plural

HEADS = ("Joined", "Outcome", "Platform", "Name", "Reason", "Bot")
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
        show_download(lambda: table_of(found), "bots-without-entry", shown.member, key="bots_without_entry")


def table_of(found: Sequence[KnownBot]) -> Table:
    """The rows as a file, with times in the viewer's zone."""
    return Table(HEADS, [_cells(each) for each in found], viewer_zone())


def _found(shown: Shown) -> tuple[KnownBot, ...]:
    period = shown.choice.period
    return remembered(
        shown.known,
        ("bots without entry", period),
        lambda: bots_without_entry(desk().store, period.from_, period.to, shown.known.sight),
    )


def _cells(each: KnownBot) -> tuple[Cell, ...]:
    reason = reason_for(each)
    what = (_joined(each), each.outcome.label, _platform(each), _name(each))
    return (*what, reason.label if reason else "", each.row.id)


def _joined(each: KnownBot) -> datetime | None:
    return set_out(each.bot) or (each.bot.join_at if each.bot else None)


def _platform(each: KnownBot) -> str:
    return platform_words(each.bot.platform if each.bot and each.bot.platform else "") or NOTHING


def _name(each: KnownBot) -> str:
    """Its name, which is text from outside."""
    return one_line(each.bot.bot_name) if each.bot else ""


def _show(listed: Sequence[KnownBot]) -> None:
    reasons = [reason_for(each) for each in listed]
    frame = pd.DataFrame(
        {
            "joined": pd.DatetimeIndex([_joined(each) for each in listed], tz="UTC"),
            "outcome": [[outcomes.chip(each.outcome)] for each in listed],
            "platform": [_platform(each) for each in listed],
            "name": [_name(each) or NOTHING for each in listed],
            "reason": [reason.label if reason else NOTHING for reason in reasons],
        }
    )
    columns = {
        "joined": starts_column("Joined"),
        "outcome": chip_column("Outcome", 136, outcomes.chip_words()),
        "platform": text_column("Platform", 110),
        "name": text_column("Name", 180),
        "reason": text_column("Reason", 260),
    }

    def pick(rows: list[int]) -> None:
        if rows and rows[0] < len(listed):
            open_bot(listed[rows[0]].row.id)

    alt = f"{plural(len(listed), 'bot')} without a calendar entry"
    show_table(frame, columns, key="bots_without_entry_rows", alt=alt, on_pick=pick)

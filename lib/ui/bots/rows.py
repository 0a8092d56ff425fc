"""The bots behind a figure: one row each, with when it joined and whose side it was on; selecting one opens it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from lib.bootstrap import desk
from lib.domain import Bot
from lib.export import Cell, Table
from lib.queries.meetings import meetings_behind
from lib.queries.shared_cache import remembered
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis, Owner, Reason, side_of
from lib.recording.reasons import reason_of
from lib.recording.timeline import Phase, phases_of
from lib.store import bots
from lib.store.entries import StoredEntry
from lib.store.users import UserRow
from lib.ui.bots.address import open_bot
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import platform_words
from lib.ui.widgets.meeting_rows import ERASED, STALE, Opened
from lib.ui.widgets.open_rows import close_rows
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.tables import BY_KEYBOARD, NO_TITLE, chip_column, show_table, starts_column, text_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words import outcomes
from lib.ui.words.basis import COLUMN, basis_cell
from lib.ui.words.formats import NOTHING, one_line, plural

HEADS = (
    "Joined",
    "Outcome",
    "Meeting",
    "Platform",
    "Whose side",
    "Reason",
    "Sub code",
    "Customer",
    "User",
    "Bot",
    COLUMN,
)
_HELD = frozenset({Outcome.RECORDED, Outcome.IN_PART, Outcome.WILL_RECORD, Outcome.IN_PROGRESS, Outcome.UNSETTLED})
"""Outcomes of bots that did not fail, so that there is no side."""


@dataclass(frozen=True, slots=True)
class BotLine:
    """One bot as it is shown. Title, platform, sub-code, customer and user are text from outside."""

    id: str | None
    starts: datetime | None
    """Of the meeting."""
    joined: datetime | None
    """When it set out; the meeting's start where it has not, or was not read."""
    outcome: Outcome
    title: str
    platform: str
    reason: Reason | None
    owner: Owner | None
    sub_code: str
    customer: str | None
    """None: none; in a file an empty cell."""
    user: str

    @property
    def side(self) -> str:
        """Whose side it failed on; nothing for one that did not fail."""
        if self.reason is None or self.outcome in _HELD or self.outcome is Outcome.DID_NOT_HAPPEN:
            return NOTHING
        return side_of(self.reason, self.owner).label

    @property
    def cells(self) -> tuple[Cell, ...]:
        """As it is exported, in the order of `HEADS`."""
        why, side = self.reason.label if self.reason else "", "" if self.side == NOTHING else self.side
        what = (self.joined, self.outcome.label, self.title, self.platform, side, why, self.sub_code)
        return (*what, self.customer, self.user, self.id, basis_cell(self.reason, Basis.OBSERVED))


def show_opened(shown: Shown, title: str, opened: Opened, *, key: str) -> None:
    """A card with the bots behind a figure, in their order. `title` is in our own words."""
    with st.container(border=True, key=f"{key}_card"):
        lines = lines_of(shown.known, opened.keys)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{title}** · {plural(opened.meetings, 'meeting')}", width="content")
            with st.container(horizontal=True, width="content", gap="small"):
                show_download(lambda: table_of(lines), "bots", shown.member, key=key)
                st.button("Close", icon=":material/close:", type="tertiary", on_click=close_rows, key=f"{key}_close")
        if not lines:
            st.caption("No meetings stand behind this figure.")
            return
        more = opened.meetings > len(lines)
        rest = f" The first {len(lines)} are shown: narrow the filters to see others." if more else ""
        st.caption(f"Select a row to open the bot.{rest}", help=BY_KEYBOARD)
        _show(lines, key)


def lines_of(known: WorkspaceSnapshot, keys: Sequence[int]) -> tuple[BotLine, ...]:
    """The bots that the entries with these keys name, as they are shown."""
    wanted = tuple(keys)
    return remembered(known, ("bot lines", wanted), lambda: _read(known, wanted))


def table_of(lines: Sequence[BotLine]) -> Table:
    """The rows as a file, with times in the viewer's zone."""
    return Table(HEADS, [line.cells for line in lines], viewer_zone())


def set_out(bot: Bot | None) -> datetime | None:
    """When the bot set out for the call; None while it has not, and where Recall names no time."""
    if bot is None:
        return None
    return next((each.began for each in phases_of(bot) if each.phase is not Phase.BOOKED), None)


def user_words(row: UserRow | None, user_id: str) -> str:
    """What to call a user in a cell; "?" stands before one whose last read did not work."""
    label = one_line(row.user.label) if row else user_id
    return f"{STALE}{label}" if row and row.stale else label


def _read(known: WorkspaceSnapshot, keys: tuple[int, ...]) -> tuple[BotLine, ...]:
    with desk().store.read() as connection:
        found = meetings_behind(connection, keys, known.sight)
        rows = bots.find(connection, [stored.sent_bot for stored in found if stored.sent_bot])
    return tuple(_line(known, stored, rows.get(stored.sent_bot or "")) for stored in found)


def _line(known: WorkspaceSnapshot, stored: StoredEntry, row: bots.BotRow | None) -> BotLine:
    user, judged, entry = known.user_by_id.get(stored.user_id), stored.verdict, stored.entry
    owner = judged.owner if judged else None
    return BotLine(
        id=stored.sent_bot,
        starts=entry.start_time,
        joined=set_out(row.bot if row else None) or entry.start_time,
        outcome=Outcome(judged.outcome) if judged and judged.outcome in set(Outcome) else Outcome.UNKNOWN,
        title=ERASED if stored.erased else one_line(entry.title) or NO_TITLE,
        platform=platform_words(entry.meeting_platform or "") or NOTHING,
        reason=reason_of(judged.reason) if judged and judged.reason else None,
        owner=Owner(owner) if owner in set(Owner) else None,
        sub_code=one_line(judged.raw) if judged else "",
        customer=one_line(user.customer) if user and user.customer else None,
        user=user_words(user, stored.user_id),
    )


def _show(lines: Sequence[BotLine], key: str) -> None:
    frame = pd.DataFrame(
        {
            "joined": pd.DatetimeIndex([line.joined for line in lines], tz="UTC"),
            "outcome": [[outcomes.chip(line.outcome)] for line in lines],
            "title": [line.title for line in lines],
            "platform": [line.platform for line in lines],
            "side": [line.side for line in lines],
            "reason": [line.reason.label if line.reason else NOTHING for line in lines],
        }
    )
    columns = {
        "joined": starts_column("Joined"),
        "outcome": chip_column("Outcome", 136, outcomes.chip_words()),
        "title": text_column("Meeting", 150),
        "platform": text_column("Platform", 100),
        "side": text_column("Whose side", 120),
        "reason": text_column("Reason", 210),
    }

    def pick(rows: list[int]) -> None:
        bot_id = lines[rows[0]].id if rows and rows[0] < len(lines) else None
        if bot_id:
            open_bot(bot_id)

    show_table(frame, columns, key=f"{key}_rows", alt=f"{plural(len(lines), 'bot')} behind the figure", on_pick=pick)

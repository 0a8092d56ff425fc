"""The bots behind a figure: one row each, with when it joined and whose side it was on; selecting one opens it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.domain import Bot
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
from lib.ui.widgets.filter_row import platform_words
from lib.ui.widgets.meeting_rows import ERASED, STALE, Opened, opened_card, outcome_column
from lib.ui.widgets.page_head import Shown
from lib.ui.widgets.query_params import write_word
from lib.ui.widgets.table import (
    BY_KEYBOARD,
    NO_TITLE,
    Columns,
    file_column,
    show_table,
    text_column,
    time_column,
)
from lib.ui.words.basis import COLUMN, basis_cell
from lib.ui.words.formats import NOTHING, one_line, plural

_NOT_FAILED = frozenset(
    {
        Outcome.RECORDED,
        Outcome.IN_PART,
        Outcome.WILL_RECORD,
        Outcome.IN_PROGRESS,
        Outcome.UNSETTLED,
        Outcome.DID_NOT_HAPPEN,
    }
)
"""Outcomes of bots that did not fail, so no side is named."""


@dataclass(frozen=True, slots=True)
class BotLine:
    """One bot in a table. Title, platform, sub-code, customer and user are text from outside."""

    id: str | None
    starts: datetime | None
    """When the meeting starts."""
    joined: datetime | None
    """When the bot set out; the meeting's start where it has not yet, or was not read."""
    outcome: Outcome
    title: str
    platform: str
    reason: Reason | None
    owner: Owner | None
    sub_code: str
    customer: str | None
    """None: no customer, which is an empty cell in a file."""
    user: str

    @property
    def side(self) -> str:
        """Whose side it failed on; empty for a bot that did not fail."""
        if self.reason is None or self.outcome in _NOT_FAILED:
            return ""
        return side_of(self.reason, self.owner).label

    @property
    def reason_label(self) -> str:
        """The reason in words; empty where there is none."""
        return self.reason.label if self.reason else ""


COLUMNS: Columns[BotLine] = {
    "joined": time_column("Joined", lambda line: line.joined),
    "outcome": outcome_column(136, lambda line: line.outcome),
    "title": text_column("Meeting", 150, lambda line: line.title),
    "platform": text_column("Platform", 100, lambda line: line.platform),
    "side": text_column("Whose side", 120, lambda line: line.side or NOTHING, export=lambda line: line.side),
    "reason": text_column(
        "Reason", 210, lambda line: line.reason_label or NOTHING, export=lambda line: line.reason_label
    ),
    "sub_code": file_column("Sub code", lambda line: line.sub_code),
    "customer": file_column("Customer", lambda line: line.customer),
    "user": file_column("User", lambda line: line.user),
    "bot": file_column("Bot", lambda line: line.id),
    "basis": file_column(COLUMN, lambda line: basis_cell(line.reason, Basis.OBSERVED)),
}


def show_opened(shown: Shown, title: str, opened: Opened, *, key: str) -> None:
    """A card with the bots behind a figure, in their order. `title` is a text of ours."""
    lines, heading = lines_of(shown.known, opened.keys), f"**{title}** · {plural(opened.meetings, 'meeting')}"
    with opened_card(heading, opened, lines, COLUMNS, "bots", shown.member, key=key) as more:
        if lines:
            st.caption(f"Select a row to open the bot.{more}", help=BY_KEYBOARD)
            _show(lines, key)


def lines_of(known: WorkspaceSnapshot, keys: Sequence[int]) -> tuple[BotLine, ...]:
    """The bots that the calendar entries with these keys name."""
    wanted = tuple(keys)
    return remembered(known, ("bot lines", wanted), lambda: _read(known, wanted))


def set_out(bot: Bot | None) -> datetime | None:
    """When the bot set out for the call; None before that, and where Recall gives no time."""
    if bot is None:
        return None
    return next((each.began for each in phases_of(bot) if each.phase is not Phase.BOOKED), None)


def user_words(row: UserRow | None, user_id: str) -> str:
    """The user in a cell, with "?" before one whose last read failed."""
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
    def pick(line: BotLine | None) -> None:
        if line and line.id:
            write_word("bot", line.id)

    alt = f"{plural(len(lines), 'bot')} behind the figure"
    show_table(lines, COLUMNS, key=f"{key}_rows", alt=alt, on_pick=pick)

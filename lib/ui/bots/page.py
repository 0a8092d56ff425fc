"""The Bots page: all bots of a period and a scope, or the one that the address names."""

from collections.abc import Iterator
from datetime import date

import streamlit as st

from lib.coverage.duplicates import SharedMailbox, shared_mailboxes
from lib.coverage.scope import Scope
from lib.export import Cell, Table
from lib.queries.bot_figures import BotFigures, bot_figures, rows_of_failure, rows_of_figure
from lib.queries.shared_cache import view_of
from lib.recording.reason import SIDES
from lib.staff.accounts import StaffMember
from lib.ui.bots import duplicates
from lib.ui.bots.bot import show_bot
from lib.ui.bots.figures import KIND, figures_of, show_figures, titles
from lib.ui.bots.outcomes import COUNT_COLUMNS, asked_failure, rows_by, show_failures, show_outcomes
from lib.ui.bots.rows import show_opened
from lib.ui.bots.without_entry import show_without_entry
from lib.ui.coverage.section import opened
from lib.ui.widgets.definitions import Definition, show_definitions_button
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import clear_filters
from lib.ui.widgets.meeting_rows import Opened
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.open_rows import asked_rows
from lib.ui.widgets.page_head import Shown, open_workspace, users_in
from lib.ui.widgets.query_params import asked_id
from lib.ui.widgets.table import table_of
from lib.ui.words.formats import count, plural

PAGE = "bots"
_INTRO = (
    "Every number counts **meetings** that are over, could be recorded and had a bot: one of their "
    "calendar entries names it. A meeting with two bots counts once, by the bot that got furthest."
)


def show_bots(member: StaffMember) -> None:
    """The page: one bot where the address names it, otherwise the bots of the period and the filters."""
    shown = open_workspace("Bots", PAGE, member)
    asked = asked_id("bot")
    if asked is not None:
        show_bot(asked, shown.known, shown.choice.scope.customer)
        return
    found = bot_figures(shown.selection)
    with shown.actions:
        show_definitions_button(definitions(found), intro=_INTRO)
        show_download(lambda: page_table(shown, found), "bots", member, key="bots_all")
    if found.outcomes.sent:
        show_figures(shown, found)
        _show_opened_figure(shown, found)
        _show_charts(shown, found)
    else:
        _show_why_empty(shown)
    _show_duplicates(shown, found)
    show_without_entry(shown)


def definitions(found: BotFigures) -> tuple[Definition, ...]:
    """How each number is counted, with the current numbers."""
    all_ = found.outcomes
    sides = " + ".join(count(all_.failed_on[side]) for side in SIDES)
    return (
        Definition(
            "Came",
            "sent - did not take place - unsettled",
            f"{count(all_.sent)} - {count(all_.did_not_happen)} - {count(all_.unsettled)} = {count(all_.came)}",
        ),
        Definition(
            "Recorded",
            "came, and a bot reached recording, in part or empty recordings included",
            f"{count(all_.recorded)} of {count(all_.came)}; in part or empty: {count(all_.in_part)}",
        ),
        Definition(
            "Failed",
            "came - recorded = host's side + Zoom, Google or Microsoft + Recall or us + nobody, or unknown",
            f"{count(all_.came)} - {count(all_.recorded)} = {count(all_.failed)} = {sides}",
        ),
        Definition(
            "Whose side",
            "who can act on Recall's sub-code: the host, the organiser, the user or the customer's IT; the platform; "
            "Recall or us; or nobody. A code that is still unknown to us is nobody's",
            "",
        ),
        Definition(
            "Two bots in one meeting",
            "meetings of the period, coming ones too, whose entries name more than one bot",
            count(len(found.duplicates)),
        ),
        Definition(
            "No calendar entry",
            "bots in Recall's list that no calendar entry names or ever named; they are in no other number",
            "",
        ),
    )


def page_table(shown: Shown, found: BotFigures) -> Table:
    """All that the page shows of the period, as one table."""
    return Table(("Part", "Name", "What", "Meetings"), list(_lines(shown, found)))


def _lines(shown: Shown, found: BotFigures) -> Iterator[tuple[Cell, ...]]:
    for figure in figures_of(found):
        yield "Figures", figure.label, figure.of, figure.meetings
    for cut, part in (("week", "By week"), ("platform", "By platform")):
        rows = rows_by(shown, cut)
        counts = table_of(rows, COUNT_COLUMNS)
        for (name, _), cells in zip(rows, counts.rows, strict=True):
            label = name.isoformat() if isinstance(name, date) else name
            yield from ((part, label, head, cell) for head, cell in zip(counts.heads, cells, strict=True))
    for failure in found.failures:
        yield "Failures by reason", failure.reason.label, failure.side.label, failure.meetings


def _show_opened_figure(shown: Shown, found: BotFigures) -> None:
    what = asked_rows(KIND)
    called = dict(titles(found))
    if what in called:
        show_opened(shown, called[what], _opened_figure(shown, found, what), key="bots_figure")


def _show_charts(shown: Shown, found: BotFigures) -> None:
    st.space("small")
    left, right = st.columns((6, 5), gap="medium")
    with left:
        show_outcomes(shown)
    with right:
        show_failures(shown, found.failures)
    failure = asked_failure(found.failures)
    if failure is not None:
        title = f"{failure.reason.label}: {failure.side.label}"
        name = ("bots", failure.reason.key, failure.side)
        behind = opened(shown.selection, name, lambda: rows_of_failure(shown.selection, failure))
        show_opened(shown, title, behind, key="bots_of_reason")


def _show_duplicates(shown: Shown, found: BotFigures) -> None:
    duplicates.show_duplicate_bots(shown, found.duplicates)
    key = asked_rows(duplicates.KIND)
    if key is not None:
        show_opened(shown, "The bots of one meeting", _opened_meeting(found, key), key="bots_of_meeting")
    duplicates.show_mailboxes(shown, _shared_mailboxes(shown))


MOST_KEYS = 500


def _opened_figure(shown: Shown, found: BotFigures, figure: str) -> Opened:
    if figure == "twice":
        keys = tuple(key for each in found.duplicates for key in each.keys[: each.bots])
        return Opened(keys[:MOST_KEYS], len(found.duplicates), len(keys))
    return opened(shown.selection, ("bots", figure), lambda: rows_of_figure(shown.selection, figure))


def _opened_meeting(found: BotFigures, key: str) -> Opened:
    """The bots of one meeting with several, which is named by the key of its first entry."""
    meeting = next((each for each in found.duplicates if str(each.keys[0]) == key), None)
    return Opened(meeting.keys[: meeting.bots], 1, len(meeting.keys)) if meeting else Opened((), 0, 0)


def _shared_mailboxes(shown: Shown) -> tuple[SharedMailbox, ...]:
    """Mailboxes that several of the users in view have connected."""
    users = users_in(shown.known, shown.choice.scope)
    return shown.selection.remembered("mailboxes", lambda: shared_mailboxes(row.user for row in users))


def _show_why_empty(shown: Shown) -> None:
    everybody = view_of(shown.known, Scope(), shown.choice.period).numbers.ended.meetings
    if shown.choice.narrowed and everybody:
        show_empty(
            "No bot matches these filters",
            f"{plural(everybody, 'meeting')} ended without them.",
            ":material/filter_alt_off:",
            act="Clear filters",
            on_click=lambda: clear_filters(PAGE),
            key="bots_clear_filters",
        )
    else:
        show_empty(
            "No bot was sent to a meeting in this period",
            f"{shown.choice.days}: no meeting that has ended had a bot.",
            ":material/event_busy:",
        )

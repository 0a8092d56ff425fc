"""The Bots page: all bots of a period and a scope, or the one that the address names."""

from collections.abc import Iterator

import streamlit as st

from lib.coverage.scope import Scope
from lib.export import Cell, Table
from lib.queries.shared_cache import view_of
from lib.recording.reason import SIDES
from lib.staff.accounts import StaffMember
from lib.ui.bots import duplicates, why, without_entry
from lib.ui.bots.address import asked_bot
from lib.ui.bots.bot import show_bot
from lib.ui.bots.counts import Counted, counted, mailboxes_shared, opened_failure, opened_figure, opened_twice
from lib.ui.bots.figures import KIND, figures_of, show_figures, titles
from lib.ui.bots.outcomes import rows_by, show_became
from lib.ui.bots.rows import show_opened
from lib.ui.widgets.definitions import Definition, show_definitions_button
from lib.ui.widgets.download import show_download
from lib.ui.widgets.filter_row import clear_filters
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.open_rows import asked_rows
from lib.ui.widgets.page_head import Shown, open_workspace
from lib.ui.words.formats import count, plural

PAGE = "bots"
_INTRO = (
    "Every number counts **meetings** that are over, could be recorded and that a bot was sent to: one of their "
    "calendar entries names it. A meeting with two bots counts once, by the bot that got furthest."
)


def show_bots(member: StaffMember) -> None:
    """The page."""
    shown = open_workspace("Bots", PAGE, member)
    asked = asked_bot()
    if asked is not None:
        show_bot(asked, shown.known, shown.choice.scope.customer)
        return
    found = counted(shown)
    with shown.actions:
        show_definitions_button(definitions(found), intro=_INTRO)
        show_download(lambda: table_of(shown, found), "bots", member, key="bots_all")
    if found.became.sent:
        show_figures(shown, found)
        _show_opened_figure(shown, found)
        _show_charts(shown, found)
    else:
        _show_why_empty(shown)
    _show_duplicates(shown, found)
    without_entry.show_without_entry(shown)


def definitions(found: Counted) -> tuple[Definition, ...]:
    """How each number is counted, with today's put in."""
    all_ = found.became
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
            "came - recorded = host's side + Zoom, Google or Microsoft + Recall or us + nobody, or not known",
            f"{count(all_.came)} - {count(all_.recorded)} = {count(all_.failed)} = {sides}",
        ),
        Definition(
            "Whose side",
            "who can act on Recall's sub-code: the host, the organiser, the user or the customer's IT; the platform; "
            "Recall or us; or nobody. A code that is not known to us yet is nobody's",
            "",
        ),
        Definition(
            "Twice in a meeting",
            "meetings of the period, coming ones too, whose entries name more than one bot",
            count(len(found.twice)),
        ),
        Definition(
            "No calendar entry",
            "bots of Recall's list that no calendar entry names, or ever did; in no other number",
            "",
        ),
    )


def table_of(shown: Shown, found: Counted) -> Table:
    """All that the page shows of the period, in one table."""
    return Table(("Part", "Name", "What", "Meetings"), list(_lines(shown, found)))


def _lines(shown: Shown, found: Counted) -> Iterator[tuple[Cell, ...]]:
    for figure in figures_of(found):
        yield "Figures", figure.label, figure.of, figure.meetings
    for cut, part in (("week", "By week"), ("platform", "By platform")):
        for name, each in rows_by(shown, cut):
            said = name if name is None or isinstance(name, str) else name.isoformat()
            yield part, said, "Recorded", each.recorded
            yield part, said, "In part or empty", each.in_part
            yield from ((part, said, side.label, each.failed_on[side]) for side in SIDES)
            yield part, said, "Did not take place", each.did_not_happen
            yield part, said, "Unsettled", each.unsettled
    for failure in found.failures:
        yield "Failures by reason", failure.reason.label, failure.side.label, failure.meetings


def _show_opened_figure(shown: Shown, found: Counted) -> None:
    what = asked_rows(KIND)
    called = dict(titles(found))
    if what in called:
        show_opened(shown, called[what], opened_figure(shown, what), key="bots_figure")


def _show_charts(shown: Shown, found: Counted) -> None:
    st.space("small")
    left, right = st.columns((6, 5), gap="medium")
    with left:
        show_became(shown)
    with right:
        why.show_why(shown, found.failures)
    failure = why.asked_failure(found.failures)
    if failure is not None:
        title = f"{failure.reason.label}: {failure.side.label}"
        show_opened(shown, title, opened_failure(shown, failure), key="bots_of_reason")


def _show_duplicates(shown: Shown, found: Counted) -> None:
    duplicates.show_twice(shown, found.twice)
    key = asked_rows(duplicates.KIND)
    if key is not None:
        show_opened(shown, "The bots of one meeting", opened_twice(shown, key), key="bots_of_meeting")
    duplicates.show_mailboxes(shown, mailboxes_shared(shown))


def _show_why_empty(shown: Shown) -> None:
    everybody = view_of(shown.known, Scope(), shown.choice.period).numbers.ended.meetings
    if shown.choice.narrowed and everybody:
        show_empty(
            "No bot was sent for what these filters leave",
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

"""The five figures on top, each with its fraction and opening its meetings; and the sentence that says what matters."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import streamlit as st

from lib.coverage.bot_outcomes import BotOutcomes
from lib.queries.bot_figures import BotFigures
from lib.recording.reason import Side
from lib.ui.widgets.open_rows import open_rows
from lib.ui.widgets.page_head import Shown, freshness_words
from lib.ui.words.formats import count, plural

KIND = "bots"
"""The prefix of a figure in `?rows=`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it counts, of what, and the name that opens it."""

    name: str
    label: str
    icon: str
    meetings: int
    of: str
    help: str


def figures_of(found: BotFigures) -> tuple[Figure, ...]:
    """The figures, in the order of the page."""
    all_, failed = found.outcomes, f"of {count(found.outcomes.failed)} failed"
    return (
        Figure(
            "recorded",
            "Recorded",
            ":material/check_circle:",
            all_.recorded,
            f"of {plural(all_.came, 'meeting')}",
            "Meetings that a bot was sent to and recorded, including partial and empty recordings.",
        ),
        Figure(
            "in_part",
            "In part or empty",
            ":material/contrast:",
            all_.in_part,
            f"of {count(all_.recorded)} recorded",
            "The bot left before the end, or nothing usable was kept.",
        ),
        Figure(
            Side.HOST,
            Side.HOST.label,
            ":material/build:",
            all_.failed_on[Side.HOST],
            failed,
            "The host, the organiser, the calendar's user or the customer's IT can act.",
        ),
        Figure(
            Side.OURS,
            Side.OURS.label,
            ":material/cloud_off:",
            all_.failed_on[Side.OURS],
            failed,
            "Recall failed, or our setup or rules stopped the bot.",
        ),
        Figure(
            "twice",
            "Two bots in one meeting",
            ":material/content_copy:",
            len(found.duplicates),
            "meeting with two bots" if len(found.duplicates) == 1 else "meetings with two bots",
            "Meetings of the period, coming ones too, that more than one bot was sent to.",
        ),
    )


def show_figures(shown: Shown, found: BotFigures) -> None:
    """The figures, the age of their data, and the key sentence."""
    with st.grid(5, min_column_width=165):
        for figure in figures_of(found):
            _show(figure)
    st.caption(freshness_words(shown.known, shown.choice.scope))
    st.markdown(key_sentence(found.outcomes, shown.choice.in_words))


def key_sentence(all_: BotOutcomes, in_words: str) -> str:
    """ "Bots recorded 1,204 of the 1,402 meetings they were sent to in the last 30 days. ..." """
    meetings = f"{count(all_.recorded)} of the {plural(all_.came, 'meeting')}"
    first = f"**Bots recorded {meetings} they were sent to {in_words}.**"
    failed = [f"{count(n)} failed {_WHERE[side]}" for side, n in all_.failed_on.items() if n]
    failures = f" {_listed(failed)}." if failed else ""
    return f"{first}{failures}{_not_counted(all_)}"


def titles(found: BotFigures) -> Iterator[tuple[str, str]]:
    """The title of the rows behind each figure, also of those without a card."""
    for figure in figures_of(found):
        yield figure.name, figure.label
    yield Side.PLATFORM, Side.PLATFORM.label
    yield Side.NOBODY, Side.NOBODY.label
    yield "did_not_happen", "Did not take place"
    yield "unsettled", "Unsettled"


_WHERE = {
    Side.HOST: "on the host's side",
    Side.PLATFORM: "at Zoom, Google or Microsoft",
    Side.OURS: "at Recall or with us",
    Side.NOBODY: "where nobody could act or the cause is unknown",
}


def _not_counted(all_: BotOutcomes) -> str:
    """The meetings that are in none of these counts."""
    parts = []
    if all_.did_not_happen:
        parts.append(f"{plural(all_.did_not_happen, 'meeting')} did not take place")
    if all_.unsettled:
        parts.append(f"{count(all_.unsettled)} {'is' if all_.unsettled == 1 else 'are'} not settled yet")
    return f" A further {_listed(parts)}." if parts else ""


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _show(figure: Figure) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(f"{figure.icon} {figure.label}", count(figure.meetings), delta_description=figure.of)
        st.button(
            f"See {plural(figure.meetings, 'meeting')}",
            type="tertiary",
            on_click=partial(open_rows, KIND, figure.name),
            disabled=not figure.meetings,
            help=figure.help,
            key=f"bots_see_{figure.name}",
        )

"""Meetings of the next days that are at risk while there is time to act, and calendars that cannot be seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from lib.bootstrap import desk
from lib.coverage.at_risk import DAYS, at_risk
from lib.coverage.drilldown import Figure, drill_down
from lib.coverage.hidden_meetings import HiddenMeetings, hidden_meetings
from lib.coverage.numbers import Upcoming, numbers
from lib.coverage.period import Period
from lib.coverage.period_view import view_period
from lib.coverage.rates import Rate
from lib.coverage.scope import within
from lib.queries.shared_cache import remembered
from lib.recording.time_part import TimePart
from lib.store import observations
from lib.store.observations import ObservationKind
from lib.store.users import UserRow
from lib.ui.coverage.section import show_openers
from lib.ui.widgets.choices import choose
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.download import show_download
from lib.ui.widgets.meeting_rows import COLUMNS, Opened, rows_of, show_meetings
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.page_head import Shown, users_in
from lib.ui.widgets.query_params import open_user_page, read_word
from lib.ui.widgets.table import BY_KEYBOARD, Columns, show_table, table_of, text_column
from lib.ui.words.formats import about, count, fraction, one_line, percent, plural

KIND = "ahead"
DEFAULT_DAYS = "3"
_AHEAD = {str(days): plural(days, "day") for days in DAYS}
_LISTS = {"nobot": "No bot", "choice": "Off by choice", "series": "Failed twice", "unseen": "Not seen"}
_SAYS = {
    "nobot": "External meetings that no bot will join, soonest first.",
    "choice": "External meetings that rules or people keep from being recorded, soonest first.",
    "series": "Booked meetings whose last two occurrences were asked for and failed for the same reason.",
    "unseen": "Users whose calendar is lost or could not be read, with their usual meetings a week.",
}
_EMPTY = {
    "nobot": "A bot will join every external meeting that is not off by choice.",
    "choice": "No external meeting is off by choice.",
    "series": "No coming meeting has failed twice in a row.",
    "unseen": "Every calendar that was connected can be read.",
}


@dataclass(frozen=True, slots=True)
class Risk:
    """What is at risk in the chosen days."""

    upcoming: Upcoming
    meetings: Mapping[str, Opened]
    """By the name of their list in the address."""
    unseen: HiddenMeetings


def show_risk(shown: Shown) -> None:
    """How much is planned and booked, roughly how much is unseen, and the meetings at risk in lists."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("At risk", anchor=False, width="content")
        days = int(choose("Ahead", _AHEAD, name="ahead", default=DEFAULT_DAYS))
    found = risk_of(shown, days)
    _show_figures(found, days)
    _show_openers(shown, found.upcoming, days)
    counts = {name: each.meetings for name, each in found.meetings.items()} | {"unseen": len(found.unseen.users)}
    listed = {name: f"{words} · {count(counts[name])}" for name, words in _LISTS.items()}
    chosen = choose("Listed", listed, name="risk", style="pills")
    st.caption(_SAYS[chosen])
    if not counts[chosen]:
        show_empty(f"Nothing in the next {_AHEAD[str(days)]}", _EMPTY[chosen], ":material/task_alt:")
    elif chosen == "unseen":
        _show_unseen(shown, found.unseen)
    else:
        _show_meetings(shown, found.meetings[chosen], chosen)


def days_ahead() -> int:
    """The chosen number of days ahead, also before its control is drawn."""
    asked = st.session_state.get("ahead") or read_word("ahead")
    return int(asked if asked in _AHEAD else DEFAULT_DAYS)


def risk_of(shown: Shown, days: int) -> Risk:
    """What is at risk in the days after the last complete pass, within the filters."""
    return remembered(shown.known, ("risk", shown.choice.scope, days), lambda: _risk(shown, days))


def _risk(shown: Shown, days: int) -> Risk:
    frame, as_of = within(shown.known.frame, shown.choice.scope), shown.as_of
    found = at_risk(frame, as_of, days)
    # A meeting at the very instant of as_of is in progress, so the range may begin there.
    upcoming = numbers(frame, as_of, as_of + timedelta(days=days), as_of).upcoming
    hidden = hidden_meetings(frame, _not_seen_since(users_in(shown.known, shown.choice.scope)), as_of)
    lists = {"nobot": found.unbooked, "choice": found.off_by_choice, "series": found.repeating}
    return Risk(upcoming, {name: Opened.of(rows) for name, rows in lists.items()}, hidden)


def _not_seen_since(users: Sequence[UserRow]) -> Mapping[str, datetime | None]:
    """When the calendars that are lost or were not read were last seen, by the user's id; None: not known."""
    hidden = [row for row in users if _is_lost(row) or row.stale or row.read_at is None]
    lost = _lost_at({row.user.id for row in hidden if not row.user.connected})
    return {row.user.id: lost.get(row.user.id, row.read_at if row.stale else None) for row in hidden}


def _is_lost(row: UserRow) -> bool:
    """Whether a calendar is lost and no other is connected."""
    return bool(row.user.lost) and not row.user.connected


def _why_unseen(row: UserRow) -> str:
    return "Calendar lost" if _is_lost(row) else "Could not be read"


def _lost_at(user_ids: set[str]) -> dict[str, datetime]:
    with desk().store.read() as connection:
        seen = observations.since(connection, user_ids=user_ids) if user_ids else ()
    return {each.user_id: each.at for each in reversed(seen) if each.kind is ObservationKind.CONNECTION_LOST}


def _show_figures(found: Risk, days: int) -> None:
    ahead = _AHEAD[str(days)]
    with st.grid(3, min_column_width=165):
        _show_rate(f"Planned, {ahead}", found.upcoming.planned, "Recall will record, of coming recordable meetings.")
        _show_rate(f"Booked, {ahead}", found.upcoming.booked_rate, "A bot is booked, of those Recall will record.")
        st.metric(
            f"Unseen, {ahead}",
            about(found.unseen.about(days)) if _is_known(found.unseen) else percent(None),
            delta_description=f"{plural(len(found.unseen.users), 'calendar')} lost or unread",
            border=True,
            height="stretch",
            help="An estimate from what these users usually have a week. Their meetings are in no figure.",
        )


def _show_openers(shown: Shown, upcoming: Upcoming, days: int) -> None:
    planned, booked = upcoming.will_record, upcoming.will_record_and_booked
    counts = {
        "recordable": ("Recordable", upcoming.recordable),
        "will_record": ("Planned", planned),
        "will_record_and_booked": ("Planned and booked", booked),
        "missed": ("No bot, internal too", upcoming.missed),
    }
    show_openers(shown, KIND, counts, lambda figure: _opened(shown, figure, days))


def _opened(shown: Shown, figure: str, days: int) -> Opened:
    def work_out() -> Opened:
        period = Period(shown.as_of, shown.as_of + timedelta(days=days))
        coming = view_period(within(shown.known.frame, shown.choice.scope), period, shown.as_of)
        return Opened.of(drill_down(coming, Figure(TimePart.UPCOMING, figure)))

    return remembered(shown.known, ("ahead", shown.choice.scope, figure, days), work_out)


def _is_known(found: HiddenMeetings) -> bool:
    """Whether the usual number of meetings is known: no user is hidden, or enough was seen of one of them before."""
    return not found.users or any(user.usual_a_week is not None for user in found.users)


def _show_rate(label: str, rate: Rate, help_: str) -> None:
    words = fraction(rate.numerator, rate.denominator)
    st.metric(label, percent(rate.value), delta_description=words, border=True, height="stretch", help=help_)


def _show_meetings(shown: Shown, opened: Opened, name: str) -> None:
    rows, key = rows_of(shown.known, opened.keys), f"{shown.page}_risk_{name}"
    more = f" The first {count(len(rows))} of {count(opened.meetings)}." if opened.meetings > len(rows) else ""
    show_meetings(rows, key=key, more=more, order=("customer", "user"))
    show_download(lambda: table_of(rows, COLUMNS), "at risk", shown.member, key=key)


@dataclass(frozen=True, slots=True)
class HiddenRow:
    """A user whose calendar cannot be seen, with the usual meetings a week; None: not known."""

    row: UserRow
    usual: float | None


HIDDEN_COLUMNS: Columns[HiddenRow] = {
    "user": text_column("User", 220, lambda each: one_line(each.row.user.label)),
    "customer": text_column("Customer", 150, lambda each: customer_words(each.row.customer)),
    "usual": text_column(
        "Usual meetings a week", 160, lambda each: "no data" if each.usual is None else about(each.usual)
    ),
    "why": text_column("Why", 160, lambda each: _why_unseen(each.row)),
}


def _show_unseen(shown: Shown, found: HiddenMeetings) -> None:
    rows = [HiddenRow(shown.known.user_by_id[each.user], each.usual_a_week) for each in found.users]
    columns = {name: HIDDEN_COLUMNS[name] for name in ("user", "usual", "customer", "why")}
    picked = show_table(rows, columns, key=f"{shown.page}_risk_unseen", alt="Users whose calendar cannot be seen")
    st.caption("Select a row to open its user.", help=BY_KEYBOARD)
    show_download(lambda: table_of(rows, HIDDEN_COLUMNS), "not seen", shown.member, key=f"{shown.page}_risk_unseen")
    if picked:
        open_user_page(picked[0].row.user.id)

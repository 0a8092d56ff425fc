"""One user's meetings, coming and past: what becomes of each, why, and what to do."""

from collections.abc import Sequence, Set
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from lib.queries import CalendarSnapshot
from lib.recording.decision import DecisionStep
from lib.recording.reason import Basis
from lib.recording.time_part import TimePart
from lib.recording.verdict import Verdict
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.sync.user_meetings import ASKED_AHEAD
from lib.ui.user.judged_calendar import Judged, judged
from lib.ui.user.override_preview import show_plan, show_what_could_be_chosen
from lib.ui.user.override_results import show_how_it_ended
from lib.ui.user.override_state import CHOICE_WORDS, carry_out_what_was_confirmed, overriding
from lib.ui.user.private_titles import offer_title, title_shown
from lib.ui.user.rules import step_words
from lib.ui.user.selection_bar import show_choices
from lib.ui.widgets.buttons import clicked
from lib.ui.widgets.choices import choose, choose_some
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.query_params import open_bot_page
from lib.ui.widgets.tables import (
    BY_KEYBOARD,
    NO_TITLE,
    chip_column,
    select_rows,
    show_table,
    starts_column,
    text_column,
)
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words import basis, outcomes
from lib.ui.words.formats import NOTHING, clock_time, day_and_time, one_line, plural, short_day

ERASED = "Title erased"
PAST_30, PAST_60 = timedelta(days=30), timedelta(days=60)
_LISTS = {"coming": "Coming", "past30": "Past 30 days", "past60": "Past 60 days", "earlier": "Earlier"}
_ONLY = {"missed": "Only not recorded", "hand": "Set by hand"}


def show_meetings(known: CalendarSnapshot, member: StaffMember) -> None:
    """The section: which list, the table, and one meeting in full; of those that are coming, what can be set."""
    if known.as_of is None:
        st.skeleton(height=420)
        return
    carry_out_what_was_confirmed(known, member)
    show_how_it_ended(known, member)
    rows = judged(known, known.as_of).rows
    lists = {name: _listed(rows, known.as_of, name) for name in _LISTS}
    if not lists["earlier"]:
        del lists["earlier"]  # what Recall keeps is all there is
    with st.container(horizontal=True, gap="medium"):
        counted = {name: f"{_LISTS[name]} · {len(rows)}" for name, rows in lists.items()}
        chosen = choose("Meetings", counted, name="list", style="pills")
        only = choose_some("Only", _ONLY, name="only")
    shown = [row for row in lists[chosen] if _passes(row, only)]
    if not shown:
        _show_why_empty(known, chosen, len(lists[chosen]))
        return
    above = st.container()
    selected = [shown[place] for place in _show_rows(shown, chosen)]
    if selected and chosen == "coming":
        with above:
            show_choices(known, selected, lists["coming"], _table("coming"), member)
    _show_selected(known, selected, member)


def _show_selected(known: CalendarSnapshot, selected: Sequence[Judged], member: StaffMember) -> None:
    """Under the table: what the choice would do that somebody looks at; one meeting in full."""
    asked, may_set = overriding().asked, member.may(Permission.OVERRIDES_WRITE)
    ids = tuple(row.entry.id for row in selected)
    if not selected:
        st.caption("Select a row to see why, what to do, and how sure we are.", help=BY_KEYBOARD)
    elif may_set and asked and (asked.user_id, asked.entry_ids) == (known.user.id, ids):
        show_plan(known, asked, selected)
    elif may_set and len(selected) > 1:
        show_what_could_be_chosen(selected)
    if len(selected) == 1 and known.as_of:
        _show_one(selected[0], judged(known, known.as_of).first_bot, member)


def _listed(rows: Sequence[Judged], as_of: datetime, name: str) -> list[Judged]:
    if name == "coming":
        return [row for row in rows if row.verdict.part in (TimePart.UPCOMING, TimePart.IN_PROGRESS)]
    ended = [row for row in reversed(rows) if row.verdict.part is TimePart.ENDED]
    if name == "earlier":
        return [row for row in ended if row.start < as_of - PAST_60]
    since = as_of - (PAST_30 if name == "past30" else PAST_60)
    return [row for row in ended if row.start >= since]


def _passes(row: Judged, only: Set[str]) -> bool:
    if "missed" in only and not row.verdict.missed:
        return False
    return "hand" not in only or row.entry.override_should_record is not None


def _show_why_empty(known: CalendarSnapshot, chosen: str, without_filters: int) -> None:
    if without_filters:
        show_empty(
            "Nothing matches these filters",
            f"{plural(without_filters, 'meeting')} without them.",
            ":material/filter_alt_off:",
            act="Clear filters",
            on_click=lambda: st.session_state.update(only=[]),
        )
    elif not known.user.connected:
        show_empty("No calendar connected", "So no meetings can be seen.", ":material/link_off:")
    else:
        when = f"in the next {ASKED_AHEAD.days} days" if chosen == "coming" else f"in the {_LISTS[chosen].lower()}"
        read = clock_time(known.as_of, viewer_zone()) if known.as_of else ""
        show_empty(f"No meetings {when}", f"The calendar is connected and was read at {read}.", ":material/event_busy:")


def _table(chosen: str) -> str:
    return f"meetings_{chosen}"


def _show_rows(shown: Sequence[Judged], chosen: str) -> list[int]:
    frame = pd.DataFrame(
        {
            "starts": [row.start for row in shown],
            "outcome": [[outcomes.chip(row.verdict.outcome)] for row in shown],
            "title": [_title(row) for row in shown],
            "why": [basis.marked(row.verdict.why or NOTHING, row.verdict.basis) for row in shown],
            "to_do": [row.verdict.what_to_do or NOTHING for row in shown],
            "choice": [CHOICE_WORDS[row.entry.override_should_record] for row in shown],
        }
    )
    columns = {
        "starts": starts_column(),
        "outcome": chip_column("Outcome", 136, outcomes.chip_words()),
        "title": text_column("Meeting", 136),
        "why": text_column("Why", 190, basis.IN_TABLES),
        "to_do": text_column("What to do", 180),
        "choice": text_column("Choice", 100),
    }
    names = [row.entry.id for row in shown]
    if overriding().unselect:
        overriding().unselect = False
        select_rows(_table(chosen), [], names)
    return show_table(
        frame,
        columns,
        key=_table(chosen),
        alt=f"{plural(len(shown), 'meeting')}, {_LISTS[chosen].lower()}",
        many=chosen == "coming",
        names=names,
    )


def _show_one(row: Judged, first_bot: datetime | None, member: StaffMember) -> None:
    verdict, zone = row.verdict, viewer_zone()
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.text(title_shown(row, member) or _title(row))
            outcome = verdict.outcome
            st.badge(outcome.label, icon=outcomes.icon(outcome), color=outcomes.badge_colour(outcome))
        st.caption(f"{day_and_time(row.start, zone)} ({zone.key}){_gone(row, zone)}")
        offer_title(row, member)
        why, act, sure = st.columns(3)
        with why:
            _fact("Why", why_words(row, first_bot) or NOTHING)
            if verdict.after_that:
                _fact("After that", verdict.after_that)
        with act:
            _fact("What to do", verdict.what_to_do or NOTHING)
            _fact("Who can fix it", basis.who_can(verdict.reason, verdict.owner) or NOTHING)
        with sure:
            _fact("How sure", basis.how_sure(verdict.reason, verdict.confidence, verdict.basis) or NOTHING)
            _show_code(verdict)
        _show_trace(row)
        _offer_bot(row, member)


def why_words(row: Judged, first_bot: datetime | None) -> str:
    """Why one meeting is not recorded; of one that nobody watched by the rules first seen, or why that is not known."""
    verdict, zone = row.verdict, report_zone()
    if verdict.basis is Basis.INFERRED and verdict.reason:
        return basis.by_first_rules_words(verdict.reason, row.stored.first_seen_at.astimezone(zone).date())
    if verdict.reason and verdict.reason.key == basis.UNSEEN_KEY and verdict.part is TimePart.ENDED:
        return basis.unknown_words(row.unknown, first_bot.astimezone(zone).date() if first_bot else None)
    return verdict.explanation or verdict.why


def _offer_bot(row: Judged, member: StaffMember) -> None:
    """The way to the bot that was there: one that is only booked has nothing to tell yet."""
    bot_id = row.entry.bot_id
    if bot_id is None or row.verdict.part is TimePart.UPCOMING or not member.may(Permission.BOTS_READ):
        return
    if clicked("Open its bot", icon=":material/smart_toy:", type="tertiary", key="open_its_bot"):
        open_bot_page(bot_id)


def _title(row: Judged) -> str:
    return one_line(row.entry.title) or (ERASED if row.stored.erased else NO_TITLE)


def _gone(row: Judged, zone: ZoneInfo) -> str:
    gone = row.stored.removed_at
    return f". No longer in the calendar, as first seen on {day_and_time(gone, zone)}." if gone else ""


def _fact(head: str, words: str) -> None:
    st.markdown(f"**{head}**  \n{words}")


def _show_code(verdict: Verdict) -> None:
    """Recall's own words, as they came: text from outside."""
    with st.container(gap=None):
        st.markdown("**Recall says**" if verdict.raw else "**Code**")
        if verdict.raw:
            st.text(verdict.raw)
        else:
            st.markdown(f"`{verdict.reason.key}`" if verdict.reason else NOTHING)


def _show_trace(row: Judged) -> None:
    verdict = row.verdict
    with st.expander("Rule by rule"):
        steps = verdict.trace.steps
        st.markdown("  \n".join(f"{_mark(step)} {step_words(step)}" for step in steps if step.looked_at))
        skipped = [step_words(step) for step in steps if not step.looked_at]
        if skipped:
            st.caption(f"Not looked at: {', '.join(words[0].lower() + words[1:] for words in skipped)}.")
        if verdict.part is not TimePart.UPCOMING:
            st.caption(_whose_rules(row))
        said = {True: "record", False: "not record", None: "not clear"}[verdict.trace.verdict]
        st.caption(f"Our rule: {said}. Recall: {'record' if verdict.will_record else 'not record'}. Recall decides.")
        if verdict.rule_mismatch:
            st.caption("They differ. We count these.")


def _whose_rules(row: Judged) -> str:
    """Which rules the trace of a meeting that began goes by (`lib.recording.verdict.judge`)."""
    if row.stored.seen_will_record is not None:
        return "By the rules last seen before it started."
    if row.verdict.part is not TimePart.ENDED:
        return "By the rules of today; others may have applied when it started."
    return f"By the rules first seen, on {short_day(row.stored.first_seen_at.astimezone(report_zone()).date())}."


def _mark(step: DecisionStep) -> str:
    return {True: ":material/check:", False: ":material/close:", None: ":material/question_mark:"}[step.passed]

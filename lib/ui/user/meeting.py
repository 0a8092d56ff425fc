"""One meeting in full: why it is or is not recorded, what to do, how sure we are, and its bot."""

from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.commands.private_titles import reveal
from lib.queries.judged_calendar import JudgedMeeting
from lib.recording.decision import DecisionStep
from lib.recording.presets import FLAG_LABELS
from lib.recording.reason import Basis
from lib.recording.time_part import TimePart
from lib.recording.verdict import Verdict
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.widgets import flash
from lib.ui.widgets.buttons import clicked
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.query_params import open_bot_page
from lib.ui.widgets.table import NO_TITLE
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words import basis, outcomes
from lib.ui.words.formats import NOTHING, day_and_time, one_line, short_day

ERASED = "Title erased"
_TITLES, _FLASH = "revealed_titles", "reveal_title"
_STEPS = {
    "link": "It has a link to join",
    "times": "It has a start and an end, and does not last all day",
    "not_over": "It is not over",
    "override": "Set by hand",
    "any_rule": "A recording rule is on",
    "no_contradiction": "The rules do not exclude each other",
    **FLAG_LABELS,
}
_MARKS = {True: ":material/check:", False: ":material/close:", None: ":material/question_mark:"}


def show_meeting(meeting: JudgedMeeting, first_bot: datetime | None, member: StaffMember) -> None:
    """The card under the table. `first_bot` is the start of the user's first meeting that had a bot."""
    verdict, zone = meeting.verdict, viewer_zone()
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.text(_revealed_title(meeting, member) or title_of(meeting))
            outcome = verdict.outcome
            st.badge(outcome.label, icon=outcomes.icon(outcome), color=outcomes.badge_colour(outcome))
        st.caption(f"{day_and_time(meeting.start, zone)} ({zone.key}){_removed_words(meeting)}")
        _offer_title(meeting, member)
        why, act, sure = st.columns(3)
        with why:
            _show_fact("Why", why_words(meeting, first_bot) or NOTHING)
            if verdict.after_that:
                _show_fact("After that", verdict.after_that)
        with act:
            _show_fact("What to do", verdict.what_to_do or NOTHING)
            _show_fact("Who can fix it", basis.who_can(verdict.reason, verdict.owner) or NOTHING)
        with sure:
            _show_fact("How sure", basis.how_sure(verdict.reason, verdict.confidence, verdict.basis) or NOTHING)
            _show_code(verdict)
        _show_trace(meeting)
        _offer_bot(meeting, member)


def title_of(meeting: JudgedMeeting) -> str:
    """The title on one line, or why there is none. Text from outside."""
    return one_line(meeting.entry.title) or (ERASED if meeting.stored.erased else NO_TITLE)


def why_words(meeting: JudgedMeeting, first_bot: datetime | None) -> str:
    """Why a meeting is not recorded; for an unwatched one, the inferred cause or why the cause is unknown."""
    verdict, zone = meeting.verdict, report_zone()
    if verdict.basis is Basis.INFERRED and verdict.reason:
        return basis.by_first_rules_words(verdict.reason, meeting.stored.first_seen_at.astimezone(zone).date())
    if verdict.reason and verdict.reason.key == basis.UNSEEN_KEY and verdict.part is TimePart.ENDED:
        return basis.unknown_words(meeting.unknown, first_bot.astimezone(zone).date() if first_bot else None)
    return verdict.explanation or verdict.why


def _removed_words(meeting: JudgedMeeting) -> str:
    gone = meeting.stored.removed_at
    return f". No longer in the calendar, as first seen on {day_and_time(gone, viewer_zone())}." if gone else ""


def _show_fact(head: str, words: str) -> None:
    st.markdown(f"**{head}**  \n{words}")


def _show_code(verdict: Verdict) -> None:
    """Recall's own words, shown as the text from outside that they are; else the key of our reason."""
    with st.container(gap=None):
        st.markdown("**Recall says**" if verdict.raw else "**Code**")
        if verdict.raw:
            st.text(verdict.raw)
        else:
            st.markdown(f"`{verdict.reason.key}`" if verdict.reason else NOTHING)


def _show_trace(meeting: JudgedMeeting) -> None:
    verdict = meeting.verdict
    with st.expander("Rule by rule"):
        steps = verdict.trace.steps
        st.markdown("  \n".join(f"{_MARKS[step.passed]} {step_words(step)}" for step in steps if step.looked_at))
        skipped = [step_words(step) for step in steps if not step.looked_at]
        if skipped:
            st.caption(f"Not checked: {', '.join(words[0].lower() + words[1:] for words in skipped)}.")
        if verdict.part is not TimePart.UPCOMING:
            st.caption(_whose_rules(meeting))
        ours = {True: "record", False: "not record", None: "not clear"}[verdict.trace.verdict]
        st.caption(f"Our rule: {ours}. Recall: {'record' if verdict.will_record else 'not record'}. Recall decides.")
        if verdict.rule_mismatch:
            st.caption("They differ. We count these.")


def step_words(step: DecisionStep) -> str:
    """One line of the trace: what was checked and what was found; the name alone for a step that was not checked."""
    name = _STEPS.get(step.name, step.name)
    if not step.looked_at:
        return name
    if step.name == "override":
        return f"{name}: record" if step.passed else f"{name}: don't record"
    found = {True: "yes", False: "no", None: "not known"}[step.passed]
    return f"{name}: {found}"


def _whose_rules(meeting: JudgedMeeting) -> str:
    """Which rules the trace of a started meeting uses (`lib.recording.verdict.judge`)."""
    if meeting.stored.seen_will_record is not None:
        return "By the rules last seen before it started."
    if meeting.verdict.part is not TimePart.ENDED:
        return "By the rules of today; others may have applied when it started."
    return f"By the rules first seen, on {short_day(meeting.stored.first_seen_at.astimezone(report_zone()).date())}."


def _offer_bot(meeting: JudgedMeeting, member: StaffMember) -> None:
    """Link to the bot of a meeting that has started: a bot that is only booked has nothing to show yet."""
    bot_id = meeting.entry.bot_id
    if bot_id is None or meeting.verdict.part is TimePart.UPCOMING or not member.may(Permission.BOTS_READ):
        return
    if clicked("Open its bot", icon=":material/smart_toy:", type="tertiary", key="open_its_bot"):
        open_bot_page(bot_id)


def _revealed_title(meeting: JudgedMeeting, member: StaffMember) -> str | None:
    """The title of a private meeting that was revealed in this tab, while `member` still may see it."""
    revealed = st.session_state.get(_TITLES, {}) if member.may(Permission.TITLES_REVEAL) else {}
    found: str | None = revealed.get(_title_key(meeting))
    return found


def _offer_title(meeting: JudgedMeeting, member: StaffMember) -> None:
    """Under a private meeting: why its title is hidden, and the button that reveals it for those who may."""
    if not meeting.entry.is_private or meeting.stored.erased:
        return
    if _revealed_title(meeting, member) is not None:
        st.caption(":material/lock: Private in the calendar. Activity says that you looked.")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if member.may(Permission.TITLES_REVEAL):
            st.button(
                "Show title",
                icon=":material/visibility:",
                on_click=_reveal,
                args=(meeting,),
                key=f"show_title_{meeting.stored.key}",
            )
            st.caption("Private in the calendar. Activity will say that you looked.", width="content")
        else:
            st.caption(":material/lock: Private in the calendar: its title is hidden.", width="content")
    flash.show(_FLASH, about=_title_key(meeting))


def _reveal(meeting: JudgedMeeting) -> None:
    key = _title_key(meeting)

    def command(member: StaffMember) -> None:
        entry = reveal(desk().store, member.name, *key)
        st.session_state.setdefault(_TITLES, {})[key] = one_line(entry.title) or NO_TITLE

    flash.run(_FLASH, Permission.TITLES_REVEAL, command, about=key)


def _title_key(meeting: JudgedMeeting) -> tuple[str, str]:
    return meeting.stored.user_id, meeting.entry.id

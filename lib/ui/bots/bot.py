"""One bot: its outcome and why, its timeline, whose calendars share it, and what it recorded."""

import re
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from lib.bootstrap import desk
from lib.customer import Unassigned, fits
from lib.errors import StoreError
from lib.queries.bot import KnownBot, find_bot
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.reason import Confidence, Owner
from lib.store.entries import StoredEntry
from lib.ui.bots.outcomes import plain_platform
from lib.ui.bots.rows import user_words
from lib.ui.bots.timeline import show_phases, show_recordings, show_steps, what_happened, what_to_do
from lib.ui.widgets.customer_choice import customer_words
from lib.ui.widgets.notices import show_empty, show_problem
from lib.ui.widgets.query_params import open_user_page, write_word
from lib.ui.widgets.table import BY_KEYBOARD, NO_TITLE, Columns, show_table, text_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words import outcomes
from lib.ui.words.calendar_health import platform_name
from lib.ui.words.formats import NOTHING, day_and_time, one_line, plural

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def show_bot(bot_id: str, known: WorkspaceSnapshot, customer: str | Unassigned | None) -> None:
    """The page of the bot that `?bot=` names, as `customer` may see it (None: as staff may), or why there is none."""
    st.button("All bots", icon=":material/arrow_back:", type="tertiary", on_click=_close_bot, key="all_bots")
    if not _is_id(bot_id):
        _show_nothing("The address must contain a bot id, such as 0b7a6b41-8add-4e49-955d-45d006b2fa08.")
        return
    try:
        found = find_bot(desk().store, bot_id, known.sight)
    except StoreError as problem:
        show_problem(problem)
        return
    if found is None:
        _show_nothing("No meeting read so far has this bot: the link is from another workspace, or the bot is too new.")
    elif customer is not None and not _entries_of(found, known, customer):
        _show_nothing("This bot was sent for meetings of another customer. Choose all customers to see it.")
    else:
        _show_card(found, known, customer)
        _show_shared_with(found, known, customer)
        if found.bot:
            show_recordings(found.bot)


def _close_bot() -> None:
    write_word("bot", None)


def _show_nothing(why_not: str) -> None:
    show_empty(
        "No bot is found at this address",
        why_not,
        ":material/smart_toy:",
        act="See all bots",
        on_click=_close_bot,
        key="see_all_bots",
    )


def _show_card(found: KnownBot, known: WorkspaceSnapshot, customer: str | Unassigned | None) -> None:
    with st.container(border=True):
        _show_head(found, known, customer)
        if found.bot:
            show_phases(found.bot, found.outcome, found.row.read_at)
        st.markdown(f"{what_happened(found)} **{what_to_do(found)}**" if what_to_do(found) else what_happened(found))
        _show_facts(found)
        if found.bot and found.bot.status_changes:
            with st.expander("Every status"):
                show_steps(found.bot)
        st.caption(f"Bot `{found.row.id}`")  # _is_id has looked at it


def _show_head(found: KnownBot, known: WorkspaceSnapshot, customer: str | Unassigned | None) -> None:
    outcome = found.outcome
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.text(_title(found, known, customer), width="content")
        st.badge(outcome.label, icon=outcomes.icon(outcome), color=outcomes.badge_colour(outcome))
        url = explorer_url(desk().settings.region, found.row.id)
        if url:
            st.link_button("Open in Recall", url, icon=":material/open_in_new:", type="tertiary")
        else:
            st.caption("Sandbox: this bot is invented, so Recall's explorer does not have it.", width="content")
    st.caption(_when_and_where(found))


def _title(found: KnownBot, known: WorkspaceSnapshot, customer: str | Unassigned | None) -> str:
    """The meeting's title as the calendars of the chosen customer have it."""
    theirs = _entries_of(found, known, customer) if customer is not None else found.entries
    titles = [one_line(stored.entry.title) for stored in theirs]
    if not found.entries:
        return "(no calendar entry)"
    erased = bool(theirs) and all(stored.erased for stored in theirs)
    return next(filter(None, titles), "(title erased)" if erased else NO_TITLE)


def _when_and_where(found: KnownBot) -> str:
    zone = viewer_zone()
    starts = [stored.entry.start_time for stored in found.entries if stored.entry.start_time]
    platforms = [stored.entry.meeting_platform for stored in found.entries if stored.entry.meeting_platform]
    platform = plain_platform(found.bot.platform if found.bot and found.bot.platform else next(iter(platforms), None))
    when = f"{day_and_time(min(starts), zone)} ({zone.key})" if starts else "No start known"
    return f"{when} · {platform}"


def _show_facts(found: KnownBot) -> None:
    verdict, reason = found.verdict, found.reason
    owner = _labelled(verdict.owner if verdict else None, Owner)
    sure = _labelled(verdict.confidence if verdict else None, Confidence)
    who, how, code = st.columns(3)
    who.markdown(f"**Who can fix it**  \n{owner}")
    how.markdown(f"**How sure**  \n{sure}")
    with code, st.container(gap=None):
        if verdict and verdict.raw:
            st.markdown("**Recall says**")
            st.text(one_line(verdict.raw))
        else:
            st.markdown(f"**Code**  \n`{reason.key}`" if reason else f"**Code**  \n{NOTHING}")


def _is_id(text: str) -> bool:
    """Whether a text has the form of Recall's ids."""
    return _UUID.fullmatch(text) is not None


def explorer_url(region: str | None, bot_id: str) -> str | None:
    """The bot in Recall's explorer, on the dashboard of the region; None in the sandbox, and for what is no id."""
    if region is None or not _is_id(bot_id):
        return None
    return f"https://{region}.recall.ai/dashboard/explorer/bot/{bot_id}"


def _labelled(word: str | None, kind: type[Owner] | type[Confidence]) -> str:
    """The label of a stored value; a dash for one that a newer version stored."""
    return kind(word).label if word in set(kind) else NOTHING


SOMEBODY_ELSE = "Somebody of another customer"
_DECISIONS = {True: "Record", False: "Don't record", None: "Not seen before it started"}


def _entries_of(found: KnownBot, known: WorkspaceSnapshot, customer: str | Unassigned) -> tuple[StoredEntry, ...]:
    """The entries of this customer's users."""
    return tuple(stored for stored in found.entries if fits(known.customer_of(stored.user_id), customer))


def decision(stored: StoredEntry, as_of: datetime | None) -> bool | None:
    """Recall's decision for an entry: the current one before its start, afterwards the last one seen before it."""
    start = stored.entry.start_time
    is_coming = start is not None and as_of is not None and start > as_of
    return stored.entry.will_record if is_coming else stored.seen_will_record


def _show_shared_with(found: KnownBot, known: WorkspaceSnapshot, customer: str | Unassigned | None) -> None:
    """The users whose calendars have the meeting; where the page shows one customer, those of others are not named."""
    st.subheader("Who shares this bot", anchor=False)
    if not found.entries:
        st.caption("No calendar entry names this bot any more.")
        return
    users = plural(len({stored.user_id for stored in found.entries}), "user")
    more = f" Recall names {plural(found.also_sent_for, 'entry', 'entries')} more." if found.also_sent_for else ""
    st.caption(f"{users}. Select a row to open the user.{more}", help=BY_KEYBOARD)
    rows = [
        SharedEntry(stored, known, is_named=fits(known.customer_of(stored.user_id), customer))
        for stored in found.entries
    ]
    picked = show_table(rows, COLUMNS, key="sharing", alt=f"{users} whose calendars have this meeting")
    if picked and picked[0].is_named:
        open_user_page(picked[0].stored.user_id)


@dataclass(frozen=True, slots=True)
class SharedEntry:
    """One user's calendar entry of the bot's meeting. `is_named`: the page may say whose it is."""

    stored: StoredEntry
    known: WorkspaceSnapshot
    is_named: bool

    @property
    def customer(self) -> str:
        """The customer in a cell."""
        return customer_words(self.known.customer_of(self.stored.user_id)) if self.is_named else NOTHING


COLUMNS: Columns[SharedEntry] = {
    "user": text_column("User", 250, lambda row: _user(row.stored, row.known) if row.is_named else SOMEBODY_ELSE),
    "customer": text_column("Customer", 160, lambda row: row.customer),
    "calendar": text_column("Calendar", 100, lambda row: platform_name(row.stored.entry.calendar_platform or "")),
    "decision": text_column("Recall's decision", 150, lambda row: _DECISIONS[decision(row.stored, row.known.as_of)]),
    "state": text_column(
        "Entry", 190, lambda row: "Removed from the calendar" if row.stored.removed_at else "In the calendar"
    ),
}


def _user(stored: StoredEntry, known: WorkspaceSnapshot) -> str:
    return user_words(known.user_by_id.get(stored.user_id), stored.user_id)

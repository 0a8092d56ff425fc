"""One bot in one place: what became of it, its life, why, who shares it, and what it recorded."""

import streamlit as st

from lib.bootstrap import desk
from lib.customer import Unassigned
from lib.errors import StoreError
from lib.queries.bot import KnownBot, find_bot
from lib.queries.workspace import WorkspaceSnapshot
from lib.recording.reason import Confidence, Owner
from lib.ui.bots.address import close_bot, explorer_url, is_id
from lib.ui.bots.kinds import plain_platform
from lib.ui.bots.shared_with import show_sharing, theirs
from lib.ui.bots.timeline import show_life, show_recordings, show_steps
from lib.ui.bots.words import reason_for, what_to_do, why
from lib.ui.widgets.notices import show_empty, show_problem
from lib.ui.widgets.table import NO_TITLE
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words import outcomes
from lib.ui.words.formats import NOTHING, day_and_time, one_line


def show_bot(bot_id: str, known: WorkspaceSnapshot, customer: str | Unassigned | None) -> None:
    """The bot that `?bot=` names, as seen for `customer` (None: for everyone), or why there is nothing to see."""
    st.button("All bots", icon=":material/arrow_back:", type="tertiary", on_click=close_bot, key="all_bots")
    if not is_id(bot_id):
        _show_nothing("The address must hold a bot's id, such as 0b7a6b41-8add-4e49-955d-45d006b2fa08.")
        return
    try:
        found = find_bot(desk().store, bot_id, known.sight)
    except StoreError as problem:
        show_problem(problem)
        return
    if found is None:
        _show_nothing("No meeting that was read names this bot: the link is of another workspace, or the bot is newer.")
    elif customer is not None and not theirs(found, known, customer):
        _show_nothing("This bot was sent for meetings of another customer. Choose all customers to see it.")
    else:
        _show_card(found, known, customer)
        show_sharing(found, known, customer)
        if found.bot:
            show_recordings(found.bot)


def _show_nothing(why_not: str) -> None:
    show_empty(
        "No bot is found at this address",
        why_not,
        ":material/smart_toy:",
        act="See all bots",
        on_click=close_bot,
        key="see_all_bots",
    )


def _show_card(found: KnownBot, known: WorkspaceSnapshot, customer: str | Unassigned | None) -> None:
    with st.container(border=True):
        _show_head(found, known, customer)
        if found.bot:
            show_life(found.bot, found.outcome, found.row.read_at)
        st.markdown(f"{why(found)} **{what_to_do(found)}**" if what_to_do(found) else why(found))
        _show_facts(found)
        if found.bot and found.bot.status_changes:
            with st.expander("Every status"):
                show_steps(found.bot)
        st.caption(f"Bot `{found.row.id}`")  # is_id has looked at it


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
    """The meeting's title as the customer's own calendars have it."""
    seen = theirs(found, known, customer) if customer is not None else found.entries
    titles = [one_line(stored.entry.title) for stored in seen]
    if not found.entries:
        return "(no calendar entry)"
    erased = bool(seen) and all(stored.erased for stored in seen)
    return next(filter(None, titles), "(title erased)" if erased else NO_TITLE)


def _when_and_where(found: KnownBot) -> str:
    zone = viewer_zone()
    starts = [stored.entry.start_time for stored in found.entries if stored.entry.start_time]
    platforms = [stored.entry.meeting_platform for stored in found.entries if stored.entry.meeting_platform]
    platform = plain_platform(found.bot.platform if found.bot and found.bot.platform else next(iter(platforms), None))
    when = f"{day_and_time(min(starts), zone)} ({zone.key})" if starts else "No start known"
    return f"{when} · {platform}"


def _show_facts(found: KnownBot) -> None:
    verdict, reason = found.verdict, reason_for(found)
    owner = _labelled(verdict.owner if verdict else None, Owner)
    sure = _labelled(verdict.confidence if verdict else None, Confidence)
    who, how, code = st.columns(3)
    who.markdown(f"**Who can fix it**  \n{owner}")
    how.markdown(f"**How sure**  \n{sure}")
    with code, st.container(gap=None):
        st.markdown("**Code**")
        if verdict and verdict.raw:
            st.text(one_line(verdict.raw))
        else:
            st.markdown(f"`{reason.key}`" if reason else NOTHING)


def _labelled(word: str | None, kind: type[Owner] | type[Confidence]) -> str:
    """The label of a kept word; nothing for one of a newer version."""
    return kind(word).label if word in set(kind) else NOTHING

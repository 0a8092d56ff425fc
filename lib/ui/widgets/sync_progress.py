"""The sync on a page: the progress of a pass, the button that requests one, and warnings about stale data."""

from datetime import datetime, timedelta

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.customer.sight import Sight
from lib.errors import StoreError
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import passes
from lib.store.passes import Pass, PassState
from lib.ui.sign_in.access import authorize, require_session
from lib.ui.widgets.status_strip import STALE_AFTER
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import age, clock_time, count, day_and_time, duration, fraction, plural

FIRST_LOOK_SECONDS, LOOK_SECONDS = 1.0, 2.0
_STAGES = {
    "users": "Reading the list of users",
    "bots": "Reading what became of the bots",
    "judging": "Working out why",
}


def show_sync_button(known: WorkspaceSnapshot, member: StaffMember) -> None:
    """ "Sync now": leaves a request that the sync takes up. Whoever may look may ask."""
    waits = known.asked or known.at_work or st.session_state.get("asked_for_sync") == _asking(known)
    st.button(
        "Sync now",
        icon=":material/sync:",
        type="tertiary",
        key="sync_now",
        disabled=waits,
        help="A pass is already requested or running." if waits else "Read everything from Recall again.",
        on_click=_ask,
        args=(known,),
    )


def _ask(known: WorkspaceSnapshot) -> None:
    if (member := authorize(Permission.USERS_READ)) is None:
        return
    try:
        with desk().store.write() as connection:
            passes.ask(connection, by=member.name, now=utc_now())
    except StoreError as problem:
        st.toast(str(problem), icon=":material/error:", duration="long")
        return
    st.session_state["asked_for_sync"] = _asking(known)
    desk().workspace.look_again()


def _asking(known: WorkspaceSnapshot) -> object:
    """The pass after which somebody asked: the button stays pressed until the next one has begun."""
    return known.latest.key if known.latest else 0


def show_first_pass(sight: Sight) -> None:
    """The progress of the first pass, in place of figures. Refreshes itself."""

    @st.fragment(run_every=FIRST_LOOK_SECONDS)
    def first_pass() -> None:
        require_session()
        known = desk().workspace.snapshot(sight)
        with st.container(border=True):
            st.markdown(f":material/sync: **Still reading.** {first_words(known, utc_now())}")
            if known.sight.is_everything:
                st.progress(_share(known))

    first_pass()
    st.skeleton(height=420)


def show_running_pass(known: WorkspaceSnapshot) -> None:
    """One line on the running or requested pass, if there is one. Refreshes itself."""
    if not (known.at_work or known.asked):
        return

    @st.fragment(run_every=LOOK_SECONDS)
    def running_pass() -> None:
        require_session()
        now = desk().workspace.snapshot(known.sight)
        if now.at_work and not known.sight.is_everything:
            st.caption(":material/sync: A pass is running. The figures do not change until it is complete.")
        elif now.at_work and now.latest:
            st.progress(_share(now), f"{_doing(now)} The figures do not change until it is complete.")
        elif now.asked:
            st.caption(":material/sync: A pass is requested. It starts within seconds.")

    running_pass()


def first_words(known: WorkspaceSnapshot, now: datetime) -> str:
    """How far the first pass is, and when figures appear: "The first pass has read 412 of 1,000 users. ..." The number
    of users is told only to those who see all of them."""
    latest = known.latest
    if not known.sight.is_everything:
        return "The first pass is running. Figures appear when it is complete."
    if latest is None:
        return "The first pass has not started yet. It starts within seconds."
    total = users_to_read(known)
    read = f"The first pass has read {fraction(min(latest.users_done, total), total)} users."
    if not known.at_work:
        return f"{read} It stopped, and continues when the sync runs again."
    if latest.stage in ("bots", "judging"):
        return f"{read} {_STAGES[latest.stage]} now. Figures appear when it is complete."
    left = _time_left(latest, total, now)
    return f"{read} Figures appear when it is complete{f', in about {duration(left)}' if left else ''}."


def users_to_read(known: WorkspaceSnapshot) -> int:
    """Users whose meetings a pass reads: listed, with an external id."""
    return sum(1 for row in known.listed if row.user.external_id is not None)


def _time_left(latest: Pass, total: int, now: datetime) -> timedelta | None:
    if not latest.users_done or now <= latest.begun_at:
        return None
    left = (now - latest.begun_at) * max(total - latest.users_done, 0) / latest.users_done
    minutes = max(1, round(left.total_seconds() / 60))
    return timedelta(minutes=minutes)


def _share(known: WorkspaceSnapshot) -> float:
    total = users_to_read(known)
    if known.latest is None or not total:
        return 0.0
    return min(1.0, known.latest.users_done / total)


def _doing(known: WorkspaceSnapshot) -> str:
    latest = known.latest
    if latest and latest.stage in _STAGES:
        return f"{_STAGES[latest.stage]}."
    done = latest.users_done if latest else 0
    return f"A pass has read {fraction(min(done, users_to_read(known)), users_to_read(known))} users."


def show_warnings(known: WorkspaceSnapshot) -> None:
    """What a reader must know of the figures: they are old, or some users could not be read."""
    now = utc_now()
    if known.as_of and now - known.as_of > STALE_AFTER:
        st.warning(stale_words(known, known.as_of, now), icon=":material/update:")
    unread = sum(1 for row in known.listed if row.failure is not None)
    if unread:
        st.warning(
            f"{count(unread)} of {plural(len(known.listed), 'user')} could not be read. "
            'Their last known meetings are shown and marked "?".',
            icon=":material/sync_problem:",
        )


def stale_words(known: WorkspaceSnapshot, as_of: datetime, now: datetime) -> str:
    """ "The data is 3 h old: the sync stopped at 11:02. The figures below are from then." """
    old = age(now - as_of).removesuffix(" ago")
    return f"The data is {old} old: {_why_old(known, now)}. The figures below are from then."


def _why_old(known: WorkspaceSnapshot, now: datetime) -> str:
    latest, zone = known.latest, viewer_zone()
    if known.at_work:
        return "a pass is running"
    if latest is None or latest.state is PassState.RUNNING:
        return "the sync was cut off"
    ended = latest.ended_at or latest.begun_at
    when = clock_time(ended, zone) if now - ended < timedelta(hours=20) else day_and_time(ended, zone)
    how = "stopped" if latest.state is PassState.COMPLETE else "did not finish"
    return f"the sync {how} at {when}"

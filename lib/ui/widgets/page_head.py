"""The head of a page: its title and actions, the status strip, the warnings, and the filters."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.coverage.scope import Scope
from lib.customer import fits
from lib.queries.selection import Selection
from lib.queries.shared_cache import remembered
from lib.queries.workspace import WorkspaceSnapshot
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store.users import UserRow
from lib.ui.server.streamlit_internals import DeltaGenerator
from lib.ui.sign_in.access import authorize
from lib.ui.widgets.filter_row import report_zone, show_filters
from lib.ui.widgets.notices import show_nobody, show_problem
from lib.ui.widgets.status_strip import Badge, Color, Look, as_of_badge, calendars_badge, environment_badge, show_status
from lib.ui.widgets.sync_progress import show_first_pass, show_running_pass, show_sync_button, show_warnings
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.basis import FIRST_DAYS_FOR, first_days_words
from lib.ui.words.formats import age, clock_time, fraction, plural
from lib.ui.words.odd_rows import MEANING, odd_rows, odd_words
from lib.ui.words.scope import Choice

OLD_READ = timedelta(hours=6)
"""A user whose meetings were last read longer ago than this turns the badge yellow."""


@dataclass(frozen=True)
class Shown:
    """A page with its head and filters drawn: what the rest of the page needs."""

    known: WorkspaceSnapshot
    choice: Choice
    member: StaffMember
    page: str
    """The page's name, which keys of its widgets begin with."""
    actions: DeltaGenerator
    """Where the page's own actions go: at the right of the title."""

    @property
    def as_of(self) -> datetime:
        """Start of the last complete pass."""
        return self.known.figures_as_of

    @property
    def selection(self) -> Selection:
        """What the page counts."""
        return Selection(self.known, self.choice.scope, self.choice.period, report_zone())

    def without_scope(self) -> "Shown":
        """The page and its period with no other filter."""
        return replace(self, choice=replace(self.choice, scope=Scope(), narrowed=0))


def open_workspace(title: str, page: str, member: StaffMember) -> Shown:
    """Draw the head, the status strip and the filters of a page. Where there are no figures yet, say why and end the
    run."""
    known = desk().workspace.snapshot(member.sight)
    actions, strip = show_head(title, known, member), st.container()
    if known.as_of is None or not known.users:
        with strip:
            show_age(known)
        show_why_no_figures(known)
        st.stop()
    choice = show_filters(known, page)
    with strip:
        show_age(known, choice.scope)
    return Shown(known, choice, member, page, actions)


def show_head(title: str, known: WorkspaceSnapshot, member: StaffMember) -> DeltaGenerator:
    """The title, in words of ours, and "Sync now" at the right; returns the place for the page's own actions."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(title, anchor=False, width="content")
        with st.container(horizontal=True, width="content", gap="small", vertical_alignment="center"):
            actions = st.container(horizontal=True, width="content", gap="small", vertical_alignment="center")
            show_sync_button(known, member)
    return actions


def show_refreshable_head(
    title: str, *, on_refresh: Callable[[], None], more: Callable[[], None] | None = None
) -> None:
    """The head of a page that Recall can be asked about at once: the title, and "Refresh from Recall"; `more`
    draws others before it."""

    def refresh() -> None:
        if authorize(Permission.USERS_READ):
            on_refresh()

    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(title, anchor=False, width="content")
        with st.container(horizontal=True, width="content"):
            if more is not None:
                more()
            st.button(
                "Refresh from Recall", icon=":material/refresh:", on_click=refresh, key="read_again", type="tertiary"
            )


def show_age(known: WorkspaceSnapshot, scope: Scope | None = None) -> None:
    """The status strip, for the users of a scope; under it the warnings, and the running pass.

    The page is drawn again when anything that it shows has changed.
    """
    show_status(lambda: _look(desk().workspace.snapshot(known.sight), scope), drawn=_version_of(known), reading=False)
    if known.problem:
        show_problem(known.problem, key="workspace")
    if known.as_of is not None:
        show_warnings(known)
        show_running_pass(known)


def show_why_no_figures(known: WorkspaceSnapshot) -> None:
    """Say why there are no figures yet: the first pass is not complete, or no users are listed."""
    if known.as_of is not None:
        show_nobody(known.sight)
    elif known.problem is None:
        show_first_pass(known.sight)


def show_first_days(known: WorkspaceSnapshot, as_of: datetime, zone: tzinfo) -> None:
    """In the first days of a workspace: what is there at once, what is inferred, and what fills up when."""
    began = known.first_complete_at
    if began is not None and as_of - began < timedelta(days=FIRST_DAYS_FOR):
        st.caption(first_days_words(began.astimezone(zone).date()))


def users_in(known: WorkspaceSnapshot, scope: Scope | None) -> tuple[UserRow, ...]:
    """The listed users whose calendars a scope looks at: of its customer, team or user; all of them without."""
    if scope is None or (scope.customer, scope.team, scope.user) == (None, None, None):
        return known.listed
    return remembered(known, ("users in", scope), lambda: tuple(row for row in known.listed if _is_in(row, scope)))


def freshness_words(known: WorkspaceSnapshot, scope: Scope | None) -> str:
    """ "182 of 196 calendars are connected; the oldest was read 3 h ago.": belongs beside every rate."""
    fresh = _freshness(known, scope)
    read = f"; the oldest was read {age(utc_now() - fresh.oldest)}" if fresh.oldest else ""
    return f"{fraction(fresh.connected, fresh.users)} calendars are connected{read}."


@dataclass(frozen=True, slots=True)
class _Freshness:
    connected: int
    users: int
    oldest: datetime | None
    """When the user was read whose meetings were read longest ago."""
    unreadable: int
    """Rows of the users' last answers that could not be read."""
    odd: int
    """Rows of them with parts that were left out."""
    unlisted: int
    """Users whom Recall's list lacks, which is doubted."""
    listed_at: datetime | None
    """When the first of those was last listed."""


def _freshness(known: WorkspaceSnapshot, scope: Scope | None) -> _Freshness:
    def work_out() -> _Freshness:
        users = users_in(known, scope)
        oldest = known.oldest_read([row.user.id for row in users]) if users else None
        held = [row.last_seen_at for row in users if row.unlisted_since is not None]
        connected = sum(1 for row in users if row.user.connected)
        return _Freshness(connected, len(users), oldest, *odd_rows(users), len(held), min(held, default=None))

    return remembered(known, ("freshness", scope), work_out)


def _is_in(row: UserRow, scope: Scope) -> bool:
    return fits(row.customer, scope.customer) and fits(row.team, scope.team) and scope.user in (None, row.user.id)


def _look(known: WorkspaceSnapshot, scope: Scope | None) -> Look:
    fresh = _freshness(known, scope)
    badges = [environment_badge(), as_of_badge(known.as_of), calendars_badge(fresh.connected, fresh.users)]
    if fresh.oldest is not None:
        span = utc_now() - fresh.oldest
        colour: Color = "yellow" if span > OLD_READ else "gray"
        why = "Among the users in view, the one whose meetings were read longest ago."
        badges.append(Badge(f"Oldest read {age(span)}", ":material/history:", colour, why))
    if fresh.listed_at is not None:
        badges.append(_unlisted_badge(fresh.unlisted, fresh.users, fresh.listed_at))
    if rows := fresh.unreadable + fresh.odd:
        whose = "System lists whose they are; admins can open it."
        why = f"{odd_words(fresh.unreadable, fresh.odd)} {MEANING} {whose}"
        badges.append(Badge(plural(rows, "odd row"), ":material/rule:", help=why))
    return Look(_version_of(known), badges)


def _unlisted_badge(unlisted: int, users: int, listed_at: datetime) -> Badge:
    words = f"Recall did not list {fraction(unlisted, users)} users; shown as of {clock_time(listed_at, viewer_zone())}"
    why = "Such a list is doubted: they are shown as they were. System says who they are; admins can open it."
    return Badge(words, ":material/person_search:", "yellow", why)


def _version_of(known: WorkspaceSnapshot) -> object:
    """What the page is drawn again for; a pass's progress is drawn by itself."""
    return known.mark, known.at_work, known.asked, known.looked, str(known.problem)

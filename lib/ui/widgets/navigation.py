"""The pages, their addresses, and who may open which."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.server.streamlit_internals import StreamlitPage
from lib.ui.widgets.query_params import PAGES


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page: its file in pages/ is also its address."""

    name: str
    title: str
    icon: str
    section: str
    permission: Permission
    in_menu: bool = True
    is_start: bool = False

    @property
    def file(self) -> Path:
        """Absolute path: the script that navigates is not beside pages/."""
        return PAGES / f"{self.name}.py"


ALL_PAGES = (
    PageEntry("start", "Start", ":material/home:", "", Permission.USERS_READ, in_menu=False, is_start=True),
    PageEntry("customers", "Customers", ":material/groups:", "Coverage", Permission.MEETINGS_READ),
    PageEntry("coverage", "Coverage", ":material/donut_large:", "Coverage", Permission.MEETINGS_READ),
    PageEntry("users", "Users", ":material/person:", "Coverage", Permission.USERS_READ),
    PageEntry("bots", "Bots", ":material/smart_toy:", "Coverage", Permission.BOTS_READ),
    PageEntry("many", "Change many", ":material/group_add:", "Control", Permission.USERS_READ),
    PageEntry("bot_config", "Bot config", ":material/tune:", "Control", Permission.BOTS_READ),
    PageEntry("activity", "Activity", ":material/history:", "Control", Permission.ACTIVITY_READ),
    PageEntry("system", "System", ":material/monitor_heart:", "Control", Permission.SYSTEM_READ),
)
"""A server does not start without the file of each."""


def navigate(member: StaffMember | None) -> StreamlitPage:
    """Register every page and return the one asked for.

    All are registered for everyone, so that a deep link is known before the sign-in and a page that is not allowed
    can say so; the menu has only what `member` may open, and is hidden from anonymous visitors.
    """
    sections: dict[str, list[StreamlitPage]] = {}
    for entry in ALL_PAGES:
        shown = entry.in_menu and member is not None and member.may(entry.permission)
        page = st.Page(
            entry.file,
            title=entry.title,
            icon=entry.icon,
            url_path=None if entry.is_start else entry.name,
            default=entry.is_start,
            visibility="visible" if shown else "hidden",
        )
        sections.setdefault(entry.section, []).append(page)
    return st.navigation(sections, position="hidden" if member is None else "sidebar")

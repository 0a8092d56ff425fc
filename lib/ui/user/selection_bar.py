"""The row above the meetings while some are selected: record, don't record, follow the rules, the whole series."""

from collections.abc import Mapping, Sequence

import streamlit as st

from lib.queries import CalendarSnapshot
from lib.recording.overrides import series_of
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission, role_needed_for
from lib.ui.user.judged_calendar import Judged
from lib.ui.user.override_state import Asked, overriding
from lib.ui.widgets.tables import select_rows

_BUTTONS: Mapping[bool | None, tuple[str, str, str]] = {
    True: ("Record", ":material/radio_button_checked:", "override_record"),
    False: ("Don't record", ":material/block:", "override_not"),
    None: ("Follow the rules", ":material/rule:", "override_rules"),
}
"""What each choice is called, its icon, its key."""


def show_choices(
    known: CalendarSnapshot, selected: Sequence[Judged], coming: Sequence[Judged], table: str, member: StaffMember
) -> None:
    """How many are selected, and what can be chosen for them. `coming` are the rows of `table` without its filters."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{len(selected)} selected**", width="content")
        if not member.may(Permission.OVERRIDES_WRITE):
            needed = role_needed_for(Permission.OVERRIDES_WRITE).title()
            st.caption(
                f":material/lock: You may look, not change. Setting overrides needs the role {needed}. Ask an admin.",
                width="content",
            )
            return
        for wanted, (words, icon, key) in _BUTTONS.items():
            asked = Asked(known.user.id, tuple(row.entry.id for row in selected), wanted)
            st.button(words, icon=icon, key=key, on_click=_ask, args=(asked,))
        if len(selected) == 1:
            _offer_series(known, selected[0], coming, table)


def _offer_series(known: CalendarSnapshot, one: Judged, coming: Sequence[Judged], table: str) -> None:
    ids = {entry.id for entry in series_of(one.entry, known.entries, known.as_of or one.start)}
    places = [place for place, row in enumerate(coming) if row.entry.id in ids]
    if len(places) > 1:
        st.button(
            "Whole series…",
            icon=":material/event_repeat:",
            type="tertiary",
            key="override_series",
            help=f"Selects all {len(places)} coming occurrences.",
            on_click=_select_series,
            args=(table, places, [row.entry.id for row in coming]),
        )


def _ask(asked: Asked) -> None:
    overriding().ask(asked)


def _select_series(table: str, places: list[int], names: list[str]) -> None:
    """Without the filters of the list, so that an occurrence which they hide is selected too."""
    st.session_state["only"] = []
    overriding().ask(None)
    select_rows(table, places, names)

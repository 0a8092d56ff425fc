"""Downloading a table as it is shown: behind a permission, with cells made safe, and recorded in the audit log."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.commands.exports import hand_out
from lib.errors import DeskError
from lib.export import Format, Table
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.widgets.query_params import read_word
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.scope import DEFAULT_PERIOD

_MIMES = {
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CHOSEN = ("period", "customer", "team", "platform", "calendar", "audience", "host", "what", "who")
"""Filters of the address whose words come from a list; typed search text is never recorded."""
_FOR_PROGRAMS = (
    "For programs. A spreadsheet reads an id of digits, or a title such as 1/2, in a CSV as a number or a date; "
    "in XLSX they stay as they are."
)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def show_download(
    table: Callable[[], Table], name: str, member: StaffMember, *, key: str, label: str = "Download"
) -> None:
    """A button that offers `table` as CSV and XLSX, its times in the viewer's zone. The file is made at the click, in a
    thread that knows nothing of the viewer: `table` must not use the session.

    `name` is a word of ours for the file and its sheet. Nothing is drawn for those who may not export.
    """
    if not member.may(Permission.EXPORT_READ):
        return
    with st.popover(label, icon=":material/download:", key=f"{key}_download"):
        asked = filters_in_force()
        offer("CSV", table, name, member, Format.CSV, filters=asked, key=f"{key}_csv", help=_FOR_PROGRAMS)
        offer("XLSX (Excel)", table, name, member, Format.XLSX, filters=asked, key=f"{key}_xlsx")


def offer(
    label: str,
    table: Callable[[], Table],
    name: str,
    member: StaffMember,
    format: Format,
    *,
    key: str,
    filters: Mapping[str, str] | None = None,
    icon: str | None = None,
    help: str | None = None,
) -> None:
    """One button for one format, as in `show_download`; `filters` are what the audit log records."""
    zone, told = viewer_zone(), _refused()

    def made() -> Table:
        return replace(table(), zone=zone)

    def handed_out() -> bytes:
        told.pop(key, None)
        try:
            return hand_out(desk().store, member.name, made, name, format, member.sight, filters=filters or {})
        except DeskError as problem:
            told[key] = str(problem)  # the browser is told nothing but that there is no file
            raise

    st.download_button(
        label,
        handed_out,
        f"{name.replace(' ', '-')}-{utc_now():%Y-%m-%d}.{format.value}",
        _MIMES[format],
        key=key,
        icon=icon,
        help=help,
        on_click="ignore",
    )
    if key in told:
        st.error(told[key], icon=":material/error:")


def _refused() -> dict[str, str]:
    """Why a button's last file was refused, by the button's key: a plain object, because the thread that makes the file
    cannot write to the session."""
    found: dict[str, str] = st.session_state.setdefault("downloads_refused", {})
    return found


def filters_in_force() -> dict[str, str]:
    """The filters in the address, by parameter, as far as their words were offered; and the period, which the address
    leaves out where it is the default."""
    found = {"period": DEFAULT_PERIOD} | {name: word for name in _CHOSEN if (word := read_word(name))}
    if (person := read_word("person")) and _ID.fullmatch(person):
        found["person"] = person
    if found["period"] == "custom":
        found |= {name: word for name in ("from", "to") if (word := read_word(name)) and _is_day(word)}
    return found


def _is_day(word: str) -> bool:
    try:
        date.fromisoformat(word)
    except ValueError:
        return False
    return True

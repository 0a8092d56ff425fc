"""A table as a file, exactly as it is shown: behind a permission, with cells made safe (`lib.export`)."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from lib.clock import utc_now
from lib.export import Table, csv_of, xlsx_of
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.viewer import viewer_zone

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_download(
    table: Callable[[], Table], name: str, member: StaffMember, *, key: str, label: str = "Download"
) -> None:
    """A button that offers `table` as CSV and XLSX, its times in the viewer's zone. The file is made when somebody asks
    for it, in a thread that knows nothing of the viewer: `table` must not ask for anything that is the session's.

    `name` is a word of ours for the file and its sheet. Nothing is drawn for whoever may not export.
    """
    if not member.may(Permission.EXPORT_READ):
        return
    file, zone = f"{name}-{utc_now():%Y-%m-%d}", viewer_zone()

    def made() -> Table:
        return replace(table(), zone=zone)

    with st.popover(label, icon=":material/download:", key=f"{key}_download"):
        st.download_button(
            "CSV", lambda: csv_of(made()), f"{file}.csv", "text/csv", key=f"{key}_csv", on_click="ignore"
        )
        st.download_button(
            "XLSX (Excel)", lambda: xlsx_of(made(), name), f"{file}.xlsx", _XLSX, key=f"{key}_xlsx", on_click="ignore"
        )

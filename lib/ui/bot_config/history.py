"""The versions: who kept which and when, which were sent, and each as it was."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from lib.store.bot_configs import Version
from lib.ui.bot_config.changes import show_step
from lib.ui.bot_config.editor import replace_text
from lib.ui.bot_config.kept import Kept
from lib.ui.widgets.tables import number_column, show_table, starts_column, text_column
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import NOTHING, day_and_time, one_line, plural, zone_city

_HEIGHT = 340


def show_history(kept: Kept) -> None:
    """The section: a row for each version; the one that is selected in full."""
    if not kept.versions:
        st.caption("No version was kept yet.")
        return
    st.caption("Select a row to see the version and what it changed.")
    picked = show_table(
        _frame(kept.versions),
        _columns(),
        key="bot_config_versions",
        alt=f"{plural(len(kept.versions), 'version')}, newest first",
    )
    if picked:
        _show_one(kept.versions[picked[0]], kept)


def _frame(versions: Sequence[Version]) -> pd.DataFrame:
    zone = viewer_zone()
    return pd.DataFrame(
        {
            "number": [version.number for version in versions],
            "at": pd.Series([version.at for version in versions], dtype="datetime64[us, UTC]"),
            "by": [version.by for version in versions],
            "note": [one_line(version.note) or NOTHING for version in versions],
            "sent_at": [
                NOTHING if version.sent_at is None else day_and_time(version.sent_at, zone) for version in versions
            ],
            "sent_by": [version.sent_by or NOTHING for version in versions],
        }
    )


def _columns() -> dict[str, ColumnConfig]:
    return {
        "number": number_column("Version", 70),
        "at": starts_column("Kept"),
        "by": text_column("By", 110),
        "note": text_column("Note", 290),
        "sent_at": text_column(f"Sent ({zone_city(viewer_zone())})", 134),
        "sent_by": text_column("Sent by", 110),
    }


def _show_one(version: Version, kept: Kept) -> None:
    text = kept.text(version)
    with st.container(border=True):
        st.markdown(f"**Version {version.number}**")
        if version.note:
            st.text(one_line(version.note))
        if kept.may_change:
            st.button(
                "Put into the editor",
                icon=":material/history:",
                key=f"restore_{version.number}",
                on_click=replace_text,
                args=(text,),
            )
        _show_step(version, kept)
        st.code(text, language=None, line_numbers=True, height=_HEIGHT)


def _show_step(version: Version, kept: Kept) -> None:
    """What it changed against the version before it."""
    before = next((each for each in kept.versions if each.number == version.number - 1), None)
    if before is not None and (step := kept.step(before, version)):
        show_step(step, f"version {before.number}")

"""The saved versions, each as it was, and what a preset changes against another one."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from lib.bot_config import Difference, DifferenceKind
from lib.bot_config.findings import shown
from lib.store.bot_configs import ConfigVersion
from lib.ui.bot_config.editor import replace_text
from lib.ui.bot_config.versions import Comparison, SavedVersions
from lib.ui.widgets.table import (
    Columns,
    chip_column,
    number_column,
    show_plain_table,
    show_table,
    text_column,
    time_column,
)
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import NOTHING, day_and_time, one_line, plural, zone_city

MOST_ROWS = 500
_HEIGHT = 340
_CHIPS = {
    DifferenceKind.ADDED: "+ Added",
    DifferenceKind.REMOVED: "− Removed",
    DifferenceKind.CHANGED: "· Changed",
}
_DIFFERENCES: Columns[Difference] = {
    "what": chip_column("What", 110, lambda found: _CHIPS[found.kind], list(_CHIPS.values())),
    "where": text_column("Where", 355, lambda found: one_line(found.where)),
    "before": text_column(
        "Before", 215, lambda found: NOTHING if found.kind is DifferenceKind.ADDED else one_line(shown(found.before))
    ),
    "after": text_column(
        "After", 215, lambda found: NOTHING if found.kind is DifferenceKind.REMOVED else one_line(shown(found.after))
    ),
}


def base_of(saved: SavedVersions) -> tuple[ConfigVersion | None, str]:
    """The version that the editor's text is compared with, and what to call it: the one sent last, else the newest."""
    if saved.sent is not None:
        return saved.sent, f"version {saved.sent.number}, which was sent last"
    if saved.newest is not None:
        return saved.newest, f"version {saved.newest.number}, which was saved last; none was sent yet"
    return None, ""


def show_changes(after: ConfigVersion | str, saved: SavedVersions) -> None:
    """The section: this version, or what was typed, against the version that was sent last."""
    base, name = base_of(saved)
    if base is None:
        st.caption("No version to compare with yet. Save one first.")
    elif comparison := saved.compare(base, after):
        _show_comparison(comparison, name)
    else:
        st.caption("This cannot be read yet, so it cannot be compared.")


def show_history(saved: SavedVersions) -> None:
    """The section: a row for each version; the one that is selected in full."""
    if not saved.versions:
        st.caption("No version saved yet.")
        return
    st.caption("Select a row to see the version and what it changed.")
    alt = f"{plural(len(saved.versions), 'version')}, newest first"
    for version in show_table(saved.versions, _columns(), key="bot_config_versions", alt=alt):
        _show_version(version, saved)


def change_sentence(found: Sequence[Difference], since: str) -> str:
    """ "**3 places change** from version 2, which was sent last: 1 added, 2 changed." """
    if not found:
        return f"**Nothing changes** from {since}. Comments and the order of keys mean nothing to Recall."
    kinds = Counter(each.kind for each in found)
    parts = ", ".join(f"{kinds[kind]} {kind}" for kind in DifferenceKind if kinds[kind])
    return f"**{plural(len(found), 'place changes', 'places change')}** from {since}: {parts}."


def _columns() -> Columns[ConfigVersion]:
    zone = viewer_zone()

    def sent_at(version: ConfigVersion) -> str:
        return day_and_time(version.sent_at, zone) if version.sent_at else NOTHING

    return {
        "number": number_column("Version", 70, lambda version: version.number),
        "at": time_column("Saved", lambda version: version.at),
        "by": text_column("By", 110, lambda version: version.by),
        "note": text_column("Note", 290, lambda version: one_line(version.note) or NOTHING),
        "sent_at": text_column(f"Sent ({zone_city(zone)})", 134, sent_at),
        "sent_by": text_column("Sent by", 110, lambda version: version.sent_by or NOTHING),
    }


def _show_version(version: ConfigVersion, saved: SavedVersions) -> None:
    text, before = saved.text(version), saved.find(version.number - 1)
    with st.container(border=True):
        st.markdown(f"**Version {version.number}**")
        if version.note:
            st.text(one_line(version.note))
        if saved.may_change:
            st.button(
                "Put into the editor",
                icon=":material/history:",
                key=f"restore_{version.number}",
                on_click=replace_text,
                args=(text,),
            )
        if before is not None and (comparison := saved.compare(before, version)):
            _show_comparison(comparison, f"version {before.number}")
        st.code(text, language=None, line_numbers=True, height=_HEIGHT)


def _show_comparison(comparison: Comparison, since: str) -> None:
    """What becomes of recordings where that changes, and a row for each place that is different."""
    found = comparison.differences
    st.markdown(change_sentence(found, since))
    if comparison.retention:
        (st.error if comparison.stores_nothing else st.info)(comparison.retention, icon=":material/auto_delete:")
    if found:
        alt = f"{plural(len(found), 'place')} that differ from {since}"
        show_plain_table(found[:MOST_ROWS], _DIFFERENCES, alt=alt)

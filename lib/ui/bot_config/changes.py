"""What a preset changes against another one."""

from typing import Any

import pandas as pd
import streamlit as st

from lib.bot_config import Kind, differences
from lib.bot_config.finding import shown
from lib.bot_config.retention import retention_change, stores_nothing
from lib.store.bot_configs import Version
from lib.ui.bot_config.kept import Kept, value_of
from lib.ui.bot_config.words import KINDS, change_sentence
from lib.ui.tables import chip_column, show_plain_table, text_column
from lib.ui.words import NOTHING, one_line, plural

MOST_ROWS = 500


def base_of(kept: Kept) -> tuple[Version | None, str]:
    """What the text in the editor is compared with, and what to call it: what was sent last, else what was kept."""
    if kept.sent is not None:
        return kept.sent, f"version {kept.sent.number}, which was sent last"
    if kept.newest is not None:
        return kept.newest, f"version {kept.newest.number}, which was kept last; none was sent yet"
    return None, ""


def show_changes(text: str, kept: Kept) -> None:
    """The section: this text against what was sent last."""
    base, name = base_of(kept)
    before, after = value_of(kept.text(base)), value_of(text)
    if base is None or before is None:
        st.caption("There is no version yet to compare with. Keep one first.")
    elif after is None:
        st.caption("This cannot be read yet, so it cannot be compared.")
    else:
        show_differences(before, after, name)


def show_differences(before: dict[str, Any], after: dict[str, Any], since: str) -> None:
    """What becomes of recordings where that changes, and a row for each place that is different."""
    changes = differences(before, after)
    st.markdown(change_sentence(changes, since))
    if words := retention_change(before, after):
        (st.error if stores_nothing(after) else st.info)(words, icon=":material/auto_delete:")
    if not changes:
        return
    rows = changes[:MOST_ROWS]
    frame = pd.DataFrame(
        {
            "what": [[KINDS[change.kind]] for change in rows],
            "where": [one_line(change.where) for change in rows],
            "before": [NOTHING if change.kind is Kind.ADDED else one_line(shown(change.before)) for change in rows],
            "after": [NOTHING if change.kind is Kind.REMOVED else one_line(shown(change.after)) for change in rows],
        }
    )
    columns = {
        "what": chip_column("What", 110, list(KINDS.values())),
        "where": text_column("Where", 355),
        "before": text_column("Before", 215),
        "after": text_column("After", 215),
    }
    show_plain_table(frame, columns, alt=f"{plural(len(changes), 'place')} that differ from {since}")

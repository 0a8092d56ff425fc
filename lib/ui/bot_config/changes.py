"""What a preset changes against another one."""

import pandas as pd
import streamlit as st

from lib.bot_config import DifferenceKind
from lib.bot_config.findings import shown
from lib.store.bot_configs import Version
from lib.ui.bot_config.kept import Kept, Step
from lib.ui.bot_config.words import KINDS, change_sentence
from lib.ui.widgets.tables import chip_column, show_plain_table, text_column
from lib.ui.words.formats import NOTHING, one_line, plural

MOST_ROWS = 500


def base_of(kept: Kept) -> tuple[Version | None, str]:
    """What the text in the editor is compared with, and what to call it: what was sent last, else what was kept."""
    if kept.sent is not None:
        return kept.sent, f"version {kept.sent.number}, which was sent last"
    if kept.newest is not None:
        return kept.newest, f"version {kept.newest.number}, which was kept last; none was sent yet"
    return None, ""


def show_changes(after: Version | str, kept: Kept) -> None:
    """The section: this version, or what was typed, against what was sent last."""
    base, name = base_of(kept)
    if base is None:
        st.caption("There is no version yet to compare with. Keep one first.")
    elif step := kept.step(base, after):
        show_step(step, name)
    else:
        st.caption("This cannot be read yet, so it cannot be compared.")


def show_step(step: Step, since: str) -> None:
    """What becomes of recordings where that changes, and a row for each place that is different."""
    changes = step.changes
    st.markdown(change_sentence(changes, since))
    if step.retention:
        (st.error if step.stores_nothing else st.info)(step.retention, icon=":material/auto_delete:")
    if not changes:
        return
    rows = changes[:MOST_ROWS]
    frame = pd.DataFrame(
        {
            "what": [[KINDS[change.kind]] for change in rows],
            "where": [one_line(change.where) for change in rows],
            "before": [
                NOTHING if change.kind is DifferenceKind.ADDED else one_line(shown(change.before)) for change in rows
            ],
            "after": [
                NOTHING if change.kind is DifferenceKind.REMOVED else one_line(shown(change.after)) for change in rows
            ],
        }
    )
    columns = {
        "what": chip_column("What", 110, list(KINDS.values())),
        "where": text_column("Where", 355),
        "before": text_column("Before", 215),
        "after": text_column("After", 215),
    }
    show_plain_table(frame, columns, alt=f"{plural(len(changes), 'place')} that differ from {since}")


def _words(value: object, is_absent: bool) -> str:
    return NOTHING if is_absent else one_line(shown(value))

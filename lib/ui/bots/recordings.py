"""What one bot recorded."""

import pandas as pd
import streamlit as st

from lib.domain import Bot, Recording
from lib.ui.widgets.tables import show_plain_table, starts_column, text_column
from lib.ui.words.formats import NOTHING, duration, one_line, plural


def show_recordings(bot: Bot) -> None:
    """One row a recording; Recall's words for their states stand in plain cells."""
    st.subheader("Recordings", anchor=False)
    if not bot.recordings:
        st.caption("Recall names no recording of this bot.")
        return
    frame = pd.DataFrame(
        {
            "began": pd.DatetimeIndex([recording.started_at for recording in bot.recordings], tz="UTC"),
            "lasted": [_length(recording) for recording in bot.recordings],
            "state": [one_line(recording.status) or NOTHING for recording in bot.recordings],
            "id": [one_line(recording.id) for recording in bot.recordings],
        }
    )
    columns = {
        "began": starts_column("Began"),
        "lasted": text_column("Length", 120),
        "state": text_column("State", 140),
        "id": text_column("Recording", 330),
    }
    show_plain_table(frame, columns, alt=plural(len(frame), "recording"))


def _length(recording: Recording) -> str:
    if recording.started_at is None:
        return "did not start"
    if recording.completed_at is None:
        return NOTHING
    return duration(recording.completed_at - recording.started_at)

"""One user's calendars: which are connected, by which account, and which are lost."""

import pandas as pd
import streamlit as st

from lib.domain import CalendarUser, Connection
from lib.ui.notices import show_empty
from lib.ui.tables import chip_column, show_plain_table, text_column
from lib.ui.user.health import HEALTH_CHIPS, platform_name
from lib.ui.words import NOTHING, one_line, plural


def show_connections(user: CalendarUser) -> None:
    """The section: one row for each calendar Recall names."""
    if not user.connections:
        show_empty(
            "No calendar connected",
            "So no meetings can be seen. Ask the user to connect a calendar in your product.",
            ":material/link_off:",
        )
        return
    frame = pd.DataFrame(
        {
            "platform": [platform_name(c.platform) for c in user.connections],
            "state": [[_state(c)] for c in user.connections],
            "account": [one_line(c.email) or NOTHING for c in user.connections],
            "to_do": [NOTHING if c.connected else "Ask the user to connect it again." for c in user.connections],
        }
    )
    columns = {
        "platform": text_column("Platform", 140),
        "state": chip_column("State", 140, HEALTH_CHIPS),
        "account": text_column("Account", 260),
        "to_do": text_column("What to do", 300),
    }
    show_plain_table(frame, columns, alt=plural(len(frame), "calendar"))
    st.caption(
        "Recall reads the primary calendar of each account. It may learn a few hours late that access was withdrawn."
    )


def _state(connection: Connection) -> str:
    if connection.connected:
        return "✓ Connected"
    return "! Lost" if connection.email else "– None"

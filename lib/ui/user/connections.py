"""One user's calendars: which are connected, by which account, and which are lost; how to connect and disconnect."""

import pandas as pd
import streamlit as st

from lib.domain import CalendarUser
from lib.queries import CalendarSnapshot
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.ui.user.calendar_health import HEALTH_CHIPS, connection_words, platform_name
from lib.ui.user.connect_links import show_connecting
from lib.ui.user.removal import show_parting
from lib.ui.widgets.notices import show_empty
from lib.ui.widgets.tables import chip_column, show_plain_table, text_column
from lib.ui.words.formats import NOTHING, one_line, plural


def show_connections(known: CalendarSnapshot, member: StaffMember) -> None:
    """The section: one row for each calendar Recall names, the links made, and what cannot be taken back."""
    may_connect = member.may(Permission.CONNECTIONS_WRITE)
    if known.user.connections:
        _show_calendars(known.user, may_connect)
    else:
        to_do = "Send the user a link." if may_connect else "Ask the user to connect a calendar in your product."
        show_empty("No calendar connected", f"So no meetings can be seen. {to_do}", ":material/link_off:")
    show_connecting(known.user, member)
    show_parting(known, member)


def _show_calendars(user: CalendarUser, may_connect: bool) -> None:
    again = "Send a link to connect it again." if may_connect else "Ask the user to connect it again."
    frame = pd.DataFrame(
        {
            "platform": [platform_name(c.platform) for c in user.connections],
            "state": [[connection_words(c)] for c in user.connections],
            "account": [one_line(c.email) or NOTHING for c in user.connections],
            "to_do": [NOTHING if c.connected else again for c in user.connections],
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

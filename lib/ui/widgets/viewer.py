"""The time zone of the viewer's browser, which single times are shown in."""

from zoneinfo import ZoneInfo

import streamlit as st

from lib.bootstrap import desk


def viewer_zone() -> ZoneInfo:
    """The browser's zone; the report's zone if the browser names none that is known here."""
    try:
        return ZoneInfo(st.context.timezone or desk().settings.report_time_zone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(desk().settings.report_time_zone)

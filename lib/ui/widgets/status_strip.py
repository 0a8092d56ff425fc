"""The status strip under every title: environment, age of the data, connections. It keeps itself and the page fresh."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import streamlit as st

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.errors import StoreError
from lib.store import passes
from lib.ui.sign_in.access import require_session, rerun_unattended
from lib.ui.widgets import theme
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import age, clock_time, fraction, plural

Color = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray", "primary"]
STALE_AFTER = timedelta(minutes=30)
SECONDS_BETWEEN_LOOKS = 3.0
SECONDS_WHILE_READING = 0.6


@dataclass(frozen=True, slots=True)
class Badge:
    """The state of one thing: an icon, a few words of ours, and a colour that repeats what they say."""

    words: str
    icon: str
    color: Color = "gray"
    help: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What the strip shows of the data as it is now, and the version of that data."""

    version: object
    badges: Sequence[Badge]


def environment_badge() -> Badge:
    """Which Recall this is, so that nobody mistakes invented data for a customer's."""
    settings = desk().settings
    if settings.region is not None:
        return Badge(settings.region, ":material/public:", "blue", "The real Recall, in this region.")
    zone = ZoneInfo(settings.report_time_zone)
    words = demo_words(_watched_since(), utc_now(), zone) if settings.uses_own_sandbox else "Sandbox"
    return Badge(words, ":material/science:", "violet", "Invented data; no real customer is touched.")


def demo_words(since: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """How many days (of `zone`) the demo's sandbox was watched; `since` is its first complete pass, if any."""
    days = (now.astimezone(zone).date() - since.astimezone(zone).date()).days if since else 0
    return f"Demo: watched for {plural(days, 'day')}" if days > 0 else "Demo: watched since today"


def _watched_since() -> datetime | None:
    """The first complete pass; None where there is none, or the store cannot be read."""
    try:
        with desk().store.read() as connection:
            return passes.first_complete(connection)
    except StoreError:
        return None


def as_of_badge(as_of: datetime | None) -> Badge:
    """How old the data is; yellow when it is over 30 minutes old."""
    if as_of is None:
        return Badge("Not read yet", ":material/schedule:")
    span, zone = utc_now() - as_of, viewer_zone()
    words = f"As of {clock_time(as_of, zone)} · {age(span)}"
    if span > STALE_AFTER:
        return Badge(words, ":material/update:", "yellow", f"Times are in {zone.key}. This is over 30 minutes old.")
    return Badge(words, ":material/schedule:", help=f"Times are in {zone.key}. Read from Recall at that moment.")


def calendars_badge(connected: int, users: int) -> Badge:
    """How many users have a calendar that Recall can read: a lost one hides its meetings and flatters every rate."""
    why = "Users with at least one calendar that Recall can read. Meetings of the others cannot be seen."
    return Badge(f"{fraction(connected, users)} calendars", ":material/link:", help=why)


def show_status(look: Callable[[], Look], *, drawn: object, reading: bool) -> None:
    """Draw the strip, and draw the whole page again when the version or the browser's palette has changed.

    A switch of the palette does not run the script by itself, and what is read in the background has no other way to
    the page. `drawn` is the version that the page shows: more may have come since it was taken, and the strip never
    tells of newer data than the page under it.
    """
    shown = (drawn, theme.mode())

    @st.fragment(run_every=SECONDS_WHILE_READING if reading else SECONDS_BETWEEN_LOOKS)
    def strip() -> None:
        require_session()
        now = look()
        if (now.version, theme.mode()) != shown:
            rerun_unattended()
        with st.container(horizontal=True, gap="small"):
            for badge in now.badges:
                st.badge(badge.words, icon=badge.icon, color=badge.color, help=badge.help)

    strip()

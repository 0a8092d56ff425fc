"""Where somebody stands who types a password, and what is said after too many wrong ones."""

import streamlit as st

from lib.bootstrap import desk
from lib.errors import SignInLocked
from lib.staff.locks import Door, key_of
from lib.ui.widgets.viewer import viewer_zone
from lib.ui.words.formats import clock_time


def door() -> Door:
    """The browser's address as the server sees it: behind a proxy that is believed, the one that the proxy names."""
    return Door(st.context.ip_address, key_of(desk().settings))


def locked_words(lock: SignInLocked) -> str:
    """The same for every name, whether it has an account or not."""
    zone = viewer_zone()
    return f"There were too many wrong passwords. Try again at {clock_time(lock.until, zone)} ({zone.key})."

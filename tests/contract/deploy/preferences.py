"""A user's preferences in a tab, at the proxy or at one of the servers."""

import time

from streamlit.proto.Button_pb2 import Button
from streamlit.proto.Radio_pb2 import Radio

from tests.contract.deploy.house import House
from tests.websocket_client import Tab, connect, typed


def somebody(house: House) -> str:
    """The id of a calendar user who can be changed."""
    return house.database.sql("SELECT id FROM calendar_user WHERE connections LIKE '%true%' LIMIT 1", "desk")


def preferences(url: str, cookie: dict[str, str], user: str) -> Tab:
    """A tab with a user's preferences, once they were read; or with the sign-in."""
    tab = connect(url, cookie=cookie, path="users", query=f"user={user}&section=preferences")
    tab.rerun()
    for _ in range(100):
        if tab.elements(Radio) or "Sign in" in tab.text():
            break
        time.sleep(0.1)
        tab.rerun()
    return tab


def choose_the_other(tab: Tab) -> str:
    """Choose the other of two presets; answers the id of the button that saves it."""
    other = "Everything" if "Preset: External meetings" in tab.text() else "External meetings"
    tab.rerun(typed(tab.labelled(Radio, "What is recorded").id, other))
    return tab.labelled(Button, "Save").id

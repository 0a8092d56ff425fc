"""F13, F14: the websocket is cut for a while, and a proxy that takes silence for an end."""

import tomllib
from time import monotonic, sleep

from tests.e2e.wiretap import wiretap
from tests.faults.conftest import KEPT_SECONDS, PINGS_EVERY, Open, Served
from tests.running import ROOT
from tests.websocket_client import connect

PING = b"\x89"
"""A ping's first byte (RFC 6455, 5.2)."""
PROXIES_WAIT_SECONDS = 30


def test_a_page_whose_connection_was_cut_for_a_moment_goes_on_where_it_was(open_tab: Open, served: Served) -> None:
    tab = open_tab("coverage", period="90")
    tab.choose("Day")
    before = tab.session_id
    tab.close()
    tab.connection = connect(served.url, cookie=served.cookie, session_id=before).connection
    tab.rerun()
    assert tab.session_id == before
    assert tab.query == "period=90&by=day"
    assert "by day" in tab.text()


def test_a_page_whose_connection_was_cut_for_longer_shows_what_its_address_says(open_tab: Open, served: Served) -> None:
    user = served.users[0]
    tab = open_tab("users", user=user.id)
    tab.choose("Preferences")
    tab.close()
    sleep(KEPT_SECONDS + 0.2)
    with connect(
        served.url, cookie=served.cookie, path=tab.page_name, query=tab.query, session_id=tab.session_id
    ) as later:
        later.rerun()
        assert later.session_id != tab.session_id
        assert user.label in later.text()
        assert "Bot name" in later.text()


def test_a_silent_connection_is_kept_awake_oftener_than_proxies_cut_one(served: Served) -> None:
    with wiretap(served.port) as tap, connect(tap.url, cookie=served.cookie, path="users") as tab:
        tab.rerun()
        heard = next(talk.answered for talk in tap.conversations if talk.is_websocket)
        before, ends = len(heard), monotonic() + 10 * PINGS_EVERY
        while not heard[before:]:
            assert monotonic() < ends, "a silent connection"
            sleep(0.05)
        assert bytes(heard[before:]).startswith(PING)
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["server"]["websocketPingInterval"] < PROXIES_WAIT_SECONDS

"""F24, F25, F30, F33: many people at once, and what one of them does holds up nobody else."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from time import monotonic
from typing import TypeVar
from urllib.request import Request, urlopen

import pytest
from streamlit.proto.Button_pb2 import Button
from streamlit.proto.DownloadButton_pb2 import DownloadButton

from lib.domain import CalendarUser
from tests.faults.conftest import Open, Served
from tests.websocket_client import Tab, pressed

MEETINGS, AUTHENTICATE = "/api/v1/calendar/meetings/", "/api/v1/calendar/authenticate/"
PEOPLE = 10
SLOW_SECONDS = 6.0
MORE_THAN_READ_AT_ONCE = 6

T = TypeVar("T")


@pytest.fixture(scope="session")
def numbers() -> "count[int]":
    return count(1)


def at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(lambda act: act(), acts))


def until(tab: Tab, words: str, seconds: float = 60) -> None:
    """Let the page draw itself anew until it holds `words`."""
    ends = monotonic() + seconds
    while words not in tab.text():
        assert monotonic() < ends, tab.text()[:2000]
        tab.rerun()


def press(tab: Tab, words: str) -> None:
    tab.rerun(pressed(tab.labelled(Button, words).id))


@pytest.fixture
def newcomer(open_tab: Open, served: Served, numbers: "count[int]") -> CalendarUser:
    """Somebody who is listed and was never read, as after a restart that took long."""
    number = next(numbers)
    added = served.sandbox.add_user(f"newcomer-{number}", email=f"new{number}@acme.example")
    served.sandbox.add_meeting(added["id"], title="Kick-off")
    tab = open_tab("users")
    press(tab, "Refresh from Recall")
    until(tab, f"new{number}@acme.example")
    served.sandbox.forget_asked()
    return CalendarUser(added["id"], added["external_id"])


def test_many_who_open_a_page_at_once_cause_one_read(open_tab: Open, served: Served, newcomer: CalendarUser) -> None:
    tabs = at_once([partial(open_tab, "users", user=newcomer.id)] * PEOPLE)
    for tab in tabs:
        until(tab, "Coming · 1")
    assert len(served.sandbox.asked("GET", MEETINGS)) == 1
    assert len(served.sandbox.asked("POST", AUTHENTICATE)) == 1


def test_a_refresh_that_is_hammered_reads_no_oftener_than_somebody_could_look(open_tab: Open, served: Served) -> None:
    user = served.users[1]
    tabs = at_once([partial(open_tab, "users", user=user.id)] * 3)
    served.sandbox.forget_asked()
    began = monotonic()
    at_once([partial(hammer, tab) for tab in tabs])
    until(tabs[0], "As of")
    asked = len(served.sandbox.asked("GET", MEETINGS))
    assert 1 <= asked <= 1 + (monotonic() - began) / 2


def hammer(tab: Tab) -> None:
    for _ in range(7):
        press(tab, "Refresh from Recall")


def test_while_recall_answers_slowly_everything_else_answers_at_once(open_tab: Open, served: Served) -> None:
    tabs = at_once([partial(open_tab, "users", user=user.id) for user in served.users[:MORE_THAN_READ_AT_ONCE]])
    served.sandbox.break_calls("*", times=None, delay_ms=SLOW_SECONDS * 1000)
    began = monotonic()
    at_once([partial(press, tab, "Refresh from Recall") for tab in tabs])
    with urlopen(f"{served.url}/healthz", timeout=30) as health:  # noqa: S310 - loopback
        assert health.status == 200
    assert "Sync now" in open_tab("coverage").text()
    assert monotonic() - began < SLOW_SECONDS, "somebody waited for Recall"


def test_a_file_is_made_while_others_click(open_tab: Open, served: Served) -> None:
    tab, other = open_tab("activity"), open_tab("coverage")
    button = tab.labelled(DownloadButton, "CSV")
    with ThreadPoolExecutor(1) as thread:
        made = thread.submit(tab.file, button.deferred_file_id)
        other.rerun()
        address = f"{served.url}{made.result()}"
    cookie = "; ".join(f"{name}={value}" for name, value in served.cookie.items())
    with urlopen(Request(address, headers={"Cookie": cookie}), timeout=30) as answer:  # noqa: S310 - loopback
        assert answer.read().startswith(b"\xef\xbb\xbf")
    assert "Sync now" in other.text()

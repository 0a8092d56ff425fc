"""Somebody at work: looks at a page, clicks, looks again, by the server's own protocol and without a browser."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from threading import Event
from time import perf_counter, sleep

from websockets.exceptions import WebSocketException

from tests.websocket_client import BROKE, WAITS_SECONDS, Tab, connect

FIRST_PAGE, HAS_FIGURES = "coverage", 'content: "Day"'
Click = Callable[[Tab], object]


def clicks(users: Sequence[str], random: Random) -> Iterator[Click]:
    """What one person does, over and over: the funnel by day and by week, a user, its sections, other pages."""

    def open_user(tab: Tab) -> object:
        return tab.go_to("users", f"user={random.choice(users)}")

    return cycle(
        (
            lambda tab: tab.go_to("coverage", "period=90"),
            lambda tab: tab.choose("Day"),
            lambda tab: tab.choose("Week"),
            open_user,
            lambda tab: tab.choose("Preferences"),
            lambda tab: tab.choose("Meetings"),
            lambda tab: tab.go_to("customers"),
            lambda tab: tab.go_to("users"),
            open_user,
            lambda tab: tab.go_to("bots"),
        )
    )


@dataclass
class Person:
    """One tab, its clicks, and how long each took until the server had answered it whole (milliseconds)."""

    url: str
    cookie: Mapping[str, str]
    users: Sequence[str]
    random: Random
    milliseconds: list[float] = field(default_factory=list)
    ticks: list[float] = field(default_factory=list)
    """The same of the runs that a page asks for by itself, which every open page does every few seconds."""
    problems: list[str] = field(default_factory=list)

    def work(self, pause: tuple[float, float], ends: Event) -> None:
        """Click until `ends`, after a pause each, whose bounds are seconds, and let the page keep itself fresh."""
        try:
            with self.opened() as tab:
                steps = clicks(self.users, self.random)
                while not self._look(tab, self.random.uniform(*pause), ends):
                    self.click(tab, next(steps))
        except (WebSocketException, TimeoutError, AssertionError, OSError) as problem:
            self.problems.append(f"{type(problem).__name__}: {problem}")

    def opened(self) -> Tab:
        """A tab on the first page, which has been drawn; a server that has just begun has no figures for a moment."""
        tab = connect(self.url, cookie=self.cookie, path=FIRST_PAGE, query="period=90")
        tab.rerun()
        ends = perf_counter() + WAITS_SECONDS
        while HAS_FIGURES not in tab.text() and perf_counter() < ends:
            sleep(0.2)
            tab.rerun()
        return tab

    def click(self, tab: Tab, step: Click) -> None:
        """Do it, and note how long it took and whether the page broke."""
        began = perf_counter()
        step(tab)
        self.milliseconds.append((perf_counter() - began) * 1000)
        if BROKE in tab.text():
            self.problems.append(tab.text()[:300])

    def _look(self, tab: Tab, seconds: float, ends: Event) -> bool:
        """Look at the page for so long, while its fragments run as often as they asked to; whether it is all over."""
        until, due = perf_counter() + seconds, dict[str, float]()
        while True:
            now = perf_counter()
            due = {fragment: due.get(fragment, now + every) for fragment, every in tab.repeats.items()}
            fragment = min(due, key=due.__getitem__, default="")
            if ends.wait(max(0.0, min(due.get(fragment, until), until) - now)):
                return True
            if due.get(fragment, until) >= until:
                return False
            began = perf_counter()
            tab.rerun(fragment=fragment, is_auto_rerun=True)
            self.ticks.append((perf_counter() - began) * 1000)
            del due[fragment]

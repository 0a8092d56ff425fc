"""Fifty people who click at once, on one machine: how long a rerun takes beside that of somebody who is alone."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from os import getloadavg
from pathlib import Path
from random import Random
from threading import Barrier, Event, Timer
from time import monotonic, sleep
from urllib.request import urlopen

from pydantic import SecretStr

from bench.person import Person, clicks
from bench.table import Row, never, p95, spread
from lib.recall_api import open_recall
from tests.browsing import PASSWORD
from tests.running import RunningDesk, running_desk
from tests.websocket_client import sign_in

PEOPLE, SECONDS, ALONE_SECONDS = 50, 60.0, 20.0
PAUSE, ALONE_PAUSE = (3.0, 7.0), (0.1, 0.3)
"""Seconds between an answer and the next click: people read what they asked for."""
WARM_SECONDS = 5.0
BURSTS = 5
ROLES = ("viewer", "editor", "admin")


def measure_people(folder: Path) -> list[Row]:
    """One person first, then fifty for a minute, then fifty who click in the same instant, all on one server."""
    with running_desk(folder) as desk:
        _wait_for_a_pass(desk)
        users = users_of(desk)
        alone = crowd(desk.url, users, 1)
        work_alone(alone[0], ALONE_SECONDS)
        people = crowd(desk.url, users, PEOPLE)
        work(people, PAUSE, SECONDS)
        load = getloadavg()[0]
        bursts = crowd(desk.url, users, PEOPLE)
        click_together(bursts, BURSTS)
        everybody = [*alone, *people, *bursts]
        return [
            _beside(f"{PEOPLE} people for {SECONDS:.0f} s, each a click in 5 s: rerun", people, alone),
            _beside(f"{PEOPLE} people click in the same instant: until answered", bursts, alone),
            never(f"{PEOPLE} people: errors (load {load:.1f})", *errors(everybody, desk.log)),
        ]


def users_of(desk: RunningDesk) -> list[str]:
    """The ids of all calendar users."""
    with open_recall(desk.sandbox.url, SecretStr(desk.sandbox.key)) as recall:
        return [user.id for user in recall.list_users() if user.external_id]


def crowd(url: str, users: Sequence[str], number: int) -> list[Person]:
    """So many people, each signed in with a session of their own."""

    def come_in(place: int) -> Person:
        return Person(url, sign_in(url, ROLES[place % len(ROLES)], PASSWORD), users, Random(place))  # noqa: S311

    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(come_in, range(number)))


def work(people: Sequence[Person], pause: tuple[float, float], seconds: float) -> None:
    """Let all of them work side by side for so long. They come one after the other, within one pause."""
    ends = Event()
    timer = Timer(seconds + pause[1], ends.set)
    timer.start()
    with ThreadPoolExecutor(len(people)) as threads:
        for person in people:
            threads.submit(person.work, pause, ends)
    timer.cancel()


def work_alone(person: Person, seconds: float) -> None:
    """Let one person work for so long, after a round of clicks that are not counted: the first of each is slower."""
    work([person], (0.0, 0.0), WARM_SECONDS)
    person.milliseconds.clear()
    work([person], ALONE_PAUSE, seconds)


def click_together(people: Sequence[Person], times: int) -> None:
    """Let all of them click at the same instant, so often."""
    together = Barrier(len(people))

    def click(person: Person) -> None:
        with person.opened() as tab:
            for _, step in zip(range(times), clicks(person.users, person.random), strict=False):
                together.wait(60)
                person.click(tab, step)

    with ThreadPoolExecutor(len(people)) as threads:
        for done in [threads.submit(click, person) for person in people]:
            done.result()


def errors(people: Sequence[Person], log: Path) -> tuple[int, int]:
    """How often something went wrong, in their tabs or in the log, and of how many clicks."""
    told = sum(len(person.problems) for person in people) + log.read_text().count("Traceback")
    return told, len(all_of(people))


def all_of(people: Sequence[Person]) -> list[float]:
    """How long each click of theirs took, in milliseconds."""
    return [took for person in people for took in person.milliseconds]


def _beside(figure: str, many: Sequence[Person], one: Sequence[Person]) -> Row:
    ours, theirs = all_of(many), all_of(one)
    return Row(figure, spread(ours), f"{spread(theirs)} alone", f"p95 {p95(ours) / p95(theirs):.1f}")


def _wait_for_a_pass(desk: RunningDesk) -> None:
    """Until there are figures to click on."""
    ends = monotonic() + 120
    while True:
        with urlopen(f"{desk.url}/healthz", timeout=10) as answer:  # noqa: S310 - loopback
            if json.load(answer)["as_of"] is not None:
                return
        if monotonic() > ends:
            raise TimeoutError("no pass came to its end")
        sleep(0.5)

"""Sessions that come and go: what the server holds after the second hundred, beside after the first."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from time import sleep

from bench.large import user_id
from bench.memory import megabytes
from bench.people import crowd, errors
from bench.person import Person, clicks
from bench.serving import Served, serving
from bench.table import Row, beside, never

SESSIONS, AT_ONCE, CLICKS = 200, 10, 10
KEPT_SECONDS = 2
"""How long a session without a connection is kept here. It is 120 s otherwise, which 200 of them would not outlast."""
SETTLES_SECONDS = 6
"""Longer than that, and than a server waits between two looks at the store."""
ENTRIES, USERS = 50_000, 500
MOST_GROWTH = 1.1


def measure_soak(folder: Path) -> list[Row]:
    """Open, click and close 200 sessions, a few at a time, and look at the memory all along."""
    settings = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(KEPT_SECONDS)}
    with serving(folder / "soak", ENTRIES, USERS, settings=settings) as served:
        people = crowd(served.url, [user_id(n) for n in range(USERS)], AT_ONCE)
        held = [_after(served, people) for _ in range(SESSIONS // AT_ONCE)]
        half = len(held) // 2
        return [
            beside(
                f"server memory after {SESSIONS} sessions, beside after {SESSIONS // 2}",
                sum(held[-3:]) / 3,
                sum(held[half - 3 : half]) / 3,
                "MB",
                most=MOST_GROWTH,
            ),
            never(f"{SESSIONS} sessions: errors", *errors(people, served.log)),
        ]


def come_and_go(people: Sequence[Person], times: int) -> None:
    """Each opens a tab, clicks so often, and closes it."""

    def visit(person: Person) -> None:
        with person.opened() as tab:
            for step in islice(clicks(person.users, person.random), times):
                person.click(tab, step)

    with ThreadPoolExecutor(len(people)) as threads:
        for done in [threads.submit(visit, person) for person in people]:
            done.result()


def _after(served: Served, people: Sequence[Person]) -> float:
    come_and_go(people, CLICKS)
    sleep(SETTLES_SECONDS)
    return megabytes(served.process_id)

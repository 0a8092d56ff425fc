"""F27, F30: a few people at work, as `make bench` lets fifty be; and nothing stays of those who went."""

from pathlib import Path
from random import Random
from time import monotonic, sleep

from bench.people import click_together, errors, work
from bench.person import Person
from bench.soak import come_and_go
from tests.faults.conftest import Served

PAUSE = (0.05, 0.15)


def test_people_who_click_side_by_side_meet_no_error(served: Served) -> None:
    before = served.log.read_text().count("Traceback")
    people = some_people(served, 3)
    work(people, PAUSE, 1)
    click_together(people, 2)
    went_wrong, clicks = errors(people, served.log)
    assert [person.problems for person in people] == [[], [], []]
    assert went_wrong == before
    assert clicks >= 2 * len(people)


def test_of_sessions_that_came_and_went_no_connection_stays(served: Served) -> None:
    come_and_go(some_people(served, 4), 2)
    ends = monotonic() + 10
    while connections(served):
        assert monotonic() < ends
        sleep(0.05)


def some_people(served: Served, number: int) -> list[Person]:
    users = [user.id for user in served.users]
    return [Person(served.url, served.cookie, users, Random(place)) for place in range(number)]  # noqa: S311


def connections(served: Served) -> int:
    """Connections of the server's port that are open, or that it has not closed (/proc/net/tcp)."""
    port, waits = f":{served.port:04X}", {"01", "08"}
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(1 for row in rows if row[1].endswith(port) and row[3] in waits)

"""`python -m lib.report` against a count by hand of what Recall itself answers, which shares no code with it."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.contract.report.conftest import Compare, Workspace, now, standing_still, sync_once
from tests.contract.report.hostile import make_hostile

RANGES = {
    "everything": (-62, 31, "UTC"),
    "around the pass": (-7, 7, "Europe/Berlin"),
    "the past": (-45, -3, "Asia/Kolkata"),
}


@pytest.fixture(scope="module", params=[1, 2, 3], ids="seed {}".format)
def plain(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A small world as it comes, with one complete pass over it."""
    folder = tmp_path_factory.mktemp("plain")
    with standing_still(folder, now(), users=16, meetings=30, seed=request.param) as workspace:
        sync_once(workspace)
        workspace.look(now())
        yield workspace


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A world of oddities, with one complete pass over it."""
    moment = now()
    with standing_still(tmp_path_factory.mktemp("hostile"), moment, users=4, meetings=10) as workspace:
        make_hostile(workspace.sandbox, moment)
        sync_once(workspace)
        workspace.look(now())
        yield workspace


def days(name: str) -> tuple[date, date, str]:
    first, last, zone = RANGES[name]
    return now().date() + timedelta(days=first), now().date() + timedelta(days=last), zone


@pytest.mark.parametrize("name", RANGES)
def test_a_workspace_counts_as_it_does_by_hand(plain: Workspace, name: str, compare: Compare) -> None:
    first, last, zone = days(name)
    assert compare(plain, first, last, zone=zone) == []


@pytest.mark.parametrize("name", RANGES)
def test_a_user_counts_as_it_does_by_hand(plain: Workspace, name: str, compare: Compare) -> None:
    first, last, zone = days(name)
    for user in plain.history.users:
        assert compare(plain, first, last, zone=zone, user=user) == [], user


@pytest.mark.parametrize("name", RANGES)
def test_a_customer_counts_as_it_does_by_hand(plain: Workspace, name: str, compare: Compare) -> None:
    first, last, zone = days(name)
    customers = {customer or "unassigned" for customer in plain.history.customers.values()}
    assert len(customers) > 1
    for customer in customers:
        assert compare(plain, first, last, zone=zone, customer=customer) == [], customer

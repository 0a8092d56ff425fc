"""`python -m lib.report` against a count by hand of what Recall itself answers, which shares no code with it."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.contract.report.conftest import Compare, Report
from tests.contract.report.hostile import make_hostile
from tests.contract.report.synced import Json, Workspace, now, standing_still, sync_once

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
    for user in list(plain.history.users)[::4]:
        assert compare(plain, first, last, zone=zone, user=user) == [], user


@pytest.mark.parametrize("name", RANGES)
def test_a_customer_counts_as_it_does_by_hand(plain: Workspace, name: str, compare: Compare) -> None:
    first, last, zone = days(name)
    customers = {customer or "unassigned" for customer in plain.history.customers.values()}
    assert len(customers) > 1
    for customer in customers:
        assert compare(plain, first, last, zone=zone, customer=customer) == [], customer


@pytest.mark.parametrize("name", RANGES)
def test_a_world_of_oddities_counts_as_it_does_by_hand(hostile: Workspace, name: str, compare: Compare) -> None:
    first, last, zone = days(name)
    assert compare(hostile, first, last, zone=zone) == []


@pytest.mark.parametrize("name", RANGES)
def test_each_of_its_users_and_customers_does(hostile: Workspace, name: str, compare: Compare) -> None:
    first, last, zone = days(name)
    for user in hostile.history.users:
        assert compare(hostile, first, last, zone=zone, user=user) == [], user
    for customer in {customer or "unassigned" for customer in hostile.history.customers.values()}:
        assert compare(hostile, first, last, zone=zone, customer=customer) == [], customer


@pytest.mark.parametrize("name", RANGES)
def test_customers_add_up_to_the_whole(hostile: Workspace, name: str, report: Report) -> None:
    first, last, zone = days(name)
    customers = {customer or "unassigned" for customer in hostile.history.customers.values()}
    counted = sum((_counts(report(hostile, first, last, "--customer", c, zone=zone)) for c in customers), Counter())
    assert counted == _counts(report(hostile, first, last, zone=zone))


def test_the_oddities_reach_every_figure(hostile: Workspace, report: Report) -> None:
    said = report(hostile, *days("everything")[:2])
    assert [name for name, count in _counts(said).items() if not count] == []
    assert len(said["reasons"]) >= 15


def test_coverage_is_reach_times_delivery_and_reasons_are_the_misses(hostile: Workspace, report: Report) -> None:
    for user in hostile.history.users:
        said = report(hostile, *days("everything")[:2], "--user", user)
        ended, coming = said["ended"], said["upcoming"]
        assert ended["coverage"] == pytest.approx((ended["reach"] or 0) * (ended["delivery"] or 0)) or not ended["held"]
        assert ended["held"] == ended["recordable"] - ended["unsettled"] - ended["did_not_happen"]
        reasons = Counter[str]()
        for row in said["reasons"]:
            reasons[row["part"]] += row["meetings"]
        missed = {"ended": ended["held"] - ended["recorded"], "upcoming": coming["recordable"] - coming["booked"]}
        assert dict(reasons) == {part: count for part, count in missed.items() if count}


def _counts(said: Json) -> "Counter[str]":
    """Every figure that is a count."""
    counts = Counter({name: said[name] for name in ("users", "users_connected", "users_unreadable", "without_start")})
    for part in ("upcoming", "in_progress", "ended"):
        counts.update({f"{part} {name}": count for name, count in said[part].items() if isinstance(count, int)})
    return counts

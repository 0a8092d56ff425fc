"""Worlds with all of section 17 in them, before and after drags, disconnections and odd rows: both counts agree."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.contract.report import section_17
from tests.contract.report.conftest import Compare
from tests.contract.report.hostile import make_hostile
from tests.contract.report.moving import Moving
from tests.contract.report.synced import Workspace, standing_still, sync_at

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAYS = (NOON.date() - timedelta(days=70), NOON.date() + timedelta(days=40))


class Week:
    """Hours after noon, one after the other: what is planned happens in its own, and a pass agrees with the recount."""

    def __init__(self, workspace: Workspace, compare: Compare, moving: Moving) -> None:
        self._workspace = workspace
        self._compare = compare
        self._moving = moving

    def at(self, hour: float) -> None:
        for planned in self._moving.hours(hour):
            self.clock(planned)
            self._moving.let_happen(planned)
        moment = self.clock(hour)
        sync_at(self._workspace, moment)
        self._workspace.look(moment)
        customers = {name or "unassigned" for name in self._workspace.history.customers.values()}
        for customer in (None, *sorted(customers)):
            assert self._compare(self._workspace, *DAYS, customer=customer) == [], (hour, customer)

    def clock(self, hour: float) -> datetime:
        moment = NOON + timedelta(hours=hour)
        self._workspace.sandbox.control("POST", "clock/", {"now": moment.isoformat(), "frozen": True})
        return moment


@pytest.mark.parametrize(
    ("seed", "settings"),
    [
        (1, {"bot_shape": "current"}),
        (2, {"bot_shape": "v1.10", "next_host": "http://elsewhere.example"}),
        (3, {"retention": "none"}),
    ],
)
def test_every_pass_counts_as_it_does_by_hand(
    seed: int, settings: dict[str, str], tmp_path: Path, compare: Compare
) -> None:
    with standing_still(tmp_path, NOON, users=6, meetings=20, seed=seed) as workspace:
        sandbox = workspace.sandbox
        sandbox.control("POST", "settings/", settings)
        people = make_hostile(sandbox, NOON)
        moving = Moving(sandbox)
        moving.plan([people["anna"], people["zoe"]])
        missing = [sandbox.add_meeting(people["zoe"], start_in_seconds=h * 3600)["id"] for h in (8, 20, 50, 50)]
        spoilt = [sandbox.add_meeting(people["picky"], start_in_seconds=h * 3600)["id"] for h in (2, 20, 50, 660)]
        week = Week(workspace, compare, moving)
        week.at(0)
        week.at(1.2)

        for number, extra in enumerate(section_17.UNREADABLE):
            sandbox.add_meeting(people["zoe"], start_in_seconds=(20 + number) * 3600, extra=extra)
        for id_, extra in zip(spoilt, section_17.UNREADABLE, strict=False):
            sandbox.control("PATCH", f"meetings/{id_}/", {"extra": extra})
        sandbox.control("DELETE", f"meetings/{missing[0]}/")
        sandbox.control("POST", "connections/", {"user": people["mixed"], "platform": "google", "connected": False})
        sandbox.control("POST", "connections/", {"user": people["bert"], "platform": "google", "connected": False})
        week.at(3)

        sandbox.control("DELETE", f"meetings/{missing[1]}/")
        sandbox.control("POST", "connections/", {"user": people["mixed"], "platform": "microsoft", "connected": False})
        week.at(28)

        sandbox.control("POST", "connections/", {"user": people["bert"], "platform": "google", "connected": True})
        sandbox.control("DELETE", f"meetings/{missing[2]}/")
        for id_ in spoilt:
            sandbox.control("PATCH", f"meetings/{id_}/", section_17.HEALED)
        week.at(31)
        week.at(60)
        week.at(90)

"""Whatever happens from one pass to the next, the report and the count by hand agree after each of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.contract.report.changing import Changing
from tests.contract.report.conftest import Compare
from tests.contract.report.synced import standing_still, sync_at

MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)
DAYS = (MORNING.date() - timedelta(days=70), MORNING.date() + timedelta(days=40))
PASSES = 6


@pytest.mark.parametrize("seed", [12, 19, 23])
def test_every_pass_over_a_changing_workspace_counts_as_it_does_by_hand(
    seed: int, tmp_path: Path, compare: Compare
) -> None:
    moment = MORNING
    with standing_still(tmp_path, moment, users=1, meetings=2, seed=seed) as workspace:
        changing = Changing(workspace, seed)
        for _ in range(PASSES):
            for _ in range(changing.draw.randint(6, 20)):
                changing.change()
            moment += timedelta(seconds=changing.draw.choice([60, 600, 3600, 6 * 3600, 20 * 3600]))
            workspace.sandbox.control("POST", "clock/", {"now": moment.isoformat(), "frozen": True})
            sync_at(workspace, moment)
            workspace.look(moment)
            for customer in (None, *{name or "unassigned" for name in workspace.history.customers.values()}):
                assert compare(workspace, *DAYS, customer=customer) == []

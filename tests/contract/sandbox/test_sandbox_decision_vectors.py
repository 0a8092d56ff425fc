"""Every documented row of the decision table, arranged by the control route and read through the API."""

from typing import Any

import pytest

from tests.contract.sandbox.sandbox_process import Sandbox
from tests.unit.sandbox.decision_rows import ROWS, Row

PREREQUISITES: dict[str | None, dict[str, Any]] = {
    None: {},
    "link": {"link": None},
    "whole_day": {"whole_day": "midnight", "link": "zoom", "start_in_seconds": 86_400},
    "end": {"end_time": None},
    "cancelled": {"cancelled": True},
    "over": {"start_in_seconds": -7200, "end_in_seconds": -60},
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_the_row_comes_out_as_documented(sandbox: Sandbox, row: Row) -> None:
    user = sandbox.new_user(*row.on)
    facts = {
        "is_external": row.external,
        "is_hosted_by_me": row.hosted,
        "is_recurring": row.recurring,
        "my_status": row.status,
        "override": row.override,
    }
    added = sandbox.add_meeting(user, **facts | PREREQUISITES[row.fails])
    read = sandbox.meeting(user, added)
    assert read["will_record"] is row.record
    assert read["override_should_record"] is row.override
    if row.fails != "over":  # what is over keeps the bot that was booked for it in time
        assert (read["bot_id"] is not None) is row.record

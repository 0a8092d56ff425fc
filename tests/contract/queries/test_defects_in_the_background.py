"""A defect of ours in the background is told by a sentence and a number; what it was stands in the log, beside it."""

import logging
from contextlib import closing
from datetime import datetime

import pytest

from lib.customer.sight import EVERYTHING
from lib.errors import ReadingBroke
from lib.queries import Workspace
from lib.store import Store
from tests.contract.queries.conftest import Until

CANARY = "canary-in-a-defect"


def test_a_defect_while_looking_is_told_with_the_number_that_the_log_has_it_by(
    store: Store, until: Until, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks() -> datetime:
        raise RuntimeError(CANARY)

    with caplog.at_level(logging.ERROR), closing(Workspace(store, breaks)) as workspace:
        until(lambda: isinstance(workspace.snapshot(EVERYTHING).problem, ReadingBroke))
        said = str(workspace.snapshot(EVERYTHING).problem)
        reference = said.rpartition("reference ")[2].rstrip(".")
        until(lambda: reference in caplog.text)
    assert len(reference) == 7
    assert CANARY not in said
    assert CANARY in caplog.text


def test_no_two_defects_have_one_number() -> None:
    assert len({str(ReadingBroke()) for _ in range(200)}) > 190

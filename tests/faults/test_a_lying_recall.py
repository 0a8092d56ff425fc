"""An hour of a Recall that is wrong about itself, in a small form: what is known before and after it stays right.

`make bench` has it for forty users and three seeds.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.hour_of_lies import an_hour, differences, wrong_reasons
from tests.lying import LIES, lying_recall

USERS, MEETINGS, APART = 12, 60, timedelta(hours=18)


@pytest.mark.parametrize("seed", [3])
def test_after_two_healthy_passes_every_figure_is_that_of_a_world_without_the_hour(tmp_path: Path, seed: int) -> None:
    with lying_recall(tmp_path, seed=seed, users=USERS, meetings=MEETINGS) as recall:
        honest = an_hour(recall, tmp_path, share=0.0, minutes_between=12, apart=APART)
        lied = an_hour(recall, tmp_path, share=0.6, minutes_between=12, apart=APART)
        told = set(recall.told)
    assert (honest.lies, honest.doubted) == (0, 0)
    assert lied.lies > 30
    assert lied.doubted > 0
    assert told == set(LIES)
    a, b = honest.figures, lied.figures
    assert a.before.ended.held > 100
    assert a.after.upcoming.meetings > 50
    assert differences(a.before, b.before) == {}
    assert differences(a.after, b.after) == {}
    assert (b.within.ended.held, b.within.ended.recorded) == (a.within.ended.held, a.within.ended.recorded)
    assert b.reasons.keys() == a.reasons.keys()
    assert wrong_reasons(honest, lied) == set()
    assert (b.listed, b.connected) == (a.listed, a.connected)

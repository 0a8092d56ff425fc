"""Every outcome has a lifecycle that is possible."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.sandbox.lifecycle import Outcome, Shape, draw, draw_lifecycle, forced
from lib.sandbox.randomness import generator

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
PLATFORMS = ("zoom", "google_meet", "microsoft_teams", "webex", "goto_meeting")
seeds = st.integers(0, 2**32)


@given(seed=seeds, shape=st.sampled_from(Shape), platform=st.sampled_from(PLATFORMS), minutes=st.integers(0, 600))
def test_every_lifecycle_starts_two_minutes_early_runs_forward_and_ends_for_good(
    seed: int, shape: Shape, platform: str, minutes: int
) -> None:
    life = draw_lifecycle(generator(seed), Outcome(shape, "code"), START, START + timedelta(minutes=minutes), platform)
    times = [change.at for change in life.status_changes]
    assert times == sorted(times)
    assert timedelta() < times[0] - (START - timedelta(minutes=2)) < timedelta(seconds=5)
    assert [life.status_changes[0].code, life.status_changes[-1].code in ("done", "fatal")] == ["joining_call", True]


@given(seed=seeds, shape=st.sampled_from(Shape), platform=st.sampled_from(PLATFORMS))
def test_a_recording_is_left_only_by_a_bot_that_was_recording(seed: int, shape: Shape, platform: str) -> None:
    life = draw_lifecycle(generator(seed), Outcome(shape, None), START, START + timedelta(minutes=30), platform)
    codes = [change.code for change in life.status_changes]
    records = shape in (Shape.RECORDED, Shape.PARTIAL, Shape.CRASHED, Shape.EMPTY)
    assert ("in_call_recording" in codes) is records
    assert (life.recording is not None) is (records and shape is not Shape.EMPTY)


@pytest.mark.parametrize(
    ("sub_code", "shape"),
    [
        ("timeout_exceeded_everyone_left", Shape.RECORDED),
        ("timeout_exceeded_waiting_room", Shape.NOT_ADMITTED),
        ("bot_kicked_from_waiting_room", Shape.NOT_ADMITTED),
        ("bot_kicked_from_call", Shape.PARTIAL),
        ("zoom_local_recording_request_denied_by_host", Shape.PERMISSION_DENIED),
        ("timeout_exceeded_noone_joined", Shape.NOT_RECORDING),
        ("meeting_password_incorrect", Shape.FATAL),
        ("bot_errored", Shape.FATAL),
        ("a_code_of_the_future", Shape.FATAL),
    ],
)
def test_a_forced_code_comes_with_the_lifecycle_it_usually_ends(sub_code: str, shape: Shape) -> None:
    assert forced({"sub_code": sub_code}) == Outcome(shape, sub_code)


def test_a_forced_shape_wins_over_the_usual_one() -> None:
    assert forced({"sub_code": "bot_kicked_from_call", "shape": "not_recording"}).shape is Shape.NOT_RECORDING


@pytest.mark.parametrize("platform", PLATFORMS)
def test_most_bots_record_and_the_reasons_of_the_others_are_many(platform: str) -> None:
    drawn = [draw(generator(seed), platform) for seed in range(2000)]
    recorded = sum(o.shape in (Shape.RECORDED, Shape.PARTIAL, Shape.CRASHED, Shape.EMPTY) for o in drawn)
    assert 0.75 < recorded / len(drawn) < 0.95
    assert len({o.sub_code for o in drawn}) > 15

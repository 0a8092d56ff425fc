"""What the Change many page says in numbers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.commands.bulk import BulkPlan, PlannedUser, SkipReason
from lib.domain import Preferences
from lib.recording.presets import Preset
from lib.store.batches import Batch, BatchState, ItemState
from lib.store.outbox import WriteKind
from lib.ui.bulk.words import confirm_words, flags_words, key_sentence, progress_sentence, result_sentence, value_words
from tests.unit.recording.making import NOW, user


def plan(*lines: PlannedUser) -> BulkPlan:
    return BulkPlan(Preset.NOTHING.flags, True, lines, NOW, "mark")


def line(stays: SkipReason | None = None, gains: int = 0, losses: int = 0) -> PlannedUser:
    return PlannedUser(user(), "acme.example", None, Preferences(), stays, gains, losses)


def batch(**counts: int) -> Batch:
    plan = {"begun_at": NOW.isoformat(), "done_before": 0}
    known = {ItemState(name): number for name, number in counts.items()}
    return Batch(1, WriteKind.PREFERENCES, "dana", None, plan, BatchState.RUNNING, NOW, None, None, known)


def test_a_plan_says_how_many_change_what_that_costs_and_who_stays() -> None:
    shown = plan(line(gains=9), line(losses=2), line(SkipReason.SAME), line(SkipReason.OWN), line(SkipReason.OWN))
    assert key_sentence(shown) == (
        "**2 of 5 users change.** In the next 14 days **9 more** meetings will be recorded and **2 fewer**. "
        "1 is already set, 2 keep their own settings."
    )
    assert confirm_words(shown) == "Change 2 users: 9 more, 2 fewer"


def test_a_plan_for_nobody_says_so() -> None:
    shown = plan(line(SkipReason.SAME))
    assert key_sentence(shown) == "**Nothing would change** for 1 user. 1 is already set."
    assert confirm_words(shown) == "Nothing to change"


def test_one_that_moves_no_meeting_says_so() -> None:
    assert "no meeting is gained or lost" in key_sentence(plan(line()))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "212 of 500 done, 3 failed. You can leave this page."),
        (44, "212 of 500 done, 3 failed. About 1 min left. You can leave this page."),
        (300, "212 of 500 done, 3 failed. About 7 min left. You can leave this page."),
    ],
)
def test_progress_tells_what_is_done_what_went_wrong_and_how_long_it_takes_yet(seconds: int, words: str) -> None:
    running = batch(applied=209, not_applied=3, waiting=288, left_out=40)
    assert progress_sentence(running, BatchState.RUNNING, NOW + timedelta(seconds=seconds)) == words


def test_one_at_rest_says_so_and_nothing_of_the_time_left() -> None:
    assert progress_sentence(batch(applied=2, waiting=1), BatchState.STOPPED, NOW) == "2 of 3 done. Stopped."
    assert progress_sentence(batch(applied=3), BatchState.DONE, NOW) == "3 of 3 done."


def test_the_result_names_each_kind_of_end() -> None:
    words = result_sentence(batch(applied=1, not_applied=2, unknown=1, left_out=1, waiting=1))
    assert words.startswith("**1 user changed and read back.**")
    for part in ("2 users could not be changed", "do not repeat it", "1 user was left unchanged", "1 user is waiting"):
        assert part in words


def test_flags_are_called_by_their_preset() -> None:
    assert flags_words(Preset.HOSTED.flags) == "Meetings the user hosts"
    assert flags_words(replace(Preferences(), record_recurring=True).flags) == "Custom"
    assert value_words(None) == "erased"

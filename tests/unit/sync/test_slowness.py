"""Slow is not dead: a slow read says nothing of Recall, and of a user only that it is slow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.clock import utc_now
from lib.errors import (
    RecallCalendarLost,
    RecallError,
    RecallKeyRefused,
    RecallLimited,
    RecallNotFound,
    RecallOutcomeUnknown,
    RecallRejected,
    RecallSlow,
    RecallUnreachable,
    RecallUnreadable,
)
from lib.sync.failures import DEFECT, failure_code, failure_sentence
from lib.sync.running_pass import FAILURES_IN_A_ROW, CircuitBreaker
from lib.sync.user_meetings import SLOW_AFTER_SECONDS, was_slow

SLOW = RecallSlow()
OTHERS = st.sampled_from([None, RecallUnreachable(), RecallLimited(utc_now()), RecallNotFound(), RecallCalendarLost()])


def ended_at(outcomes: "list[Exception | None]") -> int | None:
    """After how many outcomes Recall is taken to refuse everybody; None: it is not."""
    breaker = CircuitBreaker()
    return next((n for n, outcome in enumerate(outcomes, 1) if breaker.record(outcome)), None)


@given(st.lists(OTHERS, max_size=40), st.data())
def test_slow_reads_among_others_neither_end_a_pass_nor_keep_it_from_ending(
    outcomes: "list[Exception | None]", data: st.DataObject
) -> None:
    mixed: list[Exception | None] = []
    for outcome in outcomes:
        mixed += [SLOW] * data.draw(st.integers(0, 12)) + [outcome]
    ended, ended_mixed = ended_at(outcomes), ended_at(mixed)
    assert (ended is None) == (ended_mixed is None)
    if ended is not None and ended_mixed is not None:
        assert [each for each in mixed[:ended_mixed] if each is not SLOW] == outcomes[:ended]


def test_any_number_of_slow_reads_and_of_lost_calendars_ends_nothing() -> None:
    assert ended_at([SLOW] * 1000) is None
    assert ended_at([RecallCalendarLost()] * 1000) is None
    assert ended_at([RecallUnreachable()] * 1000) == FAILURES_IN_A_ROW
    assert ended_at([SLOW, RecallKeyRefused()]) == 2


@given(st.floats(0, 1000), st.floats(0.1, 500))
def test_a_read_that_worked_was_slow_when_it_took_longer(seconds: float, limit: float) -> None:
    assert was_slow(seconds, None, limit) is (seconds > limit)


@given(st.floats(0, 1000) | st.none())
def test_one_that_failed_was_slow_by_its_own_word_alone(seconds: float | None) -> None:
    assert was_slow(seconds, SLOW) is True
    for error in (RecallUnreachable(), RecallUnreadable(), RecallCalendarLost()):
        assert was_slow(seconds, error) is None


def test_twenty_seconds_are_slow() -> None:
    assert (SLOW_AFTER_SECONDS, was_slow(20.0, None), was_slow(20.1, None)) == (20, False, True)


NEEDS_MORE: dict[type[RecallError], RecallError] = {
    RecallLimited: RecallLimited(utc_now()),
    RecallRejected: RecallRejected(400),
}


def kinds_of(root: type[RecallError]) -> set[type[RecallError]]:
    found = {root}.union(*(kinds_of(kind) for kind in root.__subclasses__()))
    return {kind for kind in found if not kind.__name__.startswith("_")}


@pytest.mark.parametrize("kind", sorted(kinds_of(RecallError) - {RecallError, RecallOutcomeUnknown}, key=str))
def test_whatever_recall_does_to_a_read_has_a_word_and_a_sentence_of_its_own(kind: type[RecallError]) -> None:
    word = failure_code(NEEDS_MORE[kind] if kind in NEEDS_MORE else kind())
    assert word != DEFECT
    assert failure_sentence(word) != failure_sentence(DEFECT)


def test_a_lost_calendar_is_to_be_connected_again_and_an_unclear_one_is_tried_again() -> None:
    assert (
        failure_sentence("calendar_lost") == "The connection to the calendar is lost. Its owner must connect it again."
    )
    assert "status 422" in failure_sentence("calendar_unclear")
    assert "tries again" in failure_sentence("calendar_unclear")
    assert not any("correct" in failure_sentence(word) for word in ("calendar_unclear", "rejected", "slow"))

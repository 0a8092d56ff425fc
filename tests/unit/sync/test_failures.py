"""What stopped a read, as the store keeps it, and the sentence that staff are told."""

from datetime import UTC, datetime

import pytest

from lib.errors import (
    CalendarUserWithoutId,
    CallNotAllowed,
    DeskError,
    RecallBlocked,
    RecallKeyRefused,
    RecallLimited,
    RecallNotFound,
    RecallOutOfCredit,
    RecallRejected,
    RecallTokenRefused,
    RecallTooLarge,
    RecallUnreachable,
    RecallUnreadable,
    UnknownCalendarUser,
)
from lib.sync.failures import DEFECT, failure_code, failure_sentence

PLAIN = (
    RecallUnreachable(),
    RecallKeyRefused(),
    RecallTokenRefused(),
    RecallBlocked(),
    RecallOutOfCredit(),
    RecallNotFound(),
    RecallUnreadable(),
    UnknownCalendarUser(),
    CalendarUserWithoutId(),
)
TOLD_OTHERWISE = (
    (RecallLimited(datetime(2026, 11, 2, tzinfo=UTC)), "limited", "slow down"),
    (RecallRejected(400, {}), "rejected", "did not accept"),
    (RecallTooLarge(), "too_large", "far larger than a calendar can be"),
    (CallNotAllowed(""), "not_allowed", "not asked for"),
)


@pytest.mark.parametrize("error", PLAIN, ids=lambda error: type(error).__name__)
def test_an_error_is_told_in_its_own_sentence_again(error: DeskError) -> None:
    assert failure_code(error) != DEFECT
    assert failure_sentence(failure_code(error)) == str(error)


@pytest.mark.parametrize(("error", "word", "says"), TOLD_OTHERWISE, ids=lambda each: str(each)[:12])
def test_an_error_with_details_of_its_own_is_told_without_them(error: DeskError, word: str, says: str) -> None:
    assert failure_code(error) == word
    assert says in failure_sentence(word)


def test_no_two_errors_have_one_word() -> None:
    errors = [*PLAIN, *(error for error, _, _ in TOLD_OTHERWISE)]
    assert len({failure_code(error) for error in errors}) == len(errors)


@pytest.mark.parametrize("word", [failure_code(ValueError("of nobody")), "a word of an older version"])
def test_what_is_none_of_ours_is_a_defect(word: str) -> None:
    assert failure_sentence(word) == failure_sentence(DEFECT)
    assert failure_sentence(DEFECT) != failure_sentence("unreachable")

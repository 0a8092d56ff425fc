"""What staff read when something went wrong, and what whoever catches it can rely on."""

import re
from datetime import UTC, datetime

import pytest

from lib import errors
from lib.errors import DeskError, RecallError, RecallLimited, RecallRejected, RecallUnreachable

OWN_SENTENCES: list[DeskError] = [
    errors.RecallUnreachable(),
    errors.RecallLimited(datetime(2026, 11, 22, 14, 5, tzinfo=UTC)),
    errors.RecallKeyRefused(),
    errors.RecallTokenRefused(),
    errors.RecallBlocked(),
    errors.RecallOutOfCredit(),
    errors.RecallNotFound(),
    errors.RecallRejected(400, {"bot_name": ("<b>may not be blank</b>",)}),
    errors.RecallUnreadable(),
    errors.RecallOutcomeUnknown(),
    errors.CallNotAllowed("DELETE"),
    errors.UnknownCalendarUser(),
    errors.CalendarUserWithoutId(),
    errors.NotPermitted("editor"),
]
NEVER_SAID = re.compile(r"failed to|invalid|oops|error", re.IGNORECASE)


def leaves(kind: type[DeskError] = DeskError) -> set[type[DeskError]]:
    """Those of lib.errors that nothing there is derived from."""
    below = [c for c in kind.__subclasses__() if c.__module__ == errors.__name__]
    return {leaf for child in below for leaf in leaves(child)} if below else {kind}


@pytest.mark.parametrize("error", OWN_SENTENCES, ids=lambda error: type(error).__name__)
def test_it_says_what_happened_and_what_to_do_in_whole_sentences(error: DeskError) -> None:
    said = str(error)
    assert said[0].isupper()
    assert said.endswith(".")
    assert len(re.findall(r"[.:;]", said)) >= 2  # one for what happened, one for what to do
    assert not NEVER_SAID.search(said)


def test_every_leaf_has_a_sentence_of_its_own_or_is_given_one() -> None:
    given_one = {
        errors.SettingsError,
        errors.InvalidPreferences,
        errors.StaffError,
        errors.StoreOfAnotherRecall,
        errors.StoreSchemaMismatch,
    }
    assert leaves() == given_one | {type(error) for error in OWN_SENTENCES}
    assert len({str(error) for error in OWN_SENTENCES}) == len(OWN_SENTENCES)


def test_recalls_own_words_stay_out_of_the_sentence() -> None:
    rejected = RecallRejected(400, {"bot_name": ("<b>may not be blank</b>",)})
    assert "<b>" not in str(rejected)
    assert rejected.fields == {"bot_name": ("<b>may not be blank</b>",)}


def test_what_was_refused_does_not_change_with_what_it_was_made_from() -> None:
    fields = {"bot_name": ("too long",)}
    rejected = RecallRejected(400, fields)
    fields.clear()
    assert rejected.fields == {"bot_name": ("too long",)}


def test_a_limit_says_until_when_and_keeps_the_moment() -> None:
    retry_at = datetime(2026, 11, 22, 15, 5, tzinfo=UTC)
    limited = RecallLimited(retry_at)
    assert limited.retry_at == retry_at
    assert "15:05 UTC" in str(limited)


def test_an_outage_can_be_described_more_closely() -> None:
    assert str(RecallUnreachable("Recall's host could not be found.")) == "Recall's host could not be found."


def test_our_own_refusals_are_not_taken_for_recalls() -> None:
    ours = [error for error in OWN_SENTENCES if not isinstance(error, RecallError)]
    assert {type(error) for error in ours} == {
        errors.CallNotAllowed,
        errors.UnknownCalendarUser,
        errors.CalendarUserWithoutId,
        errors.NotPermitted,
    }


def test_a_refusal_names_the_role_that_may() -> None:
    assert "role admin" in str(errors.NotPermitted("admin"))

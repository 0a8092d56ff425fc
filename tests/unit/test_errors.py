"""What staff read when something went wrong, and what whoever catches it can rely on."""

import re
from datetime import UTC, datetime

import pytest

from lib import errors
from lib.errors import DeskError, RecallError, RecallLimited, RecallRejected, RecallUnreachable

OWN_SENTENCES: list[DeskError] = [
    errors.RecallUnreachable(),
    errors.RecallSlow(),
    errors.RecallCalendarLost({"detail": ("<b>cannot</b> be processed",)}),
    errors.RecallCalendarUnclear(),
    errors.RecallContested(),
    errors.RecallDoubted(),
    errors.RecallLimited(datetime(2026, 11, 22, 14, 5, tzinfo=UTC)),
    errors.RecallKeyRefused(),
    errors.RecallTokenRefused(),
    errors.RecallBlocked(),
    errors.RecallOutOfCredit(),
    errors.RecallNotFound(),
    errors.RecallRejected(400, {"bot_name": ("<b>may not be blank</b>",)}),
    errors.RecallUnreadable(),
    errors.RecallTooLarge(),
    errors.RecallOutcomeUnknown(),
    errors.CallNotAllowed("DELETE"),
    errors.ReadingBroke(),
    errors.SyncBusy("process 7 on desk-1"),
    errors.SyncStopped(),
    errors.UnknownCalendarUser(),
    errors.CalendarUserUnlisted(),
    errors.CalendarUserWithoutId(),
    errors.CalendarUserExists(),
    errors.CalendarRefreshedLately(datetime(2026, 11, 22, 14, 5, tzinfo=UTC)),
    errors.ChangedMeanwhile(),
    errors.ChangeUnderWay(),
    errors.PreviewOutdated(),
    errors.BotConfigUnreadable("The text ends inside a string. Close it with a quotation mark.", 3, 14),
    errors.BotConfigChanged(),
    errors.NotPermitted("editor"),
    errors.TooManyExports(60),
    errors.FileNotMade(),
    errors.ProofNeeded(),
    errors.ServerEnding(),
    errors.PageBroken(["users", "bots"]),
    errors.NotLetIn("stranger"),
    errors.SignInLocked(datetime(2026, 11, 22, 14, 5, tzinfo=UTC)),
    errors.NotInSight("You see 2 customers; this is for all of them. Ask an admin."),
]
NEVER_SAID = re.compile(r"failed to|invalid|oops|error", re.IGNORECASE)


@pytest.mark.parametrize("error", OWN_SENTENCES, ids=lambda error: type(error).__name__)
def test_it_says_what_happened_and_what_to_do_in_whole_sentences(error: DeskError) -> None:
    said = str(error)
    assert said[0].isupper()
    assert said.endswith(".")
    assert len(re.findall(r"[.:;]", said)) >= 2  # one for what happened, one for what to do
    assert not NEVER_SAID.search(said)


def test_every_error_that_brings_its_own_sentence_is_looked_at_here() -> None:
    defined = [c for c in vars(errors).values() if isinstance(c, type) and c.__module__ == errors.__name__]
    bring = {c for c in defined if vars(c).get("sentence") or "__init__" in vars(c)}
    assert bring - {DeskError, errors._WithFields} == {type(error) for error in OWN_SENTENCES}


def test_no_two_errors_say_the_same() -> None:
    assert len({str(error) for error in OWN_SENTENCES}) == len(OWN_SENTENCES)


def test_recalls_own_words_stay_out_of_the_sentence() -> None:
    rejected = RecallRejected(400, {"bot_name": ("<b>may not be blank</b>",)})
    assert "<b>" not in str(rejected)
    assert rejected.fields == {"bot_name": ("<b>may not be blank</b>",)}


def test_a_lost_calendar_is_nothing_to_correct_and_nothing_was_changed() -> None:
    words = {"detail": ("<b>cannot</b> be processed",)}
    for lost in (errors.RecallCalendarLost(words), errors.RecallCalendarUnclear(words)):
        assert "Nothing was changed" in str(lost)
        assert "correct" not in str(lost).replace("connect", "")
        assert "<b>" not in str(lost)
        assert lost.fields == words
    assert "connect the calendar again" in str(errors.RecallCalendarLost())


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
    for error in OWN_SENTENCES:
        assert isinstance(error, RecallError) == type(error).__name__.startswith("Recall")


def test_a_refusal_names_the_role_that_may() -> None:
    assert "role admin" in str(errors.NotPermitted("admin"))

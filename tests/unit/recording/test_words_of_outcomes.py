"""Outcomes as they are kept, and as people read them."""

from lib.recording.outcome import Outcome


def test_the_words_that_the_database_keeps_outcomes_by_stay_as_they_are() -> None:
    assert {str(outcome): outcome.label for outcome in Outcome} == {
        "recorded": "Recorded",
        "will_record": "Will record",
        "off_by_choice": "Off by choice",
        "fixable": "Fixable miss",
        "technical": "Technical miss",
        "unknown": "Unknown",
        "in_part": "In part",
        "did_not_happen": "Did not happen",
        "unsettled": "Unsettled",
        "in_progress": "In progress",
        "not_recordable": "No call to join",
    }

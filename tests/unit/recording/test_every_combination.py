"""All 64 combinations of preferences, with every override and every kind of meeting: our trace beside the sandbox.

The two were written apart from one another, from the documentation alone, and share no code.
"""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from lib.domain import Attendee, Preferences
from lib.recording.decision import trace
from lib.sandbox.decision import FLAGS, Facts, decide
from tests.unit.recording.making import ANNA, NOW, entry, user

COMBINATIONS = [dict(zip(FLAGS, on, strict=True)) for on in product([False, True], repeat=len(FLAGS))]
YES_OR_NO = (True, False)
ANSWERS = ("accepted", "declined", "tentative", None)
KINDS = tuple(product(YES_OR_NO, YES_OR_NO, YES_OR_NO, ANSWERS))
"""External, hosted by the user, recurring, and the user's answer."""
MEETS: dict[str, Callable[[bool, bool, bool, str | None], bool]] = {
    "record_external": lambda external, hosted, recurring, answer: external,
    "record_internal": lambda external, hosted, recurring, answer: not external,
    "record_recurring": lambda external, hosted, recurring, answer: recurring,
    "record_non_host": lambda external, hosted, recurring, answer: not hosted,
}


def with_flags(on: dict[str, bool]) -> Preferences:
    flags: dict[str, Any] = dict(on)
    return Preferences(**flags)


def ours_and_recalls(on: dict[str, bool], override: bool | None) -> list[tuple[bool | None, bool]]:
    """What we say, and what the sandbox does, of each kind of meeting."""
    found = []
    for external, hosted, recurring, answer in KINDS:
        listed = (Attendee(ANNA.lower(), status=answer),) if answer else ()
        meeting = entry(
            is_external=external,
            is_hosted_by_me=hosted,
            is_recurring=recurring,
            attendees=listed,
            override_should_record=override,
        )
        facts = Facts(meeting.start_time, meeting.end_time, True, external, hosted, recurring, answer)
        said = trace(meeting, user(), NOW, preferences=with_flags(on)).verdict
        found.append((said, decide(facts, {name for name in FLAGS if on[name]}, override, NOW).record))
    return found


@pytest.mark.parametrize("override", [None, True, False])
def test_our_estimate_is_what_recall_does_for_every_combination_of_preferences(override: bool | None) -> None:
    differing = [(on, pair) for on in COMBINATIONS for pair in ours_and_recalls(on, override) if pair[0] is not None]
    assert [found for found in differing if found[1][0] is not found[1][1]] == []
    assert len(differing) > len(COMBINATIONS) * len(KINDS) * 0.6


@pytest.mark.parametrize("rule", MEETS)
def test_a_rule_that_is_off_is_ignored_and_forbids_nothing(rule: str) -> None:
    """With one rule on and all else off, every meeting of its kind is recorded, of whatever other kind it is too."""
    verdicts = [ours for ours, _ in ours_and_recalls({flag: flag == rule for flag in FLAGS}, None)]
    assert {verdict for kind, verdict in zip(KINDS, verdicts, strict=True) if MEETS[rule](*kind)} == {True}


@pytest.mark.parametrize("override", [True, False])
def test_an_override_decides_whatever_the_preferences_are(override: bool) -> None:
    verdicts = {ours for on in COMBINATIONS for ours, _ in ours_and_recalls(on, override)}
    assert verdicts == {override}

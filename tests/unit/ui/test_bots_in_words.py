"""What the Bots page says of many bots: its key sentence, the parts of its charts, causes and advice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.coverage.bot_outcomes import BotOutcomes
from lib.coverage.duplicates import DuplicateBots, DuplicateCause, shared_mailboxes
from lib.domain import CalendarUser, Connection
from lib.queries.bot_figures import BotFigures
from lib.recording.outcome import Outcome
from lib.recording.reason import SIDES, Owner, Side
from lib.recording.reasons import reason_of
from lib.ui.bots.bot import decision
from lib.ui.bots.duplicates import CAUSES, WHAT_TO_DO, advice, causes
from lib.ui.bots.figures import figures_of, key_sentence, titles
from lib.ui.bots.outcomes import (
    COUNT_COLUMNS,
    PARTS,
    SIDE_CHIPS,
    bar_parts,
    finding,
    outcome_of_side,
    part_words,
    side_chip,
)
from lib.ui.bots.rows import BotLine, set_out
from lib.ui.widgets.table import table_of
from lib.ui.words import outcomes
from tests.unit.recording.making import NOW, bot, entry
from tests.unit.storing import stored_entry

some_became = st.builds(
    BotOutcomes,
    unsettled=st.integers(0, 3),
    did_not_happen=st.integers(0, 3),
    recorded=st.integers(0, 2000),
    in_part=st.integers(0, 3),
    failed_on=st.fixed_dictionaries({side: st.integers(0, 3) for side in SIDES}),
)


def some(recorded: int = 1204, host: int = 134, ours: int = 56, platform: int = 0, **more: int) -> BotOutcomes:
    failed = {Side.HOST: host, Side.PLATFORM: platform, Side.OURS: ours, Side.NOBODY: 8}
    return BotOutcomes(more.get("unsettled", 0), more.get("did_not_happen", 0), recorded, 31, failed)


def test_the_key_sentence_names_what_was_recorded_and_where_the_rest_failed() -> None:
    assert key_sentence(some(), "in the last 30 days") == (
        "**Bots recorded 1,204 of the 1,402 meetings they were sent to in the last 30 days.** 134 failed on the host's "
        "side, 56 failed at Recall or with us and 8 failed where nobody could act or the cause is unknown."
    )


def test_what_is_in_no_count_is_told_after_it() -> None:
    assert key_sentence(some(did_not_happen=1, unsettled=2), "").endswith(
        " A further 1 meeting did not take place and 2 are not settled yet."
    )


@given(some_became)
def test_figures_and_sentences_hold_no_markup_but_our_own(all_: BotOutcomes) -> None:
    words = key_sentence(all_, "in the last 7 days")
    assert words.count("**") == 2
    assert words.endswith((".", "**"))
    assert {figure.name for figure in figures_of(BotFigures(all_, (), ()))} < dict(
        titles(BotFigures(all_, (), ()))
    ).keys()


@given(some_became)
def test_the_parts_of_a_bar_are_all_bots_that_came(all_: BotOutcomes) -> None:
    assert sum(bar_parts(all_).values()) == all_.came
    numbers = [int(str(cell)) for cell in table_of([("zoom", all_)], COUNT_COLUMNS).rows[0]]
    assert sum(numbers) - all_.in_part == all_.sent


def test_no_two_parts_of_a_bar_have_the_same_sign() -> None:
    assert len({part_words(part)[0] for part in PARTS}) == len(PARTS) == 4


@pytest.mark.parametrize("side", Side)
def test_a_sides_chip_has_the_colour_that_its_bars_have(side: Side) -> None:
    place = SIDE_CHIPS.index(side_chip(side))
    assert outcomes.COLOURS[place % len(outcomes.COLOURS)] is outcome_of_side(side)


def test_the_finding_names_the_worst_bucket() -> None:
    rows = [(date(2026, 11, 2), some(10, host=0, ours=0)), (date(2026, 11, 9), some(5, host=7, ours=0))]
    assert finding(rows) == "15 of 38 meetings that a bot was sent to were recorded. Most failed: 9 Nov 2026, 15."
    assert finding([]) == "0 of 0 meetings that a bot was sent to were recorded."


def test_every_cause_has_a_name_and_something_to_do() -> None:
    assert set(CAUSES) == set(WHAT_TO_DO) == set(DuplicateCause)
    assert all(words.endswith(".") for words in WHAT_TO_DO.values())
    found = [
        DuplicateBots((1, 2), 2, DuplicateCause.MIXED_PLATFORMS),
        DuplicateBots((3, 4), 2, DuplicateCause.DUPLICATE_USER),
    ]
    assert causes(found).splitlines()[0] == "**2 meetings have more than one bot.**"
    assert len(causes(found).splitlines()) == 3


def test_ids_that_differ_in_case_only_have_advice_of_their_own() -> None:
    def shared(*ids: str) -> str:
        users = (CalendarUser(i, i, (Connection("google", True, "a@acme.example"),)) for i in ids)
        return advice(shared_mailboxes(users)[0])

    assert "upper and lower case" in shared("acme-1", "ACME-1")
    assert "upper and lower case" not in shared("acme-1", "acme-2")


def line(outcome: Outcome, reason: str | None, owner: Owner | None = None) -> BotLine:
    known = reason_of(reason) if reason else None
    return BotLine("b", NOW, NOW, outcome, "Title", "Zoom", known, owner, "code", "acme", "anna")


def test_only_a_bot_that_failed_is_on_a_side() -> None:
    assert line(Outcome.FIXABLE, "rejected_or_removed").side == "Host's side"
    assert line(Outcome.TECHNICAL, "platform_or_network_error", Owner.PLATFORM).side == "Zoom, Google or Microsoft"
    for outcome, reason in ((Outcome.IN_PART, "left_early"), (Outcome.DID_NOT_HAPPEN, "meeting_did_not_happen")):
        assert line(outcome, reason).side == ""


def test_a_bot_set_out_with_its_first_step_towards_the_call() -> None:
    assert set_out(bot("ready", "joining_call", "done")) == NOW - timedelta(hours=2) + timedelta(minutes=1)
    assert set_out(bot("ready")) is None
    assert set_out(None) is None


@pytest.mark.parametrize(
    ("starts", "seen", "answer"), [(1, None, True), (1, False, True), (-3, None, None), (-3, False, False)]
)
def test_the_decision_is_todays_only_for_what_is_still_to_come(
    starts: float, seen: bool | None, answer: bool | None
) -> None:
    given = entry(starts, will_record=True)
    assert decision(stored_entry(given, seen_will_record=seen), NOW) is answer

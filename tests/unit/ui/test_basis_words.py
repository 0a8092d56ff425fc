"""The sentences on what reasons rest on."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from lib.coverage.inferred_reasons import RuleAgreement, UnknownCause
from lib.coverage.misses import Misses
from lib.coverage.numbers import ReasonCount
from lib.recording.reason import Basis, Confidence
from lib.recording.reasons import reason_of
from lib.recording.time_part import TimePart
from lib.ui.words import basis

OCTOBER = date(2026, 10, 26)
BERLIN = ZoneInfo("Europe/Berlin")


def misses(*counts: tuple[str, int, Basis]) -> Misses:
    return Misses.of(ReasonCount(TimePart.ENDED, reason_of(key), number, rests_on) for key, number, rests_on in counts)


def test_a_mark_stands_before_what_is_inferred_and_before_nothing_else() -> None:
    assert basis.marked("Internal meetings are off", Basis.INFERRED) == "~ Internal meetings are off"
    assert basis.marked("Internal meetings are off", Basis.OBSERVED) == "Internal meetings are off"
    assert (basis.counted(1204, 3), basis.counted(1204, 0)) == ("~1,204", "1,204")


def test_the_legend_names_the_day_on_which_the_rules_were_first_seen() -> None:
    late = datetime(2026, 10, 25, 23, 30, tzinfo=UTC)  # the 26th in Berlin
    assert basis.legend(basis.when_seen([late, late], BERLIN)) == "~ by the rules first seen, on 26 Oct"
    later = datetime(2026, 11, 12, 9, tzinfo=UTC)
    assert basis.legend(basis.when_seen([later, late], BERLIN)) == "~ by the rules first seen, from 26 Oct on"
    assert basis.legend(basis.when_seen([], BERLIN)) == "~ by the rules first seen"


def test_how_well_the_rules_agree_is_told_with_its_fraction_and_of_nothing_not_at_all() -> None:
    assert basis.agreement_words(RuleAgreement(612, 640)) == (
        "The rules first seen agree with what happened in 612 of 640 meetings before we watched (95.6%)."
    )
    assert basis.agreement_words(RuleAgreement(0, 0)) == ""


def test_misses_are_told_by_who_can_act_with_what_is_inferred_marked_and_summed() -> None:
    found = misses(
        ("internal_not_enabled", 110, Basis.INFERRED),
        ("external_not_enabled", 95, Basis.OBSERVED),
        ("no_rules_enabled", 8, Basis.INFERRED),
        ("waiting_room_not_admitted", 205, Basis.OBSERVED),
        ("bot_not_scheduled", 56, Basis.OBSERVED),
        ("not_seen_before_start", 8, Basis.OBSERVED),
    )
    assert basis.misses_words(found, "Customers", "on 26 Oct") == (
        "Customers can fix ~213, we or Recall must fix 56, ~205 were off by choice, and for 8 the cause is unknown. "
        "The cause is inferred for ~118 of them by the rules first seen, on 26 Oct."
    )


def test_where_nothing_is_inferred_nothing_is_said_of_it() -> None:
    found = misses(("internal_not_enabled", 1, Basis.OBSERVED))
    assert basis.misses_words(found, "The customer", "") == (
        "The customer can fix 0, we or Recall must fix 0, and 1 was off by choice."
    )


def test_under_counts_without_marks_what_is_inferred_is_told_in_sum() -> None:
    assert basis.inferred_words(1204, "on 26 Oct") == (
        "The cause is inferred for ~1,204 of them by the rules first seen, on 26 Oct."
    )
    assert basis.inferred_words(0, "on 26 Oct") == ""


def test_one_meeting_is_told_by_the_rules_first_seen() -> None:
    assert basis.by_first_rules_words(reason_of("internal_not_enabled"), OCTOBER) == (
        "We did not see this meeting before it started. By the rules first seen, on 26 Oct: internal meetings are off."
    )


@pytest.mark.parametrize("why", UnknownCause)
def test_each_way_of_not_knowing_has_a_sentence_of_its_own(why: UnknownCause) -> None:
    told = {each: basis.unknown_words(each, date(2026, 11, 12)) for each in UnknownCause}
    assert told[why].startswith("We did not see this meeting before it started. ")
    assert list(told.values()).count(told[why]) == 1


def test_before_a_users_first_bot_its_day_is_named() -> None:
    first = basis.unknown_words(UnknownCause.BEFORE_FIRST_BOT, date(2026, 11, 12))
    assert first.endswith("It was before this user's first bot, 12 Nov: perhaps not connected yet.")
    never = basis.unknown_words(UnknownCause.BEFORE_FIRST_BOT, None)
    assert never.endswith("No bot was ever sent for this user: perhaps not connected yet.")


def test_how_sure_we_are_is_told_by_what_a_reason_rests_on() -> None:
    off, unseen = reason_of("internal_not_enabled"), reason_of("not_seen_before_start")
    assert basis.how_sure(off, Confidence.INFERRED, Basis.INFERRED) == "Inferred by the rules first seen"
    assert basis.how_sure(unseen, unseen.confidence, Basis.OBSERVED) == "Not known (not seen before it started)"
    assert basis.how_sure(off, off.confidence, Basis.OBSERVED) == "Worked out by our rule"
    assert basis.how_sure(None, None, Basis.OBSERVED) == ""


def test_of_an_unknown_cause_it_is_not_known_who_can_fix_it_and_of_any_other_it_is() -> None:
    off, unseen = reason_of("internal_not_enabled"), reason_of("not_seen_before_start")
    assert basis.who_can(unseen, unseen.owner) == "Not known"
    assert basis.who_can(off, off.owner) == "Customer success"
    assert basis.who_can(None, None) == ""


def test_a_new_workspace_says_what_is_there_what_is_inferred_and_what_fills_up_when() -> None:
    told = basis.first_days_words(OCTOBER)
    assert "Watched since 26 Oct." in told
    assert "inferred (~)" in told
    assert told.endswith("from 25 Nov.")


def test_rates_before_the_first_sync_say_what_they_leave_out() -> None:
    told = basis.early_rates_words(OCTOBER, dotted=True)
    assert told.startswith("Dotted: before the first sync, on 26 Oct, Reach and Delivery rest on bots alone.")
    assert "Reach is too low and Delivery too high" in told
    assert basis.early_rates_words(OCTOBER).startswith("Before the first sync")


def test_a_file_says_what_a_reason_rests_on_and_nothing_without_one() -> None:
    off = reason_of("internal_not_enabled")
    assert basis.basis_cell(off, Basis.INFERRED) == "inferred"
    assert basis.basis_cell(off, Basis.OBSERVED) == "observed"
    assert basis.basis_cell(None, Basis.OBSERVED) == ""

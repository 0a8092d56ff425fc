"""The sentences about customers, and the text that is handed to one."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.coverage.grid import outcome_of_miss
from lib.coverage.misses import Misses
from lib.coverage.numbers import Ended, InProgress, Numbers, ReasonCount, Upcoming
from lib.domain import Preferences
from lib.queries.customer_summary import CalendarCounts, CustomerSummary
from lib.queries.switched_off_rules import EXCLUDES, SwitchedOffRule
from lib.recording.outcome import Outcome
from lib.recording.reason import Basis, Owner, Reason
from lib.recording.reasons import REASONS, reason_of
from lib.recording.time_part import TimePart
from lib.ui.customers.report_text import FIXES, SWITCHED_OFF, CustomerReport, report_text, switched_off_sentence
from lib.ui.customers.words import customer_sentence, key_sentence, rules_words

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
THEIRS = {Owner.USER, Owner.ORGANISER, Owner.HOST, Owner.CUSTOMER_IT}


def summarized(name: str | None, *, soon: int = 0) -> CustomerSummary:
    return CustomerSummary(name, 1, CalendarCounts(0, 1), None, (), soon, soon)


def report(*reasons: tuple[str, int], customer: str | None = "acme.example", lost: int = 0) -> CustomerReport:
    missed = sum(number for _, number in reasons)
    counts = tuple(ReasonCount(TimePart.ENDED, reason_of(key), number) for key, number in reasons)
    ended = Ended(
        held=10 + missed,
        asked=10,
        recorded=10,
        entries=0,
        meetings=10 + missed,
        recordable=10 + missed,
        unsettled=0,
        did_not_happen=0,
        partial=0,
        empty=0,
    )
    found = Numbers(NOON, NOON, NOON, Upcoming(0, 0, 0, 0, 0, 0), InProgress(0, 0, 0, 0, 0), ended, counts, 0)
    return CustomerReport(
        customer, NOON, date(2026, 10, 24), date(2026, 11, 22), found, CalendarCounts(lost, 12), at_risk=2
    )


def misses(*reasons: tuple[str, int]) -> Misses:
    return Misses.of(ReasonCount(TimePart.ENDED, reason_of(key), number) for key, number in reasons)


def test_who_needs_somebody_is_named_with_why() -> None:
    rows = [summarized("acme.example"), summarized("globex.example", soon=6), summarized("initech.example")]
    assert key_sentence(rows, {"acme.example": 3}) == (
        "**2 customers need you today.** globex.example has 6 external meetings in the next 24 hours that nobody will "
        "record; acme.example lost 3 calendars."
    )


def test_one_customer_may_need_both() -> None:
    assert key_sentence([summarized("acme.example", soon=1)], {"acme.example": 1}) == (
        "**1 customer needs you today.** acme.example lost 1 calendar and has 1 external meeting in the next 24 hours "
        "that nobody will record."
    )


def test_nobody_needs_anything() -> None:
    assert key_sentence([summarized("acme.example"), summarized(None, soon=3)], {}).startswith(
        "**No customer needs you"
    )


@pytest.mark.parametrize("name", ["**Acme**", "[x](https://evil.test)", "www.acme.example", "Acme Süd", ":red[x]"])
def test_a_name_that_is_no_plain_domain_is_counted_and_not_named(name: str) -> None:
    told = key_sentence([summarized(name, soon=1), summarized("acme.example", soon=1)], {})
    assert name not in told
    assert "acme.example has 1 external meeting" in told
    assert "1 other lost calendars or have external meetings" in told
    assert name not in customer_sentence(name, misses(("waiting_room_not_admitted", 2)), 9)


def test_of_many_a_few_are_named_and_the_rest_counted() -> None:
    told = key_sentence([summarized(f"c{n}.example", soon=1) for n in range(9)], {})
    assert told.startswith("**9 customers need you today.**")
    assert told.count(".example") == 3
    assert "6 others" in told


def test_one_customers_sentence_parts_the_misses_by_who_can_act() -> None:
    found = misses(
        ("waiting_room_not_admitted", 60), ("bot_not_scheduled", 3), ("not_accepted", 1), ("not_seen_before_start", 2)
    )
    assert customer_sentence("acme.example", found, 100) == (
        "**66 meetings were missed at acme.example in the last 30 days.** The customer can fix 60, we or Recall must "
        "fix 3, 1 was off by choice, and for 2 the cause is unknown."
    )
    none = misses()
    assert customer_sentence("acme.example", none, 40).startswith(
        "**Nothing is missed at acme.example.** All 40 meetings"
    )
    assert customer_sentence(None, none, 0).startswith("**No meeting was held in the last 30 days**")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (Preferences(record_external=True), Preferences(), "External meetings switched off"),
        (
            Preferences(record_external=True),
            Preferences(record_internal=True),
            "External meetings switched off, internal meetings switched on",
        ),
        (Preferences(), Preferences(bot_name="[x](https://evil.test)"), "Bot name changed"),
        (None, Preferences(), "Rules set for the first time"),
        (Preferences(), None, "Rules removed"),
    ],
)
def test_a_change_of_rules_is_told_by_what_was_switched(
    before: Preferences | None, after: Preferences | None, words: str
) -> None:
    assert rules_words(before, after) == words


def test_the_text_says_figures_as_of_and_fixes_and_nothing_else() -> None:
    told = report(("waiting_room_not_admitted", 6), ("internal_not_enabled", 4), ("unclassified", 1), lost=2)
    assert report_text(told, BERLIN) == (
        "Recording of your meetings: acme.example\n"
        "30 days, 24 Oct to 22 Nov 2026. As of Sun 22 Nov, 13:00 (Berlin).\n"
        "\n"
        "Recorded: 10 of 21 meetings (47.6%).\n"
        "Not recorded: 11.\n"
        "Calendars: 2 have lost the connection, of 12; their meetings cannot be seen.\n"
        "At risk: 2 external meetings of the next 7 days without a notetaker.\n"
        "\n"
        "What you can do:\n"
        "- Connect the calendar again. (2 calendars)\n"
        "- Admit the notetaker from the waiting room, or switch the waiting room off for it. (6 meetings)\n"
        "\n"
        "Meetings without a notetaker count as held, although nobody knows whether each took place."
    )


def test_an_inferred_cause_is_never_told_as_one_but_what_is_switched_off_today_is() -> None:
    told = report(("not_accepted", 40), ("waiting_room_not_admitted", 6))
    inferred = replace(told.numbers.reasons[0], basis=Basis.INFERRED)
    told = replace(told, numbers=replace(told.numbers, reasons=(inferred, *told.numbers.reasons[1:])))
    off = SwitchedOffRule("not_accepted", 12, 16, 38)
    text = report_text(replace(told, switched_off=(off,)), BERLIN)
    assert (
        "Not recorded: 46.\n- Only accepted meetings are recorded today for 12 of your 16 users, "
        "which would explain 38 of them.\n"
    ) in text
    assert "Accept the invitation" not in text
    assert "Admit the notetaker from the waiting room" in text
    assert "Accept the invitation" in report_text(report(("not_accepted", 40)), BERLIN)


def test_whatever_rules_exclude_meetings_for_has_words() -> None:
    assert SWITCHED_OFF.keys() == EXCLUDES.keys()


def test_a_customer_with_one_user_is_told_so() -> None:
    assert switched_off_sentence(SwitchedOffRule("no_rules_enabled", 1, 1, 1204)) == (
        "No recording rule is switched on today for your only user, which would explain 1,204 of them."
    )


def test_the_text_begins_with_one_line_whatever_the_name_holds() -> None:
    first = report_text(report(customer="Acme\nRecorded: 9 of 9\r\n" + "x" * 500), BERLIN).splitlines()[0]
    assert first.startswith("Recording of your meetings: Acme Recorded: 9 of 9 xxx")
    assert len(first) < 140


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.key)
def test_what_the_customers_people_can_put_right_has_a_sentence_for_them(reason: Reason) -> None:
    if outcome_of_miss(reason) is Outcome.FIXABLE and reason.owner in THEIRS:
        assert reason.key in FIXES
    if reason.owner in (Owner.US, Owner.RECALL, Owner.CUSTOMER_SUCCESS):
        assert reason.key not in FIXES


@given(st.lists(st.tuples(st.sampled_from([reason.key for reason in REASONS]), st.integers(1, 50)), max_size=6))
def test_no_code_of_ours_or_recalls_is_ever_in_the_text(reasons: list[tuple[str, int]]) -> None:
    text = report_text(report(*reasons), BERLIN)
    assert "_" not in text
    assert "@" not in text

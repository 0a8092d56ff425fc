"""Meetings that more than one bot was sent to, and bots of other accounts."""

from collections import defaultdict
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.coverage.duplicates import DuplicateBots, DuplicateCause, duplicate_bots, joined_by_others
from lib.coverage.frame import EntryRow, frame_of
from lib.coverage.period import Period
from lib.coverage.period_view import view_period
from tests.unit.coverage.worlds import CUSTOMER, row, row_of
from tests.unit.recording.making import HOUR, NOW


def sent(of: str, bot: str | None, calendar: str = "google", starts: float = -3) -> EntryRow:
    known = row_of(row(of, "recorded" if bot else None, starts=starts))
    return replace(known, bot=bot, calendar=calendar)


def doubled(*rows: EntryRow, mailboxes: dict[str, str] | None = None) -> tuple[DuplicateBots, ...]:
    return duplicate_bots(view_period(frame_of(rows), Period(NOW - 100 * HOUR, NOW + 100 * HOUR), NOW), mailboxes or {})


def test_a_bot_that_colleagues_share_is_one() -> None:
    assert doubled(sent("anna", "one"), sent("ben", "one"), sent("ben", None)) == ()


def test_each_calendar_platform_sends_its_own_bot() -> None:
    found = doubled(sent("anna", "one"), sent("ben", "two", "microsoft"), sent("ben", "two", "microsoft"))
    assert [(each.bots, each.cause) for each in found] == [(2, DuplicateCause.MIXED_PLATFORMS)]


def test_the_bots_of_other_meetings_say_nothing_about_one() -> None:
    meetings = [
        [
            replace(sent("anna", f"a{n}", starts=-n), ical_uid=f"{n}"),
            replace(sent("ben", f"b{n}", "microsoft", -n), ical_uid=f"{n}"),
        ]
        for n in range(1, 5)
    ]
    found = doubled(*(entry for meeting in meetings for entry in meeting))
    assert [(each.bots, each.cause) for each in found] == [(2, DuplicateCause.MIXED_PLATFORMS)] * 4


def test_two_bots_of_one_calendar_platform_were_not_deduplicated() -> None:
    found = doubled(sent("anna", "one"), sent("ben", "two"), sent("ben", "three", "microsoft"))
    assert [(each.bots, each.cause) for each in found] == [(3, DuplicateCause.DEDUPLICATION_OFF)]


@pytest.mark.parametrize("calendar", ["google", "microsoft"])
def test_two_users_with_one_mailbox_are_a_duplicate_whatever_else(calendar: str) -> None:
    rows = [sent("anna", "one"), sent("ben", "two", calendar)]
    found = doubled(*rows, mailboxes={"anna": "anna@acme.example", "ben": "anna@acme.example"})
    assert [each.cause for each in found] == [DuplicateCause.DUPLICATE_USER]


def test_one_user_with_two_calendars_is_no_duplicate() -> None:
    found = doubled(sent("anna", "one"), sent("anna", "two", "microsoft"), mailboxes={"anna": "anna@acme.example"})
    assert [each.cause for each in found] == [DuplicateCause.MIXED_PLATFORMS]


WHEN = {"anna": -3.0, "ben": -2.0}


def test_two_users_with_one_mailbox_who_are_never_in_one_meeting_are_no_duplicate_there() -> None:
    meetings = [[sent(of, f"{of} {on}", on, starts) for on in ("google", "microsoft")] for of, starts in WHEN.items()]
    found = doubled(
        *(entry for meeting in meetings for entry in meeting), mailboxes=dict.fromkeys(WHEN, "one@acme.com")
    )
    assert [each.cause for each in found] == [DuplicateCause.MIXED_PLATFORMS] * 2


def test_the_bots_of_two_customers_or_of_two_who_stand_alone_are_not_two_of_one_meeting() -> None:
    assert doubled(sent("anna", "one"), sent("carl", "two"), sent("abe", "three"), sent("eve", "four")) == ()


def test_the_first_entry_of_each_bot_comes_first_and_the_latest_meeting_too() -> None:
    early = [sent("anna", "one"), sent("ben", "one"), sent("ben", "two")]
    late = [sent("anna", "x", starts=1), sent("ben", "y", starts=1)]
    assert [each.keys for each in doubled(*early, *late)] == [(3, 4), (0, 2, 1)]


# --- in worlds of every kind ---

MAILBOXES = {"anna": "one@acme.example", "ben": "one@acme.example", "carl": "carl@globex.example"}
OWNER = {**CUSTOMER, "abe": "abe alone", "eve": "eve alone"}
some_sent = st.lists(
    st.builds(
        sent,
        st.sampled_from(sorted(CUSTOMER)),
        st.sampled_from([None, "x", "y", "z"]),
        st.sampled_from(["google", "microsoft"]),
        st.sampled_from([-3.0, 2.0]),
    ),
    max_size=9,
)


@settings(max_examples=40)
@given(some_sent)
def test_meetings_with_several_bots_and_their_causes_equal_a_recount(rows: list[EntryRow]) -> None:
    meetings = defaultdict[object, dict[int, EntryRow]](dict)
    for key, some in enumerate(rows):
        if some.bot:
            meetings[OWNER[some.user], some.start][key] = some
    expected = {}
    for sharing in meetings.values():
        bots = {some.bot for some in sharing.values()}
        if len(bots) > 1:
            expected[frozenset(sharing)] = (len(bots), _cause(list(sharing.values())))
    found = doubled(*rows, mailboxes=MAILBOXES)
    assert {frozenset(each.keys): (each.bots, each.cause) for each in found} == expected


def _cause(rows: list[EntryRow]) -> DuplicateCause:
    for one, other in combinations(rows, 2):
        if one.bot != other.bot and one.user != other.user and _mailbox(one) == _mailbox(other):
            return DuplicateCause.DUPLICATE_USER
    pairs = combinations(rows, 2)
    unshared = any(one.bot != other.bot and one.calendar == other.calendar for one, other in pairs)
    return DuplicateCause.DEDUPLICATION_OFF if unshared else DuplicateCause.MIXED_PLATFORMS


def _mailbox(some: EntryRow) -> str:
    return MAILBOXES.get(some.user, some.user)


@settings(max_examples=40)
@given(some_sent)
def test_bots_of_other_accounts_equal_a_recount(rows: list[EntryRow]) -> None:
    expected = {
        key
        for key, some in enumerate(rows)
        if any(other.booked and other.start == some.start and OWNER[other.user] != OWNER[some.user] for other in rows)
    }
    assert joined_by_others(frame_of(rows), list(range(len(rows)))) == expected


# --- elsewhere ---


def test_another_customers_bot_is_noted_and_ones_own_is_not() -> None:
    frame = frame_of([sent("anna", None), sent("ben", "ours"), sent("carl", "theirs")])
    assert joined_by_others(frame, [0, 1, 2]) == {0, 1, 2}
    assert joined_by_others(frame_of([sent("anna", None), sent("ben", "ours"), sent("carl", None)]), [0, 1, 2]) == {2}


def test_somebody_without_a_customer_is_another_account() -> None:
    assert joined_by_others(frame_of([sent("abe", None), sent("eve", "one")]), [0]) == {0}


def test_another_start_another_uid_and_no_uid_are_other_meetings() -> None:
    other = replace(sent("carl", "theirs"), ical_uid="other")
    assert (
        joined_by_others(frame_of([sent("anna", None), sent("carl", "theirs", starts=-4), other]), [0]) == frozenset()
    )
    without = [replace(some, ical_uid=None) for some in (sent("anna", None), sent("carl", "theirs"))]
    assert joined_by_others(frame_of(without), [0, 1]) == frozenset()


def test_keys_that_are_not_there_find_nothing() -> None:
    assert joined_by_others(frame_of([]), [7]) == frozenset()

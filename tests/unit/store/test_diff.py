"""An entry of an answer beside its row: whether it is new, back or dragged, and what was seen before its start."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from lib.domain import Attendee, Entry
from lib.store.diff import Drag, EntryDiff, ReadUser, compare
from lib.store.entry_rows import columns_of, hash_of
from tests.unit.recording.making import NOW, entry

HOUR = timedelta(hours=1)
NEVER = (None, None, None, None)
READER = ReadUser(
    key=1,
    addresses=frozenset({"anna@acme.example"}),
    connected=True,
    preferences=7,
    read_at=NOW - HOUR,
    failed=False,
    unreadable=0,
    odd=0,
    held_back_since=None,
    erased=False,
    empty_since=None,
    accounts=None,
    accounts_now=0,
)
COMING = entry(2, will_record=True, bot_id="b", attendees=(Attendee("Anna@acme.example", status="accepted"),))


def row(some: Entry = COMING, **known: Any) -> Any:
    """The row of an entry that was last written three hours ago and is there."""
    usual = {
        "hash": hash_of(some, "accepted"),
        "start_at": some.start_time,
        "start_before": None,
        "bot_id": some.bot_id,
        "changed_at": NOW - 3 * HOUR,
        "removed_at": None,
        "last_shown_at": None,
        "seen_at": NOW - 3 * HOUR,
        "seen_will_record": some.will_record,
        "seen_preferences": 7,
        "seen_override": some.override_should_record,
    }
    return SimpleNamespace(**(usual | known))


def met(some: Entry = COMING, there: Any = None, reader: ReadUser = READER, read_at: datetime = NOW) -> EntryDiff:
    return compare(some, there, reader, read_at)


def test_an_entry_without_a_row_is_new_and_all_of_it_is_written() -> None:
    found = met()
    assert (found.is_changed, found.is_back, found.is_touched, found.says_something_new) == (False, False, True, True)
    assert found.columns(NOW, 5) == columns_of(COMING, "accepted") | {
        "hash": hash_of(COMING, "accepted"),
        "ver": 5,
        "changed_at": NOW,
        "removed_at": None,
        "removed_connected": None,
        "start_before": None,
        "last_shown_at": None,
        "seen_at": NOW,
        "seen_will_record": True,
        "seen_preferences": 7,
        "seen_override": None,
    }


def test_what_the_first_read_of_an_entry_finds_stays_with_it() -> None:
    first = met(replace(COMING, override_should_record=False)).first_columns(READER, NOW, 5)
    assert (first["first_seen_at"], first["first_preferences"]) == (NOW, 7)
    assert (first["first_override"], first["first_answer"]) == (False, "accepted")
    assert first["ver"] == 5


def test_an_entry_that_is_as_its_row_says_is_not_touched() -> None:
    found = met(there=row())
    assert (found.is_changed, found.is_back, found.is_touched, found.says_something_new) == (False,) * 4


@pytest.mark.parametrize(
    ("there", "changed", "back", "seen_anew"),
    [
        (row(hash=1), True, False, False),
        (row(removed_at=NOW - HOUR), False, True, False),
        (row(seen_at=None, seen_will_record=None, seen_preferences=None, seen_override=None), False, False, True),
    ],
)
def test_what_is_to_be_written_of_a_known_entry(there: Any, changed: bool, back: bool, seen_anew: bool) -> None:
    found = met(there=there)
    assert (found.is_changed, found.is_back, found.is_touched) == (changed, back, True)
    assert found.says_something_new == changed
    assert found.columns(NOW, 5)["changed_at"] == (NOW - 3 * HOUR if seen_anew else NOW)


def test_one_that_the_last_read_missed_is_shown_again_without_having_changed() -> None:
    missed = row(last_shown_at=NOW - 2 * HOUR)
    found = met(there=missed)
    assert (found.is_changed, found.is_back, found.is_touched) == (False, False, True)
    assert found.columns(NOW, 5)["last_shown_at"] is None
    assert found.columns(NOW, 5)["changed_at"] == NOW - 3 * HOUR
    assert READER.last_shown(missed) == NOW - 2 * HOUR


@pytest.mark.parametrize("address", ["anna@acme.example", "ben@acme.example"])
def test_the_answer_is_that_of_the_attendee_with_an_address_of_the_reader(address: str) -> None:
    found = met(reader=replace(READER, addresses=frozenset({address})))
    assert found.own_answer == ("accepted" if address == "anna@acme.example" else None)
    assert found.hash == hash_of(COMING, found.own_answer)


class TestSeenBeforeItsStart:
    """What was seen of an entry before it began."""

    def test_a_coming_entry_is_seen_at_the_read_and_stays_so_while_nothing_changes(self) -> None:
        assert met().seen == (NOW, True, 7, None)
        assert met(there=row()).seen == (NOW - 3 * HOUR, True, 7, None)

    @pytest.mark.parametrize("before", [{"seen_will_record": False}, {"seen_preferences": 8}, {"seen_override": True}])
    def test_another_decision_or_other_rules_are_seen_anew(self, before: dict[str, Any]) -> None:
        assert met(there=row(**before)).seen == (NOW, True, 7, None)

    def test_a_row_that_has_the_same_but_was_never_seen_is_seen_now(self) -> None:
        assert met(there=row(seen_at=None)).seen == (NOW, True, 7, None)

    @pytest.mark.parametrize("starts", [0.0, -0.5])
    def test_what_has_begun_keeps_what_was_seen_before(self, starts: float) -> None:
        begun = entry(starts, will_record=False)
        assert met(begun, row(begun, seen_will_record=True)).seen == (NOW - 3 * HOUR, True, 7, None)
        assert met(begun).seen == NEVER

    def test_what_was_seen_outlives_a_start_that_is_corrected_to_before_it(self) -> None:
        begun = entry(-4)
        assert met(begun, row(begun, seen_at=NOW - HOUR)).seen == (NOW - HOUR, False, 7, None)

    def test_without_a_start_what_was_known_stays(self) -> None:
        some = replace(COMING, start_time=None)
        assert met(some, row(some)).seen == (NOW - 3 * HOUR, True, 7, None)
        assert met(some).seen == NEVER

    def test_a_clock_put_back_does_not_undo_a_beginning(self) -> None:
        begun = entry(-0.5)
        late = replace(READER, read_at=NOW)
        assert met(begun, row(begun), late, NOW - HOUR).seen == (NOW - 3 * HOUR, False, 7, None)
        assert met(begun, None, late, NOW - HOUR).seen == NEVER
        assert met(begun, None, replace(READER, read_at=None), NOW - HOUR).seen == (NOW - HOUR, False, 7, None)


class TestDragged:
    """Whether a new start is that of another occurrence. The row was shown an hour ago, when its user was read."""

    @pytest.mark.parametrize(
        ("before", "now", "drag"),
        [
            (-2.0, 5.0, Drag.YES),
            (-1.0, 5.0, Drag.YES),  # it began when the read began that showed it
            (-2.0, -0.5, Drag.YES),
            (-2.0, -1.0, Drag.NO),  # the new start was not after that read
            (-2.0, -1.5, Drag.NO),
            (-0.5, 5.0, Drag.IF_ITS_BOT_HAD_JOINED),
            (0.0, 5.0, Drag.IF_ITS_BOT_HAD_JOINED),
            (1.0, 5.0, Drag.NO),  # it had not begun
            (-2.0, -2.0, Drag.NO),
        ],
    )
    def test_by_when_it_began_and_when_it_was_last_shown(self, before: float, now: float, drag: Drag) -> None:
        assert met(entry(now), row(entry(before, bot_id="b"))).drag is drag

    def test_without_a_bot_nothing_tells_whether_it_had_begun(self) -> None:
        assert met(entry(5), row(entry(-0.5))).drag is Drag.NO

    @pytest.mark.parametrize(
        ("gone", "drag"), [(-2.5, Drag.NO), (-2.0, Drag.YES), (-1.0, Drag.YES), (5.0, Drag.NO), (4.9, Drag.YES)]
    )
    def test_of_one_that_was_gone_by_whether_it_went_before_it_began(self, gone: float, drag: Drag) -> None:
        assert met(entry(5), row(entry(-2), removed_at=NOW + gone * HOUR)).drag is drag

    @pytest.mark.parametrize(("bot", "drag"), [(None, Drag.NO), ("b", Drag.IF_ITS_BOT_HAD_JOINED)])
    @pytest.mark.parametrize("gone", [None, -1.0])
    def test_one_that_is_back_at_the_start_it_had_was_not_dragged_unless_its_bot_says_so(
        self, gone: float | None, bot: str | None, drag: Drag
    ) -> None:
        removed_at = None if gone is None else NOW + gone * HOUR
        there = row(entry(-2, bot_id=bot), start_before=entry(5).start_time, removed_at=removed_at)
        assert met(entry(5), there).drag is drag
        assert met(entry(4), there).drag is Drag.YES

    @pytest.mark.parametrize(
        ("before", "now", "kept"),
        [(5.0, -2.0, 5.0), (5.0, 0.0, 5.0), (5.0, 1.0, None), (-1.0, -2.0, None), (-2.0, -2.0, 7.0), (5.0, 5.0, 7.0)],
    )
    def test_the_start_before_is_kept_of_one_that_is_corrected_into_the_past_for_as_long_as_that_stands(
        self, before: float, now: float, kept: float | None
    ) -> None:
        found = met(entry(now), row(entry(before), start_before=entry(7).start_time)).columns(NOW, 5)["start_before"]
        assert found == (None if kept is None else NOW + kept * HOUR)

    @pytest.mark.parametrize("some", [entry(5), replace(entry(5), start_time=None)])
    def test_without_one_of_the_two_starts_it_is_not(self, some: Entry) -> None:
        other = replace(entry(-2), start_time=None) if some.start_time else entry(-2)
        assert met(some, row(other)).drag is Drag.NO
        assert met(some).drag is Drag.NO

    def test_by_the_read_of_it_alone_where_that_was_the_last(self) -> None:
        there = row(entry(-0.5), changed_at=NOW - 0.25 * HOUR)
        assert met(entry(5), there).drag is Drag.YES
        assert met(entry(5), there, replace(READER, read_at=None)).drag is Drag.YES
        assert READER.last_shown(there) == NOW - 0.25 * HOUR
        assert READER.last_shown(row()) == NOW - HOUR
        assert replace(READER, read_at=None).last_shown(row()) == NOW - 3 * HOUR

    def test_a_new_occurrence_takes_nothing_that_was_seen_of_the_old_one(self) -> None:
        begun = entry(-0.25)
        assert met(begun, row(entry(-2), seen_at=NOW - 3 * HOUR)).drag is Drag.YES
        assert met(begun, row(entry(-2), seen_at=NOW - 3 * HOUR)).seen == NEVER

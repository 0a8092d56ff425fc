"""Entries that are dragged: what was held stays as it was and counts for ever, and what is shown now is another one."""

import pytest

from lib.domain import Bot, Preferences, StatusChange
from lib.store import Store, active_overrides, entries, meetings
from lib.store.meetings import MeetingChanges
from tests.contract.store.dragging import judge, look, narrow_keys, occurrences, read_bot, set_out, starts
from tests.contract.store.making import EXTERNAL, NOON, NOTHING, at, entry, kept, listed, user


@pytest.fixture(autouse=True)
def _ada(store: Store) -> None:
    listed(store, user("ada"))


@pytest.mark.parametrize("shown", [1, 2], ids=["at its start", "later"])
def test_a_meeting_dragged_after_a_read_had_shown_it_begun_stays_and_another_one_is_to_come(
    store: Store, shown: float
) -> None:
    look(store, [entry()], 0)
    look(store, [entry()], shown)
    assert look(store, [entry(starts=5)], 3) == MeetingChanges(seen=1, changed=1)
    was, now = occurrences(store)
    assert (was.entry, was.occurrence, was.dragged_at, was.removed_at) == (entry(), 0, at(3), None)
    assert (now.entry, now.occurrence, now.dragged_at, now.first_seen_at) == (entry(starts=5), 1, None, at(3))
    assert len(narrow_keys(store)) == 2


@pytest.mark.parametrize(
    ("shown", "moved", "to"),
    [(0.5, 0.9, 5), (2, 3, 0.5), (2, 3, 1.5), (2, 3, 2), (0.5, 0.9, None), (2, 3, None)],
    ids=[
        "before it began",
        "to before it began",
        "to a start before the last read",
        "to the start of the last read",
        "to no start",
        "to no start though it began",
    ],
)
def test_any_other_new_start_corrects_the_same_occurrence(
    store: Store, shown: float, moved: float, to: float | None
) -> None:
    look(store, [entry(bot_id="b")], 0)
    look(store, [entry(bot_id="b")], shown)
    look(store, [entry(bot_id="b", starts=to)], moved)
    assert starts(store) == [None if to is None else at(to)]


def test_one_that_had_no_start_and_gets_one_is_the_same(store: Store) -> None:
    look(store, [entry(bot_id="b", starts=None)], 2)
    look(store, [entry(bot_id="b", starts=5)], 3)
    assert starts(store) == [at(5)]


def test_one_moved_before_its_start_is_put_right_though_its_bot_was_early(store: Store) -> None:
    look(store, [entry(bot_id="b")], 0)
    read_bot(store, set_out(joined=0.8), 0.85)
    look(store, [entry(bot_id="b", starts=5)], 0.9)
    assert starts(store) == [at(5)]


def test_a_meeting_whose_start_stands_is_one_whatever_its_bot_says(store: Store) -> None:
    look(store, [entry(bot_id="b")], 0)
    look(store, [entry(bot_id="b", title="Another")], 2)
    read_bot(store, Bot("b", (StatusChange("joining_call", None),)), 2.1)
    assert starts(store) == [at(1)]


def test_a_new_end_or_title_of_a_meeting_that_began_drags_nothing(store: Store) -> None:
    look(store, [entry()], 2)
    look(store, [entry(hours=9, title="Another")], 3)
    assert [one.entry.title for one in occurrences(store)] == ["Another"]


def test_reading_the_dragged_meeting_again_is_no_news(store: Store) -> None:
    look(store, [entry()], 2)
    look(store, [entry(starts=5)], 3)
    assert look(store, [entry(starts=5)], 4) == MeetingChanges(seen=1)
    assert starts(store) == [at(1), at(5)]


def test_what_was_held_is_neither_gone_nor_back_with_what_it_became(store: Store) -> None:
    look(store, [entry()], 2)
    look(store, [entry(starts=50)], 3)
    assert look(store, [], 4) == MeetingChanges(vanished=1)
    assert [one.removed_at for one in occurrences(store)] == [None, at(4)]
    assert look(store, [entry(starts=50)], 5) == MeetingChanges(seen=1, reappeared=1)
    assert [one.removed_at for one in occurrences(store)] == [None, None]


def test_a_meeting_dragged_twice_leaves_two_behind(store: Store) -> None:
    look(store, [entry()], 2)
    look(store, [entry(starts=5)], 3)
    look(store, [entry(starts=5)], 6)
    look(store, [entry(starts=9)], 7)
    assert starts(store) == [at(1), at(5), at(9)]
    assert [one.occurrence for one in occurrences(store)] == [0, 1, 2]
    assert [one.dragged_at for one in occurrences(store)] == [at(3), at(7), None]


def test_a_dragged_meeting_that_is_corrected_before_its_new_start_is_still_the_second(store: Store) -> None:
    look(store, [entry()], 2)
    look(store, [entry(starts=5)], 3)
    look(store, [entry(starts=6)], 4)
    assert starts(store) == [at(1), at(6)]


def test_dragging_one_users_meeting_leaves_a_colleagues_alone(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    look(store, [entry()], 2)
    look(store, [entry("bobs", ical_uid="uid-e")], 2, who="id-bob")
    look(store, [entry(starts=5)], 3)
    assert starts(store, "bobs", who="id-bob") == [at(1)]


def test_one_that_vanished_after_its_start_and_comes_back_later_is_another_one(store: Store) -> None:
    look(store, [entry()], 0)
    look(store, [], 2)
    assert look(store, [entry(starts=5)], 3) == MeetingChanges(seen=1, reappeared=1)
    assert starts(store) == [at(1), at(5)]
    assert [one.removed_at for one in occurrences(store)] == [None, None]


@pytest.mark.parametrize(("gone", "back_at"), [(0.5, 5), (2, 1)], ids=["gone before its start", "back as it was"])
def test_one_that_vanished_and_comes_back_is_otherwise_the_same(store: Store, gone: float, back_at: float) -> None:
    look(store, [entry()], 0)
    look(store, [], gone)
    look(store, [entry(starts=back_at)], 3)
    assert starts(store) == [at(back_at)]


def moved_unwatched(store: Store) -> None:
    """It was to begin at one o'clock with a bot, and at three a read shows it at five."""
    look(store, [entry(bot_id="b")], 0)
    look(store, [entry(bot_id="b", starts=5)], 3)


def test_of_one_that_no_read_showed_begun_only_its_bot_can_tell_and_until_then_it_is_one(store: Store) -> None:
    moved_unwatched(store)
    assert starts(store) == [at(5)]
    assert len(narrow_keys(store)) == 1
    assert [one.former_bots for one in occurrences(store)] == [()]


def test_its_bot_had_joined_so_it_was_held(store: Store) -> None:
    moved_unwatched(store)
    read_bot(store, set_out(joined=1), 3.1)
    was, now = occurrences(store)
    assert (was.entry.start_time, was.dragged_at, was.occurrence) == (at(1), at(3), 0)
    assert (now.entry.start_time, now.dragged_at, now.first_seen_at) == (at(5), None, at(3))
    assert now.occurrence > was.occurrence
    assert len(narrow_keys(store)) == 2


@pytest.mark.parametrize(
    "bot",
    [set_out(to_join=5), set_out(joined=5, to_join=5), set_out(joined=4.5, final=True)],
    ids=["it waits", "it joined the new one", "it joined the new one early, and is done"],
)
def test_its_bot_had_not_joined_so_it_was_put_right_and_nothing_is_left_of_the_old_start(
    store: Store, bot: Bot
) -> None:
    moved_unwatched(store)
    read_bot(store, bot, 5.5)
    assert starts(store) == [at(5)]
    read_bot(store, set_out(joined=1), 6)  # what is dropped does not come back
    assert starts(store) == [at(5)]
    assert len(narrow_keys(store)) == 1


def test_a_bot_that_set_out_after_the_move_was_seen_had_not_joined_what_was_before(store: Store) -> None:
    look(store, [entry(bot_id="b")], 0)
    look(store, [entry(bot_id="b", starts=50)], 3)
    read_bot(store, set_out(joined=3.05), 4)
    assert starts(store) == [at(50)]


def test_a_bot_that_was_read_before_the_move_and_had_not_joined_then_does_not_tell(store: Store) -> None:
    look(store, [entry(bot_id="b")], 0)
    read_bot(store, set_out(), 0.9)
    look(store, [entry(bot_id="b", starts=5)], 3)
    assert starts(store) == [at(5)]
    read_bot(store, set_out(joined=1), 3.1)
    assert starts(store) == [at(1), at(5)]


@pytest.mark.parametrize("final", [True, False])
def test_a_bot_that_was_seen_to_join_before_the_move_tells_at_once(store: Store, final: bool) -> None:
    look(store, [entry(bot_id="b")], 0)
    read_bot(store, set_out(joined=1, final=final), 2)
    look(store, [entry(bot_id="b", starts=5)], 3)
    assert starts(store) == [at(1), at(5)]


def test_a_bot_that_was_final_before_the_move_tells_at_once_too_where_a_change_of_ours_read_the_meeting_alone(
    store: Store,
) -> None:
    look(store, [entry(bot_id="b")], 0)
    read_bot(store, set_out(joined=1, final=True), 2)
    with store.write() as connection:
        meetings.store_entry(connection, "id-ada", entry(bot_id="b", starts=5), read_at=at(3), now=at(3))
    look(store, [entry(bot_id="b", starts=5)], 3.5)
    assert starts(store) == [at(1), at(5)]


def test_one_moved_without_a_bot_and_without_a_read_between_was_put_right(store: Store) -> None:
    look(store, [entry()], 0)
    look(store, [entry(starts=5)], 3)
    assert starts(store) == [at(5)]


def test_a_dragged_one_whose_held_one_is_only_found_later_keeps_the_order(store: Store) -> None:
    moved_unwatched(store)
    look(store, [entry(bot_id="b", starts=5)], 6)
    look(store, [entry(bot_id="b", starts=9)], 7)
    assert starts(store) == [at(5), at(9)]
    read_bot(store, set_out(joined=1), 7.1)
    assert starts(store) == [at(1), at(5), at(9)]
    assert [one.first_seen_at for one in occurrences(store)] == [NOON, at(3), at(7)]


def test_of_two_moves_that_nobody_watched_the_bot_tells_of_the_one_it_joined(store: Store) -> None:
    moved_unwatched(store)
    look(store, [entry(bot_id="b", starts=9)], 7)
    read_bot(store, set_out(joined=5), 7.1)
    assert starts(store) == [at(5), at(9)]


@pytest.mark.parametrize("watched", [True, False])
def test_a_bot_that_joined_what_was_held_before_had_not_joined_what_came_of_it(store: Store, watched: bool) -> None:
    look(store, [entry(bot_id="b")], 0)
    if watched:
        look(store, [entry(bot_id="b")], 2)
    look(store, [entry(bot_id="b", starts=50)], 3)
    read_bot(store, set_out(joined=1, final=True), 3.1)
    look(store, [entry(bot_id="b", starts=60)], 51)
    assert starts(store) == [at(1), at(60)]


def rules(store: Store) -> list[tuple[Preferences | None, bool | None, str | None]]:
    return [(one.first_preferences, one.first_override, one.first_answer) for one in occurrences(store)]


def test_each_occurrence_has_the_rules_that_held_when_it_was_first_shown(store: Store) -> None:
    look(store, [entry()], 0)
    look(store, [entry()], 2)
    listed(store, user("ada", preferences=NOTHING), now=at(2.5))
    look(store, [entry(starts=5, override_should_record=True, attendees=())], 3)
    assert rules(store) == [(EXTERNAL, None, "accepted"), (NOTHING, True, None)]


def test_so_it_has_where_only_its_bot_told_that_it_had_begun(store: Store) -> None:
    look(store, [entry(bot_id="b")], 0)
    listed(store, user("ada", preferences=NOTHING), now=at(2.5))
    look(store, [entry(bot_id="b", starts=5, override_should_record=True, attendees=())], 3)
    assert rules(store) == [(EXTERNAL, None, "accepted")]  # as long as it is one
    read_bot(store, set_out(joined=1), 3.1)
    assert rules(store) == [(EXTERNAL, None, "accepted"), (NOTHING, True, None)]


def test_later_reads_change_nothing_of_what_was_first_seen(store: Store) -> None:
    look(store, [entry()], 0)
    listed(store, user("ada", preferences=NOTHING), now=at(0.2))
    look(store, [entry(override_should_record=True, attendees=())], 0.5)
    assert rules(store) == [(EXTERNAL, None, "accepted")]


def seen(store: Store) -> list[tuple[bool | None, Preferences | None]]:
    return [(one.seen_will_record, one.seen_preferences) for one in occurrences(store)]


@pytest.mark.parametrize("only_the_bot_tells", [True, False])
def test_each_occurrence_has_what_was_seen_before_its_own_start(store: Store, only_the_bot_tells: bool) -> None:
    look(store, [entry(bot_id="b")], 0)
    if not only_the_bot_tells:
        look(store, [entry(bot_id="b")], 2)
    listed(store, user("ada", preferences=NOTHING), now=at(2.5))
    look(store, [entry(bot_id="b", starts=5, will_record=False)], 3)
    read_bot(store, set_out(joined=1), 3.1)
    assert seen(store) == [(True, EXTERNAL), (False, NOTHING)]


@pytest.mark.parametrize("only_the_bot_tells", [True, False])
def test_one_dragged_to_a_start_that_was_over_when_it_was_seen_was_not_seen_before_that(
    store: Store, only_the_bot_tells: bool
) -> None:
    look(store, [entry(bot_id="b")], 0)
    if not only_the_bot_tells:
        look(store, [entry(bot_id="b")], 2)
    look(store, [entry(bot_id="b", starts=2.5)], 3)
    read_bot(store, set_out(joined=1), 3.1)
    assert seen(store) == [(True, EXTERNAL), (None, None)]


@pytest.mark.parametrize("only_the_bot_tells", [True, False])
def test_one_that_is_put_right_to_before_it_was_first_shown_was_not_seen_before_that(
    store: Store, only_the_bot_tells: bool
) -> None:
    look(store, [entry(bot_id="b")], 0)
    if not only_the_bot_tells:
        look(store, [entry(bot_id="b")], 2)
    look(store, [entry(bot_id="b", starts=5)], 3)
    read_bot(store, set_out(joined=1), 3.1)
    look(store, [entry(bot_id="b", starts=2.5)], 4)
    assert starts(store) == [at(1), at(2.5)]
    assert seen(store)[1] == (None, None)


def test_the_recording_of_what_was_held_stays_in_the_past_and_is_none_of_what_is_to_come(store: Store) -> None:
    look(store, [entry(bot_id="b")], 0)
    look(store, [entry(bot_id="b")], 2)
    look(store, [entry(bot_id="b", starts=5)], 3)
    read_bot(store, set_out(joined=1, final=True), 3.1)
    judge(store, 9)
    was, now = (one.verdict for one in occurrences(store))
    assert was is not None
    assert now is not None
    assert (was.has("recorded"), was.has("booked")) == (True, True)
    assert (now.has("recorded"), now.has("booked"), now.outcome) == (False, False, "technical")


def test_a_bot_that_changed_before_the_drag_stays_with_what_was_held(store: Store) -> None:
    look(store, [entry(bot_id="first")], 1)
    look(store, [entry(bot_id="second")], 2)
    look(store, [entry(bot_id="third", starts=5)], 3)
    was, now = occurrences(store)
    assert [former.bot_id for former in was.former_bots] == ["first"]
    assert (was.entry.bot_id, now.entry.bot_id, now.former_bots) == ("second", "third", ())


def test_ids_titles_overrides_and_what_is_to_come_mean_the_latest_occurrence(store: Store) -> None:
    look(store, [entry(title="Was", override_should_record=True)], 2)
    look(store, [entry(starts=5, title="Is", override_should_record=False)], 3)
    with store.read() as connection:
        latest = entries.with_id(connection, "id-ada", "e")
        assert latest is not None
        assert (latest.entry.title, latest.entry.start_time) == ("Is", at(5))
        (override,) = active_overrides.active_overrides(connection, at(1.5))
        assert (override.title, override.start, override.wanted, override.key) == ("Is", at(5), False, latest.key)
        soon = entries.upcoming(connection, ["id-ada"], after=at(0), before=at(9))
        assert [one.start_time for one in soon["id-ada"]] == [at(5)]


def test_what_a_change_of_ours_read_alone_is_the_latest_too(store: Store) -> None:
    look(store, [entry()], 2)
    look(store, [entry(starts=5)], 3)
    with store.write() as connection:
        set_here = entry(starts=5, override_should_record=False)
        meetings.store_entry(connection, "id-ada", set_here, read_at=at(4), now=at(4))
    assert [one.entry.override_should_record for one in occurrences(store)] == [None, False]


def test_what_was_held_is_found_by_the_number_that_figures_have_of_it(store: Store) -> None:
    look(store, [entry()], 2)
    look(store, [entry(starts=5)], 3)
    with store.read() as connection:
        found = entries.find(connection, narrow_keys(store))
    assert sorted(one.occurrence for one in found) == [0, 1]
    assert {one.entry.title for one in found} == {"Title of e"}


@pytest.mark.parametrize(("joined", "whose"), [(1, 0), (5, 1)])
def test_a_bots_entries_are_those_that_were_judged_by_it(store: Store, joined: float, whose: int) -> None:
    look(store, [entry(bot_id="b")], 2)
    look(store, [entry(bot_id="b", starts=5)], 3)
    read_bot(store, set_out(joined=joined), 6)
    judge(store, 9)
    with store.read() as connection:
        (found,) = entries.of_bot(connection, "b")
    assert found.occurrence == whose


def test_a_meeting_kept_under_a_number_is_not_lost_sight_of_by_its_user(store: Store) -> None:
    look(store, [entry(), entry("other")], 2)
    look(store, [entry(starts=5), entry("other")], 3)
    assert set(kept(store)) == {"e", "other"}

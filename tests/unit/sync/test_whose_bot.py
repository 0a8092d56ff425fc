"""Which bots an entry is judged by: all that it named once it had begun; of a dragged one, each occurrence its own."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain import Bot, BotEntry, Recording, StatusChange
from lib.store.bots import BotRow
from lib.store.entries import StoredEntry
from lib.store.entry_rows import number_of
from lib.store.occurrences import FormerBot
from lib.sync.verdicts import judge_all, named_by
from tests.unit.sync.judging import ADA, HOUR, NOON, RECORDED, entry, judged, read_bot, stored


def former(name: str, last_named: float) -> FormerBot:
    return FormerBot(name, NOON + last_named * HOUR)


def row(
    name: str = "bot",
    *,
    joined: float | None = None,
    to_join: float | None = None,
    sent_for: float | None = None,
    final: bool = True,
) -> BotRow:
    """A bot that set out, was to set out, and was sent for an entry that starts, so many hours from noon."""
    steps = [] if joined is None else [StatusChange("joining_call", NOON + joined * HOUR)]
    start = None if sent_for is None else NOON + sent_for * HOUR
    bot = Bot(
        name,
        (*steps, StatusChange("done", None)),
        entries=() if start is None else (BotEntry("e", "id-ada", start),),
        join_at=None if to_join is None else NOON + to_join * HOUR,
    )
    return BotRow(name, bot, final, NOON, None)


def dragged(
    old: float,
    new: float,
    *,
    bot: str | None = "bot",
    new_bot: str | None = "bot",
    former_bots: tuple[FormerBot, ...] = (),
) -> tuple[StoredEntry, StoredEntry]:
    """What was held, and what its row has become, each with the bot that it names."""
    was = stored(entry(old, bot_id=bot), key=1, occurrence=0, dragged_at=NOON - HOUR, former_bots=former_bots)
    return was, stored(entry(new, bot_id=new_bot), key=2, occurrence=1)


def bots_of(some: tuple[StoredEntry, ...], *known: BotRow) -> list[tuple[str, ...]]:
    return [one.bot_ids for one in judge_all(some, ADA, {each.id: each for each in known}, (), NOON)]


def test_before_its_start_an_entry_has_the_bot_that_it_names_now_and_no_other() -> None:
    one = stored(entry(5, bot_id="now"), former_bots=(former("once", 5),))
    assert bots_of((one,)) == [("now",)]
    assert bots_of((replace(one, entry=replace(one.entry, bot_id=None)),)) == [()]


@pytest.mark.parametrize("names", ["another", None])
def test_a_bot_that_changes_or_goes_after_the_start_takes_no_evidence_away(names: str | None) -> None:
    one = stored(entry(-9, bot_id=names), former_bots=(former("bot", -9),))
    kept = judged(one, known=RECORDED)
    assert kept.has("recorded")
    assert kept.has("booked")
    assert kept.bot == number_of("bot")


def test_a_bot_that_was_last_named_before_the_start_is_none_of_the_entrys() -> None:
    one = stored(entry(-9, bot_id=None), former_bots=(former("bot", -9.1),))
    kept = judged(one, known=RECORDED)
    assert not kept.has("booked")
    assert not kept.has("recorded")


@pytest.mark.parametrize(
    ("known", "counts"),
    [
        (row(joined=-9, sent_for=-9), True),
        (row(joined=-9), False),
        (BotRow("bot", Bot("bot", (StatusChange("ready", NOON),), entries=(BotEntry("e"),)), False, NOON, None), False),
    ],
    ids=["joined and sent for it", "joined and sent for nothing known", "sent for it and never joined"],
)
def test_one_that_no_read_from_the_start_on_showed_counts_if_it_joined_and_says_that_it_was_sent_for_it(
    known: BotRow, counts: bool
) -> None:
    one = stored(entry(-9, bot_id=None), former_bots=(former("bot", -9.1),))
    assert bots_of((one,), known) == [("bot",) if counts else ()]


def test_of_several_bots_the_one_that_recorded_is_shown_else_the_last_named() -> None:
    one = stored(entry(-9, bot_id="late"), former_bots=(former("bot", -9),))
    failed = read_bot("bot", "joining_call", "fatal")
    assert judged(one, known=RECORDED | {"late": read_bot("late", "fatal")}).bot == number_of("bot")
    assert judged(one, known={"bot": failed, "late": read_bot("late", "fatal")}).bot == number_of("late")


def test_one_unread_bot_of_several_leaves_a_meeting_unsettled_unless_another_recorded() -> None:
    one = stored(entry(-9, bot_id="unread"), former_bots=(former("bot", -9),))
    assert judged(one, known={"bot": read_bot("bot", "fatal")}).has("unsettled")
    assert not judged(one, known=RECORDED).has("unsettled")


def test_a_recording_stays_with_the_meeting_that_was_held_though_the_dragged_one_names_the_same_bot() -> None:
    was, now = (one.verdict for one in judge_all(dragged(-9, -2), ADA, RECORDED, (), NOON))
    assert (was.recorded, now.recorded) == (True, False)
    assert (was.booked, now.booked) == (True, False)


@pytest.mark.parametrize(
    ("known", "owner"),
    [
        (row(joined=-9, to_join=-2, sent_for=-2), "old"),
        (row(joined=-2.1, to_join=-9, sent_for=-9), "new"),
        (row(to_join=-9, sent_for=-2), "old"),
        (row(to_join=-2, sent_for=-9), "new"),
        (row(sent_for=-9), "old"),
        (row(sent_for=-2), "new"),
        (row(), "old"),
        (BotRow("bot", None, False, None, None), "old"),
    ],
    ids=[
        "by its first joining_call",
        "by its first joining_call, the new one",
        "else by join_at",
        "else by join_at, the new one",
        "else by its calendar_meetings",
        "else by its calendar_meetings, the new one",
        "else the one that named it last before the move",
        "so it is with one that was never read",
    ],
)
def test_a_dragged_entrys_bot_is_given_to(known: BotRow, owner: str) -> None:
    assert bots_of(dragged(-9, -2), known) == ([("bot",), ()] if owner == "old" else [(), ("bot",)])


def test_a_bot_that_only_the_new_occurrence_names_and_nobody_read_is_its_own() -> None:
    assert bots_of(dragged(-9, -2, new_bot="new")) == [("bot",), ("new",)]


def test_a_former_bot_of_what_was_held_that_nobody_read_stays_with_it() -> None:
    some = dragged(-9, -2, bot="second", new_bot="third", former_bots=(former("first", -9),))
    assert bots_of(some) == [("first", "second"), ("third",)]


def test_a_bot_sent_for_another_entry_is_not_placed_by_when_that_one_starts() -> None:
    elsewhere = BotRow("bot", Bot("bot", entries=(BotEntry("other", "id-ada", NOON - 2 * HOUR),)), True, NOON, None)
    assert bots_of(dragged(-9, -2), elsewhere) == [("bot",), ()]


def test_of_three_occurrences_each_gets_the_bot_nearest_to_it() -> None:
    first, second = dragged(-30, -20, bot="a", new_bot="b")
    third = stored(entry(-2, bot_id="c"), key=3, occurrence=2)
    second = replace(second, dragged_at=NOON - 10 * HOUR)
    known = (row("a", joined=-30), row("b", joined=-20.1), row("c", to_join=-2))
    assert bots_of((third, first, second), *known) == [("c",), ("a",), ("b",)]


def test_occurrences_are_as_far_as_their_starts_whether_or_not_they_have_an_end() -> None:
    was, now = dragged(-9, -2)
    endless = replace(was, entry=replace(was.entry, end_time=None))
    assert bots_of((endless, now), row(joined=-9)) == [("bot",), ()]
    never = replace(now, entry=replace(now.entry, start_time=None))
    assert bots_of((was, never), row(joined=-2)) == [("bot",), ()]


def test_a_dragged_entry_takes_no_bot_from_another_entry() -> None:
    other = stored(replace(entry(-9, bot_id="bot"), id="other"), key=9)
    assert bots_of((*dragged(-9, -2), other), row(joined=-9)) == [("bot",), (), ("bot",)]


names = st.sampled_from(["a", "b", "c"])
hours = st.integers(-60, -1).map(float)
occurrences = st.lists(
    st.tuples(hours, st.none() | names, st.lists(st.tuples(names, hours), max_size=2, unique_by=lambda each: each[0])),
    min_size=2,
    max_size=4,
)
perhaps = st.none() | hours
known_bots = st.lists(
    st.builds(row, names, joined=perhaps, to_join=perhaps, sent_for=perhaps), unique_by=lambda each: each.id
)


def stored_occurrences(facts: list[tuple[float, str | None, list[tuple[str, float]]]]) -> tuple[StoredEntry, ...]:
    last = len(facts) - 1
    return tuple(
        stored(
            entry(starts, bot_id=bot),
            key=place,
            occurrence=place,
            dragged_at=None if place == last else NOON - HOUR,
            former_bots=tuple(former(*each) for each in once),
        )
        for place, (starts, bot, once) in enumerate(facts)
    )


@given(occurrences, known_bots)
def test_every_bot_of_a_dragged_entry_belongs_to_exactly_one_occurrence(
    facts: list[tuple[float, str | None, list[tuple[str, float]]]], known: list[BotRow]
) -> None:
    some = stored_occurrences(facts)
    found = [bot_id for ids in bots_of(some, *known) for bot_id in ids]
    assert sorted(found) == sorted(named_by(some))


def test_a_bot_is_weighed_by_when_it_first_set_out() -> None:
    again = row(joined=-9)
    assert again.bot is not None
    later = StatusChange("joining_call", NOON - 2 * HOUR)
    twice = replace(again, bot=replace(again.bot, status_changes=(later, *again.bot.status_changes)))
    assert bots_of(dragged(-9, -2), twice) == [("bot",), ()]


def test_the_start_of_a_recording_places_no_bot() -> None:
    known = row(to_join=-9)
    assert known.bot is not None
    recorded = replace(known, bot=replace(known.bot, recordings=(Recording("r", "done", NOON - 2 * HOUR),)))
    assert bots_of(dragged(-9, -2), recorded) == [("bot",), ()]

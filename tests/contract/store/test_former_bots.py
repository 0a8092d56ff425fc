"""Bots that an entry named once it had begun are evidence of what was held, whatever it names later."""

import pytest

from lib.store import Store, entries
from lib.store.occurrences import FormerBot
from tests.contract.store.dragging import judge, look, occurrences, read_bot, set_out
from tests.contract.store.making import at, entry, listed, user


@pytest.fixture(autouse=True)
def _ada(store: Store) -> None:
    listed(store, user("ada"))


def former(store: Store) -> list[tuple[FormerBot, ...]]:
    return [one.former_bots for one in occurrences(store)]


@pytest.mark.parametrize("later", ["another", None], ids=["it changes", "it goes"])
def test_a_bot_that_changes_or_goes_after_the_start_takes_no_recording_away(store: Store, later: str | None) -> None:
    look(store, [entry(bot_id="b")], 0)
    look(store, [entry(bot_id="b")], 1)
    look(store, [entry(bot_id=later)], 3)
    assert former(store) == [(FormerBot("b", at(1)),)]
    read_bot(store, set_out(joined=1, final=True), 3.1)
    judge(store, 9)
    (one,) = occurrences(store)
    assert one.verdict is not None
    assert (one.verdict.outcome, one.verdict.has("recorded")) == ("recorded", True)


def test_one_that_changes_before_the_start_is_not_remembered(store: Store) -> None:
    look(store, [entry(bot_id="b")], 0)
    look(store, [entry(bot_id="another")], 0.9)
    look(store, [entry(bot_id="another")], 2)
    assert former(store) == [()]
    read_bot(store, set_out(joined=1, final=True), 3.1)
    judge(store, 9)
    (one,) = occurrences(store)
    assert one.verdict is not None
    assert not one.verdict.has("recorded")


def test_one_that_changed_with_no_read_between_is_remembered_as_last_named_before_the_start(store: Store) -> None:
    look(store, [entry(bot_id="b")], 0)
    look(store, [entry(bot_id="another")], 3)
    assert former(store) == [(FormerBot("b", at(0)),)]


def test_a_bot_that_comes_back_and_goes_again_is_remembered_once_as_last_named(store: Store) -> None:
    look(store, [entry(bot_id="b")], 1)
    look(store, [entry(bot_id=None)], 2)
    look(store, [entry(bot_id="b")], 3)
    look(store, [entry(bot_id=None)], 4)
    assert former(store) == [(FormerBot("b", at(3)),)]


def test_all_that_it_named_are_remembered(store: Store) -> None:
    for hour, name in enumerate(("a", "b", "c", None), 1):
        look(store, [entry(bot_id=name)], hour)
    assert sorted(each.bot_id for each in former(store)[0]) == ["a", "b", "c"]


def test_a_meeting_that_goes_with_its_bot_still_names_it(store: Store) -> None:
    look(store, [entry(bot_id="b")], 1)
    look(store, [], 2)
    (one,) = occurrences(store)
    assert (one.entry.bot_id, one.former_bots) == ("b", ())


def test_the_entry_of_a_former_bot_is_found_by_it(store: Store) -> None:
    look(store, [entry(bot_id="b"), entry("other", bot_id="c")], 1)
    look(store, [entry(bot_id="c"), entry("other", bot_id="c")], 2)
    with store.read() as connection:
        assert [one.entry.id for one in entries.of_bot(connection, "b")] == ["e"]
        assert [one.entry.id for one in entries.of_bot(connection, "c")] == ["e", "other"]

"""Bots: which to read next, never a final one again, and whose meetings are to be judged anew."""

from dataclasses import replace

import pytest

from lib.domain import Bot, BotEntry, Recording, StatusChange
from lib.store import Store, bots, verdicts, version
from lib.store.bots import DueBots
from tests.contract.store.making import NOON, at, bot, entry, listed, read, user


@pytest.fixture(autouse=True)
def _ada(store: Store) -> None:
    listed(store, user("ada"))


def keep(store: Store, *read_bots: tuple[Bot, bool], hours: float = 2) -> int:
    with store.write() as connection:
        return bots.store(connection, read_bots, read_at=at(hours))


def wanted(store: Store, hours: float = 2, since: float | None = None) -> tuple[str, ...]:
    with store.read() as connection:
        tried_before = None if since is None else at(since)
        return bots.due(connection, DueBots(at(hours), tried_before, now=at(10)))


def found(store: Store, name: str) -> bots.BotRow:
    with store.read() as connection:
        return bots.find(connection, [name])[name]


def test_a_bot_comes_back_as_it_came(store: Store) -> None:
    whole = Bot(
        "b",
        (StatusChange("done", at(1), "sub", "words\0"), StatusChange("later", None, recording_id="r")),
        (Recording("r", "done", at(0), at(1)), Recording("v1.10", has_media=True)),
        (BotEntry("e", "u", NOON), BotEntry("f")),
        "Notes",
        NOON,
        "zoom",
        keeps_media=False,
    )
    assert keep(store, (whole, True)) == 1
    assert found(store, "b") == bots.BotRow("b", whole, True, at(2), None)


def test_bots_of_meetings_that_began_are_wanted_and_others_are_not(store: Store) -> None:
    read(
        store, [entry("past", starts=1, bot_id="p"), entry("coming", starts=3, bot_id="c"), entry("bare", bot_id=None)]
    )
    assert wanted(store, hours=2) == ("p",)
    assert wanted(store, hours=3) == ("c", "p")


def test_a_bot_that_an_entry_named_when_it_had_begun_is_wanted_though_it_names_another_now(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    read(store, [entry(bot_id="first")], now=at(1))
    read(store, [entry(bot_id="second")], now=at(1.5))
    assert wanted(store) == ("first", "second")
    with store.read() as connection:
        assert bots.due(connection, DueBots(at(2), user_id="id-ada")) == ("first", "second")
        assert bots.due(connection, DueBots(at(2), user_id="id-bob")) == ()
    keep(store, (bot("first", "done"), True))
    assert wanted(store) == ("second",)


def test_a_bot_that_an_entry_named_before_it_began_and_names_no_longer_is_not_wanted(store: Store) -> None:
    read(store, [entry(bot_id="first")])
    read(store, [entry(bot_id="second")], now=at(0.5))
    assert wanted(store) == ("second",)


def test_a_bot_that_no_entry_names_is_wanted_once_it_was_to_join(store: Store) -> None:
    late = replace(bot("late", "ready"), join_at=at(2))
    keep(store, (late, False), (replace(late, id="over"), True), hours=1)
    assert wanted(store, hours=1.9) == ()
    assert wanted(store, hours=2) == ("late",)
    with store.read() as connection:
        assert bots.due(connection, DueBots(at(2), user_id="id-ada")) == ()
    read(store, [entry(starts=5, bot_id="late")])
    assert wanted(store, hours=2) == ()  # from now on it is its entry's start that counts


def test_a_bot_that_no_entry_names_is_asked_for_ever_more_seldom_too(store: Store) -> None:
    keep(store, (replace(bot("late", "ready"), join_at=at(-120)), False), hours=0)

    def by_a_pass(hours: float) -> tuple[str, ...]:
        with store.read() as connection:
            return bots.due(connection, DueBots(at(hours), tried_before=at(hours), now=at(hours)))

    assert (by_a_pass(12), by_a_pass(14)) == ((), ("late",))


def test_a_final_bot_is_never_wanted_again(store: Store) -> None:
    read(store, [entry(bot_id="b")])
    keep(store, (bot("b", "joining_call"), False))
    assert wanted(store) == ("b",)
    keep(store, (bot("b", "joining_call", "done"), True))
    assert wanted(store) == ()
    keep(store, (bot("b", "joining_call", "done", "media_expired"), False))
    assert wanted(store) == ()


def test_bots_never_tried_come_first_and_then_those_tried_longest_ago(store: Store) -> None:
    read(store, [entry(name, bot_id=name) for name in "abcd"])
    keep(store, (bot("a"), False), hours=2)
    keep(store, (bot("c"), False), hours=1.5)
    with store.write() as connection:
        bots.failed(connection, "d", "unreachable", at=at(1.7))
    assert wanted(store) == ("b", "c", "d", "a")


def test_a_pass_is_not_given_what_it_has_tried(store: Store) -> None:
    read(store, [entry(name, bot_id=name) for name in "abc"])
    keep(store, (bot("a"), False), hours=1.2)
    keep(store, (bot("b"), False), hours=1.8)
    assert wanted(store, since=1.5) == ("c", "a")


def test_a_bot_that_could_not_be_read_keeps_what_was_known(store: Store) -> None:
    keep(store, (bot("b", "joining_call"), False))
    with store.write() as connection:
        bots.failed(connection, "b", "limited", at=at(3))
    assert found(store, "b") == bots.BotRow("b", bot("b", "joining_call"), False, at(2), "limited")
    keep(store, (bot("b", "joining_call"), False), hours=4)
    assert found(store, "b").failure is None


def test_a_bot_that_is_as_it_was_does_not_move_the_version(store: Store) -> None:
    keep(store, (bot("b", "joining_call"), False))
    with store.read() as connection:
        before = version.current(connection)
    assert keep(store, (bot("b", "joining_call"), False), hours=3) == 0
    with store.read() as connection:
        assert version.current(connection) == before
    assert found(store, "b").read_at == at(3)


def test_users_whose_bot_changed_are_to_be_judged_again(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    read(store, [entry(bot_id="b")])
    read(store, [entry("other")], who="id-bob")
    with store.write() as connection:
        for who in ("id-ada", "id-bob"):
            verdicts.write(connection, who, {}, as_of=at(9))
        assert verdicts.due(connection, at(9)) == ()
    keep(store, (bot("b", "done"), True))
    with store.read() as connection:
        assert verdicts.due(connection, at(9)) == ("id-ada",)


def test_users_whose_entries_named_a_bot_that_changed_are_to_be_judged_again_too(store: Store) -> None:
    read(store, [entry(bot_id="first")], now=at(1))
    read(store, [entry(bot_id="second")], now=at(1.5))
    with store.write() as connection:
        verdicts.write(connection, "id-ada", {}, as_of=at(10))
        assert verdicts.due(connection, at(10)) == ()
        bots.store(connection, [(bot("first", "done"), True)], read_at=at(3))
        assert verdicts.due(connection, at(10)) == ("id-ada",)


def test_one_bot_of_many_users_is_one_row(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    read(store, [entry(bot_id="b")])
    read(store, [entry(bot_id="b")], who="id-bob")
    assert wanted(store) == ("b",)


def test_a_thousand_bots_are_kept_at_once(store: Store) -> None:
    many = [(replace(bot(), id=f"bot-{n}"), n % 2 == 0) for n in range(1200)]
    assert keep(store, *many) == 1200
    assert keep(store, *many) == 0


def test_what_is_wanted_can_be_counted_picked_and_asked_for_one_user(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    read(store, [entry(name, bot_id=name) for name in "abc"])
    read(store, [entry("d", bot_id="d"), entry("bobs", bot_id="a")], who="id-bob")
    keep(store, (bot("b", "done"), True))
    with store.read() as connection:
        assert bots.count_due(connection, DueBots(at(2))) == 3
        assert bots.due_among(connection, DueBots(at(2)), ["b", "c", "x"]) == {"c"}
        assert bots.due(connection, DueBots(at(2), user_id="id-bob")) == ("a", "d")


def test_what_was_tried_before_the_clock_was_put_back_is_wanted(store: Store) -> None:
    read(store, [entry("a", bot_id="a")])
    keep(store, (bot("a"), False), hours=3)
    with store.read() as connection:
        assert bots.due(connection, DueBots(at(2), tried_before=at(2), now=at(2.1))) == ("a",)
        assert bots.due(connection, DueBots(at(2), tried_before=at(2), now=at(3.1))) == ()


def test_a_bot_that_fails_again_is_no_news_to_anybody(store: Store) -> None:
    read(store, [entry("a", bot_id="a")])
    for hours, due in ((2, ("id-ada",)), (3, ())):
        with store.write() as connection:
            verdicts.write(connection, "id-ada", {}, as_of=at(10))
            bots.failed(connection, "a", "not_found", at=at(hours))
            assert verdicts.due(connection, at(10)) == due


@pytest.mark.parametrize(("failure", "after_a_try"), [(None, False), ("not_found", False), ("unreachable", True)])
def test_an_old_bot_that_will_hardly_change_is_asked_for_ever_more_seldom(
    store: Store, failure: str | None, after_a_try: bool
) -> None:
    """Five days after the start: again after half a day, unless the failure is one that passes."""
    read(store, [entry("a", starts=-120, bot_id="a"), entry("b", starts=-1, bot_id="b")])
    keep(store, (bot("a"), False), (bot("b"), False), hours=0)
    if failure:
        with store.write() as connection:
            bots.failed(connection, "a", failure, at=at(0))

    def by_a_pass(hours: float) -> bool:
        with store.read() as connection:
            return "a" in bots.due(connection, DueBots(at(hours), tried_before=at(hours), now=at(hours)))

    assert (by_a_pass(1), by_a_pass(12), by_a_pass(14)) == (after_a_try, after_a_try, True)
    assert "b" in wanted(store, hours=2, since=1.5)
    assert "a" in wanted(store, hours=2)

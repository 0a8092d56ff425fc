"""What is personal is erased and stays erased; what figures need stays."""

from dataclasses import replace
from typing import Any

import pytest

from lib.errors import UnknownCalendarUser
from lib.store import Store, frame_rows, observations, privacy, verdicts
from lib.store.tables import metadata
from lib.store.verdicts import StoredVerdict
from tests.contract.store.dragging import judge, look, occurrences, read_bot, set_out
from tests.contract.store.making import NOTHING, at, entry, kept, known, listed, read, user


@pytest.fixture(autouse=True)
def _ada(store: Store) -> None:
    listed(store, user("ada"))


def erase(store: Store, hours: float) -> int:
    with store.write() as connection:
        return privacy.erase_personal(connection, at(hours))


def narrow_rows(store: Store) -> list[object]:
    with store.read() as connection:
        return [row for rows in frame_rows.entries_since(connection) for row in rows]


def test_of_a_meeting_that_ended_long_ago_only_what_figures_need_is_kept(store: Store) -> None:
    read(store, [entry("old", starts=1), entry("new", starts=5)])
    old = kept(store)["old"]
    with store.write() as connection:
        verdicts.write(connection, "id-ada", {old.key: StoredVerdict("recorded", 1)}, as_of=at(9))
    before = narrow_rows(store)
    assert erase(store, 3) == 1
    assert narrow_rows(store) == before
    erased = kept(store)["old"]
    assert erased.entry == replace(old.entry, title=None, organizer_email=None, attendees=())
    assert (erased.erased, erased.own_answer, erased.attendees) == (True, "accepted", 2)
    assert (erased.entry.is_external, erased.entry.meeting_platform) == (True, "zoom")
    assert kept(store)["new"].entry == entry("new", starts=5)


def test_a_meeting_that_ends_at_the_instant_is_not_yet_erased(store: Store) -> None:
    read(store, [entry(starts=1, hours=1)])
    assert [erase(store, 2), erase(store, 2.1)] == [0, 1]


@pytest.mark.parametrize("fields", [{}, {"title": "Another"}], ids=["as it was", "changed"])
def test_what_was_erased_stays_erased_when_the_entry_is_read_again(store: Store, fields: dict[str, Any]) -> None:
    read(store, [entry(starts=1)])
    erase(store, 3)
    read(store, [], now=at(4))
    read(store, [entry(starts=1, **fields)], now=at(5))
    assert kept(store)["e"].erased
    assert kept(store)["e"].entry.title is None


def test_of_a_meeting_first_read_when_it_should_be_erased_nothing_personal_is_ever_kept(store: Store) -> None:
    erase(store, 3)
    read(store, [entry(starts=1)], now=at(4))
    assert kept(store)["e"].erased


def test_a_meeting_put_off_to_a_later_time_is_another_one(store: Store) -> None:
    read(store, [entry(starts=1)])
    erase(store, 3)
    read(store, [entry(starts=9)], now=at(4))
    assert kept(store)["e"].entry == entry(starts=9)


def test_the_names_of_what_was_held_are_erased_in_their_time_and_those_of_what_is_to_come_stay(store: Store) -> None:
    look(store, [entry(title="Was")], 2)
    look(store, [entry(starts=50, title="Is")], 3)
    assert [one.entry.title for one in occurrences(store)] == ["Was", "Is"]
    assert erase(store, 3) == 1
    assert [(one.entry.title, one.erased) for one in occurrences(store)] == [(None, True), ("Is", False)]
    look(store, [entry(starts=50, title="Is now")], 4)
    assert [one.entry.title for one in occurrences(store)] == [None, "Is now"]


def test_deleting_a_user_erases_the_names_of_all_occurrences_suspected_ones_too(store: Store) -> None:
    look(store, [entry(title="Zq7 was"), entry("moved", title="Zq7 moved", bot_id="b")], 0)
    look(store, [entry(title="Zq7 was"), entry("moved", starts=50, title="Zq7 moved", bot_id="b")], 2)
    look(store, [entry(starts=50, title="Zq7 is"), entry("moved", starts=50, title="Zq7 moved", bot_id="b")], 3)
    with store.write() as connection:
        privacy.erase_user(connection, "id-ada", now=at(4))
    look(store, [entry(starts=60, title="Zq7 is"), entry("moved", starts=60, title="Zq7 moved", bot_id="b")], 55)
    read_bot(store, set_out(joined=50), 56)
    assert [len(occurrences(store, name)) for name in ("e", "moved")] == [2, 2]
    with store.read() as connection:
        for table in metadata.sorted_tables:
            assert "zq7" not in str(connection.execute(table.select()).all()).casefold()


def test_the_outcome_of_what_was_held_outlives_its_names(store: Store) -> None:
    look(store, [entry(bot_id="b")], 2)
    look(store, [entry(bot_id="b", starts=50)], 3)
    read_bot(store, set_out(joined=1, final=True), 4)
    judge(store, 5)
    before = [one.verdict for one in occurrences(store)]
    erase(store, 5)
    judge(store, 6)
    assert [one.verdict for one in occurrences(store)] == before


def test_no_word_of_what_was_erased_is_left_in_the_database(store: Store) -> None:
    secret = "Zq7 layoffs"
    read(store, [entry(title=secret, attendees=(), organizer_email="zq7@else.com")])
    erase(store, 3)
    with store.read() as connection:
        for table in metadata.sorted_tables:
            assert "zq7" not in str(connection.execute(table.select()).all()).casefold()


def test_deleting_a_user_erases_what_is_theirs_and_keeps_their_figures(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    listed(store, user("ada", preferences=NOTHING), user("bob"), now=at(0.1))
    read(store, [entry("a"), entry("b", starts=20)])
    read(store, [entry("c")], who="id-bob")
    figures = [row[3:] for row in narrow_rows(store)]  # type: ignore[index]
    with store.write() as connection:
        assert privacy.erase_user(connection, "id-ada", now=at(1)) == 2
    gone = known(store)
    assert (gone.user.email, gone.user.external_id, gone.user.preferences) == (None, None, None)
    assert (gone.customer, gone.erased_at) == ("acme.com", at(1))
    assert {stored.entry.title for stored in kept(store).values()} == {None}
    assert kept(store, "id-bob")["c"].entry.title == "Title of c"
    assert [row[3:] for row in narrow_rows(store)] == figures  # type: ignore[index]
    with store.read() as connection:
        assert {(seen.before, seen.after) for seen in observations.since(connection)} == {(None, None)}


def test_a_read_that_was_under_way_brings_nothing_personal_of_a_deleted_user_back(store: Store) -> None:
    read(store, [entry("a")])
    with store.write() as connection:
        privacy.erase_user(connection, "id-ada", now=at(1))
    read(store, [entry("a", title="New"), entry("b")], now=at(2))
    assert {stored.entry.title for stored in kept(store).values()} == {None}
    listed(store, user("bob"), now=at(3))
    assert (known(store).customer, known(store).vanished_at) == ("acme.com", at(3))


def test_an_erased_user_whom_recall_still_lists_without_addresses_keeps_its_customer(store: Store) -> None:
    with store.write() as connection:
        privacy.erase_user(connection, "id-ada", now=at(1))
    listed(store, replace(user("ada"), connections=()), now=at(2))
    assert (known(store).customer, known(store).user.email) == ("acme.com", None)


def test_nobody_unknown_is_erased(store: Store) -> None:
    with pytest.raises(UnknownCalendarUser), store.write() as connection:
        privacy.erase_user(connection, "id-nobody", now=at(1))

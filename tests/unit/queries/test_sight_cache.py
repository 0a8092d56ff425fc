"""What somebody sees of a workspace who is limited to customers: their figures, and no word of anybody else."""

import threading
from datetime import UTC, datetime

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lib.coverage.columns import words
from lib.coverage.numbers import numbers
from lib.coverage.scope import Scope, within
from lib.customer.sight import Sight
from lib.domain import CalendarUser
from lib.queries import sight_cache
from lib.queries.sight_cache import SightCache, visible_workspace
from lib.store.users import UserRow
from tests.unit.coverage.worlds import CUSTOMER, TEAM, Row, framed, some_rows
from tests.unit.recording.making import HOUR, NOW

ACME, GLOBEX, NONE = Sight(frozenset({"acme"})), Sight(frozenset({"globex"})), Sight(frozenset())
LONG = (NOW - 100 * HOUR, NOW + 100 * HOUR, NOW)
sights = st.sets(st.sampled_from(["acme", "globex", "elsewhere"])).map(frozenset).map(Sight)


def user_row(key: int, name: str) -> UserRow:
    never = datetime(2026, 1, 1, tzinfo=UTC)
    known = CalendarUser(name, f"ext-{name}", ())
    return UserRow(
        key, known, CUSTOMER[name], TEAM[name], CUSTOMER[name], never, never, None, None, None, 0, 0, None, None
    )


def world(rows: list[Row]) -> tuple[pd.DataFrame, list[UserRow]]:
    """The frame, and the users that it names, in its order."""
    frame = framed(rows)
    return frame, [user_row(key, name) for key, name in enumerate(words(frame, "user"), 1)]


@given(some_rows)
def test_the_figures_of_a_part_are_those_of_its_customer_alone(rows: list[Row]) -> None:
    frame, users = world(rows)
    for sight, customer in ((ACME, "acme"), (GLOBEX, "globex")):
        part = visible_workspace(frame, users, "mark", sight)
        assert numbers(part.frame, *LONG) == numbers(within(frame, Scope(customer=customer)), *LONG)


@given(some_rows, sights)
def test_no_word_of_what_is_left_out_stays(rows: list[Row], sight: Sight) -> None:
    frame, users = world(rows)
    part = visible_workspace(frame, users, "mark", sight)
    seen = [row for row in users if row.customer in (sight.customers or ())]
    assert part.users == tuple(seen)
    assert set(words(part.frame, "user")) == {row.user.id for row in seen}
    assert set(words(part.frame, "customer")) == {row.customer for row in seen}
    assert set(words(part.frame, "team")) == {row.team for row in seen}
    for name in ("platform", "calendar"):
        assert set(words(part.frame, name)) == set(part.frame[name].dropna())
    assert part.frame["key"].tolist() == [
        key for key, user in zip(frame["key"], frame["user"], strict=True) if CUSTOMER[user] in (sight.customers or ())
    ]


def test_the_same_customers_have_the_same_mark_and_others_another() -> None:
    frame, users = world([])
    same = Sight(frozenset({"globex", "acme"})), Sight(frozenset({"acme", "globex"}))
    marks = [visible_workspace(frame, users, "mark", sight).mark for sight in (*same, ACME, NONE)]
    assert marks[0] == marks[1]
    assert len(set(marks)) == 3
    assert visible_workspace(frame, users, "other", ACME).mark not in marks


def test_a_part_is_cut_once_for_all_who_see_the_same() -> None:
    kept, cut = SightCache[list[int]](len), []
    ask = lambda: kept.part(ACME, "mark", lambda: cut.append(1) or [1])  # type: ignore[func-returns-value] # noqa: E731
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cut == [1]
    kept.part(ACME, "another mark", lambda: cut.append(2) or [2])  # type: ignore[func-returns-value]
    assert cut == [1, 2]


def test_parts_take_no_more_memory_than_the_whole_and_the_last_one_always_fits() -> None:
    kept, cut = SightCache[int](lambda size: size), list[int]()

    def ask(name: int, size: int) -> None:
        def work_out() -> int:
            cut.append(name)
            return size

        kept.part(Sight(frozenset({str(name)})), "mark", work_out)

    ask(1, sight_cache.MOST_ENTRIES - 1)
    ask(2, 1)
    ask(1, 0)
    ask(3, 2 * sight_cache.MOST_ENTRIES)
    ask(3, 0)
    ask(1, 1)
    assert cut == [1, 2, 3, 1]
    for name in range(100, 100 + sight_cache.MOST_PARTS):
        ask(name, 0)
    ask(1, 1)
    assert cut[-1] == 1

"""A frame brought up to date equals one arranged anew from the same rows, in every column."""

from dataclasses import replace

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.coverage.columns import CATEGORIES, DERIVED
from lib.coverage.frame import EntryRow, frame_of
from lib.coverage.frame_order import arrange, merge
from lib.coverage.numbers import numbers
from tests.unit.coverage.worlds import Row, framed, row, row_of, some_rows
from tests.unit.recording.making import HOUR, NOW

WIDE = (NOW - 100 * HOUR, NOW + 100 * HOUR, NOW)
names = st.sampled_from(["acme", "globex", "new customer", "another new one", None])


@st.composite
def _changes(draw: st.DrawFn) -> tuple[list[EntryRow], list[EntryRow], list[int]]:
    """Rows as they were, rows that are new or changed, and keys of rows that are gone."""
    before = [replace(row_of(some), key=3 * place) for place, some in enumerate(draw(some_rows))]
    owner = {name: draw(names) for name in ("anna", "ben", "carl", "abe", "eve", "new user")}
    changed = [
        replace(
            row_of(some),
            key=draw(st.integers(0, 40)),
            user=(user := draw(st.sampled_from(sorted(owner)))),
            customer=owner[user],
            team=draw(st.sampled_from([None, "sales", "new team"])),
        )
        for some in draw(some_rows)
    ]
    return before, list({row.key: row for row in changed}.values()), draw(st.lists(st.integers(0, 40), max_size=4))


def _arranged_anew(frame: pd.DataFrame, changed: pd.DataFrame, gone: list[int], like: pd.DataFrame) -> pd.DataFrame:
    """The rows of both, with the words of `like` in its order."""
    parts = [frame[~frame["key"].isin([*gone, *changed["key"]])], changed]
    words = {name: like[name].dtype for name in CATEGORIES}
    return arrange(pd.concat([part.drop(columns=list(DERIVED)).astype(words) for part in parts], ignore_index=True))


@settings(max_examples=60)
@given(_changes())
def test_merging_equals_arranging_anew(world: tuple[list[EntryRow], list[EntryRow], list[int]]) -> None:
    before, rows, gone = world
    frame, changed = frame_of(before), frame_of(rows)
    found = merge(frame, changed, gone)
    pd.testing.assert_frame_equal(found, _arranged_anew(frame, changed, gone, found))
    pd.testing.assert_frame_equal(frame, frame_of(before))


@settings(max_examples=25)
@given(_changes())
def test_merging_counts_as_a_frame_of_what_is_left_and_what_came(
    world: tuple[list[EntryRow], list[EntryRow], list[int]],
) -> None:
    before, rows, gone = world
    left = [row for row in before if row.key not in {*gone, *(one.key for one in rows)}]
    assert numbers(merge(frame_of(before), frame_of(rows), gone), *WIDE) == numbers(frame_of([*left, *rows]), *WIDE)


@settings(max_examples=25)
@given(some_rows, st.lists(names, min_size=5, max_size=5))
def test_merging_into_a_frame_whose_users_went_to_other_customers_arranges_it_anew(
    rows: list[Row], owners: list[str | None]
) -> None:
    owner = dict(zip(("anna", "ben", "carl", "abe", "eve"), owners, strict=True))
    frame = framed(rows)
    moved = frame.assign(customer=pd.Categorical([owner[user] for user in frame["user"]]))
    changed = frame_of([replace(row_of(row("anna", uid="call")), key=99, customer=owner["anna"])])
    found = merge(moved, changed, [])
    pd.testing.assert_frame_equal(found, _arranged_anew(moved, changed, [], found))


def test_a_frame_of_nothing_takes_in_what_came_and_gives_up_everything() -> None:
    nothing, some = framed([]), framed([row("anna"), row("ben")])
    assert merge(nothing, some)["key"].tolist() == [0, 1]
    assert len(merge(some, nothing, [0, 1])) == 0
    pd.testing.assert_frame_equal(merge(some, nothing), some)


def test_entries_that_come_to_share_a_meeting_are_one_after_merging() -> None:
    rows = [replace(row_of(row("anna")), key=1), replace(row_of(row("ben", starts=-5)), key=2)]
    assert merge(frame_of(rows), frame_of([replace(row_of(row("ben")), key=2)]))["meeting"].tolist() == [0, 0]

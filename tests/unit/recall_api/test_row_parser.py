"""Odd parts are left out at any depth, and nothing else: of a small schema beside a plain reader, and of Recall's."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import asdict
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, StrictInt

from lib.recall_api.row_parser import RowRead, without_odd_parts
from lib.recall_api.schemas import read_bot, read_entry, read_user
from tests.unit.recall_api.bodies import BOT, JSON_VALUES, MEETING, USER

Place: TypeAlias = tuple[int | str, ...]
ABSENT: Any = object()


class Leaf(BaseModel):
    """Is nothing without its name."""

    name: str
    size: StrictInt | None = None


class Branch(BaseModel):
    """May lack everything."""

    leaves: list[Leaf] = []
    top: Leaf | None = None


class Tree(BaseModel):
    """Is unreadable without its id, or with an age that is no number."""

    id: str
    age: StrictInt | None = None
    height: StrictInt | None = None
    branches: list[Branch] = []
    facts: dict[str, Any] | None = None


NEEDED = ("id", "age")
TREE: dict[str, Any] = {
    "id": "oak",
    "age": 90,
    "height": 20,
    "branches": [
        {"leaves": [{"name": "a", "size": 1}, {"name": "b", "size": 2}], "top": {"name": "c", "size": 3}},
        {"leaves": [{"name": "d", "size": 4}, {"name": "e", "size": None}]},
        {},
    ],
    "facts": {"any": ["thing"]},
    "not in the schema": [1, {"two": 3}],
}


def places(body: Any, at: Place = ()) -> Iterator[Place]:
    """Of every part of a body."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, part in inner:
        yield (*at, key)
        yield from places(part, (*at, key))


def put(body: Any, place: Place, value: Any) -> None:
    """Put something else in a place of a body, or take away what is there; where nothing is any more, do nothing."""
    for key in place[:-1]:
        if not _holds(body, key):
            return
        body = body[key]
    if not _holds(body, place[-1]):
        return
    if value is ABSENT:
        del body[place[-1]]
    else:
        body[place[-1]] = value


def _holds(body: Any, key: int | str) -> bool:
    if isinstance(body, dict):
        return key in body
    return isinstance(body, list) and isinstance(key, int) and key < len(body)


# --- beside a plain reader ---


def tree(body: dict[str, Any]) -> dict[str, Any] | None:
    """What is to be left of a body; None where it is unreadable."""
    if not isinstance(body.get("id"), str) or not _is_number(body.get("age")):
        return None
    facts = body.get("facts")
    return {
        "id": body["id"],
        "age": body.get("age"),
        "height": body.get("height") if _is_number(body.get("height")) else None,
        "branches": [_branch(each) for each in _list(body.get("branches")) if isinstance(each, dict)],
        "facts": facts if isinstance(facts, dict) else None,
    }


def _branch(body: dict[str, Any]) -> dict[str, Any]:
    leaves = [leaf for each in _list(body.get("leaves")) if (leaf := _leaf(each))]
    return {"leaves": leaves, "top": _leaf(body.get("top"))}


def _leaf(body: Any) -> dict[str, Any] | None:
    if not isinstance(body, dict) or not isinstance(body.get("name"), str):
        return None
    return {"name": body["name"], "size": body.get("size") if _is_number(body.get("size")) else None}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


anything = (
    JSON_VALUES | st.just(ABSENT) | st.sampled_from([{"name": "f"}, {"name": "f", "size": "x"}, {"size": 1}, [{}]])
)
odd_trees = st.lists(st.tuples(st.sampled_from(list(places(TREE))), anything), max_size=4)


@settings(max_examples=400)
@given(odd_trees)
def test_whatever_stands_anywhere_all_else_is_read_and_only_needed_parts_make_it_unreadable(
    changes: list[tuple[Place, Any]],
) -> None:
    body = deepcopy(TREE)
    for place, value in changes:
        put(body, place, value)
    before, expected = deepcopy(body), tree(body)
    read = without_odd_parts(body, Tree, NEEDED)
    assert (read[0].model_dump() if read else None) == expected
    assert read is None or (read[1] > 0) == _is_odd(body)
    assert repr(body) == repr(before)  # it is somebody else's


def _is_odd(body: dict[str, Any]) -> bool:
    """Whether a reader who goes by the schema would stumble over it."""
    try:
        Tree.model_validate(body)
    except ValueError:
        return True
    return False


def left_of(body: dict[str, Any]) -> tuple[Tree, int]:
    found = without_odd_parts(body, Tree, NEEDED)
    assert found is not None
    return found


def test_a_whole_body_is_read_at_once_and_nothing_is_left_out() -> None:
    found, left_out = left_of(TREE)
    assert (found, left_out) == (Tree.model_validate(TREE), 0)


def test_what_is_left_out_is_counted_by_part() -> None:
    body = deepcopy(TREE)
    put(body, ("height",), "tall")
    put(body, ("branches", 0, "leaves", 0, "size"), "big")
    put(body, ("branches", 1), "broken off")
    found, left_out = left_of(body)
    assert left_out == 3
    assert [len(branch.leaves) for branch in found.branches] == [2, 0]


@pytest.mark.parametrize("lacks", [{"size": 1}, {"name": 5, "size": 1}], ids=["absent", "of another type"])
def test_a_part_that_lacks_what_it_needs_goes_as_a_whole_and_what_stands_beside_it_stays(lacks: dict[str, Any]) -> None:
    body = deepcopy(TREE)
    put(body, ("branches", 0, "leaves", 0), lacks)
    found, _ = left_of(body)
    assert [leaf.name for leaf in found.branches[0].leaves] == ["b"]


def test_a_thousand_odd_items_of_one_list_are_left_out_and_the_others_keep_their_order() -> None:
    items = [{"name": str(n)} if n % 3 == 0 else n for n in range(1500)]
    found, left_out = left_of({"id": "x", "branches": [{"leaves": items}]})
    assert left_out == 1000
    assert [leaf.name for leaf in found.branches[0].leaves] == [str(n) for n in range(0, 1500, 3)]


# --- on Recall's own bodies ---

Read: TypeAlias = Callable[[Any], RowRead[Any] | None]
BODIES: dict[str, tuple[dict[str, Any], Read, set[str]]] = {
    "meeting": (MEETING, read_entry, {"id", "start_time", "will_record"}),
    "user": (USER, read_user, {"id"}),
    "bot": (BOT, read_bot, {"id"}),
}
"""By what each is, with how it is read, and the fields that may cost it."""


@settings(max_examples=300)
@pytest.mark.parametrize("kind", BODIES)
@given(data=st.data())
def test_whatever_stands_anywhere_in_a_body_of_recalls_it_is_read_unless_a_needed_field_is_odd(
    kind: str, data: st.DataObject
) -> None:
    whole, read, needed = BODIES[kind]
    body = deepcopy(whole)
    touched = data.draw(st.lists(st.sampled_from(list(places(whole))), min_size=1, max_size=4))
    for place in touched:
        put(body, place, data.draw(JSON_VALUES | st.just(ABSENT)))
    found = read(body)
    assert found is not None or needed & {place[0] for place in touched}
    if found is not None:
        untouched = set(whole) - {place[0] for place in touched}
        assert _facts(found, untouched) == _facts(_whole(read, whole), untouched)


@given(value=JSON_VALUES, which=st.integers(0, 1))
@pytest.mark.parametrize("part", [None, "email", "name", "status", "is_organizer"])
def test_an_odd_attendee_leaves_the_other_as_it_was(part: str | None, value: Any, which: int) -> None:
    body = deepcopy(MEETING)
    put(body, ("attendees", which) if part is None else ("attendees", which, part), value)
    found, other = read_entry(body), _whole(read_entry, MEETING).value.attendees[1 - which]
    assert found is not None
    assert other in found.value.attendees


@given(value=JSON_VALUES)
@pytest.mark.parametrize("listed", ["status_changes", "recordings", "calendar_meetings"])
def test_an_odd_item_of_a_bot_leaves_the_others_as_they_were(listed: str, value: Any) -> None:
    found, whole = read_bot(BOT | {listed: [*BOT[listed], value]}), _whole(read_bot, BOT).value
    assert found is not None
    name = {"calendar_meetings": "entries"}.get(listed, listed)
    assert set(getattr(whole, name)) <= set(getattr(found.value, name))


def _whole(read: Read, body: dict[str, Any]) -> RowRead[Any]:
    found = read(body)
    assert found is not None
    return found


def _facts(found: RowRead[Any], fields: set[str]) -> dict[str, Any]:
    """What is known by the fields of the same name."""
    return {name: value for name, value in asdict(found.value).items() if name in fields}

"""Bodies of which one field at a time is absent, null, of another type, huge, or in another case.

The fields are those that the sandbox sends and those that our schemas name; nobody lists them.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel

Json: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[int | str, ...]

ABSENT, NULL, HUGE, CASE, TYPE = "absent", "null", "huge", "in another case", "of another type"
HUGE_TEXT = 20_000
HUGE_LIST = 300
OF_TYPES: tuple[Any, ...] = (7, 0.5, "text", True, ["text"], {"a": 1}, [], {})


@dataclass(frozen=True)
class Spoilt:
    """A body with one field that is not as documented."""

    place: Place
    how: str
    was: Any
    body: Json

    def against(self, whole: Json) -> Json:
        """What the sandbox's control route is told, to have this answered instead of `whole`."""
        extra = {name: value for name, value in self.body.items() if not _is_same(whole, name, value)}
        return {"extra": extra, "omit": [name for name in whole if name not in self.body]}


def _is_same(whole: Json, name: str, value: Any) -> bool:
    """Where 1 is not true."""
    return name in whole and type(whole[name]) is type(value) and whole[name] == value


def spoilt(body: Json, schema: type[BaseModel]) -> Iterator[Spoilt]:
    """Every field of the schema and of what `body` holds beside these, in every way, one at a time."""
    known = known_places(schema)
    beside = (place for place in _places(body) if place[:-1] in known or len(place) == 1)
    for place in dict.fromkeys([*known, *beside]):
        yield from _in_every_way(body, place)


def is_of_another_type(row: Spoilt, schema: type[BaseModel]) -> bool:
    """A field that is read holds what nobody can take for what is documented."""
    is_missing = row.how == NULL and isinstance(row.place[-1], int)
    return row.place in known_places(schema) and row.was is not None and (row.how == TYPE or is_missing)


def known_places(schema: type[BaseModel]) -> "dict[Place, None]":
    """The fields that are read, and the items of those that are lists, in order."""
    places = list(_schema_places(schema))
    return dict.fromkeys([*places, *(place[:-1] for place in places if place[-2:-1] == (0,))])


def _in_every_way(body: Json, place: Place) -> Iterator[Spoilt]:
    value = _get(body, place)
    yield Spoilt(place, ABSENT, value, _changed(body, place, _delete))
    for how, other in _others(value):
        yield Spoilt(place, how, value, _changed(body, place, _put(other)))
    if isinstance(name := place[-1], str):
        yield Spoilt(place, CASE, value, _changed(body, place, _rename(name.swapcase(), value)))


def _others(value: Any) -> Iterator[tuple[str, Any]]:
    yield NULL, None
    for other in OF_TYPES:
        if type(other) is not type(value):
            yield TYPE, other
    yield TYPE if isinstance(value, bool) else HUGE, _huge(value)
    if isinstance(value, str):
        yield CASE, value.swapcase()


def _huge(value: Any) -> Any:
    if isinstance(value, list):
        return (value or ["text"]) * HUGE_LIST
    if isinstance(value, dict):
        return value | {f"key {number}": number for number in range(HUGE_LIST)}
    return "x" * HUGE_TEXT if value is None or isinstance(value, str) else 2**63 - 1


def _places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Of a body: each key of each object, the first item of each list."""
    keys = list(value) if isinstance(value, dict) else [0] if isinstance(value, list) and value else []
    for key in keys:
        yield (*at, key)
        yield from _places(value[key], (*at, key))


def _schema_places(schema: type[BaseModel], at: Place = ()) -> Iterator[Place]:
    for name, field in schema.model_fields.items():
        yield (*at, name)
        for inner, is_listed in _models_in(field.annotation):
            yield from _schema_places(inner, (*at, name, 0) if is_listed else (*at, name))


def _models_in(annotation: Any, is_listed: bool = False) -> Iterator[tuple[type[BaseModel], bool]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, is_listed
    listed = is_listed or getattr(annotation, "__origin__", None) is list
    for inner in get_args(annotation):
        yield from _models_in(inner, listed)


def _get(body: Any, place: Place) -> Any:
    """The value there; None where there is none."""
    for key in place:
        is_there = isinstance(key, int) and isinstance(body, list) and len(body) > key
        body = body[key] if is_there or (isinstance(body, dict) and key in body) else None
    return body


def _changed(body: Json, place: Place, change: Callable[[Any, Any], None]) -> Json:
    """A copy of the body with that place changed; what stands around it is made where it is missing."""
    copy: Json = deepcopy(body)
    inner: Any = copy
    for key, following in pairwise(place):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(key, int) and len(inner) <= key:
            inner.append(empty)
        elif not isinstance(inner[key] if isinstance(key, int) else inner.get(key), type(empty)):
            inner[key] = empty
        inner = inner[key]
    change(inner, place[-1])
    return copy


def _delete(inner: Any, key: Any) -> None:
    if isinstance(key, int):
        del inner[key:]
    else:
        inner.pop(key, None)


def _put(value: Any) -> Callable[[Any, Any], None]:
    def put(inner: Any, key: Any) -> None:
        if isinstance(key, int):
            inner[key:] = [value]
        else:
            inner[key] = value

    return put


def _rename(name: str, value: Any) -> Callable[[Any, Any], None]:
    def rename(inner: Any, key: Any) -> None:
        inner.pop(key, None)
        inner[name] = value

    return rename

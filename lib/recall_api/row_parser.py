"""Rows of Recall's JSON, read as far as they can be: odd parts are left out, and the rest is kept.

A part of another type than is documented is odd. Most rows are read at the first try; only what the schema complains of
is looked at again. A row is unreadable only without what it is known and counted by (design, section 2: odd rows), and
costs no other. Text is shortened and made storable, nothing else: it stays hostile, and whoever shows it takes care.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from lib.domain import Listing, UnreadableRow

TEXT_KEPT = 2_000
"""Characters of a text from outside; the longest title worth showing is far shorter."""
ITEMS_KEPT = 5_000
"""Of a list within a row, such as attendees: what is beyond is left out, and the row is odd."""
MOST_TRIES = 8
"""A part that is left out may make the one around it incomplete, which is then left out too; bodies are not deeper."""

T = TypeVar("T")
Place: TypeAlias = tuple[int | str, ...]


class WireModel(BaseModel):
    """A part of a body, in Recall's names."""

    # Inputs stay out of error messages: they are other people's meetings.
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    needed: ClassVar[frozenset[str]] = frozenset({"id"})
    """Fields without which, or with which of another type, the whole is unreadable."""

    @property
    def lacks_a_part(self) -> bool:
        """Something is absent that Recall always sends."""
        return False


Wire = TypeVar("Wire", bound=WireModel)
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class RowRead(Generic[T]):
    """A row that could be read. `odd`: parts of it were left out."""

    value: T
    odd: bool = False


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=_Identified)
Read: TypeAlias = Callable[[Any], RowRead[Row] | None]
"""Reads one row; None when it cannot be read."""


def parse_row(row: Any, wire: type[Wire], to_domain: Callable[[Wire], T]) -> RowRead[T] | None:
    """`row` read as a `wire` and turned into a noun by `to_domain`; None when it cannot be read."""
    if not isinstance(row, dict):
        return None
    cut = {
        name: value[:ITEMS_KEPT] for name, value in row.items() if isinstance(value, list) and len(value) > ITEMS_KEPT
    }
    try:
        found = without_odd_parts({**row, **cut} if cut else row, wire, wire.needed)
        if found is None:
            return None
        model, left_out = found
        return RowRead(to_domain(model), bool(cut or left_out) or model.lacks_a_part)
    except RecursionError:
        return None


def listing(rows: Iterable[Any], read: Read[Row], complete: bool = True) -> Listing[Row]:
    """The rows that can be read, each once: one that moved between pages while they were read comes twice. And those
    that cannot be."""
    once, unreadable = dict[str, RowRead[Row]](), list[UnreadableRow]()
    for row in rows:
        if (known := read(row)) is None:
            unreadable.append(_name_of(row))
        else:
            once[known.value.id] = known
    return Listing(
        tuple(known.value for known in once.values()),
        unreadable=tuple(unreadable),
        odd=sum(known.odd for known in once.values()),
        complete=complete,
    )


def _name_of(row: Any) -> UnreadableRow:
    """What a row that cannot be read says of which one it is."""
    if not isinstance(row, Mapping):
        return UnreadableRow()
    return UnreadableRow(
        id=_id_in(row, "id"),
        ical_uid=_id_in(row, "ical_uid"),
        start_time=_time_in(row, "start_time"),
        external_id=_id_in(row, "external_id"),
    )


def _id_in(row: Mapping[str, Any], name: str) -> str | None:
    try:
        found = as_identity(row.get(name))
    except ValueError:
        return None
    return found if isinstance(found, str) else None


def _time_in(row: Mapping[str, Any], name: str) -> datetime | None:
    try:
        found: datetime | None = as_instant(row.get(name))
    except ValueError:
        return None
    return found


def without_odd_parts(body: dict[str, Any], model: type[Model], needed: Iterable[str]) -> tuple[Model, int] | None:
    """`body` as a `model`, and how many of its parts were left out for it.

    None when one of the fields `needed` is absent or of another type: what is left does not make the whole.
    """
    left_out = 0
    for _ in range(MOST_TRIES):
        try:
            return model.model_validate(body), left_out
        except ValidationError as error:
            odd = {_part(each["type"], each["loc"]) for each in error.errors(include_url=False, include_input=False)}
        if any(len(place) < 2 and place[:1] in ((), *((name,) for name in needed)) for place in odd):
            return None
        body = _without(body, sorted(odd, key=_by_place, reverse=True))
        left_out += len(odd)
    return None


def _part(kind: str, place: Place) -> Place:
    """The part to leave out: what is of another type, or what lacks something that it needs."""
    return place[:-1] if kind == "missing" else place


def _by_place(place: Place) -> tuple[tuple[bool, int, str], ...]:
    """Items of a list by their number, so that the last is taken out first."""
    return tuple((isinstance(key, int), key if isinstance(key, int) else 0, str(key)) for key in place)


def _without(body: Any, places: Sequence[Place]) -> Any:
    """A copy of `body` without these parts; what stands around them is copied, nothing else."""
    body, copied = copy(body), set[Place]()
    for place in places:
        inner = body
        for depth, key in enumerate(place[:-1], 1):
            if place[:depth] not in copied:
                inner[key] = copy(inner[key])
                copied.add(place[:depth])
            inner = inner[key]
        del inner[place[-1]]
    return body


def as_text(value: Any) -> Any:
    """A string with half characters replaced (they cannot be stored or sent) and cut to size; "" is None."""
    if not isinstance(value, str):
        return value
    if value.isascii() and len(value) <= TEXT_KEPT:
        return value or None
    return re.sub("[\ud800-\udfff]", "\ufffd", value[:TEXT_KEPT]) or None


def as_instant(value: Any) -> Any:
    """An ISO 8601 string as an aware time in UTC; without an offset it is UTC, a bare date its midnight; "" is None."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError("a time comes as text")
    try:
        time = datetime.fromisoformat(value)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time outside the calendar") from None


def as_identity(value: Any) -> Any:
    """A string exactly as it came, because mended it would name something else; "" is None."""
    if isinstance(value, str):
        value.encode()
    return None if value == "" else value

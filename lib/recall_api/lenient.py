"""A body read as far as it can be: parts of another type than is documented are left out, and the rest is kept.

Most bodies are read at the first try; only what the schema complains of is looked at again.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)
Place: TypeAlias = tuple[int | str, ...]

MOST_TRIES = 8
"""A part that is left out may make the one around it incomplete, which is then left out; bodies are not deeper."""


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

"""Validation of bodies and queries, with Recall's error messages (contract 12.1)."""

from datetime import datetime
from typing import Any

import orjson
from starlette.requests import Request

from . import clock
from .decision import FLAGS
from .errors import bad_input
from .world.users import Preferences

_MAX_BOT_NAME = 100
_REQUIRED = "This field is required."
_NULL = "This field may not be null."
_BLANK = "This field may not be blank."


async def json_object(request: Request) -> dict[str, Any]:
    """The body as an object; an empty body counts as an empty object."""
    raw = await request.body()
    try:
        body = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError as error:
        raise bad_input({"detail": f"JSON parse error - {error}"}) from error
    if not isinstance(body, dict):
        raise bad_input({"non_field_errors": [_not_a_dictionary(body)]})
    return body


def text(body: dict[str, Any], field: str) -> str:
    """A required text that is not blank; a number counts as text."""
    if field not in body:
        raise bad_input({field: [_REQUIRED]})
    error = _text_error(body[field], None)
    if error:
        raise bad_input({field: [error]})
    return str(body[field])


def choice(body: dict[str, Any], field: str, choices: tuple[str, ...]) -> str:
    """A required value, one of the choices."""
    if field not in body:
        raise bad_input({field: [_REQUIRED]})
    if body[field] not in choices:
        raise bad_input({field: [_NULL if body[field] is None else f'"{body[field]}" is not a valid choice.']})
    return str(body[field])


def nullable_flag(body: dict[str, Any], field: str) -> bool | None:
    """A boolean or null."""
    value: bool | None = body[field]
    if value is not None and (error := _flag_error(value)):
        raise bad_input({field: [error]})
    return value


def preferences(sent: Any, current: Preferences) -> Preferences:
    """The current preferences with those that were sent; unknown keys, such as `id`, are ignored."""
    if not isinstance(sent, dict):
        raise bad_input({"preferences": {"non_field_errors": [_not_a_dictionary(sent)]}})
    errors = {f: [c] for f in FLAGS if f in sent and (c := _flag_error(sent[f]))}
    if "bot_name" in sent and (c := _text_error(sent["bot_name"], _MAX_BOT_NAME)):
        errors["bot_name"] = [c]
    if errors:
        raise bad_input({"preferences": errors})
    flags = {f for f in FLAGS if sent.get(f, f in current.flags)}
    return Preferences(frozenset(flags), str(sent.get("bot_name", current.bot_name)).strip())


def time_in_query(request: Request, name: str) -> datetime | None:
    """An ISO 8601 time of the query, UTC if it has no offset; None if it is not there."""
    sent = request.query_params.get(name)
    if not sent:
        return None
    try:
        return clock.instant(sent)
    except ValueError as error:
        raise bad_input({name: ["Enter a valid date/time."]}) from error


def _flag_error(value: Any) -> str | None:
    if value is None:
        return _NULL
    return None if isinstance(value, bool) else "Must be a valid boolean."


def _text_error(value: Any, limit: int | None) -> str | None:
    if value is None:
        return _NULL
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return "Not a valid string."
    if not str(value).strip():
        return _BLANK
    if limit and len(str(value).strip()) > limit:
        return f"Ensure this field has no more than {limit} characters."
    return None


def _not_a_dictionary(value: Any) -> str:
    return f"Invalid data. Expected a dictionary, but got {type(value).__name__}."

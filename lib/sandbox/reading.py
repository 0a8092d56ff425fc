"""Reading what a client sent: bodies, flags, times, with Recall's complaints (contract 12.1)."""

from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.requests import Request

from .decision import FLAGS
from .errors import bad_input
from .world.users import Preferences

NAME_LIMIT = 100
_REQUIRED = "This field is required."
_NULL = "This field may not be null."
_BLANK = "This field may not be blank."


async def json_object(request: Request) -> dict[str, Any]:
    """The body as an object; nothing at all is an empty one."""
    raw = await request.body()
    try:
        body = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError as error:
        raise bad_input({"detail": f"JSON parse error - {error}"}) from error
    if not isinstance(body, dict):
        raise bad_input({"non_field_errors": [_not_a_dictionary(body)]})
    return body


def text(body: dict[str, Any], field: str) -> str:
    """A required text that is not blank; numbers are taken as text."""
    if field not in body:
        raise bad_input({field: [_REQUIRED]})
    complaint = _complaint_about_text(body[field], None)
    if complaint:
        raise bad_input({field: [complaint]})
    return str(body[field])


def choice(body: dict[str, Any], field: str, choices: tuple[str, ...]) -> str:
    """A required value out of a closed list."""
    if field not in body:
        raise bad_input({field: [_REQUIRED]})
    if body[field] not in choices:
        raise bad_input({field: [_NULL if body[field] is None else f'"{body[field]}" is not a valid choice.']})
    return str(body[field])


def nullable_flag(body: dict[str, Any], field: str) -> bool | None:
    """True, false or null."""
    value = body[field]
    if value is not None and not isinstance(value, bool):
        raise bad_input({field: ["Must be a valid boolean."]})
    return value


def preferences(sent: Any, current: Preferences) -> Preferences:
    """The current preferences with what was sent put over them; unknown keys (the `id` too) are ignored."""
    if not isinstance(sent, dict):
        raise bad_input({"preferences": {"non_field_errors": [_not_a_dictionary(sent)]}})
    complaints = {f: [c] for f in FLAGS if f in sent and (c := _complaint_about_flag(sent[f]))}
    if "bot_name" in sent and (c := _complaint_about_text(sent["bot_name"], NAME_LIMIT)):
        complaints["bot_name"] = [c]
    if complaints:
        raise bad_input({"preferences": complaints})
    flags = {f for f in FLAGS if sent.get(f, f in current.flags)}
    return Preferences(frozenset(flags), str(sent.get("bot_name", current.bot_name)).strip())


def time_in_query(request: Request, name: str) -> datetime | None:
    """An ISO 8601 date-time of the query; one without an offset is UTC."""
    sent = request.query_params.get(name)
    if not sent:
        return None
    try:
        time = datetime.fromisoformat(sent)
    except ValueError as error:
        raise bad_input({name: ["Enter a valid date/time."]}) from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _complaint_about_flag(value: Any) -> str | None:
    if value is None:
        return _NULL
    return None if isinstance(value, bool) else "Must be a valid boolean."


def _complaint_about_text(value: Any, limit: int | None) -> str | None:
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

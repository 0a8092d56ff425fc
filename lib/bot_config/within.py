"""Looking into a preset that may hold anything."""

from typing import Any


def found(value: Any, *path: str | int) -> Any:
    """What stands at a path of keys; None where nothing does, or null."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def objects(value: Any) -> list[tuple[int, dict[str, Any]]]:
    """The objects of a list with their positions; none where it is no list."""
    return [(place, item) for place, item in enumerate(value) if isinstance(item, dict)] if _is_list(value) else []


def words(value: Any) -> list[tuple[int, str]]:
    """The texts of a list with their positions; none where it is no list."""
    return [(place, item) for place, item in enumerate(value) if isinstance(item, str)] if _is_list(value) else []


def _is_list(value: Any) -> bool:
    return isinstance(value, list)

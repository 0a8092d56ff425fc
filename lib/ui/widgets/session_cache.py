"""A cache in the tab's session: what takes long is worked out again only when what it depends on has changed, though
the page is drawn anew at every click."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from lib.errors import DeskError

T = TypeVar("T")


def once(key: str, mark: object, work: Callable[[], T]) -> T:
    """The result of `work`, or the `DeskError` it raises; worked out again only if `mark` is another."""
    kept: tuple[object, T | DeskError] | None = st.session_state.get(key)
    if kept is None or kept[0] != mark:
        try:
            kept = (mark, work())
        except DeskError as problem:
            kept = (mark, problem)
        st.session_state[key] = kept
    if isinstance(kept[1], DeskError):
        raise kept[1].with_traceback(None)
    return kept[1]


def forget(key: str) -> None:
    """Drop the result kept under this key."""
    st.session_state.pop(key, None)

"""What takes long, worked out once for what it is made of: a page is drawn anew at every click, and mostly nothing of
that has changed. It stays in the memory of the tab."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from lib.errors import DeskError

T = TypeVar("T")


def once(key: str, mark: object, work: Callable[[], T]) -> T:
    """What `work` comes to, or the sentence it raises; anew only where `mark` is another than it was last time."""
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
    """It is not needed any more."""
    st.session_state.pop(key, None)

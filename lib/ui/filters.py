"""Choices that live in the address, so that a link opens the same view. The address holds short words, never labels."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import streamlit as st

from lib.ui.query import read_word, write_word


def choose(
    label: str,
    options: Mapping[str, str],
    *,
    name: str,
    style: Literal["segments", "pills", "list"] = "segments",
    default: str | None = None,
    width: int | None = None,
) -> str:
    """One of `options` (word in the address -> what is shown); the default, else the first, unless the address names
    another."""
    usual = default or next(iter(options))
    if st.session_state.get(name) not in options:
        asked = read_word(name)
        st.session_state[name] = asked if asked in options else usual
    widget: Any = {"segments": st.segmented_control, "pills": st.pills, "list": st.selectbox}[style]
    chosen: str | None = widget(
        label,
        list(options),
        format_func=options.__getitem__,
        required=True,
        key=name,
        label_visibility="collapsed",
        **({"width": width} if width else {}),
    )
    write_word(name, None if chosen == usual else chosen)
    return chosen or usual


def choose_some(label: str, options: Mapping[str, str], *, name: str) -> frozenset[str]:
    """Any of `options`, as pills; in the address they stand with commas between."""
    if name not in st.session_state:
        st.session_state[name] = _known((read_word(name) or "").split(","), options)
    chosen = st.pills(
        label,
        list(options),
        format_func=options.__getitem__,
        selection_mode="multi",
        key=name,
        label_visibility="collapsed",
    )
    write_word(name, ",".join(chosen) or None)
    return frozenset(chosen)


def choose_in_list(label: str, options: Iterable[str], *, name: str, width: int) -> str:
    """One of `options` in a list that can be typed into; the first unless the address names another.

    Options may be text from outside: a list shows it as it is.
    """
    known = list(options)
    if st.session_state.get(name) not in known:
        asked = read_word(name)
        st.session_state[name] = asked if asked in known else known[0]
    chosen = st.selectbox(label, known, key=name, label_visibility="collapsed", width=width)
    write_word(name, None if chosen == known[0] else chosen)
    return chosen


def _known(words: Iterable[str], options: Mapping[str, str]) -> list[str]:
    return [word for word in options if word in set(words)]

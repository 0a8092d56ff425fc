"""Choices that live in the address, so that a link opens the same view. The address holds short words, never labels."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import streamlit as st

from lib.ui.widgets.query_params import read_word, write_word
from lib.ui.words.formats import told_apart


def choose(
    label: str,
    options: Mapping[str, str],
    *,
    name: str,
    style: Literal["segments", "pills", "list"] = "segments",
    default: str | None = None,
    width: int | None = None,
) -> str:
    """One of `options` (word in the address -> label); the default, else the first, unless the address names another.
    The labels of a list may be text from outside."""
    options = labelled(options)
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
    """Any of `options`, as pills; the address lists them with commas between."""
    options = labelled(options)
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


def labelled(options: Mapping[str, str]) -> Mapping[str, str]:
    """The options with labels told apart: Streamlit and the browser know an option by its label."""
    return dict(zip(options, told_apart(options.values()), strict=True))


def _known(words: Iterable[str], options: Mapping[str, str]) -> list[str]:
    return [word for word in options if word in set(words)]

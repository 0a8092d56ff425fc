"""What a page shows, taken from the messages that a browser would get; and how a row of a grid is picked."""

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

PLAIN = {
    ("text", "body"),
    ("code", "code_text"),
    ("text_input", "default"),
    ("text_input", "value"),
    ("selectbox", "options"),
    ("selectbox", "raw_value"),
}
"""Where a browser shows text as it is, by element and field. Cells of grids travel as bytes and are plain as well."""
_NOT_SHOWN = {"id", "form_id"}


def said(app: AppTest) -> str:
    """Every word on the page outside the grids, one text a line."""
    return "\n".join(text for _, _, text in _texts(app))


def said_as_markup(app: AppTest) -> str:
    """Those words that the browser would read as Markdown or as a chart, a label or a column's settings."""
    return "\n".join(text for kind, name, text in _texts(app) if (kind, name) not in PLAIN)


def cells(app: AppTest) -> list[str]:
    """Every cell of every grid, as text."""
    frames = [frame.value.astype(object) for frame in app.dataframe]
    return [str(cell) for frame in frames for column in frame.columns for cell in frame[column]]


def column(app: AppTest, name: str, grid: int = 0) -> list[Any]:
    """One column of a grid; a chip is its word."""
    values = app.dataframe[grid].value[name]
    return [value[0] if not isinstance(value, str) and hasattr(value, "__len__") else value for value in values]


def grid(app: AppTest, key: str) -> pd.DataFrame | None:
    """The grid of that key, or None where there is none."""
    found = [frame for frame in app.dataframe if frame.proto.id.endswith(f"-{key}")]
    return found[0].value if found else None


def pick(app: AppTest, key: str, *rows: int) -> AppTest:
    """Select rows of the grid of that key as a click does, callbacks and all, and run."""
    id_ = next(frame.proto.id for frame in app.dataframe if frame.proto.id.endswith(f"-{key}"))
    selection = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    states = app._tree.get_widget_states()
    states.widgets.append(WidgetState(id=id_, string_value=json.dumps(selection)))
    return app._run(states)


def _texts(app: AppTest) -> Iterator[tuple[str, str, str]]:
    for block in app._tree.children.values():
        for node in block:
            proto = getattr(node, "proto", None)
            if _is_message(proto):
                yield from ((str(node.type), name, text) for name, text in _strings(proto, ""))


def _strings(message: Any, path: str) -> Iterator[tuple[str, str]]:
    for field, value in message.ListFields():
        name = path or field.name
        if field.name in _NOT_SHOWN:
            continue
        for item in value if _is_many(value) else [value]:
            if _is_message(item):
                yield from _strings(item, name)
            elif isinstance(item, str):
                yield name, item


def _is_message(value: Any) -> bool:
    return hasattr(value, "ListFields")


def _is_many(value: Any) -> bool:
    return not isinstance(value, (str, bytes)) and not _is_message(value) and hasattr(value, "__len__")

"""What a function costs, in steps and not in seconds: how often anything is called in it, by Python or by C."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType, FunctionType
from typing import Any

from hypothesis import strategies as st

from lib.errors import DeskError

PIECES = (
    *(
        '"',
        "'",
        ",",
        ";",
        "\t",
        "\n",
        "\r\n",
        " ",
        "[",
        "]",
        "{",
        "}",
        ":",
        "\\",
        "/",
        "//\n",
        "/*",
        "*/",
        "<",
        ">",
        "?",
    ),
    *(
        "a",
        "1",
        "a\n",
        "a,b\n",
        "a,b,c,d,e\n",
        '"a":',
        '"a":1,',
        '{"a":',
        "[1,",
        "u@a.example\n",
        "\u0301\u0323",
        "\x01",
    ),
    *("https://a/?b=c&", "\0", "\ufeff", "\u200b", "x" * 100, "true,", "\\_", "=A1,"),
)
"""What texts of any shape are made of."""

SHAPES = st.tuples(
    st.lists(st.sampled_from(PIECES), max_size=4).map("".join),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join),
    st.integers(1, 3_000),
    st.lists(st.sampled_from(PIECES), max_size=4).map("".join),
).map(lambda parts: parts[0] + parts[1] * parts[2] + parts[3])
"""Something, then something over and over, then something: brackets by the thousand, lines without end, one endless."""


@contextmanager
def calls_of(function: Callable[..., Any]) -> Iterator[list[None]]:
    """Has an item for each call of `function` by a thread that began in this block: each drawing of a page is one."""
    assert isinstance(function, FunctionType)
    code, calls = function.__code__, list[None]()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code is code:
            calls.append(None)

    threading.setprofile(note)
    try:
        yield calls
    finally:
        threading.setprofile(None)


def steps_of(work: Callable[[], Any]) -> int:
    """How many calls `work` makes, whether it comes to an answer or to a sentence of ours."""
    counted = 0

    def count(_frame: FrameType, event: str, _: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        with suppress(DeskError):
            work()
    finally:
        sys.setprofile(before)
    return counted

"""How a line of the log looks, what is taken out of it, and that whoever writes never waits."""

import json
import logging
import sys
import threading
from base64 import b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.logs import LONGEST, JsonLine, Line, Redaction, Writer, request_id

KEY = "key/of a workspace+="


def record(message: str, *values: object, error: Exception | None = None) -> logging.LogRecord:
    trace = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("lib.sync.loop", logging.WARNING, "a.py", 1, message, values, trace)
    made.created = 1795348155.86
    return made


def raised(words: str) -> Exception:
    try:
        raise ValueError(words)
    except ValueError as error:
        return error


def text(message: str, *values: object, error: Exception | None = None) -> str:
    return Line("sync", Redaction([KEY])).format(record(message, *values, error=error))


def told(message: str, *values: object, error: Exception | None = None) -> dict[str, str]:
    line = JsonLine("sync", Redaction([KEY])).format(record(message, *values, error=error))
    fields: dict[str, str] = json.loads(line)
    return fields


def test_a_line_says_when_how_bad_who_and_what() -> None:
    assert text("pass %d", 7) == "2026-11-22T11:49:15.860Z WARNING sync lib.sync.loop: pass 7"


def test_the_same_as_an_object_has_each_part_by_its_name() -> None:
    assert told("pass %d", 7) == {
        "time": "2026-11-22T11:49:15.860Z",
        "level": "WARNING",
        "logger": "lib.sync.loop",
        "message": "pass 7",
        "process": "sync",
    }


def test_a_line_carries_the_request_in_which_it_arose() -> None:
    mark = request_id.set("0123456789abcdef")
    try:
        assert "lib.sync.loop [0123456789abcdef]: hello" in text("hello")
        assert told("hello")["request"] == "0123456789abcdef"
    finally:
        request_id.reset(mark)


@given(st.text(max_size=60))
def test_whatever_a_message_holds_it_stays_one_line_and_moves_no_cursor(hostile: str) -> None:
    line = text("title %s", hostile)
    assert line.isprintable()
    assert line.startswith("2026-11-22T11:49:15.860Z WARNING sync lib.sync.loop: title ")
    object_ = JsonLine("sync", Redaction()).format(record("title %s", hostile))
    assert object_.isprintable()
    assert json.loads(object_)["level"] == "WARNING"


def test_the_lines_of_an_exception_cannot_pass_for_lines_of_their_own() -> None:
    error = raised("a\n2026-11-22T00:00:00.000Z INFO sync x: all is well\x1b[2J")
    first, *others = text("it broke", error=error).split("\n")
    assert first.endswith("it broke")
    assert others
    assert all(line.startswith("    ") and line.isprintable() for line in others)
    assert "\x1b" not in told("it broke", error=error)["exception"]
    assert "ValueError: a" in told("it broke", error=error)["exception"]


@pytest.mark.parametrize("form", [KEY, quote(KEY, safe=""), b64encode(KEY.encode()).decode()])
def test_a_known_secret_is_taken_out_of_message_and_trace_in_every_form(form: str) -> None:
    line = text("asked with %s", form, error=raised(f"url=https://desk/{form}?x"))
    assert form not in line
    assert line.count("[hidden]") == 2


def test_addresses_and_credentials_that_nobody_knew_are_taken_out_too() -> None:
    line = text("ada.okafor+x@acme.example had Token 0123456789abcdef0123 and Bearer: eyJhbGciOi.J9.abcdefgh")
    assert line.endswith("[address] had Token [hidden] and Bearer: [hidden]")


def test_a_secret_that_is_learnt_later_is_hidden_from_then_on() -> None:
    redact = Redaction()
    redact.add("made-at-the-start")
    assert redact("signed with made-at-the-start") == "signed with [hidden]"


def test_a_word_too_short_for_a_secret_stays() -> None:
    assert Redaction(["desk"])("the desk") == "the desk"


def test_a_message_without_end_is_cut() -> None:
    assert len(text("%s", "x" * 1_000_000)) < LONGEST + 100


def test_values_that_do_not_fit_cost_no_line() -> None:
    assert text("pass %d", "seven").endswith("pass %d")


class Pipe:
    """A place to write to, which can be blocked or full."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.open = threading.Event()
        self.reached = threading.Event()
        self.full = False

    def __call__(self, line: bytes) -> None:
        self.reached.set()
        assert self.open.wait(10)
        if self.full:
            raise OSError(28, "No space left on device")
        self.lines.append(line)


def writer(pipe: Pipe, room: int = 1000) -> Writer:
    made = Writer(pipe, room)
    made.setFormatter(logging.Formatter("%(message)s"))
    return made


def test_lines_come_in_their_order_and_flush_waits_for_them() -> None:
    pipe = Pipe()
    pipe.open.set()
    handler = writer(pipe)
    for number in range(50):
        handler.handle(record("%d", number))
    handler.flush()
    assert pipe.lines == [f"{number}\n".encode() for number in range(50)]
    assert handler.dropped == 0


def test_a_pipe_that_nobody_reads_stops_nobody_and_what_was_left_out_is_counted_and_told() -> None:
    pipe = Pipe()
    handler = writer(pipe, room=5)
    handler.handle(record("first"))
    assert pipe.reached.wait(10)
    for number in range(25):  # would wait here for ever, were it not for the thread
        handler.handle(record("%d", number))
    assert handler.dropped == 20
    pipe.open.set()
    handler.flush()
    assert pipe.lines[:2] == [b"first\n", b"20 lines of the log were left out: they could not be written\n"]
    assert len(pipe.lines) == 7


def test_a_full_disk_stops_nobody_either_and_lines_come_again_when_there_is_room() -> None:
    pipe = Pipe()
    pipe.open.set()
    pipe.full = True
    handler = writer(pipe)
    handler.handle(record("lost"))
    handler.flush()
    assert (handler.dropped, pipe.lines) == (2, [])  # the line, and the one that tells of it
    pipe.full = False
    handler.handle(record("kept"))
    handler.flush()
    assert pipe.lines[0] == b"kept\n"


def test_nothing_here_knows_how_tests_catch_the_log() -> None:
    assert not any(isinstance(handler, Writer) for handler in logging.getLogger().handlers), sys.argv

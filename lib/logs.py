"""The form of log lines, and what is kept out of them. Each process calls `set_up` once; the code just logs.

Lines are formatted where they arise and written by a thread, so that a pipe that nobody reads, or a full disk, blocks
nothing: lines without room are counted and dropped. The audit log is in the store, not here.
"""

import io
import logging
import os
import re
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from queue import Full, Queue
from typing import Literal
from urllib.parse import quote

import orjson

Form = Literal["text", "json"]
Sink = Callable[[bytes], object]
"""Takes one line with its newline. May block, and may raise `OSError`."""

ROOM = 10_000
"""Lines that may wait to be written."""
LONGEST = 8_000
"""Characters of a message, and of a trace, whose end is kept."""
SHORTEST_SECRET = 6
FLUSH_SECONDS = 2.0

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The request that is being answered, if any."""

# Possessive, and tried only at the start of a word: the cost grows with the length of a text alone.
_ADDRESS = re.compile(r"(?<![\w.+%'-])[\w.+%'-]++@[\w-]++(?:\.[\w-]++)++")
_CREDENTIAL = re.compile(r"\b(token|bearer|basic)([ =:]++)[\w.~+/=-]{16,}+", re.IGNORECASE)


class Redaction:
    """The last line of defence: hides known secrets, e-mail addresses and credentials in a line."""

    def __init__(self, secrets: Iterable[str] = ()):
        self._known: re.Pattern[str] | None = None
        self._secrets: set[str] = set()
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Hide these from now on, also URL-quoted and in Base64."""
        for secret in secrets:
            if len(secret) >= SHORTEST_SECRET:
                self._secrets |= {secret, quote(secret, safe=""), b64encode(secret.encode()).decode().rstrip("=")}
        longest_first = sorted(self._secrets, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        """`text` with secrets, addresses and credentials replaced."""
        if self._known:
            text = self._known.sub("[hidden]", text)
        return _CREDENTIAL.sub(r"\1\2[hidden]", _ADDRESS.sub("[address]", text))


class Line(logging.Formatter):
    """Formats a record as one line, without its newline."""

    def __init__(self, process: str, redact: Redaction, asked_by: Callable[[], str | None] = request_id.get):
        super().__init__()
        self._process, self._redact, self._asked_by = process, redact, asked_by

    def format(self, record: logging.LogRecord) -> str:
        """Time (UTC), level, process, logger, request and message; then the trace, indented."""
        asked_by, trace = self._asked_by(), self._trace(record)
        request = f" [{asked_by}]" if asked_by else ""
        head = f"{_time(record)} {record.levelname} {self._process} {record.name}{request}: {self._message(record)}"
        return "\n    ".join([head, *trace.split("\n")]) if trace else head

    def _message(self, record: logging.LogRecord) -> str:
        try:
            words = record.getMessage()
        except (TypeError, ValueError):  # the arguments do not fit the format: a log line must not fail
            words = str(record.msg)
        return escaped(self._redact(words))[:LONGEST]

    def _trace(self, record: logging.LogRecord) -> str:
        told = self.formatException(record.exc_info) if record.exc_info else (record.exc_text or "")
        return escaped(self._redact(told), keep="\n")[-LONGEST:]


class JsonLine(Line):
    """Formats a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """The parts of a text line by name; `request` and `exception` only if there is one."""
        told = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": self._message(record),
            "process": self._process,
            "request": self._asked_by(),
            "exception": self._trace(record),
        }
        return orjson.dumps({name: value for name, value in told.items() if value}).decode()


class Writer(logging.Handler):
    """Hands lines to a thread that writes them. Never blocks, never raises; counts lines that it drops."""

    def __init__(self, sink: Sink, room: int = ROOM):
        super().__init__()
        self._sink = sink
        self._waiting: Queue[bytes] = Queue(room)
        self._counting = threading.Lock()
        self._lost = self._told = 0
        threading.Thread(target=self._write_for_ever, name="log", daemon=True).start()

    @property
    def dropped(self) -> int:
        """Lines that were dropped so far."""
        return self._lost

    def emit(self, record: logging.LogRecord) -> None:
        """Format the line and queue it."""
        try:
            self._waiting.put_nowait(f"{self.format(record)}\n".encode("utf-8", "backslashreplace"))
        except Full:
            with self._counting:
                self._lost += 1

    def flush(self) -> None:
        """Wait until all lines are written, for two seconds at most."""
        gives_up_at = time.monotonic() + FLUSH_SECONDS
        while self._waiting.unfinished_tasks and time.monotonic() < gives_up_at:
            time.sleep(0.01)

    def _write_for_ever(self) -> None:
        while True:
            self._write(self._waiting.get())
            if self._lost > self._told:
                self._told, lost = self._lost, self._lost - self._told
                self._write(self._said_of(lost))
            self._waiting.task_done()

    def _write(self, line: bytes) -> None:
        try:
            self._sink(line)
        except OSError:  # a full disk, a pipe whose reader is gone
            with self._counting:
                self._lost += 1

    def _said_of(self, lost: int) -> bytes:
        words = "%d lines of the log were left out: they could not be written"
        record = logging.LogRecord(__name__, logging.WARNING, __file__, 0, words, (lost,), None)
        return f"{self.format(record)}\n".encode()


class PrintedLines(io.TextIOBase):
    """A stream whose lines become log lines: libraries print what they should log."""

    def __init__(self, name: str, level: int):
        self._log, self._level = logging.getLogger(name), level
        self._rest = ""
        self._taking = threading.Lock()
        self._here = threading.local()

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Log the lines that are complete. What logging itself prints when it fails is dropped."""
        if not getattr(self._here, "is_logging", False):
            with self._taking:
                *lines, self._rest = (self._rest + text).split("\n")
                if len(self._rest) > LONGEST:
                    lines, self._rest = [*lines, self._rest], ""
            self._tell(lines)
        return len(text)

    def flush(self) -> None:
        """Log an incomplete line as well."""
        if self._rest:
            self.write("\n")

    def _tell(self, lines: Iterable[str]) -> None:
        self._here.is_logging = True
        try:
            for line in filter(str.strip, lines):
                self._log.log(self._level, "%s", line)
        finally:
            self._here.is_logging = False


def escaped(text: str, keep: str = "") -> str:
    """`text` with every character escaped that could start a line or move a cursor, except those of `keep`."""
    if text.isprintable():
        return text
    return "".join(s if s.isprintable() or s in keep else s.encode("unicode_escape").decode() for s in text)


_redact = Redaction()
_writer: Writer | None = None


def set_up(
    process: str,
    *,
    form: Form = "text",
    secrets: Iterable[str] = (),
    level: int = logging.INFO,
    asked_by: Callable[[], str | None] = request_id.get,
    sink: Sink | None = None,
) -> Writer:
    """Send every log line of this process to standard error, in one form. Call it once, at the start.

    `secrets` are hidden wherever they occur. `asked_by` answers the id of the request that causes a line.
    """
    global _writer
    _redact.add(*secrets)
    _writer = Writer(sink or to_standard_error())
    _writer.setFormatter((JsonLine if form == "json" else Line)(process, _redact, asked_by))
    root = logging.getLogger()
    root.handlers[:] = [_writer]
    root.setLevel(level)
    for name in ("alembic", "asyncio"):
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.captureWarnings(capture=True)
    _log_what_nobody_caught()
    return _writer


def take_what_is_printed() -> None:
    """Send what this process prints to its log: for processes whose output nobody reads otherwise."""
    sys.stdout, sys.stderr = PrintedLines("stdout", logging.INFO), PrintedLines("stderr", logging.WARNING)


def is_set_up() -> bool:
    """Whether this process writes a log."""
    return _writer is not None


def hide(*secrets: str) -> None:
    """Hide secrets that were not known at `set_up`."""
    _redact.add(*secrets)


def flush() -> None:
    """Wait briefly until all lines are written: before a process ends without cleaning up."""
    if _writer:
        _writer.flush()


def dropped() -> int:
    """Lines that could not be written since the process began."""
    return _writer.dropped if _writer else 0


def to_standard_error() -> Sink:
    """A sink to a duplicate of standard error's descriptor, so that other writers never wait for it."""
    number = os.dup(sys.stderr.fileno())

    def write(line: bytes) -> None:
        while line:
            line = line[os.write(number, line) :]

    return write


def _log_what_nobody_caught() -> None:
    log = logging.getLogger(__name__)

    def of_a_thread(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
            log.error("a thread ended with an error", exc_info=told.exc_value)

    def of_nobody(told: "sys.UnraisableHookArgs") -> None:
        log.error("an error that nobody could be told of: %s", told.err_msg or "", exc_info=told.exc_value)

    threading.excepthook = of_a_thread
    sys.unraisablehook = of_nobody
    sys.excepthook = lambda kind, error, trace: log.critical("the process ended", exc_info=(kind, error, trace))


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

"""How lines of the log look, and what never stands in one. Each process calls `set_up` once; the code just logs.

Lines are made where they arise and written by a thread of their own, so that a pipe that nobody reads, or a full disk,
stops nobody: what finds no room is counted and left out. What people did is kept in the store and not here.
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
"""Takes one line, its end included. May block, and may raise `OSError`."""

ROOM = 10_000
"""Lines that may wait to be written."""
LONGEST = 8_000
"""Signs of a message, and of an exception's trace: its end is kept."""
SHORTEST_SECRET = 6
FLUSH_SECONDS = 2.0

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The request that is being answered, where there is one."""

# Possessive, and tried only where a word begins: a text of any length costs its length and no more.
_ADDRESS = re.compile(r"(?<![\w.+%'-])[\w.+%'-]++@[\w-]++(?:\.[\w-]++)++")
_CREDENTIAL = re.compile(r"\b(token|bearer|basic)([ =:]++)[\w.~+/=-]{16,}+", re.IGNORECASE)


class Redaction:
    """The last line of defence: known secrets, e-mail addresses and credentials are taken out of a line."""

    def __init__(self, secrets: Iterable[str] = ()):
        self._known: re.Pattern[str] | None = None
        self._secrets: set[str] = set()
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Hide these from now on, in the forms in which they travel."""
        for secret in secrets:
            if len(secret) >= SHORTEST_SECRET:
                self._secrets |= {secret, quote(secret, safe=""), b64encode(secret.encode()).decode().rstrip("=")}
        longest_first = sorted(self._secrets, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        """`text` with what may be told of it."""
        if self._known:
            text = self._known.sub("[hidden]", text)
        return _CREDENTIAL.sub(r"\1\2[hidden]", _ADDRESS.sub("[address]", text))


class Line(logging.Formatter):
    """One record as one line, without its end."""

    def __init__(self, process: str, redact: Redaction, asked_by: Callable[[], str | None] = request_id.get):
        super().__init__()
        self._process, self._redact, self._asked_by = process, redact, asked_by

    def format(self, record: logging.LogRecord) -> str:
        """Time (UTC), level, process, logger, request and message; then the exception, its lines set in."""
        asked_by, trace = self._asked_by(), self._trace(record)
        request = f" [{asked_by}]" if asked_by else ""
        head = f"{_time(record)} {record.levelname} {self._process} {record.name}{request}: {self._message(record)}"
        return "\n    ".join([head, *trace.split("\n")]) if trace else head

    def _message(self, record: logging.LogRecord) -> str:
        try:
            words = record.getMessage()
        except (TypeError, ValueError):  # what was to be put in does not fit: a log line stops nobody
            words = str(record.msg)
        return escaped(self._redact(words))[:LONGEST]

    def _trace(self, record: logging.LogRecord) -> str:
        told = self.formatException(record.exc_info) if record.exc_info else (record.exc_text or "")
        return escaped(self._redact(told), keep="\n")[-LONGEST:]


class JsonLine(Line):
    """One record as one object."""

    def format(self, record: logging.LogRecord) -> str:
        """The fields of a text line by their names; `request` and `exception` only where there is one."""
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
    """Hands lines to a thread that writes them. Never blocks, never raises; counts what found no room."""

    def __init__(self, sink: Sink, room: int = ROOM):
        super().__init__()
        self._sink = sink
        self._waiting: Queue[bytes] = Queue(room)
        self._counting = threading.Lock()
        self._lost = self._told = 0
        threading.Thread(target=self._write_for_ever, name="log", daemon=True).start()

    @property
    def dropped(self) -> int:
        """Lines that were left out so far."""
        return self._lost

    def emit(self, record: logging.LogRecord) -> None:
        """Make the line, and let it wait for its turn."""
        try:
            self._waiting.put_nowait(f"{self.format(record)}\n".encode("utf-8", "backslashreplace"))
        except Full:
            with self._counting:
                self._lost += 1

    def flush(self) -> None:
        """Wait until all is written, but not for long."""
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


class Printed(io.TextIOBase):
    """A stream whose lines become lines of the log: libraries print what they should log."""

    def __init__(self, name: str, level: int):
        self._log, self._level = logging.getLogger(name), level
        self._rest = ""
        self._taking = threading.Lock()
        self._here = threading.local()

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Log the lines that are whole by now. What the log itself prints, should it fail, is left out."""
        if not getattr(self._here, "is_logging", False):
            with self._taking:
                *lines, self._rest = (self._rest + text).split("\n")
                if len(self._rest) > LONGEST:
                    lines, self._rest = [*lines, self._rest], ""
            self._tell(lines)
        return len(text)

    def flush(self) -> None:
        """Log what stands there without an end, too."""
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
    """`text` with every sign that could begin a line or move a cursor written out, but those of `keep`."""
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
    """Have every line of this process look alike, and go to standard error. Call it once, at the start.

    `secrets` are hidden wherever they turn up. `asked_by` answers the id of the request in which a line arises.
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
    """From now on what this process prints goes into its log. For one whose output nobody reads as such."""
    sys.stdout, sys.stderr = Printed("stdout", logging.INFO), Printed("stderr", logging.WARNING)


def is_set_up() -> bool:
    """Whether this process writes a log."""
    return _writer is not None


def hide(*secrets: str) -> None:
    """Hide more than was known when the process began."""
    _redact.add(*secrets)


def flush() -> None:
    """Wait, not for long, until all lines are written: before a process ends without its own end."""
    if _writer:
        _writer.flush()


def dropped() -> int:
    """Lines that could not be written since the process began."""
    return _writer.dropped if _writer else 0


def to_standard_error() -> Sink:
    """Straight to the file, by a copy of its number: whoever else writes there never waits for us."""
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

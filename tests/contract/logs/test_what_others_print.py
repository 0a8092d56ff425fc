"""Whatever another library writes comes out as lines of the one log, in its form and without secrets."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.running import ROOT

SECRET = "a secret of the test"
PROGRAM = """
import asyncio, logging, sys, threading, warnings
from lib import logs
logs.set_up("the test", form="json", secrets=["a secret of the test"])
logs.take_what_is_printed()

print("printed for ada@acme.example:", "a secret of the test")
print("on standard error, a secret of the test", file=sys.stderr)
print("without an end, a secret of the test", end="", flush=True)
print("\\x1b[31mred\\x1b[0m and a\\rreturn")
sys.stderr.write("x" * 20_000)
sys.stderr.flush()
warnings.warn("a warning of a secret of the test")
logging.getLogger("some.library").error("logged with a secret of the test")

class Falls:
    def __del__(self):
        raise ValueError("of nobody, a secret of the test")

Falls()

async def fails():
    raise ValueError("never fetched, a secret of the test")

async def forgets():
    task = asyncio.ensure_future(fails())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task

asyncio.run(forgets())
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()

from rich.console import Console
Console().print("by rich, a secret of the test")
raise ValueError("the end of it, a secret of the test")
"""
IN_STREAMLIT = """
import sys
sys.argv = ["streamlit", "run", "app.py"]
from streamlit import config
from streamlit.error_util import handle_uncaught_app_exception
config.get_config_options(force_reparse=True)
from lib.ui.server.log_lines import write_log
write_log()
try:
    raise ValueError("in a page, a key of the test")
except ValueError as error:
    handle_uncaught_app_exception(error)
from lib import logs
logs.flush()
"""


def run(program: str, **environment: str) -> tuple[str, list[dict[str, str]]]:
    """What came on standard output, and the lines of the log."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **environment},
    )
    return done.stdout, [json.loads(line) for line in done.stderr.splitlines()]


def test_what_is_printed_warned_of_or_caught_by_nobody_is_a_line_of_the_log() -> None:
    printed, lines = run(PROGRAM)
    assert printed == ""
    messages = [line["message"] for line in lines]
    for wanted in (
        "printed for [address]: [hidden]",
        "on standard error, [hidden]",
        "without an end, [hidden]",
        "logged with [hidden]",
        "by rich, [hidden]",
        "Task exception was never retrieved",
        "a thread ended with an error",
        "the process ended",
    ):
        assert any(wanted in message for message in messages), wanted
    assert any("a warning of [hidden]" in message for message in messages)
    assert any("an error that nobody could be told of" in message for message in messages)
    assert SECRET not in str(lines)
    assert "\\x1b[31mred" in str(messages).replace("\\\\", "\\")
    assert all(line["process"] == "the test" for line in lines)
    assert {line["logger"] for line in lines} >= {"stdout", "stderr", "py.warnings", "asyncio", "some.library"}


def test_what_breaks_in_a_page_is_logged_and_not_printed_though_rich_is_there(tmp_path: Path) -> None:
    environment = {"LOG_FORMAT": "json", "RECALL_API_KEY": "a key of the test", "DATA_DIR": str(tmp_path)}
    printed, lines = run(IN_STREAMLIT, **environment)
    assert printed == ""
    [told] = [line for line in lines if line["message"] == "Uncaught app execution"]
    assert "in a page, [hidden]" in told["exception"]
    assert "a key of the test" not in str(lines)

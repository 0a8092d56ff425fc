"""Strangers who fill what they can: what the server holds of two hundred of them, while they are there and at most."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from time import sleep

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.TextInput_pb2 import TextInput
from websockets.exceptions import WebSocketException

from bench.memory import megabytes, most_megabytes
from bench.serving import serving
from bench.table import Row, single
from tests.websocket_client import Tab, connect, typed

STRANGERS, AT_ONCE, OF_AN_ADDRESS = 200, 10, 4
ENTRIES, USERS = 2_000, 100
TOO_LONG, AS_LONG_AS_MAY_BE = 14_000_000, 60_000
MOST_MB = 100
SETTLES_SECONDS = 3


def measure_strangers(folder: Path) -> list[Row]:
    """Each from an address that three others share, ten at a time; who is not turned away stays."""
    logging.getLogger("websockets").setLevel(logging.CRITICAL)  # being turned away is no defect of theirs
    with serving(folder / "strangers", ENTRIES, USERS) as served, ExitStack() as stack:
        for number in range(AT_ONCE):
            with connect(served.url, headers=_from(number)) as tab:
                tab.rerun()
        before = megabytes(served.process_id)
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for tab in threads.map(lambda number: _stay(served.url, number), range(STRANGERS)):
                stack.callback(tab.close)
        sleep(SETTLES_SECONDS)
        there, most = megabytes(served.process_id), most_megabytes(served.process_id)
    name = f"server memory beyond before, {STRANGERS} hostile strangers"
    return [
        single(f"{name}: while they are there", there - before, "MB", most=MOST_MB),
        single(f"{name}: the most there was", most - before, "MB", most=MOST_MB),
    ]


def fill(tab: Tab) -> None:
    """All that a stranger can think of, each of it until it ends the connection."""
    tab.rerun()
    name = tab.labelled(TextInput, "Name").id
    tab.rerun(typed(name, "x" * AS_LONG_AS_MAY_BE))
    for message in _floods(name):
        tab.send(message)
    with suppress(TimeoutError):
        for _ in tab.frames(timeout=1.0):
            pass


def _stay(url: str, number: int) -> Tab:
    """One stranger, who comes again when turned away, and then keeps still."""
    with suppress(WebSocketException, OSError, StopIteration), connect(url, headers=_from(number)) as tab:
        tab.rerun()
        tab.rerun(typed(tab.labelled(TextInput, "Name").id, "x" * TOO_LONG), timeout=5)
    tab = connect(url, headers=_from(number))
    with suppress(WebSocketException, OSError, StopIteration):
        fill(tab)
    return tab


def _floods(name: str) -> Iterator[BackMsg]:
    """A page of ten thousand fields, one of a long address, one that knows all messages."""
    for message in (fields := BackMsg()), (query := BackMsg()), (known := BackMsg()):
        message.rerun_script.page_script_hash = ""
    fields.rerun_script.widget_states.widgets.extend(typed(f"{n:x}", "") for n in range(6_000))
    query.rerun_script.query_string = "&".join(f"{n:x}" for n in range(10_000))
    known.rerun_script.cached_message_hashes.extend(f"{n:x}" for n in range(10_000))
    yield from (fields, query, known)


def _from(number: int) -> dict[str, str]:
    """From another address, as a proxy on this machine says it."""
    return {"X-Forwarded-For": f"192.0.2.{number // OF_AN_ADDRESS}"}

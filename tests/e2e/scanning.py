"""What an admin's tabs are sent, for somebody who has not signed in to send it back: the ids of all they could press,
run and take away, and the words that nobody else may be told.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Button_pb2 import Button
from streamlit.proto.DownloadButton_pb2 import DownloadButton
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed

from tests.e2e.serving import Dashboard
from tests.running import ROOT
from tests.websocket_client import Tab, connect, pressed

PAGES = tuple(file.stem for file in sorted((ROOT / "pages").glob("*.py")))
OF_A_USER = ("", "&section=preferences", "&section=connections", "&section=overrides", "&section=history")
VIEWS = (*((page, "") for page in PAGES), ("customers", "do=assign"), ("many", "customer=browser.example"))
RECORDS = (
    *("change", "batch", "batch_item", "applied_file", "assignment", "customer_owner", "standard", "bot_config"),
    *("bot_config_mark", "bot_config_draft", "staff", "staff_customer", "event", "last_visit"),
)
GO_ON = ("sync_request", "connect_link", "new_user")
"""What a command adds to or changes; of events all but sign-ins and sessions, which are the tests' own."""
QUIET_SECONDS = 0.1
_WORDS = (
    "SELECT calendar_user.customer, calendar_user.id FROM calendar_user",
    "SELECT calendar_user.customer, external_id FROM calendar_user",
    "SELECT calendar_user.customer, calendar_user.customer FROM calendar_user",
    "SELECT customer, json_extract(value, '$.email') FROM calendar_user, json_each(connections)",
    "SELECT customer, entry.id FROM entry JOIN calendar_user ON calendar_user.pk = entry.user",
    "SELECT customer, bot_id FROM entry JOIN calendar_user ON calendar_user.pk = entry.user",
    *(
        f"SELECT customer, {personal} FROM entry_details "  # noqa: S608 - our own words
        "JOIN entry ON entry.pk = entry_details.entry JOIN calendar_user ON calendar_user.pk = entry.user"
        for personal in ("title", "organizer_email")
    ),
)
"""Whose it is, and the word."""


@dataclass(frozen=True)
class View:
    """One page as an admin's tab shows it: the open tab, and what it was sent."""

    page: str
    query: str
    tab: Tab
    heard: tuple[ForwardMsg, ...]

    @property
    def pressed(self) -> tuple[WidgetState, ...]:
        """Every button on it, pressed."""
        ids = [button.id for button in self.tab.elements(Button)]
        return tuple(map(pressed, [*ids, *(button.id for button in self.tab.elements(DownloadButton))]))

    @property
    def fragments(self) -> tuple[str, ...]:
        """Parts of it that run by themselves."""
        return tuple({d.fragment_id for d in self.tab.shown.values() if d.fragment_id} | set(self.tab.repeats))

    @property
    def files(self) -> tuple[str, ...]:
        """Ids of the files that it offers."""
        return tuple(re.findall(r'deferred_file_id: "(\w+)"', str(self.heard)))


@contextmanager
def views(
    url: str, cookie: dict[str, str], user: str, more: Iterable[tuple[str, str]] = ()
) -> Iterator[tuple[View, ...]]:
    """Every page and every section of one user, each in a tab of its own that stays open until the end of the block;
    and what is named besides, by page and query."""
    asked = (*VIEWS, *(("users", f"user={user}{section}") for section in OF_A_USER), *more)
    opened = [_look(url, cookie, page, query) for page, query in asked]
    yield tuple(opened)
    for view in opened:
        view.tab.close()


def _look(url: str, cookie: dict[str, str], page: str, query: str) -> View:
    tab = connect(url, cookie=cookie, path=page, query=query)
    return View(page, query, tab, tuple(tab.rerun()))


def files_of(url: str, cookie: dict[str, str], view: View) -> list[bytes]:
    """The files that a page offers to whoever has this cookie, as far as they are text."""
    for file in view.files:
        view.tab.send(_operation(view.tab, "deferred_file", {"file_id": file}))
    told = "".join(map(str, view.tab.rerun()))
    with suppress(TimeoutError):
        told += "".join(map(str, view.tab.frames(QUIET_SECONDS)))
    sent = "; ".join(f"{name}={value}" for name, value in cookie.items())
    found = []
    for place in set(re.findall(r"/media/\w+\.csv", told)):
        with urlopen(Request(url + place, headers={"Cookie": sent}), timeout=10) as answer:  # noqa: S310 - loopback
            found.append(answer.read())
    return found


def everything_tried(tab: Tab, view: View) -> bytes:
    """Send every message that knows something of `view`; answers all that was sent for them."""
    heard: list[ForwardMsg] = []
    with suppress(ConnectionClosed):
        heard += tab.rerun()
        heard += tab.rerun(*view.pressed)
        for fragment in view.fragments:
            tab.ask(*view.pressed, fragment=fragment, is_auto_rerun=True)
        for message in _everything_else(tab, view.files):
            tab.send(message)
        heard += tab.rerun()
        with suppress(TimeoutError):
            heard += tab.frames(QUIET_SECONDS)
    return b"".join(message.SerializeToString() for message in heard)


def _everything_else(tab: Tab, files: Iterable[str]) -> Iterator[BackMsg]:
    """Every message of the protocol but the one that asks for a run."""
    yield BackMsg(clear_cache=True)
    yield BackMsg(set_run_on_save=True)
    yield BackMsg(load_git_info=True)
    yield BackMsg(debug_disconnect_websocket=True)
    yield BackMsg(debug_shutdown_runtime=True)
    yield BackMsg(app_heartbeat=True)
    upload = BackMsg()
    upload.file_urls_request.request_id = "upload"
    upload.file_urls_request.file_names.append("customers.csv")
    yield upload
    for operation, words in (
        *(("deferred_file", {"file_id": file}) for file in files),
        ("dataframe_chunk", {}),
        ("install_skills", {}),
        ("dismiss_skills_nudge", {}),
    ):
        yield _operation(tab, operation, words)


def _operation(tab: Tab, name: str, words: dict[str, Any]) -> BackMsg:
    message = BackMsg()
    request = message.backend_operation_request
    request.request_id, request.session_id = str(uuid4()), tab.session_id
    getattr(request, name).SetInParent()
    for key, value in words.items():
        setattr(getattr(request, name), key, value)
    return message


def words_of_others(desk: Dashboard, customer: str = "") -> tuple[bytes, ...]:
    """Every id, address, name and title that the store holds of users who are not this customer's, and that stand in
    nothing of those; but for words too short to tell."""
    with closing(_opened(desk)) as store:
        found = {(whose == customer, word) for question in _WORDS for whose, word in store.execute(question) if word}
    own = "\n".join(word for is_own, word in found if is_own)
    theirs = {word for is_own, word in found if not is_own and len(word) > len("Sync")}
    return tuple(word.encode() for word in theirs if word not in own)


def somebody_of(desk: Dashboard, customer: str) -> tuple[list[str], list[str]]:
    """Recall's ids of a customer's users, and of their bots."""
    of_it = "FROM calendar_user LEFT JOIN entry ON entry.user = calendar_user.pk WHERE customer = ?"
    with closing(_opened(desk)) as store:
        users = store.execute(f"SELECT DISTINCT calendar_user.id {of_it}", (customer,)).fetchall()
        bots = store.execute(f"SELECT DISTINCT bot_id {of_it} AND bot_id IS NOT NULL", (customer,)).fetchall()
    return [row[0] for row in users], [row[0] for row in bots]


def recorded(desk: Dashboard) -> dict[str, list[Any]]:
    """What stands in the tables that commands write to; of those whose rows the sync goes on with, how many rows."""
    with closing(_opened(desk)) as store:
        kept = {table: store.execute(f"SELECT * FROM {table}").fetchall() for table in RECORDS}  # noqa: S608
        added = {table: store.execute(f"SELECT count(*) FROM {table}").fetchall() for table in GO_ON}  # noqa: S608
    own = [row for row in kept["event"] if not str(row[2]).startswith(("sign", "session"))]
    return kept | added | {"event": own}


def _opened(desk: Dashboard) -> sqlite3.Connection:
    [file] = Path(desk.environment["DATA_DIR"]).glob("*.db")
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True)

"""One tab without a browser: speaks Streamlit's own protocol over its websocket, as the page's script does.

A hundred of them cost less than one browser. They send what they please, so they also say what no browser would.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from time import monotonic
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.Button_pb2 import Button
from streamlit.proto.ButtonGroup_pb2 import ButtonGroup
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.TextInput_pb2 import TextInput
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as open_websocket
from websockets.typing import Origin, Subprotocol

WAITS_SECONDS = 30.0
_NO_XSRF_COOKIE = "PLACEHOLDER_AUTH_TOKEN"
"""What Streamlit's page says in the place of the cookie when it has none."""
_SIGNALS = ("trigger_value", "string_trigger_value", "json_trigger_value", "chat_input_value")
"""Values that hold for one run only."""

BROKE = "could not be built"
"""What a page says that raised."""

AnElement = TypeVar("AnElement")


def pressed(widget: str) -> WidgetState:
    """A button was pressed."""
    return WidgetState(id=widget, trigger_value=True)


def typed(widget: str, text: str) -> WidgetState:
    """A text stands in a field."""
    return WidgetState(id=widget, string_value=text)


def chosen(widget: str, *options: str) -> WidgetState:
    """These options of a segmented control or a row of pills are chosen."""
    state = WidgetState(id=widget)
    state.string_array_value.data.extend(options)
    return state


@dataclass
class Tab:
    """An open websocket, what its page shows now, and what it knows of the server's pages."""

    connection: ClientConnection
    page_name: str
    """As in the address: "" is the start."""
    query: str
    session_id: str = ""
    page_hashes: dict[str, str] = field(default_factory=dict)
    """Every page's hash by its address, as told in the last run."""
    page_hash: str = ""
    shown: dict[tuple[int, ...], Delta] = field(default_factory=dict)
    """What is on the page, in the order it came, by where it is."""
    repeats: dict[str, float] = field(default_factory=dict)
    """Seconds between the runs of the fragments that run by themselves, by their id."""
    received: int = 0
    """Bytes of the frames that came so far."""
    _widgets: dict[str, WidgetState] = field(default_factory=dict)
    _kept: dict[str, ForwardMsg] = field(default_factory=dict)

    def send(self, message: BackMsg | bytes) -> None:
        """One frame, whatever is in it."""
        self.connection.send(message if isinstance(message, bytes) else message.SerializeToString())

    def ask(self, *states: WidgetState, fragment: str = "", is_auto_rerun: bool = False) -> None:
        """Ask for a run with these values and all that were sent before, without waiting for it."""
        self._widgets |= {state.id: state for state in states}
        message = BackMsg()
        ask = message.rerun_script
        ask.query_string, ask.page_name, ask.page_script_hash = self.query, self.page_name, self.page_hash
        ask.fragment_id, ask.is_auto_rerun = fragment, is_auto_rerun
        ask.widget_states.widgets.extend(self._widgets.values())
        ask.cached_message_hashes.extend(self._kept)
        ask.context_info.timezone, ask.context_info.locale = "Europe/Berlin", "en-GB"
        self.send(message)
        self._widgets = {name: state for name, state in self._widgets.items() if not _is_signal(state)}

    def frames(self, timeout: float = WAITS_SECONDS) -> Iterator[ForwardMsg]:
        """What the server sends, decoded, one by one; raises `TimeoutError` when nothing more came in time."""
        while True:
            raw = self.connection.recv(timeout, decode=False)
            assert isinstance(raw, bytes)
            self.received += len(raw)
            message = ForwardMsg.FromString(raw)
            if message.ref_hash:
                message = _with_metadata_of(message, self._kept[message.ref_hash])
            elif message.metadata.cacheable:
                self._kept[message.hash] = message
            self._take_in(message)
            yield message

    def run(self, timeout: float = WAITS_SECONDS) -> list[ForwardMsg]:
        """The frames until the run that was asked for is over, and those that came before it with them."""
        ends, came = monotonic() + timeout, list[ForwardMsg]()
        while monotonic() < ends:
            came.append(next(self.frames(max(ends - monotonic(), 0.001))))
            if _is_end(came[-1]):
                return came
        raise TimeoutError(f"no run ended within {timeout} s")

    def rerun(
        self, *states: WidgetState, fragment: str = "", is_auto_rerun: bool = False, timeout: float = WAITS_SECONDS
    ) -> list[ForwardMsg]:
        """A run with these values: what a click does. Answers its frames."""
        self.ask(*states, fragment=fragment, is_auto_rerun=is_auto_rerun)
        return self.run(timeout)

    def go_to(self, page_name: str, query: str = "", timeout: float = WAITS_SECONDS) -> list[ForwardMsg]:
        """A click on a page of the menu."""
        self.page_name, self.query, self.page_hash = page_name, query, self.page_hashes.get(page_name, "")
        self._widgets.clear()
        return self.rerun(timeout=timeout)

    def choose(self, words: str, timeout: float = WAITS_SECONDS) -> list[ForwardMsg]:
        """A click on the segment, or pill, that begins with `words`."""
        for group in self.elements(ButtonGroup):
            found = next((option.content for option in group.options if option.content.startswith(words)), None)
            if found is not None:
                return self.rerun(chosen(group.id, found), timeout=timeout)
        raise AssertionError(f"no segment {words!r} on the page, but: {self.text()[:2000]}")

    def file(self, deferred_id: str, timeout: float = WAITS_SECONDS) -> str:
        """Where the file is that a download button offers: it is made now. What came meanwhile is taken in."""
        message = BackMsg()
        message.backend_operation_request.request_id = deferred_id
        message.backend_operation_request.session_id = self.session_id
        message.backend_operation_request.deferred_file.file_id = deferred_id
        self.send(message)
        for frame in self.frames(timeout):
            if frame.HasField("backend_operation_response"):
                assert not frame.backend_operation_response.error_msg, frame.backend_operation_response.error_msg
                return frame.backend_operation_response.deferred_file.url
        raise AssertionError("the frames never end")

    def elements(self, kind: type[AnElement]) -> list[AnElement]:
        """Those on the page of one kind, such as `Button`, in order."""
        return [part for part in map(_inside, self._elements()) if isinstance(part, kind)]

    def labelled(self, kind: type[AnElement], label: str) -> AnElement:
        """The first of a kind whose label holds `label`."""
        found = (element for element in self.elements(kind) if label in getattr(element, "label", ""))
        if (first := next(found, None)) is None:
            raise AssertionError(f"no {kind.__name__} {label!r} on the page, but: {self.text()[:2000]}")
        return first

    def text(self) -> str:
        """All that is on the page, as one text to look for words in."""
        return "\n".join(str(element) for element in self._elements())

    def close(self) -> None:
        """Close the tab."""
        self.connection.close()

    def __enter__(self) -> "Tab":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _elements(self) -> Iterator[Element]:
        return (delta.new_element for delta in self.shown.values() if delta.HasField("new_element"))

    def _take_in(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                self._begin_run(message)
            case "navigation":
                self.page_hash = message.navigation.page_script_hash
                self.page_hashes = {
                    "" if page.is_default else page.url_pathname: page.page_script_hash
                    for page in message.navigation.app_pages
                }
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "auto_rerun":
                self.repeats[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            case "stop_auto_rerun":
                for fragment in message.stop_auto_rerun.fragment_ids:
                    self.repeats.pop(fragment, None)
            case "delta":
                self.shown[tuple(message.metadata.delta_path)] = message.delta

    def _begin_run(self, message: ForwardMsg) -> None:
        self.session_id = message.new_session.initialize.session_id or self.session_id
        again = set(message.metadata.run.fragment_ids)
        if again:
            self.shown = {at: delta for at, delta in self.shown.items() if delta.fragment_id not in again}
        else:
            self.shown.clear()
            self.repeats.clear()


def connect(
    url: str,
    *,
    cookie: Mapping[str, str] | None = None,
    path: str = "",
    query: str = "",
    origin: str | None = None,
    session_id: str = "",
    headers: Mapping[str, str] | None = None,
    timeout: float = WAITS_SECONDS,
) -> Tab:
    """Open the websocket of the server at `url`, as a tab at `path` would; nothing is asked yet.

    `cookie` holds cookies by name; `origin` is the server's own unless given; `headers` are more of them. With the
    `session_id` of a tab whose connection was lost, that session goes on.
    """
    parts = urlsplit(url)
    sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookie.items())} if cookie else {}
    said = ["streamlit", _NO_XSRF_COOKIE, *([session_id] if session_id else [])]
    connection = open_websocket(
        f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/_stcore/stream",
        origin=Origin(origin or f"{parts.scheme}://{parts.netloc}"),
        additional_headers={**sent, **(headers or {})},
        subprotocols=[Subprotocol(word) for word in said],
        open_timeout=timeout,
        close_timeout=5,
        max_size=None,
        proxy=None,
        legacy=True,  # a tab stays open for as long as its test wants
    )
    return Tab(connection, path.strip("/"), query, session_id)


def sign_in(url: str, name: str, password: str) -> dict[str, str]:
    """Sign in by the form, as its page does; answers the session's cookie by name."""
    with connect(url, path="users") as tab:
        tab.rerun()
        fields = (
            typed(tab.labelled(TextInput, "Name").id, name),
            typed(tab.labelled(TextInput, "Password").id, password),
        )
        tab.rerun(*fields, pressed(tab.labelled(Button, "Sign in").id))
        told = [each for each in tab.elements(BidiComponent) if each.component_name.endswith(".exchange_ticket")]
    assert told, f"{name} was not let in"
    ticket = json.loads(told[-1].json)["ticket"]
    request = Request(f"{url}/session", ticket.encode(), {"Origin": url}, method="POST")  # noqa: S310 - loopback
    with urlopen(request, timeout=WAITS_SECONDS) as answer:  # noqa: S310 - loopback
        cookies = SimpleCookie(answer.headers["Set-Cookie"])
    return {name: morsel.value for name, morsel in cookies.items()}


def _inside(element: Element) -> object:
    """What kind of element it is, with what that kind holds."""
    kind = element.WhichOneof("type")
    return getattr(element, kind) if kind else None


def _is_signal(state: WidgetState) -> bool:
    return state.WhichOneof("value") in _SIGNALS


def _is_end(message: ForwardMsg) -> bool:
    """Of a run that was not broken off for another."""
    is_end = message.WhichOneof("type") == "script_finished"
    return is_end and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


def _with_metadata_of(reference: ForwardMsg, kept: ForwardMsg) -> ForwardMsg:
    """A message that the server knows us to have: what it says, where it is wanted now."""
    message = ForwardMsg()
    message.CopyFrom(kept)
    message.metadata.CopyFrom(reference.metadata)
    return message

"""The closed list: what is on it, and that nothing else ever reaches a socket."""

import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from lib.errors import CallNotAllowed, SettingsError
from lib.recall_api import open_recall
from lib.recall_api.allow_list import (
    ENDPOINTS,
    GET_BOT,
    GET_MEETING,
    LIST_USERS,
    Credential,
    Retryable,
    endpoint_of,
)
from lib.recall_api.deadline import Timeouts
from lib.recall_api.memory_limits import MemoryLimits
from lib.recall_api.transport import Request, Transport
from lib.settings import LOOPBACK, REGION_HOSTS, recall_origin

ID = "a0000000-0000-4000-8000-00000000000f"
LISTED = [(e.method, e.path(ID)) for e in ENDPOINTS]
CONTRACT = {
    ("POST", "/api/v1/calendar/authenticate/"),
    ("GET", "/api/v1/calendar/users/"),
    ("GET", "/api/v1/calendar/user/"),
    ("PUT", "/api/v1/calendar/user/"),
    ("DELETE", "/api/v1/calendar/user/"),
    ("POST", "/api/v1/calendar/user/disconnect/"),
    ("GET", "/api/v1/calendar/meetings/"),
    ("GET", f"/api/v1/calendar/meetings/{ID}/"),
    ("PUT", f"/api/v1/calendar/meetings/{ID}/"),
    ("POST", "/api/v1/calendar/meetings/refresh/"),
    ("GET", "/api/v1/bot/"),
    ("GET", f"/api/v1/bot/{ID}/"),
}
METHODS = st.sampled_from(["GET", "PUT", "POST", "DELETE", "PATCH", "get", "HEAD", "OPTIONS", "GET "])
PATHS = (
    st.text(max_size=60)
    | st.sampled_from([path for _, path in LISTED])
    | st.builds(
        lambda call, tail: call[1] + tail, st.sampled_from(LISTED), st.sampled_from(["\n", "/", "?", "%00", " "])
    )
    | st.builds(
        lambda start, id: f"/api/v1/{start}/{id}/",
        st.sampled_from(["bot", "calendar/meetings", "calendars", "recording"]),
        st.sampled_from(
            ["..", ".", "%2e%2e", ID + "/../x", ID.upper(), ID[:-1], ID + "?a", "@evil", "a%2fb", ID + "\n"]
        ),
    )
)


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """A port where any connection would be noticed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@given(method=METHODS, path=PATHS)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_not_listed_raises_before_any_socket(listener: socket.socket, method: str, path: str) -> None:
    if (method, re.sub(re.escape(ID), ID, path, flags=re.I)) in CONTRACT:
        return
    transport = Transport(f"http://127.0.0.1:{listener.getsockname()[1]}", SecretStr("key"))
    with pytest.raises(CallNotAllowed):
        transport.send(
            Request(method, path, token=SecretStr("token")), Timeouts(1, 1, 1), MemoryLimits().of(LIST_USERS)
        )
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_the_list_is_the_contracts() -> None:
    assert set(LISTED) == CONTRACT
    assert all(endpoint_of(*call).method == call[0] for call in LISTED)


def test_every_write_is_never_repeated_and_no_read_is_a_write() -> None:
    writes = {e.template for e in ENDPOINTS if e.repeat is Retryable.NEVER}
    assert writes == {
        "/api/v1/calendar/user/",
        "/api/v1/calendar/user/disconnect/",
        "/api/v1/calendar/meetings/{id}/",
    }
    assert all(e.repeat is Retryable.SAFE for e in ENDPOINTS if e.method == "GET")


def test_each_call_has_the_contracts_limit_and_work_in_the_background_leaves_a_part_of_it() -> None:
    with_key = {e.template: e.limit.calls for e in ENDPOINTS if e.credential is Credential.KEY}
    assert with_key == {
        "/api/v1/calendar/authenticate/": 300,
        "/api/v1/calendar/users/": 60,
        "/api/v1/bot/": 60,
        "/api/v1/bot/{id}/": 300,
    }
    assert {e.limit.calls for e in ENDPOINTS if e.credential is Credential.TOKEN} == {120}
    assert all(0.9 * e.limit.calls < e.limit.in_background < e.limit.calls for e in ENDPOINTS)


@given(st.text(max_size=50))
def test_an_id_is_a_uuid_or_nothing(id: str) -> None:
    with pytest.raises(CallNotAllowed):
        GET_MEETING.path(id)
    assert GET_BOT.path(ID) == f"/api/v1/bot/{ID}/"
    assert LIST_USERS.path() == "/api/v1/calendar/users/"


@pytest.mark.parametrize("id", ["../users", f"{ID}/", f"{ID}?x=1", f"{ID}%2f..", "@evil.example", "", f"{ID}\n"])
def test_ids_that_would_lead_elsewhere_raise_on_every_method_that_takes_one(id: str) -> None:
    with open_recall("http://127.0.0.1:9", SecretStr("key")) as recall, pytest.raises(CallNotAllowed):
        recall.get_bot(id)


@pytest.mark.parametrize("host", sorted(REGION_HOSTS))
def test_each_region_is_a_base_over_https_alone(host: str) -> None:
    assert recall_origin(f"https://{host}/") == f"https://{host}"
    assert recall_origin(f"http://{host}") is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:8600", "http://localhost", "http://[::1]:8600/"])
def test_this_machine_is_a_base_over_http(url: str) -> None:
    assert recall_origin(url) == url.strip("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "us-west-2.recall.ai",
        "https://api.recall.ai",
        "https://us-west-2.recall.ai.evil.example",
        "https://evil.example/us-west-2.recall.ai",
        "https://us-west-2.recall.ai@evil.example",
        "https://user:pw@us-west-2.recall.ai",
        "https://us-west-2.recall.ai:8443",
        "https://us-west-2.recall.ai/api",
        "https://us-west-2.recall.ai?x=1",
        "https://us-west-2.recall.ai#x",
        "https://us-west-2.recall.ai\n.evil.example",
        "https://127.0.0.1",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1:x",
        "http://0.0.0.0:8600",
        "http://10.0.0.1",
        "http://[::1",
        "ftp://localhost",
        "file:///etc/passwd",
    ],
)
def test_no_other_address_is_a_base_and_it_is_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        open_recall(url, SecretStr("key"))
    assert "evil" not in str(caught.value)


@given(st.text(max_size=40).map(lambda text: f"https://{text}") | st.text(max_size=40).map(lambda t: f"http://{t}"))
def test_whatever_is_taken_for_a_base_has_a_host_of_the_list(url: str) -> None:
    if (origin := recall_origin(url)) is None:
        return
    parts = urlsplit(origin)
    assert parts.hostname in (REGION_HOSTS if parts.scheme == "https" else LOOPBACK)


@pytest.mark.parametrize("key", ["", "  ", "a\nb", "clé", "a\x00"])
def test_a_key_that_no_header_takes_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        open_recall("http://127.0.0.1:9", SecretStr(key))
    assert "RECALL_API_KEY" in str(caught.value)
    assert caught.value.__context__ is None

"""The routes of people who connect a calendar, asked as anybody on the network could, and walked to their end."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from pydantic import SecretStr

from lib.commands.connect_links import ConnectLink, make_link
from lib.domain import CalendarUser
from lib.recall_api import open_recall
from lib.settings import Settings
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import Store, links, migrate, open_store
from lib.store.links import LinkState
from lib.sync import read_users
from lib.writes import WriteContext
from tests.contract.commands.walking import consent, fetch
from tests.contract.ui.conftest import Answer, Server, command
from tests.running import Sandbox, free_port, running, running_sandbox

CALLBACKS = {"google": "google_oauth_callback", "microsoft": "ms_oauth_callback"}
DANA = StaffMember("dana", "Dana Weiss", Role.EDITOR)


@dataclass(frozen=True)
class Whole:
    """A dashboard with an address of its own, and the sandbox behind it."""

    server: Server
    sandbox: Sandbox
    settings: Settings

    @property
    def store(self) -> Store:
        return self.server.store

    def user(self, external_id: str) -> CalendarUser:
        """A new calendar user, in the store."""
        added = self.sandbox.add_user(external_id, connections=[])
        with open_recall(self.settings.base_url, self.settings.api_key) as recall:
            read_users(self.store, recall, now=datetime.now(UTC))
            return next(user for user in recall.list_users() if user.id == added["id"])

    def link(self, user: CalendarUser, platform: str = "google") -> ConnectLink:
        with open_recall(self.settings.base_url, self.settings.api_key) as recall:
            return make_link(WriteContext(self.store, recall), self.settings, DANA, user, platform)

    def state(self, user: CalendarUser) -> LinkState:
        with self.store.read() as connection:
            return links.of_user(connection, user.id)[0].state(datetime.now(UTC))

    def forget_asked(self) -> None:
        """Once the server has read those who connected before: it does so in the background, and may still be at it."""
        asked, ends_at = -1, monotonic() + 20
        while asked != (asked := len(self.sandbox.asked())):
            assert monotonic() < ends_at
            sleep(1)
        self.sandbox.forget_asked()

    def wait_for(self, user: CalendarUser, state: LinkState) -> None:
        ends_at = monotonic() + 20
        while self.state(user) is not state:
            assert monotonic() < ends_at, self.state(user)
            sleep(0.05)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    folder = tmp_path_factory.mktemp("returning")
    file, log, port = folder / "desk.db", folder / "dashboard.log", free_port()
    with running_sandbox(folder, users=1, meetings=1) as sandbox:
        migrate(f"sqlite:///{file}")
        store = open_store(f"sqlite:///{file}", recall_base_url=sandbox.url)
        accounts.add(store, "dana", role=Role.EDITOR, display="Dana Weiss", password="a good password")
        origin = f"http://127.0.0.1:{port}"
        named = {
            "RECALL_API_KEY": sandbox.key,
            "RECALL_BASE_URL": sandbox.url,
            "DATABASE_URL": f"sqlite:///{file}",
            "PUBLIC_URL": f"{origin}/",
        }
        settings = Settings(
            _env_file=None,
            recall_api_key=SecretStr(sandbox.key),
            recall_base_url=sandbox.url,
            public_url=origin,
        )
        with running(command(port), log, f"{origin}/healthz", named):
            yield Whole(Server(port, store, file, log), sandbox, settings)
        store.close()


def ask(whole: Whole, path: str) -> Answer:
    return whole.server.ask("GET", path)


@pytest.mark.parametrize("platform", CALLBACKS)
@pytest.mark.parametrize(
    "query",
    [
        "code=4%2F0Ab&state=%7B%22a%22%3A%22b%2Bc%22%7D&scope=a%20b+c",
        "error=access_denied&state=%7B%7D",
        "state=x&state=y&code=&&=;a[]=1",
        "code=1&redirect_uri=https://evil.example/&host=evil.example",
        "a=%00%0d%0aLocation:%20https://evil.example",
        "q=" + "a" * 10_000,
    ],
)
def test_the_answer_of_a_provider_goes_on_to_recall_letter_for_letter(whole: Whole, platform: str, query: str) -> None:
    answer = ask(whole, f"/oauth/{platform}?{query}")
    assert answer.status == 302
    assert answer.headers["location"] == f"{whole.sandbox.url}/api/v1/calendar/{CALLBACKS[platform]}/?{query}"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/oauth/google", 400, b"Open the link that you were sent once more."),
        ("/oauth/google?", 400, b"Open the link that you were sent once more."),
        ("/oauth/microsoft?code=" + "a" * 17_000, 414, b"too long"),
    ],
)
def test_what_is_no_answer_is_refused_in_a_sentence(whole: Whole, path: str, status: int, words: bytes) -> None:
    answer = ask(whole, path)
    assert (answer.status, words in answer.body) == (status, True)
    assert "location" not in answer.headers


def test_no_other_host_is_ever_named_whatever_the_request_says(whole: Whole) -> None:
    assert "location" not in whole.server.ask("GET", "/oauth/google?code=1", Host="evil.example").headers
    answer = whole.server.ask("GET", "/oauth/google?code=1", X_Forwarded_Host="evil.example")
    assert answer.headers["location"].startswith(f"{whole.sandbox.url}/api/v1/calendar/")


@pytest.mark.parametrize(
    "lie",
    [
        {"X_Forwarded_Host": "evil.example", "X_Forwarded_Port": "1", "X_Forwarded_Proto": "javascript"},
        {"Forwarded": "host=evil.example;proto=https", "X_Original_URL": "/system", "X_Rewrite_URL": "/system"},
        {"X_Forwarded_Proto": "https,http", "X_Forwarded_For": "<script>, 1.2.3.4"},
        {"X_Forwarded_Prefix": "//evil.example", "X_HTTP_Method_Override": "POST"},
        {"Host": "[::1]:1", "Origin": "https://evil.example", "Referer": "https://evil.example"},
        {"Cookie": "_streamlit_session=%%%; coverage_desk_session=x"},
    ],
)
def test_no_header_leads_an_answer_elsewhere(whole: Whole, lie: dict[str, str]) -> None:
    answer = whole.server.ask("GET", "/oauth/microsoft?code=1", b"", **lie)
    assert answer.headers["location"] == f"{whole.sandbox.url}/api/v1/calendar/{CALLBACKS['microsoft']}/?code=1"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1@evil.example", "localhost.", "[::1", "localhost\tevil", "", "localhost/evil.example"],
)
@pytest.mark.parametrize("path", ["/oauth/google?code=1", "/oauth2callback?code=1&state=x", "/connected?link=x"])
def test_under_another_name_nothing_is_forwarded_or_told(whole: Whole, host: str, path: str) -> None:
    answer = whole.server.ask("GET", path, Host=host)
    assert (answer.status, "location" in answer.headers) == (421, False)


@pytest.mark.parametrize(
    "path",
    [
        "//oauth/google?code=1",
        "//evil.example/oauth/google?code=1",
        "http://evil.example/oauth/google?code=1",
        "/x/../oauth/google?code=1",
        "/oauth/google%00?code=1",
        "/OAUTH/google?code=1",
        "/oauth/google;x?code=1",
    ],
)
def test_no_other_spelling_of_the_path_is_forwarded(whole: Whole, path: str) -> None:
    assert "location" not in ask(whole, path).headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "FOO"])
@pytest.mark.parametrize("path", ["/oauth/google", "/oauth/microsoft", "/connected", "/not-connected"])
def test_other_methods_do_nothing(whole: Whole, method: str, path: str) -> None:
    answer = whole.server.ask(method, f"{path}?code=1&link=x", Origin=whole.server.origin)
    assert (answer.status, "location" in answer.headers) == (405, False)


def test_other_platforms_are_not_forwarded(whole: Whole) -> None:
    assert "location" not in ask(whole, "/oauth/exchange?code=1").headers


def test_without_an_address_of_our_own_nothing_is_forwarded(server: Server) -> None:
    answer = server.ask("GET", "/oauth/google?code=1&state=x")
    assert answer.status == 404
    assert "location" not in answer.headers


@pytest.mark.parametrize("platform", CALLBACKS)
def test_the_whole_round_over_our_own_domain_ends_connected(whole: Whole, platform: str) -> None:
    user = whole.user(f"round-{platform}")
    url = whole.link(user, platform).url.get_secret_value()
    ours = consent(url, f"{platform}@acme.example")
    assert ours.startswith(f"{whole.server.origin}/oauth/{platform}?")
    theirs = fetch(ours)
    assert (theirs.status, parse_qsl(urlsplit(theirs.location).query)) == (302, parse_qsl(urlsplit(ours).query))
    end = fetch(theirs.location)
    assert end.location.startswith(f"{whole.server.origin}/connected?link=")
    page = fetch(end.location)
    assert page.status == 200
    assert "Your sign-in is complete" in page.body
    whole.wait_for(user, LinkState.CONNECTED)


def test_a_refusal_comes_by_the_same_way_and_says_how_to_try_again(whole: Whole) -> None:
    user = whole.user("refuses")
    url = whole.link(user).url.get_secret_value()
    end = fetch(fetch(consent(url, "x@acme.example", decision="deny")).location)
    assert urlsplit(end.location).path == "/not-connected"
    page = fetch(end.location)
    assert "Your calendar is not connected" in page.body
    assert "open the link that you were sent once more" in page.body
    assert whole.state(user) is LinkState.REFUSED


@pytest.mark.parametrize("path", ["/connected", "/not-connected"])
def test_the_pages_of_the_end_say_the_same_to_whomever_and_ask_recall_nothing_for_a_stranger(
    whole: Whole, path: str
) -> None:
    user = whole.user(f"asked{path.replace('/', '-')}")
    nonce = parse_qs(urlsplit(_success_url(whole.link(user))).query)["link"][0]
    whole.forget_asked()
    strange = [
        "",
        "?link=",
        "?link=x",
        "?link=<script>alert(1)</script>",
        f"?link={'A' * 9000}",
        "?link=%00",
        "?link=%ed%a0%80",
        "?error=b",
        f"?link[]={nonce}",
        f"?LINK={nonce}",
        f"?link={nonce}&link=x",
        f"?link=+{nonce}",
        f"?link={nonce}%00",
        f"?link={nonce[:-1]}",
        f"?link={nonce.swapcase()}",
        f"?link={hashlib.sha256(nonce.encode()).hexdigest()}",
    ]
    answers = [ask(whole, path + query) for query in strange]
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert b"alert" not in answers[0].body
    assert all(answer.headers["cache-control"] == "no-store" for answer in answers)
    assert whole.server.ask("HEAD", f"{path}?link={nonce}").status == 200
    assert whole.state(user) is LinkState.WAITING
    assert whole.sandbox.asked() == []
    assert ask(whole, f"{path}?link={nonce}").body == answers[0].body


def test_a_visit_to_the_page_does_not_make_a_calendar_connected(whole: Whole) -> None:
    user = whole.user("pretends")
    nonce = parse_qs(urlsplit(_success_url(whole.link(user))).query)["link"][0]
    whole.forget_asked()
    ask(whole, f"/connected?link={nonce}")
    ends_at = monotonic() + 20
    while not whole.sandbox.asked("GET", "/api/v1/calendar/meetings/"):
        assert monotonic() < ends_at
        sleep(0.05)
    assert whole.state(user) is LinkState.RETURNED
    ask(whole, f"/connected?link={nonce}")
    assert len(whole.sandbox.asked("GET", "/api/v1/calendar/user/")) <= 2


def test_nothing_that_passed_here_stands_in_the_log(whole: Whole) -> None:
    ask(whole, "/oauth/google?code=canary-code&state=canary-state")
    ask(whole, "/connected?link=canary-link")
    assert "canary" not in whole.server.log.read_text()
    assert "Traceback" not in whole.server.log.read_text()


def test_a_recall_that_is_ourselves_is_not_forwarded_to(tmp_path: Path) -> None:
    file, port = tmp_path / "desk.db", free_port()
    origin = f"http://127.0.0.1:{port}"
    migrate(f"sqlite:///{file}")
    store = open_store(f"sqlite:///{file}", recall_base_url=origin)
    accounts.add(store, "dana", role=Role.EDITOR, display="Dana Weiss", password="a good password")
    named = {
        "RECALL_API_KEY": "k",
        "RECALL_BASE_URL": origin,
        "DATABASE_URL": f"sqlite:///{file}",
        "PUBLIC_URL": origin,
    }
    with running(command(port), tmp_path / "log", f"{origin}/healthz", named):
        answer = Server(port, store, file, tmp_path / "log").ask("GET", "/oauth/google?code=1")
    store.close()
    assert (answer.status, "location" in answer.headers) == (508, False)


def _success_url(link: ConnectLink) -> str:
    [state] = parse_qs(urlsplit(link.url.get_secret_value()).query)["state"]
    return str(json.loads(state)["success_url"])

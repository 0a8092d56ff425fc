"""Making links and users: the right to it, a fresh token each, what is recorded, and the whole round at the sandbox."""

import json
import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import sleep
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from lib.commands.connect_links import (
    BEING_MADE,
    LASTS,
    ConnectLink,
    make_link,
    make_new_user,
    note_return,
    settle_new_users,
)
from lib.domain import CalendarUser
from lib.errors import (
    CalendarUserExists,
    ChangeUnderWay,
    InvalidChange,
    NotPermitted,
    RecallError,
    RecallOutcomeUnknown,
    RecallUnreachable,
    SettingsError,
    StoreError,
    UnknownCalendarUser,
)
from lib.recall_api import Recall
from lib.settings import Settings
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import Store, audit_log, events, links, new_users, users
from lib.store.links import Link, LinkState
from lib.store.tables.desk import new_user
from lib.sync import read_user, read_users
from lib.writes import WriteContext
from tests.contract.commands.walking import fetch, walk
from tests.running import ROOT, Sandbox

AUTHENTICATE = "/api/v1/calendar/authenticate/"
LIST = "/api/v1/calendar/users/"
NEW = "new-person"

MakeLink = Callable[..., ConnectLink]


@pytest.fixture
def settings(sandbox: Sandbox) -> Settings:
    return Settings(_env_file=None, recall_api_key=SecretStr(sandbox.key), recall_base_url=sandbox.url)


@pytest.fixture
def make(context: WriteContext, settings: Settings, editor: StaffMember, user: CalendarUser) -> MakeLink:
    def link(platform: str = "google", member: StaffMember = editor) -> ConnectLink:
        return make_link(context, settings, member, user, platform)

    return link


def state_of(link: ConnectLink) -> dict[str, str]:
    [state] = parse_qs(urlsplit(link.url.get_secret_value()).query)["state"]
    found: dict[str, str] = json.loads(state)
    return found


def token_of(link: ConnectLink) -> str:
    return state_of(link)["recall_calendar_auth_token"]


def nonce_of(address: str) -> str:
    [nonce] = parse_qs(urlsplit(address).query)["link"]
    return nonce


def kept(store: Store, user: CalendarUser) -> tuple[Link, ...]:
    with store.read() as connection:
        return links.of_user(connection, user.id)


def told(store: Store) -> list[tuple[str, str | None]]:
    """Kinds of events, with the account; that somebody signed in is left out."""
    with store.read() as connection:
        found = events.numbered(connection, range(1, 50))
    came = (
        event for event in sorted(found, key=lambda event: event.seq) if event.kind is not events.EventKind.SIGNED_IN
    )
    return [(event.kind.value, event.actor) for event in came]


def test_each_link_has_a_fresh_token_of_its_own_that_nothing_else_uses(make: MakeLink, context: WriteContext) -> None:
    first, second = make(), make()
    assert token_of(first) != token_of(second)
    assert context.recall.tokens_minted >= 2


def test_a_link_lives_a_day_from_when_its_token_was_minted(make: MakeLink) -> None:
    link = make()
    assert timedelta(0) <= LASTS - (link.expires_at - link.made_at) < timedelta(seconds=5)


def test_neither_the_link_nor_its_token_is_kept_or_shown_by_its_object(
    make: MakeLink, context: WriteContext, tmp_path: Path
) -> None:
    link = make()
    secrets = [token_of(link).encode(), nonce_of(state_of(link)["success_url"]).encode(), b"oauth2/v2"]
    assert repr(link) == f"ConnectLink({link.number})"
    assert token_of(link) not in repr([link]) + str(link) + repr(link.url)
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert b"link_made" in stored
    assert [secret for secret in secrets if secret in stored] == []


def test_who_made_it_for_whom_and_until_when_is_recorded(
    make: MakeLink, context: WriteContext, user: CalendarUser
) -> None:
    made = make("microsoft")
    [link] = kept(context.store, user)
    assert (link.number, link.by, link.platform, link.user_id) == (made.number, "dana", "microsoft", user.id)
    assert (link.made_at, link.expires_at) == (made.made_at, made.expires_at)
    assert told(context.store) == [("link_made", "dana")]


@pytest.mark.parametrize("name", ["vera", "abel"])
def test_only_who_may_change_connections_gets_a_link(
    make: MakeLink, context: WriteContext, sandbox: Sandbox, viewer: StaffMember, admin: StaffMember, name: str
) -> None:
    if name == "abel":
        assert make(member=admin).number
        return
    sandbox.forget_asked()
    with pytest.raises(NotPermitted):
        make(member=viewer)
    assert sandbox.asked() == []


def test_a_role_taken_away_counts_at_once_whatever_the_session_holds(
    make: MakeLink, context: WriteContext, sandbox: Sandbox, user: CalendarUser
) -> None:
    accounts.change(context.store, "dana", role=Role.VIEWER)
    sandbox.forget_asked()
    with pytest.raises(NotPermitted):
        make()
    assert sandbox.asked() == []
    assert kept(context.store, user) == ()


def test_a_user_who_is_gone_is_not_made_again_by_a_link(
    make: MakeLink, context: WriteContext, recall: Recall, user: CalendarUser, sandbox: Sandbox
) -> None:
    recall.delete_user(str(user.external_id))
    sandbox.forget_asked()
    with pytest.raises(UnknownCalendarUser):
        make()
    assert sandbox.asked("POST", AUTHENTICATE) == []
    assert str(user.external_id) not in {each.external_id for each in recall.list_users()}


def test_what_is_not_set_up_is_said_before_a_token_is_minted(
    context: WriteContext, editor: StaffMember, user: CalendarUser, sandbox: Sandbox
) -> None:
    settings = Settings(_env_file=None, recall_api_key=SecretStr("k"), recall_region="us-east-1")
    sandbox.forget_asked()
    with pytest.raises(SettingsError, match="GOOGLE_OAUTH_CLIENT_ID"):
        make_link(context, settings, editor, user, "google")
    assert sandbox.asked() == []


def test_a_link_that_cannot_be_recorded_is_not_handed_out(
    make: MakeLink, context: WriteContext, user: CalendarUser, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "desk.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError):
            make()
    assert kept(context.store, user) == ()


@pytest.mark.parametrize("platform", ["google", "microsoft"])
def test_the_whole_round_is_seen_by_asking_and_not_by_the_return(
    make: MakeLink, context: WriteContext, user: CalendarUser, platform: str
) -> None:
    link = make(platform)
    end = walk(link.url.get_secret_value(), "work@acme.example")
    assert urlsplit(end).path == "/connected"
    [waits] = kept(context.store, user)
    assert waits.state(datetime.now(UTC)) is LinkState.WAITING
    found = note_return(context.store, nonce_of(end), ok=True)
    assert found is not None
    assert found.id == user.id
    assert kept(context.store, user)[0].state(datetime.now(UTC)) is LinkState.RETURNED
    read_user(context.store, context.recall, user.id)
    [link_now] = kept(context.store, user)
    assert (link_now.state(datetime.now(UTC)), link_now.account) == (LinkState.CONNECTED, "work@acme.example")
    assert link_now.replaced == ("somebody@acme.example" if platform == "google" else None)


def test_the_users_list_shows_it_as_well_to_whom_nobody_came_back(
    make: MakeLink, context: WriteContext, user: CalendarUser
) -> None:
    walk(make("microsoft").url.get_secret_value(), "work@acme.example")
    read_users(context.store, context.recall, now=datetime.now(UTC))
    assert [link.account for link in kept(context.store, user)] == ["work@acme.example"]


@pytest.mark.parametrize("form", [{"decision": "deny"}, {"calendar": ""}])
def test_a_refusal_ends_at_our_page_and_the_link_can_be_opened_again(
    make: MakeLink, context: WriteContext, user: CalendarUser, form: dict[str, str]
) -> None:
    link = make()
    end = walk(link.url.get_secret_value(), "somebody@acme.example", **form)
    assert urlsplit(end).path == "/not-connected"
    note_return(context.store, nonce_of(end), ok=False)
    read_user(context.store, context.recall, user.id)
    assert kept(context.store, user)[0].state(datetime.now(UTC)) is LinkState.REFUSED
    end = walk(link.url.get_secret_value(), "somebody@acme.example")
    note_return(context.store, nonce_of(end), ok=True)
    read_user(context.store, context.recall, user.id)
    assert kept(context.store, user)[0].state(datetime.now(UTC)) is LinkState.CONNECTED


def test_a_link_a_day_old_is_refused_by_recall_and_called_expired(
    make: MakeLink, context: WriteContext, user: CalendarUser, sandbox: Sandbox
) -> None:
    link = make()
    sandbox.control("POST", "clock/", {"advance_seconds": 86_401})
    try:
        assert urlsplit(walk(link.url.get_secret_value(), "x@acme.example")).path == "/not-connected"
    finally:
        sandbox.control("POST", "clock/", {"advance_seconds": -86_401})
    assert kept(context.store, user)[0].state(link.expires_at) is LinkState.EXPIRED


def test_by_way_of_our_own_domain_the_same_state_comes_to_recall(
    context: WriteContext, editor: StaffMember, user: CalendarUser, sandbox: Sandbox
) -> None:
    ours = "http://127.0.0.1:9"
    settings = Settings(
        _env_file=None, recall_api_key=SecretStr(sandbox.key), recall_base_url=sandbox.url, public_url=ours
    )
    link = make_link(context, settings, editor, user, "google")
    assert state_of(link)["google_oauth_redirect_url"] == "http://127.0.0.1:9/oauth/google"
    assert state_of(link)["success_url"].startswith("http://127.0.0.1:9/connected?link=")


@pytest.mark.parametrize("nonce", ["", "x", "' OR 1=1 --", "A" * 5000, "\0", "é"])
def test_a_nonce_that_is_none_of_ours_changes_nothing(
    make: MakeLink, context: WriteContext, user: CalendarUser, nonce: str
) -> None:
    make()
    assert note_return(context.store, nonce, ok=True) is None
    assert kept(context.store, user)[0].returned_at is None


@pytest.mark.parametrize(
    "how", ["when it has ended", "twice", "with a refusal after it worked", "of a user who is gone"]
)
def test_who_comes_back_by_a_link_tells_something_once_and_in_its_time(
    make: MakeLink, context: WriteContext, user: CalendarUser, recall: Recall, how: str
) -> None:
    link = make()
    nonce = nonce_of(state_of(link)["success_url"])
    come_back = partial(note_return, context.store, nonce)
    if how == "of a user who is gone":
        recall.delete_user(str(user.external_id))
        read_users(context.store, context.recall, now=datetime.now(UTC))
    elif how != "when it has ended":
        assert come_back(ok=True) is not None
    said = how != "with a refusal after it worked"
    assert come_back(ok=said, clock=lambda: link.expires_at if how == "when it has ended" else link.made_at) is None
    if how != "of a user who is gone":
        assert kept(context.store, user)[0].returned_ok is (None if how == "when it has ended" else True)


def test_nobody_gets_a_link_whose_role_is_taken_away_while_its_token_is_made(
    make: MakeLink, context: WriteContext, user: CalendarUser, sandbox: Sandbox
) -> None:
    sandbox.forget_asked()
    sandbox.break_calls(AUTHENTICATE, delay_ms=1_500)
    with ThreadPoolExecutor(1) as browser:
        made = browser.submit(make)
        while not sandbox.asked("POST", AUTHENTICATE) and not made.done():
            sleep(0.01)
        accounts.change(context.store, "dana", role=Role.VIEWER)
        refusal = made.exception(20)
    assert isinstance(refusal, NotPermitted)
    assert kept(context.store, user) == ()


def test_of_two_open_links_neither_tells_of_the_other(
    make: MakeLink, context: WriteContext, user: CalendarUser
) -> None:
    google, microsoft = make("google"), make("microsoft")
    note_return(context.store, nonce_of(state_of(microsoft)["error_url"]), ok=False)
    now = {link.number: link.returned_ok for link in kept(context.store, user)}
    assert now == {google.number: None, microsoft.number: False}


def test_a_new_user_is_made_recorded_and_in_the_store(
    store: Store, recall: Recall, editor: StaffMember, sandbox: Sandbox
) -> None:
    made = make_new_user(WriteContext(store, recall), editor, f"{NEW}-1", f"{NEW}-1")
    assert [each.id for each in recall.list_users() if each.external_id == f"{NEW}-1"] == [made.id]
    with store.read() as connection:
        row, asked = users.find(connection, made.id), connection.execute(select(new_user)).one()
    assert row is not None
    assert (asked.staff, asked.state) == ("dana", new_users.NewUserState.MADE)
    assert told(store) == [("user_made", "dana")]
    assert set(events.EventKind) == set(audit_log.TOPICS[audit_log.AuditSource.EVENT])


@pytest.mark.parametrize(
    ("first", "again", "words"),
    [
        ("abc", "abd", "not the same"),
        ("", "", "Type the external id"),
        ("  ", "  ", "Type the external id"),
        (" abc", " abc", "begins or ends with a blank"),
        ("a\u200bc", "a\u200bc", "cannot be seen"),
        ("a" * 201, "a" * 201, "Use at most 200"),
    ],
)
def test_what_cannot_be_meant_is_not_sent(
    store: Store, recall: Recall, editor: StaffMember, sandbox: Sandbox, first: str, again: str, words: str
) -> None:
    sandbox.forget_asked()
    with pytest.raises(InvalidChange, match=words):
        make_new_user(WriteContext(store, recall), editor, first, again)
    assert sandbox.asked() == []


def test_one_that_exists_is_refused_and_no_token_is_minted(
    context: WriteContext, editor: StaffMember, user: CalendarUser, sandbox: Sandbox
) -> None:
    sandbox.forget_asked()
    for external_id in (str(user.external_id), str(user.external_id).upper()):
        with pytest.raises(CalendarUserExists):
            make_new_user(context, editor, external_id, external_id)
    assert sandbox.asked("POST", AUTHENTICATE) == []
    with context.store.read() as connection:
        assert new_users.open_ones(connection) == ()
    assert told(context.store) == []


def test_a_viewer_makes_nobody(store: Store, recall: Recall, viewer: StaffMember, sandbox: Sandbox) -> None:
    sandbox.forget_asked()
    with pytest.raises(NotPermitted):
        make_new_user(WriteContext(store, recall), viewer, f"{NEW}-2", f"{NEW}-2")
    assert sandbox.asked() == []


def test_an_answer_that_was_lost_is_settled_by_the_list(
    store: Store, recall: Recall, editor: StaffMember, sandbox: Sandbox
) -> None:
    sandbox.break_calls(AUTHENTICATE, method="POST", lose_answer=True, times=None)
    made = make_new_user(WriteContext(store, recall), editor, f"{NEW}-3", f"{NEW}-3")
    assert made.external_id == f"{NEW}-3"
    assert told(store) == [("user_made", "dana")]


def test_recall_that_does_not_answer_makes_nobody_and_says_so(
    store: Store, recall: Recall, editor: StaffMember, sandbox: Sandbox
) -> None:
    sandbox.break_calls(AUTHENTICATE, method="POST", status=503, times=None)
    with pytest.raises(RecallUnreachable):
        make_new_user(WriteContext(store, recall), editor, f"{NEW}-4", f"{NEW}-4")
    with store.read() as connection:
        assert new_users.open_ones(connection) == ()


def test_who_was_left_open_is_closed_by_the_list_later(
    store: Store, recall: Recall, editor: StaffMember, sandbox: Sandbox
) -> None:
    now = datetime.now(UTC)
    with store.write() as connection:
        for name in ("5", "6"):
            new_users.add(connection, f"{NEW}-{name}", by="dana", now=now)
    sandbox.add_user(f"{NEW}-5")
    assert settle_new_users(WriteContext(store, recall)) == 0  # whoever makes them may still be at it
    later = lambda: now + BEING_MADE  # noqa: E731
    assert settle_new_users(WriteContext(store, recall, later)) == 2
    assert told(store) == [("user_made", "dana")]
    assert settle_new_users(WriteContext(store, recall, later)) == 0


def test_two_at_once_do_not_make_the_same_one(
    store: Store, recall: Recall, editor: StaffMember, sandbox: Sandbox
) -> None:
    with store.write() as connection:
        new_users.add(connection, f"{NEW}-7", by="abel", now=datetime.now(UTC))
    sandbox.forget_asked()
    with pytest.raises(ChangeUnderWay):
        make_new_user(WriteContext(store, recall), editor, f"{NEW}-7", f"{NEW}-7")
    assert sandbox.asked() == []


def test_nothing_but_the_command_makes_users() -> None:
    callers = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "lib").rglob("*.py")
        if re.search(r"\.create_calendar_user\(", path.read_text())
    ]
    assert callers == ["lib/commands/connect_links.py"]


def test_the_page_of_the_end_is_opened_by_walking_and_not_by_us(make: MakeLink) -> None:
    link = make("microsoft")
    assert fetch(link.url.get_secret_value()).status == 200


def test_errors_of_this_module_are_ones_that_a_page_can_say(
    context: WriteContext, editor: StaffMember, sandbox: Sandbox, user: CalendarUser, settings: Settings
) -> None:
    sandbox.break_calls("*", status=503, times=None)
    with pytest.raises((RecallError, RecallOutcomeUnknown)):
        make_link(context, settings, editor, user, "google")
    assert kept(context.store, user) == ()

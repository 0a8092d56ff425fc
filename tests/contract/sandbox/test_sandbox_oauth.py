"""Connecting a calendar: consent, callback, and every way it goes wrong."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.contract.sandbox.sandbox_process import CALENDAR, Sandbox

GOOGLE = "/sandbox/google/o/oauth2/v2/auth"
MICROSOFT = "/sandbox/microsoft/common/oauth2/v2.0/authorize"
SUCCESS = "https://desk.example/connected?nonce=1&p=google"
FAILURE = "https://desk.example/failed?nonce=1"
SCOPES = {
    GOOGLE: "https://www.googleapis.com/auth/calendar.events.readonly https://www.googleapis.com/auth/userinfo.email",
    MICROSOFT: "offline_access openid email https://graph.microsoft.com/Calendars.Read",
}
EXTRA: dict[str, dict[str, str]] = {
    GOOGLE: {"access_type": "offline", "prompt": "consent", "include_granted_scopes": "true"},
    MICROSOFT: {"response_mode": "query"},
}
CALLBACKS = {GOOGLE: "google_oauth_callback", MICROSOFT: "ms_oauth_callback"}
STATE_KEYS = {GOOGLE: "google_oauth_redirect_url", MICROSOFT: "ms_oauth_redirect_url"}


def authorise(sandbox: Sandbox, user: str, page: str = GOOGLE, state: dict[str, str] | None = None) -> dict[str, str]:
    """The parameters of the authorise URL; `state` is put over the usual one."""
    redirect_uri = f"{sandbox.base}{CALENDAR}/{CALLBACKS[page]}/"
    usual = {
        "recall_calendar_auth_token": sandbox.token(user)["x-recallcalendarauthtoken"],
        STATE_KEYS[page]: redirect_uri,
        "success_url": SUCCESS,
        "error_url": FAILURE,
    }
    return {
        "client_id": "client",
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": SCOPES[page],
        "state": json.dumps(usual | (state or {})),
        **EXTRA[page],
    }


def consent(sandbox: Sandbox, query: dict[str, str], page: str = GOOGLE, **form: str) -> requests.Response:
    """Send the consent form, then go where the browser is sent; answers what Recall's callback says."""
    sent = {"account": "me@acme.example", "calendar": "yes", "decision": "allow", **form}
    back = sandbox.ask("POST", page, params=query, data=sent)
    assert back.status_code == 303
    return sandbox.get(back.headers["Location"].removeprefix(sandbox.base))


def connections(sandbox: Sandbox, user: str) -> list[tuple[str, bool, str | None]]:
    found: list[dict[str, Any]] = sandbox.get(f"{CALENDAR}/user/", headers=sandbox.token(user)).json()["connections"]
    return [(c["platform"], c["connected"], c["email"]) for c in found]


def test_the_consent_page_is_a_plain_form_with_the_users_own_account_first(sandbox: Sandbox) -> None:
    user = sandbox.new_user()
    html = sandbox.get(GOOGLE, params=authorise(sandbox, user)).text
    assert "<script" not in html
    assert re.findall(r'name="account" value="([^"]+)" checked', html) == [f"{user}@google.acme.example"]
    assert re.search(r'type="checkbox" name="calendar" value="yes" checked', html)
    assert re.findall(r'name="decision" value="(\w+)"', html) == ["allow", "deny"]


@pytest.mark.parametrize(("page", "platform"), [(GOOGLE, "google"), (MICROSOFT, "microsoft")])
def test_allowing_connects_the_calendar_and_keeps_the_query_of_success_url(
    sandbox: Sandbox, page: str, platform: str
) -> None:
    user = sandbox.new_user(platforms=())
    address = f"{user}@acme.example"
    answer = consent(sandbox, authorise(sandbox, user, page), page, account=address)
    assert (answer.status_code, answer.headers["Location"]) == (302, SUCCESS)
    assert connections(sandbox, user) == [(platform, True, address)]


def test_a_calendar_just_connected_has_meetings_from_yesterday_on(sandbox: Sandbox) -> None:
    user = sandbox.new_user("record_external", "record_internal", platforms=())
    consent(sandbox, authorise(sandbox, user), account=f"{user}@acme.example")
    sandbox.advance(3)
    found = sandbox.meetings(user)
    assert found
    assert any(m["bot_id"] for m in found)
    now = sandbox.control("clock/", method="GET")["now"]
    assert not any(m["bot_id"] for m in found if m["start_time"] and m["start_time"] < now[:19])


def test_denying_goes_to_error_url_and_connects_nothing(sandbox: Sandbox) -> None:
    user = sandbox.new_user(platforms=())
    answer = consent(sandbox, authorise(sandbox, user), decision="deny")
    assert (answer.status_code, answer.headers["Location"]) == (302, FAILURE)
    assert connections(sandbox, user) == []


@pytest.mark.parametrize(
    ("query", "form", "state", "text"),
    [
        ({}, {"calendar": ""}, {}, "None of the supported calendar scopes"),
        ({"prompt": ""}, {}, {}, "refresh_token missing from oAuth response"),
        ({"access_type": "online"}, {}, {}, "refresh_token missing from oAuth response"),
        ({}, {}, {"recall_calendar_auth_token": "x"}, "Invalid &#x27;recall_calendar_auth_token&#x27; supplied"),
        ({}, {}, {"google_oauth_redirect_url": "https://other.example/"}, "redirect_uri_mismatch"),
        ({}, {"decision": "deny"}, {}, "access_denied"),
    ],
)
def test_each_failure_is_named_on_a_page_when_there_is_no_error_url(
    sandbox: Sandbox, query: dict[str, str], form: dict[str, str], state: dict[str, str], text: str
) -> None:
    user = sandbox.new_user(platforms=())
    asked = authorise(sandbox, user, state={"error_url": "", **state}) | query
    answer = consent(sandbox, asked, **form)
    assert answer.status_code == 400
    assert text in answer.text
    assert connections(sandbox, user) == []


def test_a_state_that_was_not_encoded_is_an_invalid_token(sandbox: Sandbox) -> None:
    assert "recall_calendar_auth_token" in sandbox.get(f"{CALENDAR}/google_oauth_callback/?code=x&state={{half").text


def test_a_code_of_one_provider_is_worth_nothing_at_the_other(sandbox: Sandbox) -> None:
    user = sandbox.new_user(platforms=())
    query = authorise(sandbox, user, state={"error_url": ""})
    back = sandbox.ask(
        "POST", GOOGLE, params=query, data={"account": "a@b.example", "calendar": "yes", "decision": "allow"}
    )
    code = parse_qs(urlsplit(back.headers["Location"]).query)
    answer = sandbox.get(f"{CALENDAR}/ms_oauth_callback/", params=code)
    assert (answer.status_code, "invalid_grant" in answer.text) == (400, True)


@pytest.fixture
def asking_tenant(sandbox: Sandbox) -> Iterator[str]:
    """A tenant whose admins approve apps; afterwards nobody's do."""
    sandbox.control("settings/", {"tenants_that_ask_admins": ["Strict.example"]})
    yield "strict.example"
    sandbox.control("settings/", {"tenants_that_ask_admins": []})


@pytest.mark.parametrize(
    ("page", "prompt", "account", "ends"),
    [
        (MICROSOFT, "consent", "me@strict.example", True),
        (MICROSOFT, "select_account consent", "ME@STRICT.EXAMPLE", True),
        (MICROSOFT, "consent", "me@lenient.example", False),
        (MICROSOFT, "", "me@strict.example", False),
        (GOOGLE, "consent", "me@strict.example", False),
    ],
)
def test_asking_for_consent_ends_at_the_admin_of_a_tenant_that_wants_it(
    sandbox: Sandbox, asking_tenant: str, page: str, prompt: str, account: str, ends: bool
) -> None:
    query = authorise(sandbox, sandbox.new_user(), page) | {"prompt": prompt}
    assert "<form" in sandbox.get(page, params=query).text
    sent = {"account": account, "calendar": "yes", "decision": "allow"}
    answer = sandbox.ask("POST", page, params=query, data=sent)
    assert ("Need admin approval" in answer.text) is ends
    assert answer.status_code == (200 if ends else 303)


def test_the_sample_client_connects_microsoft_with_the_prompt_that_it_sends(sandbox: Sandbox) -> None:
    user = sandbox.new_user(platforms=())
    query = authorise(sandbox, user, MICROSOFT) | {"prompt": "consent"}
    assert consent(sandbox, query, MICROSOFT, account=f"{user}@acme.example").headers["Location"] == SUCCESS
    assert connections(sandbox, user) == [("microsoft", True, f"{user}@acme.example")]


def test_another_account_replaces_the_connection_and_clears_its_data(sandbox: Sandbox) -> None:
    user = sandbox.new_user("record_internal")
    meeting = sandbox.add_meeting(user)
    consent(sandbox, authorise(sandbox, user), other=f"other-{user}@elsewhere.example")
    assert connections(sandbox, user) == [("google", True, f"other-{user}@elsewhere.example")]
    sandbox.advance(3)
    assert meeting["id"] not in {m["id"] for m in sandbox.meetings(user)}
    assert sandbox.bot(meeting["bot_id"]).status_code == 404
    user_now = sandbox.get(f"{CALENDAR}/user/", headers=sandbox.token(user)).json()
    assert user_now["preferences"]["record_internal"] is True


def test_the_same_account_again_keeps_its_meetings(sandbox: Sandbox) -> None:
    user = sandbox.new_user("record_internal")
    meeting = sandbox.add_meeting(user, override=True)
    sandbox.control("connections/", {"user": user, "platform": "google", "connected": False})
    consent(sandbox, authorise(sandbox, user), account=f"{user}@google.acme.example")
    assert sandbox.meeting(user, meeting)["override_should_record"] is True


@pytest.mark.parametrize("missing", ["client_id", "redirect_uri", "response_type", "scope"])
def test_the_provider_wants_its_parameters(sandbox: Sandbox, missing: str) -> None:
    query = authorise(sandbox, sandbox.new_user())
    del query[missing]
    assert sandbox.get(GOOGLE, params=query).status_code == 400


def test_an_address_is_shown_as_text(sandbox: Sandbox) -> None:
    user = '"><b>bold'
    sandbox.control(
        "users/", {"external_id": user, "connections": [{"platform": "google", "email": "<i>@acme.example"}]}
    )
    html = sandbox.get(GOOGLE, params=authorise(sandbox, user)).text
    assert "<b>" not in html
    assert "<i>" not in html

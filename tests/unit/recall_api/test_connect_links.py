"""Links by which a calendar is connected: what was built is parsed back, whatever it was made from (contract 4)."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from lib.errors import SettingsError
from lib.recall_api.oauth import GOOGLE, MICROSOFT, PROVIDERS, Provider, connect_url, forwarded, oauth_flow
from lib.settings import Settings

KEY = "key-4f1c9a7e"
CLIENTS = {"google_oauth_client_id": "g-client.apps", "microsoft_oauth_client_id": "0f3c-client"}
providers = st.sampled_from([GOOGLE, MICROSOFT])
tokens = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=300)
regions = st.sampled_from(["us-west-2", "us-east-1", "eu-central-1", "ap-northeast-1"])
origins = st.none() | st.sampled_from(["https://desk.acme.example", "https://acme.example:8443"])


def real(region: str = "eu-central-1", **more: Any) -> Settings:
    return Settings(_env_file=None, recall_api_key=KEY, recall_region=region, **(CLIENTS | more))


def parsed(url: SecretStr) -> tuple[str, dict[str, str], dict[str, str]]:
    """Address, parameters and state of a link; every parameter is there once."""
    parts = urlsplit(url.get_secret_value())
    query = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    assert all(len(values) == 1 for values in query.values())
    single = {name: value for name, [value] in query.items()}
    return f"{parts.scheme}://{parts.netloc}{parts.path}", single, json.loads(single.pop("state"))


@given(provider=providers, token=tokens, nonce=tokens, region=regions, origin=origins)
def test_everything_comes_back_as_it_was_put_in(
    provider: Provider, token: str, nonce: str, region: str, origin: str | None
) -> None:
    way = oauth_flow(real(region, public_url=origin), provider.platform)
    address, query, state = parsed(connect_url(way, SecretStr(token), nonce))
    assert address == provider.authorise_url
    assert query == {**provider.asks, "client_id": way.client_id, "redirect_uri": way.redirect_uri}
    assert state["recall_calendar_auth_token"] == token
    assert state[provider.redirect_key] == query["redirect_uri"]
    ends = {name: state[name] for name in ("success_url", "error_url") if name in state}
    if origin is None:
        assert way.redirect_uri == f"https://{region}.recall.ai{provider.callback}"
        assert ends == {}
    else:
        assert way.redirect_uri == origin + provider.own_path
        assert {name: url.partition("?")[0] for name, url in ends.items()} == {
            "success_url": f"{origin}/connected",
            "error_url": f"{origin}/not-connected",
        }
        assert all(parse_qs(urlsplit(url).query) == {"link": [nonce]} for url in ends.values())


@given(provider=providers, token=tokens, nonce=tokens)
def test_the_link_is_plain_ascii_without_a_blank_or_a_sign_that_a_mail_would_cut_it_at(
    provider: Provider, token: str, nonce: str
) -> None:
    url = connect_url(oauth_flow(real(), provider.platform), SecretStr(token), nonce).get_secret_value()
    assert url.isascii()
    assert not set(url.partition("?")[2]) & set(" +\"'<>{}[]()\\")


def test_google_is_asked_for_consent_and_microsoft_is_not() -> None:
    _, google, _ = parsed(connect_url(oauth_flow(real(), "google"), SecretStr("t"), "n"))
    _, microsoft, _ = parsed(connect_url(oauth_flow(real(), "microsoft"), SecretStr("t"), "n"))
    assert (google["prompt"], google["access_type"]) == ("consent", "offline")
    assert "prompt" not in microsoft
    assert microsoft["response_mode"] == "query"
    assert "https://graph.microsoft.com/Calendars.Read" in microsoft["scope"].split()


@pytest.mark.parametrize("platform", PROVIDERS)
def test_the_sandbox_asks_its_own_consent_page_and_needs_no_client(platform: str) -> None:
    way = oauth_flow(Settings(_env_file=None), platform)
    assert way.consent_url.startswith("http://127.0.0.1:8600/sandbox/")
    assert way.redirect_uri.startswith("http://127.0.0.1:8600/api/v1/calendar/")
    assert way.return_origin == "http://127.0.0.1:8501"


@pytest.mark.parametrize("platform", PROVIDERS)
def test_a_client_that_is_not_set_is_named(platform: str) -> None:
    with pytest.raises(SettingsError, match=PROVIDERS[platform].client_setting):
        oauth_flow(real("us-east-1", **dict.fromkeys(CLIENTS)), platform)


def test_a_platform_nobody_knows_has_no_link() -> None:
    with pytest.raises(SettingsError, match="Google and Microsoft"):
        oauth_flow(real(), "exchange")


def test_neither_a_way_nor_a_link_shows_the_token() -> None:
    url = connect_url(oauth_flow(real(), "google"), SecretStr("canary"), "n")
    assert "canary" not in repr(url) + str(url)


@given(provider=providers, query=st.binary(max_size=300))
def test_an_answer_is_passed_on_byte_for_byte_and_to_recall_alone(provider: Provider, query: bytes) -> None:
    sent = forwarded(real(public_url="https://desk.acme.example"), provider, query)
    assert sent == f"https://eu-central-1.recall.ai{provider.callback}?".encode() + query


def test_an_answer_that_would_come_back_to_us_is_not_passed_on() -> None:
    settings = real(recall_base_url="http://127.0.0.1:8600", public_url="http://127.0.0.1:8600")
    with pytest.raises(SettingsError, match="PUBLIC_URL"):
        forwarded(settings, GOOGLE, b"code=1")

"""OpenID Connect with the provider, by Authlib: the redirect to it, and what it answers.

Authlib keeps state, nonce and PKCE's verifier in the browser's signed cookie, and checks the signature and the nonce;
lib/staff/provider.py checks the rest. Only https addresses, or ones on this machine, are asked.
"""

import asyncio
import ssl
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.starlette_client import OAuth, OAuthError
from starlette.requests import Request
from starlette.responses import Response

from lib.settings import Settings, is_loopback, load_settings
from lib.staff.cookie_key import cookie_key
from lib.ui.server.streamlit_internals import set_cookie_secret

ANSWERS_WITHIN_SECONDS = 10
"""In all, for the provider's description of itself, its keys and the exchange of the code."""
CALLBACK = "/oauth2callback"
SIGNED_WITH = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Algorithms that an answer may be signed with: asymmetric ones alone."""
_ASKED_AT = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What the provider says about somebody, and what it calls itself. Text from outside."""

    claims: dict[str, Any]
    issuer: str
    tells_when: bool
    """Whether the provider says that it sends `auth_time`."""


async def leave(request: Request, settings: Settings, *, proof: bool) -> Response:
    """Send the browser to the provider. `proof`: make it ask for credentials although it may know who that is.

    Raises what Authlib and its HTTP client raise, `TimeoutError` and `ValueError`.
    """
    wishes = {"prompt": "login", "max_age": "0"} if proof else {"prompt": "select_account"}
    async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
        client = _client(settings)
        await _description(client)
        return cast(Response, await client.authorize_redirect(request, redirect_uri(settings), **wishes))


async def answer_of(request: Request, settings: Settings) -> ProviderAnswer:
    """Exchange the code that the browser brings back for what the provider says. Raises as `leave` does.

    An answer that this browser does not wait for is refused before the provider is asked.
    """
    async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
        client = _client(settings)
        if not await client.framework.get_state_data(request.session, request.query_params.get("state")):
            raise OAuthError("mismatching_state")
        description = await _description(client)
        issuer = description["issuer"]
        expected = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client.client_id}}
        token = await client.authorize_access_token(request, claims_options=expected, leeway=60)
        claims = dict(token["userinfo"])
        if not claims.keys() >= {"email", *settings.oidc_groups_claim}:
            claims = await _with_more(client, token, claims)
    return ProviderAnswer(claims, issuer, "auth_time" in (description.get("claims_supported") or ()))


def login_secrets() -> dict[str, Any]:
    """What Streamlit is told in the place of a secrets.toml: the key of its cookies, and what `st.login` looks for.

    Raises `SettingsError`.
    """
    settings = load_settings()
    key = cookie_key(settings).get_secret_value()
    set_cookie_secret(key)
    return {"auth": {"cookie_secret": key, **_provider_section(settings)}}


def _provider_section(settings: Settings) -> dict[str, str]:
    if settings.oidc_metadata_url is None or settings.oidc_client_secret is None:
        return {}
    return {
        "redirect_uri": redirect_uri(settings),
        "client_id": str(settings.oidc_client_id),
        "client_secret": settings.oidc_client_secret.get_secret_value(),
        "server_metadata_url": settings.oidc_metadata_url,
    }


def redirect_uri(settings: Settings) -> str:
    """Where the provider sends the browser back to; it is registered there to the letter."""
    return f"{settings.public_url}{CALLBACK}"


def _client(settings: Settings) -> Any:
    secret = settings.oidc_client_secret
    return OAuth().register(
        "provider",
        client_id=settings.oidc_client_id,
        client_secret=secret and secret.get_secret_value(),
        server_metadata_url=settings.oidc_metadata_url,
        client_kwargs={"scope": settings.oidc_scopes, "code_challenge_method": "S256", "verify": _trusted()},
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The trusted certificates. Loading them takes 0.1 s, and a client is made for every call."""
    return httpx2.create_ssl_context()


async def _description(client: Any) -> dict[str, Any]:
    """The provider's metadata, read each time: it may have other keys by now."""
    description: dict[str, Any] = await client.load_server_metadata()
    asked = [description[name] for name in _ASKED_AT if description.get(name)]
    if not all(urlsplit(address).scheme == "https" or is_loopback(address) for address in asked):
        raise ValueError("the provider names an address that is not https")
    signed_with = description.get("id_token_signing_alg_values_supported") or ["RS256"]
    description["id_token_signing_alg_values_supported"] = [each for each in signed_with if each in SIGNED_WITH]
    return description


async def _with_more(client: Any, token: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    """The claims with those that some providers send only from their userinfo endpoint. Signed ones take precedence."""
    if not client.server_metadata.get("userinfo_endpoint"):
        return claims
    more = dict(await client.userinfo(token=token))
    return {**more, **claims} if more.get("sub") == claims.get("sub") else claims

"""Links by which somebody connects a calendar (contract 4.1 to 4.4). Pure: built here, opened by that person's browser.

We build the address of the provider's consent page; Recall's callback exchanges the code, so that no server of ours
ever holds access to a calendar. The link carries a calendar token in its `state` and is as secret as that.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote, urlencode, urlsplit

from pydantic import SecretStr

from lib.errors import SettingsError
from lib.settings import Settings


@dataclass(frozen=True, slots=True)
class Provider:
    """An OAuth provider. `callback` is Recall's path; `own_path` is ours, for a redirect through our own domain."""

    platform: str
    name: str
    authorise_url: str
    sandbox_path: str
    callback: str
    own_path: str
    redirect_key: str
    """What the redirect is called in the state."""
    client_setting: str
    asks: Mapping[str, str]


GOOGLE = Provider(
    platform="google",
    name="Google",
    authorise_url="https://accounts.google.com/o/oauth2/v2/auth",
    sandbox_path="/sandbox/google/o/oauth2/v2/auth",
    callback="/api/v1/calendar/google_oauth_callback/",
    own_path="/oauth/google",
    redirect_key="google_oauth_redirect_url",
    client_setting="GOOGLE_OAUTH_CLIENT_ID",
    asks=MappingProxyType(
        {
            "scope": "https://www.googleapis.com/auth/calendar.events.readonly "
            "https://www.googleapis.com/auth/userinfo.email",
            "access_type": "offline",
            "prompt": "consent",  # without it Google gives no refresh token the second time
            "include_granted_scopes": "true",
            "response_type": "code",
        }
    ),
)
MICROSOFT = Provider(
    platform="microsoft",
    name="Microsoft",
    authorise_url="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    sandbox_path="/sandbox/microsoft/common/oauth2/v2.0/authorize",
    callback="/api/v1/calendar/ms_oauth_callback/",
    own_path="/oauth/microsoft",
    redirect_key="ms_oauth_redirect_url",
    client_setting="MICROSOFT_OAUTH_CLIENT_ID",
    # No prompt: with `consent` people whose admin has approved are asked for an admin's approval again (contract 4.5).
    asks=MappingProxyType(
        {
            "scope": "offline_access openid email https://graph.microsoft.com/Calendars.Read",
            "response_mode": "query",
            "response_type": "code",
        }
    ),
)
PROVIDERS: Mapping[str, Provider] = MappingProxyType({p.platform: p for p in (GOOGLE, MICROSOFT)})
"""By the word of connections and of `disconnect` (contract 3.2)."""
SANDBOX_CLIENT = "sandbox"


@dataclass(frozen=True, slots=True)
class OAuthFlow:
    """One way to connect a calendar: which provider is asked, for which client, and where the browser goes next."""

    provider: Provider
    consent_url: str
    client_id: str
    redirect_uri: str
    return_origin: str | None
    """The origin of our final pages; None: the browser ends at a page of Recall's."""


def client_id_of(settings: Settings, provider: Provider) -> str | None:
    """The OAuth client of a provider; the sandbox needs none and takes any."""
    named: str | None = getattr(settings, provider.client_setting.lower())
    return named or (SANDBOX_CLIENT if settings.region is None else None)


def oauth_flow(settings: Settings, platform: str) -> OAuthFlow:
    """How a calendar of `platform` is connected with these settings.

    Raises `SettingsError`, which names the setting that is missing, and for a platform that is not known.
    """
    provider = PROVIDERS.get(platform)
    if provider is None:
        raise SettingsError("Calendars of this platform cannot be connected from here: Google and Microsoft can.")
    client_id = client_id_of(settings, provider)
    if client_id is None:
        raise SettingsError(
            f"{provider.client_setting} is not set, so that no link for {provider.name} can be made. An admin sets it "
            f"to the client id that is saved in Recall's dashboard."
        )
    consent_url = settings.base_url + provider.sandbox_path if settings.region is None else provider.authorise_url
    redirect_uri = (
        settings.public_url + provider.own_path if settings.public_url else settings.base_url + provider.callback
    )
    return OAuthFlow(provider, consent_url, client_id, redirect_uri, _return_origin(settings))


def connect_url(way: OAuthFlow, token: SecretStr, nonce: str) -> SecretStr:
    """The link for one user, by a fresh token of theirs. `nonce` comes back to us in the address of the last page."""
    state = {"recall_calendar_auth_token": token.get_secret_value(), way.provider.redirect_key: way.redirect_uri}
    if way.return_origin is not None:
        state["success_url"] = return_url(way.return_origin, "/connected", nonce)
        state["error_url"] = return_url(way.return_origin, "/not-connected", nonce)
    asked = {**way.provider.asks, "client_id": way.client_id, "redirect_uri": way.redirect_uri}
    query = urlencode({**asked, "state": json.dumps(state, separators=(",", ":"))}, quote_via=quote, safe="")
    return SecretStr(f"{way.consent_url}?{query}")


def return_url(origin: str, path: str, nonce: str) -> str:
    """The address of our final page, which learns from the nonce whose link it was."""
    return f"{origin}{path}?{urlencode({'link': nonce})}"


def forwarded(settings: Settings, provider: Provider, raw_query: bytes) -> bytes:
    """Recall's callback with the provider's answer, byte for byte as it came (contract 4.4).

    Raises `SettingsError` where the answer would come back to us.
    """
    if settings.public_url and urlsplit(settings.public_url).netloc == urlsplit(settings.base_url).netloc:
        raise SettingsError("PUBLIC_URL and Recall's address are the same. An admin must correct one of them.")
    return (settings.base_url + provider.callback).encode() + b"?" + raw_query


def _return_origin(settings: Settings) -> str | None:
    """Our origin as customers' browsers reach it; on this machine it is known without a setting."""
    if settings.public_url:
        return settings.public_url
    return f"http://127.0.0.1:{settings.port}" if settings.region is None else None

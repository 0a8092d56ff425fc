"""Connecting a calendar by OAuth: the imitated consent pages, then Recall's two callbacks (contract 4)."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson
from itsdangerous import BadData, URLSafeSerializer
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from .endpoint import Endpoint

_CODE_LIFETIME = timedelta(minutes=10)
_REDIRECT_KEYS = {"google": "google_oauth_redirect_url", "microsoft": "ms_oauth_redirect_url"}
_OTHER_ACCOUNT = "someone.else@elsewhere.example"
GOOGLE_CALENDAR_SCOPES = frozenset(
    f"https://www.googleapis.com/auth/{name}"
    for name in ("calendar.events.readonly", "calendar.readonly", "calendar.events", "calendar")
)
MICROSOFT_CALENDAR_SCOPE = "https://graph.microsoft.com/Calendars.Read"
_NAMES = {"google": "Google", "microsoft": "Microsoft"}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem;color:#1b1f24}"
    "fieldset{border:1px solid #8a929b;border-radius:6px;margin:0 0 1rem;padding:.75rem 1rem}"
    "label{display:block;padding:.25rem 0}input[type=email]{width:100%;font:inherit;padding:.4rem}"
    "button{font:inherit;padding:.5rem 1.25rem;margin-right:.5rem}small{color:#4a5662}"
)


class ConnectionRefused(Exception):
    """The calendar cannot be connected; the text is the one that Recall shows."""


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """The parameters of the authorization URL."""

    platform: str
    client_id: str
    redirect_uri: str
    scope: str
    state: str
    prompt: str
    access_type: str

    @property
    def gives_refresh_token(self) -> bool:
        """Whether the exchange of the code gives a refresh token (contract 4.5)."""
        if self.platform == "google":
            return self.access_type == "offline" and "consent" in self.prompt.split()
        return "offline_access" in self.scope.split()

    def granted(self, calendar: bool) -> list[str]:
        """The scopes granted with the calendar box ticked or not."""
        return [
            s for s in self.scope.split() if calendar or s not in GOOGLE_CALENDAR_SCOPES | {MICROSOFT_CALENDAR_SCOPE}
        ]

    def redirect(self, **answer: str) -> str:
        """The redirect URI with the provider's answer and the state."""
        joint = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{joint}{urlencode({**answer, 'state': self.state})}"


def _codes() -> URLSafeSerializer:
    return URLSafeSerializer("sandbox provider", salt="authorisation code")


class OAuthEndpoint(Endpoint):
    """An endpoint of one provider, which its path names."""

    @property
    def platform(self) -> str:
        """The calendar platform of the provider."""
        return "google" if "google" in self.scope["path"] else "microsoft"


class Consent(OAuthEndpoint):
    """The authorization URL of a provider."""

    async def get(self, request: Request) -> Response:
        """Show the consent form."""
        asked = _asked(request, self.platform)
        if asked is None:
            return HTMLResponse(document("400. That's an error.", "<p>Required parameter is missing.</p>"), 400)
        return HTMLResponse(consent_page(asked, self._accounts(asked)))

    async def post(self, request: Request) -> Response:
        """Redirect the browser with a code, or with the refusal."""
        asked = _asked(request, self.platform)
        form = dict(parse_qsl((await request.body()).decode()))
        account = form.get("other", "").strip() or form.get("account", "")
        if asked is None or not account:
            return HTMLResponse(document("400. That's an error.", "<p>Choose an account.</p>"), 400)
        if form.get("decision") != "allow":
            return RedirectResponse(asked.redirect(error="access_denied"), 303)
        if self._needs_admin(asked, account):
            return HTMLResponse(admin_approval_page(asked))
        granted = asked.granted(calendar=form.get("calendar") == "yes")
        code = {
            **asdict(asked),
            "account": account,
            "granted": granted,
            "lasting": asked.gives_refresh_token,
            "until": (self.workspace.now() + _CODE_LIFETIME).timestamp(),
        }
        return RedirectResponse(asked.redirect(code=str(_codes().dumps(code)), scope=" ".join(granted)), 303)

    def _needs_admin(self, asked: AuthorizationRequest, account: str) -> bool:
        tenants = self.workspace.ledger.settings.tenants_that_ask_admins
        asks = self.platform == "microsoft" and "consent" in asked.prompt.split()
        return asks and account.split("@")[-1].casefold() in {tenant.casefold() for tenant in tenants}

    def _accounts(self, asked: AuthorizationRequest) -> list[str]:
        """The accounts to choose from: first those of the user whose token is in the state, if one is."""
        directory, now = self.workspace.directory, self.workspace.now()
        user = self.services.guard.user_of_token(_state(asked.state).get("recall_calendar_auth_token", ""), now)
        if user is None:
            return [_OTHER_ACCOUNT]
        connections = sorted(directory.connections(user, now), key=lambda c: c.platform != self.platform)
        mailboxes = self.workspace.world.mailboxes_of(user) if user < self.workspace.world.users else ()
        own = [m.email for m in mailboxes if m.platform == self.platform] + [c.email for c in connections if c.email]
        return list(dict.fromkeys([*own, f"{directory.external_id(user)}@example.com".lower(), _OTHER_ACCOUNT]))


class Callback(OAuthEndpoint):
    """The callback to which the provider redirects; Recall exchanges the code and connects the calendar."""

    async def get(self, request: Request) -> Response:
        """Connect the calendar, then redirect to `success_url` or `error_url`, or show a page without one."""
        state = _state(request.query_params.get("state", ""))
        try:
            self._connect(state, request.query_params)
        except ConnectionRefused as refused:
            return _ended(state.get("error_url"), "The calendar was not connected", str(refused), 400)
        return _ended(state.get("success_url"), "Calendar connected", "You may close this page.", 200)

    def _connect(self, state: dict[str, Any], query: Any) -> None:
        workspace, now = self.workspace, self.workspace.now()
        user = self.services.guard.user_of_token(str(state.get("recall_calendar_auth_token", "")), now)
        if user is None:
            raise ConnectionRefused("Invalid 'recall_calendar_auth_token' supplied")
        if "error" in query:
            raise ConnectionRefused(f"{query['error']}: the account's owner did not allow access")
        code = self._exchanged(query.get("code", ""), state)
        if workspace.world.company_of_calendar(self.platform, code["account"]) is None:
            workspace.ledger.accounts.append((self.platform, code["account"]))
            workspace.world.add_account(self.platform, code["account"])
        workspace.directory.connect(user, now, self.platform, code["account"])
        workspace.saved()

    def _exchanged(self, sent: str, state: dict[str, Any]) -> dict[str, Any]:
        """What the provider gives for the code. Raises `ConnectionRefused`."""
        try:
            code: dict[str, Any] = _codes().loads(sent)
        except BadData as error:
            raise ConnectionRefused("invalid_grant: the authorisation code is not good") from error
        if code["platform"] != self.platform or code["until"] <= self.workspace.now().timestamp():
            raise ConnectionRefused("invalid_grant: the authorisation code is not good")
        if state.get(_REDIRECT_KEYS[self.platform]) != code["redirect_uri"]:
            raise ConnectionRefused(
                "redirect_uri_mismatch: the redirect URL in the state is not the one that was authorised"
            )
        if not reads_a_calendar(code["granted"]):
            raise ConnectionRefused("invalid_scope: None of the supported calendar scopes were granted")
        if not code["lasting"]:
            raise ConnectionRefused("refresh_token missing from oAuth response")
        return code


def _asked(request: Request, platform: str) -> AuthorizationRequest | None:
    query = request.query_params
    redirect_uri = query.get("redirect_uri", "")
    complete = query.get("response_type") == "code" and query.get("client_id") and query.get("scope")
    if not complete or urlsplit(redirect_uri).scheme not in ("http", "https"):
        return None
    names = ("client_id", "redirect_uri", "scope", "state", "prompt", "access_type")
    return AuthorizationRequest(platform, **{name: query.get(name, "") for name in names})


def _state(sent: str) -> dict[str, Any]:
    """The state as an object; empty if it is not JSON or no object."""
    try:
        state = orjson.loads(sent)
    except orjson.JSONDecodeError:
        return {}
    return state if isinstance(state, dict) else {}


def _ended(url: Any, title: str, text: str, status: int) -> Response:
    """A redirect to the URL as it was given, with nothing added, or a page without one."""
    if isinstance(url, str) and urlsplit(url).scheme in ("http", "https"):
        return RedirectResponse(url, 302)
    return HTMLResponse(document(title, f"<p>{escape(text)}</p>"), status)


def reads_a_calendar(scopes: list[str]) -> bool:
    """Whether any of the scopes lets Recall read a calendar."""
    return bool(GOOGLE_CALENDAR_SCOPES.intersection(scopes)) or MICROSOFT_CALENDAR_SCOPE in scopes


def document(title: str, content: str) -> str:
    """A complete HTML page."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{content}</main></body></html>\n"
    )


def consent_page(asked: AuthorizationRequest, accounts: list[str]) -> str:
    """The consent form. It is posted to its own address, so that the parameters stay in the query."""
    name = _NAMES[asked.platform]
    box = '<label><input type="checkbox" name="calendar" value="yes" checked> See events on your calendars</label>'
    if asked.platform == "microsoft":
        box = '<input type="hidden" name="calendar" value="yes"><p>Read your calendars</p>'
    return document(
        f"Sign in with {name} (sandbox)",
        "<p>Recall sandbox wants to access your account. Nothing leaves this machine.</p>"
        f'<form method="post"><fieldset><legend>Choose an account</legend>{_choices(accounts)}'
        '<label>Another address instead <input type="email" name="other" autocomplete="off"></label></fieldset>'
        f"<fieldset><legend>What it may do</legend>{box}</fieldset>"
        '<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></form>',
    )


def admin_approval_page(asked: AuthorizationRequest) -> str:
    """The page shown for `prompt=consent` at some of Microsoft's tenants, whatever an admin approved (contract 4.5)."""
    back = escape(asked.redirect(error="access_denied"))
    return document(
        "Need admin approval",
        "<p>Recall sandbox needs permission to access resources in your organization that only an admin can "
        "grant. Please ask an admin to grant permission to this app before you can use it.</p>"
        f'<p><a href="{back}">Return to the application without granting consent</a></p>',
    )


def _choices(accounts: list[str]) -> str:
    return "".join(
        f'<label><input type="radio" name="account" value="{account}"{" checked" * (n == 0)}> {account}</label>'
        for n, account in enumerate(map(escape, accounts))
    )

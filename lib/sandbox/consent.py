"""Imitated consent pages of the OAuth providers: choose an account, allow or deny. Plain forms without scripts."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

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

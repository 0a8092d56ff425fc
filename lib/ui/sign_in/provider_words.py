"""What is said when a sign-in by the OpenID provider failed: to whoever tried, and to the operator. Pure."""

from enum import StrEnum
from urllib.parse import urlsplit

from lib.settings import Settings
from lib.staff.provider import Refusal


class Failure(StrEnum):
    """Why a sign-in did not come back from the provider. Why we refuse one that did: `lib.staff.provider.Refusal`."""

    UNREACHABLE = "unreachable"
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    NOT_FINISHED = "not_finished"
    NOT_KEPT = "not_kept"


_SENTENCES: dict[str, str] = {
    Failure.UNREACHABLE: (
        "{provider} does not answer at the moment, so nobody can sign in there. Try again in a minute. "
        "If you are signed in already, you can continue."
    ),
    Failure.CANCELLED: "The sign-in at {provider} was cancelled. Nothing was changed; try again when you want to.",
    Failure.TOO_LATE: "This sign-in was too old, or started in another window. Try again.",
    Failure.NOT_FINISHED: "{provider} did not finish the sign-in. Try again; if that does not help, ask {contact}.",
    Failure.NOT_KEPT: "You could not be signed in, because the dashboard is busy. Try again in a minute.",
    Refusal.NOT_TRUSTED: (
        "The answer of {provider} could not be trusted, so nobody was signed in. Try again; if that does not help, "
        "ask {contact}."
    ),
    Refusal.NO_EMAIL: "{provider} did not tell your e-mail address, which your account is named after. Ask {contact}.",
    Refusal.UNVERIFIED: (
        "{provider} does not say that your e-mail address is yours. Have it confirmed there, then sign in again."
    ),
    Refusal.UNSAID: (
        "{provider} does not say whether an e-mail address is somebody's own, so yours gives you no role here. "
        "Ask {contact}."
    ),
    Refusal.GROUPS_LEFT_OUT: (
        "You are in so many groups that {provider} does not tell them, so nobody knows what you may do here. "
        "Where you are signed in already you can go on until that ends. Ask {contact}."
    ),
    Refusal.STRANGER: "Your account at {provider} may not use Coverage Desk. Ask {contact} to let you in.",
    Refusal.NAME_TAKEN: "There is an account of your name here that belongs to somebody else. Ask {contact}.",
    Refusal.DISABLED: "Your account here is disabled. Ask {contact}.",
    Refusal.ANOTHER: "You signed in at {provider} as somebody else. Try again as who you are here.",
    Refusal.NOT_PROVEN: (
        "{provider} let you through without asking who you are, or did not say that it asked. Sign out there, then try "
        "again; if that does not help, ask {contact}."
    ),
}

_ADVICE: dict[str, str] = {
    Refusal.UNSAID: (
        "The provider does not say whether an e-mail address is somebody's own (email_verified), so OIDC_EMAILS gives "
        "nobody a role. Give roles by group (OIDC_ROLES); or, where it signs in your own people alone and you vouch "
        "for their addresses, set OIDC_EMAILS_VOUCHED_FOR=true."
    ),
    Refusal.GROUPS_LEFT_OUT: (
        "The provider left somebody's groups out, because they are too many. Let it tell roles of the application "
        "(OIDC_GROUPS_CLAIM=roles), or only the groups that are assigned to the application."
    ),
    Refusal.NOT_PROVEN: (
        "The provider let somebody through without asking who they are, or did not say when it asked. Let its ID "
        "tokens have auth_time."
    ),
}
_SAY_NOTHING_OF_ADDRESSES = frozenset(
    {
        "login.microsoftonline.com",
        "login.microsoftonline.us",
        "login.partner.microsoftonline.cn",
        "login.windows.net",
        "sts.windows.net",
    }
)
"""Microsoft Entra, in its several clouds."""


def advice(why: str) -> str | None:
    """For the log: what the operator can do about the reason `why`; None: nothing."""
    return _ADVICE.get(why)


def advice_at_the_start(settings: Settings) -> str | None:
    """For the log at the start: what to do when e-mail addresses can give nobody a role; None: nothing."""
    host = urlsplit(settings.oidc_metadata_url or "").hostname
    vain = settings.oidc_emails and not settings.oidc_emails_vouched_for and host in _SAY_NOTHING_OF_ADDRESSES
    return advice(Refusal.UNSAID) if vain else None


def sentence(why: str, *, provider: str, contact: str) -> str | None:
    """What to say for the reason `why`, which comes from a cookie; None when it is none of ours."""
    words = _SENTENCES.get(why)
    return words and words.format(provider=provider, contact=contact)

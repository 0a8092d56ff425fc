"""Identity and role of somebody, from the claims of an OpenID provider. Pure.

The signature and the nonce are checked where the protocol is spoken, in lib/ui/sign_in/provider_routes.py. What an
answer claims is checked here as well: that it comes from our provider, is for us and is still valid (OpenID Connect
Core 3.1.3.7).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from lib.errors import NotLetIn, SettingsError
from lib.settings import Settings
from lib.staff.permissions import ROLE_WORDS, Role

Claims = Mapping[str, Any]

LEEWAY = timedelta(minutes=1)
"""How far two clocks may be apart."""
PROVEN_WITHIN = timedelta(minutes=5)
"""How recent a proof at the provider must be."""
_BEYOND_ALL_TIMES = 1e12
LONGEST_NAME, LONGEST_DISPLAY, LONGEST_EMAIL, LONGEST_SUBJECT = 64, 100, 254, 255

_EMAIL = re.compile(r"[!-?A-~]+@[!-?A-~]+")
"""One @ among visible signs of ASCII: other letters have look-alikes whose small form is another's address."""
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9._@-]")


class Refusal(StrEnum):
    """Why somebody is refused. lib/ui/sign_in/provider_words.py has the sentences."""

    NOT_TRUSTED = "not_trusted"
    """The answer is not our provider's, not for us, or expired."""
    NO_EMAIL = "no_email"
    UNVERIFIED = "unverified"
    """The provider says that the e-mail address is not known to be theirs."""
    UNSAID = "unsaid"
    """The provider does not say whether it is, and nothing else gives them a role."""
    GROUPS_LEFT_OUT = "groups_left_out"
    """The provider left their groups out, and nothing else gives them a role."""
    STRANGER = "stranger"
    """Neither their groups nor their e-mail address give them a role."""
    NAME_TAKEN = "name_taken"
    """An account of their name is another person's."""
    DISABLED = "disabled"
    NOT_PROVEN = "not_proven"
    """They were to prove who they are, and the provider did not ask them."""
    ANOTHER = "another"
    """They were to prove who they are, and signed in as somebody else."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at the provider. All text is from outside, in a form that can be stored."""

    subject: str
    """The issuer and its id for them, which never becomes another person's."""
    email: str
    email_verified: bool
    display: str
    role: Role | None
    """The highest that their groups and their e-mail address give them; None: they have no business here."""
    groups_left_out: bool = False
    """They are in more groups than the provider lists, so that the role from those is unknown."""
    proven_at: datetime | None = None
    """When they proved there who they are, if that was recent and the provider says so."""

    @property
    def name(self) -> str:
        """What their account is called here: the e-mail address, other signs than those of a name made hyphens."""
        return _NOT_IN_A_NAME.sub("-", self.email)[:LONGEST_NAME]


def identity_of(
    claims: Claims, settings: Settings, *, issuer: str, now: datetime, proof: bool = False, tells_when: bool = False
) -> Identity:
    """Who `claims` are about. `proof`: they were asked to prove who they are, so it must have been a moment ago.

    `tells_when`: the provider says that it tells when somebody did. Then a proof without that is none, for who sits at
    an open browser can strike out of the address that they are to be asked.

    Raises `NotLetIn`: NOT_TRUSTED, NO_EMAIL, UNVERIFIED, UNSAID or NOT_PROVEN.
    """
    _require_for_us(claims, issuer, settings.oidc_client_id, now)
    proven_at = _proven_at(claims, now)
    if proof and proven_at is None and (tells_when or claims.get("auth_time") is not None):
        raise NotLetIn(Refusal.NOT_PROVEN)
    email, verified = _email(claims), _is_verified(claims, settings)
    groups = groups_in(claims, settings.oidc_groups_claim)
    role, hoped = role_of(groups, email if verified else None, settings), role_of((), email, settings)
    # A provider may leave the word out and know its groups all the same; one that denies it is believed.
    if verified is False:
        raise NotLetIn(Refusal.UNVERIFIED)
    if role is None and hoped is not None:
        raise NotLetIn(Refusal.UNSAID)
    left_out = _groups_left_out(claims, settings.oidc_groups_claim)
    return Identity(
        f"{issuer} {claims['sub']}", email, bool(verified), _display(claims, email), role, left_out, proven_at
    )


def role_of(groups: tuple[str, ...], email: str | None, settings: Settings) -> Role | None:
    """The highest role that any of these gives, letter by letter as it is set; None when none does."""
    words = {settings.oidc_roles.get(group) for group in groups} | {settings.oidc_emails.get(email or "")}
    return max((Role(word) for word in words if word), key=list(Role).index, default=None)


def require_roles(settings: Settings) -> None:
    """Raise `SettingsError` where OIDC_ROLES or OIDC_EMAILS give a role that does not exist."""
    if not {*settings.oidc_roles.values(), *settings.oidc_emails.values()} <= set(Role):
        raise SettingsError(f"OIDC_ROLES and OIDC_EMAILS can give {ROLE_WORDS}. Correct them and start again.")


def groups_in(claims: Claims, names: tuple[str, ...]) -> tuple[str, ...]:
    """The groups of these claims, each a list of words or one word; whatever else they hold counts for nothing."""
    found = [[told] if isinstance(told := claims.get(name), str) else told for name in names]
    return tuple(group for told in found if isinstance(told, list) for group in told if isinstance(group, str))


def _groups_left_out(claims: Claims, names: tuple[str, ...]) -> bool:
    """Whether the provider names another place to ask for one of these claims, instead of including it.

    Microsoft Entra does so above about 200 groups (OpenID Connect Core 5.6.2), or says only that there are some.
    """
    elsewhere = claims.get("_claim_names")
    named = set(elsewhere) if isinstance(elsewhere, Mapping) else set()
    some = {"groups"} if _is_true(claims.get("hasgroups")) else set()
    return any(name in named | some and name not in claims for name in names)


def _is_verified(claims: Claims, settings: Settings) -> bool | None:
    """Whether the e-mail address is theirs; None where the provider does not say, and nobody vouches for it."""
    told = claims.get("email_verified")
    if told is None:
        return True if settings.oidc_emails_vouched_for else None
    return _is_true(told)


def _is_true(told: object) -> bool:
    """Whether a claim says true; some providers write it as text."""
    return told is True or (isinstance(told, str) and told.lower() == "true")


def _require_for_us(claims: Claims, issuer: str, client_id: str | None, now: datetime) -> None:
    audience, authorised = claims.get("aud"), claims.get("azp")
    audiences = audience if isinstance(audience, list) else [audience]
    expires, issued, subject = _seconds(claims.get("exp")), _seconds(claims.get("iat")), claims.get("sub")
    holds = (
        claims.get("iss") == issuer
        and client_id in audiences
        and (authorised == client_id if authorised is not None or len(audiences) > 1 else True)
        and expires is not None
        and now.timestamp() < expires + LEEWAY.total_seconds()
        and issued is not None
        and issued < now.timestamp() + LEEWAY.total_seconds()
        and isinstance(subject, str)
        and 1 <= len(subject) <= LONGEST_SUBJECT
        and subject.isprintable()
    )
    if not holds:
        raise NotLetIn(Refusal.NOT_TRUSTED)


def _seconds(value: object) -> float | None:
    """The time in a claim, in seconds since 1970; None for anything else, or a time out of range."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if abs(value) < _BEYOND_ALL_TIMES else None


def _proven_at(claims: Claims, now: datetime) -> datetime | None:
    """When the provider says that they proved who they are, if that was a moment ago. Some do not say (`auth_time`)."""
    proven = _seconds(claims.get("auth_time"))
    if proven is None or not -PROVEN_WITHIN.total_seconds() <= proven - now.timestamp() <= LEEWAY.total_seconds():
        return None
    return min(datetime.fromtimestamp(proven, UTC), now)


def _email(claims: Claims) -> str:
    email = claims.get("email")
    if not isinstance(email, str) or len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise NotLetIn(Refusal.NO_EMAIL)
    return email.lower()


def _display(claims: Claims, email: str) -> str:
    """Their name in one line of visible characters, else the part of the address before the @."""
    told = claims.get("name")
    words = "".join(sign if sign.isprintable() else " " for sign in told).split() if isinstance(told, str) else []
    return " ".join(words)[:LONGEST_DISPLAY].strip() or email.partition("@")[0][:LONGEST_DISPLAY]

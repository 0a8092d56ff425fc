"""Which customer a calendar user belongs to: the word of an uploaded CSV, else the domain of its mailbox. Pure."""

from enum import Enum

from lib.domain import CalendarUser

PUBLIC_MAIL_DOMAINS = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "icloud.com",
        "me.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "gmx.de",
        "web.de",
        "mail.com",
        "zoho.com",
        "yandex.com",
        "qq.com",
        "163.com",
    }
)
UNASSIGNED_WORD = "unassigned"
"""What people read where a user has no customer. It is never a value: a customer may be called so."""


class Unassigned(Enum):
    """Stands where a name is asked for, and is none."""

    UNASSIGNED = "unassigned"


UNASSIGNED = Unassigned.UNASSIGNED
"""Those that have none: to be told from None, which asks for nothing."""


def asked_of(name: str | None) -> str | Unassigned:
    """What to ask for to get those that have this name, or (None) that have none."""
    return UNASSIGNED if name is None else name


def fits(name: str | None, asked: str | Unassigned | None) -> bool:
    """Whether somebody with this name (None: without one) is asked for; None asks for everybody."""
    return asked is None or asked_of(name) == asked


def customer_of(user: CalendarUser) -> str | None:
    """The domain of the first connection with an email, connected or not; None for public mail hosts and for none."""
    for connection in user.connections:
        if connection.email:
            _, at, domain = connection.email.strip().lower().rpartition("@")
            return domain if at and domain and domain not in PUBLIC_MAIL_DOMAINS else None
    return None

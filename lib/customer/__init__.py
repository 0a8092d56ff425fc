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


class Unassigned(Enum):
    """The answer to "which customer?" that means: none. The value is its word in addresses and on command lines."""

    UNASSIGNED = "unassigned"

    @property
    def label(self) -> str:
        """What people read. It is never a value: a customer may be called so."""
        return "Unassigned"


UNASSIGNED = Unassigned.UNASSIGNED
"""Asks for users without a customer, where None asks for everybody. In data, no customer is None."""


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

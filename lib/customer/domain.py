"""The customer by mailbox: the domain of the first one known, unless that is a public mail host."""

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
UNASSIGNED = "unassigned"
"""What people read where a user has no customer."""


def customer_of(user: CalendarUser) -> str | None:
    """The domain of the first connection with an email, connected or not; None for public mail hosts and for none."""
    for connection in user.connections:
        if connection.email:
            _, at, domain = connection.email.strip().lower().rpartition("@")
            return domain if at and domain and domain not in PUBLIC_MAIL_DOMAINS else None
    return None

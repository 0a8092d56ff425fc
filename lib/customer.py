"""Which customer a calendar user belongs to: the domain of its mailbox, unless that is a public mail host. Pure."""

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
            domain = connection.email.rpartition("@")[2].strip().lower()
            return None if not domain or domain in PUBLIC_MAIL_DOMAINS else domain
    return None

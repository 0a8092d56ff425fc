"""Calendar users that share one mailbox: one person, known to Recall under several ids. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from lib.domain import CalendarUser


@dataclass(frozen=True, slots=True)
class SharedMailbox:
    """A mailbox that several calendar users have connected, so that each may book a bot for the same meeting."""

    email: str
    """As the first of them has it. Text from outside."""
    users: tuple[CalendarUser, ...]
    """At least two, in the order given."""

    @property
    def platforms(self) -> tuple[str, ...]:
        """The calendar platforms it is connected by. Between two of them Recall shares no bot (contract 7.3)."""
        connected = (c for user in self.users for c in user.connected if _name(c.email) == _name(self.email))
        return tuple(dict.fromkeys(connection.platform for connection in connected))

    @property
    def ids_differ_in_case_only(self) -> bool:
        """Whether the same external id was written in other letters: "acme-7" and "ACME-7" are two users to Recall."""
        ids = [user.external_id for user in self.users]
        return all(ids) and len({(each or "").casefold() for each in ids}) == 1


def shared_mailboxes(users: Iterable[CalendarUser]) -> tuple[SharedMailbox, ...]:
    """Mailboxes that more than one of `users` has connected, those with most users first, then by address.

    Only calendars connected now count, for a lost one books no bot. Addresses are compared without regard to case.
    """
    sharing: defaultdict[str, dict[str, CalendarUser]] = defaultdict(dict)
    written: dict[str, str] = {}
    for user in users:
        for email in (c.email for c in user.connected if _name(c.email)):
            sharing[_name(email)][user.id] = user
            written.setdefault(_name(email), email or "")
    found = [SharedMailbox(written[name], tuple(known.values())) for name, known in sharing.items() if len(known) > 1]
    return tuple(sorted(found, key=lambda mailbox: (-len(mailbox.users), _name(mailbox.email))))


def _name(email: str | None) -> str:
    return (email or "").strip().casefold()

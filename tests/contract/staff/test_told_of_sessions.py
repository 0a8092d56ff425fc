"""Who came in, who was refused and who left stands in the record, once each."""

from lib.staff import sessions
from lib.store import Store, events
from lib.store.events import EventKind


def told(store: Store) -> list[tuple[EventKind, str | None]]:
    with store.read() as connection:
        return [(each.kind, each.actor) for each in events.numbered(connection, range(1, 50))]


def test_a_session_begins_and_ends_in_the_record(staffed: Store) -> None:
    cookie = sessions.redeem(staffed, sessions.mint_ticket(staffed, "vera"))
    sessions.end(staffed, cookie)
    sessions.end(staffed, cookie)
    assert told(staffed) == [(EventKind.SIGNED_IN, "vera"), (EventKind.SIGNED_OUT, "vera")]


def test_a_ticket_that_is_no_good_signs_nobody_in(staffed: Store) -> None:
    ticket = sessions.mint_ticket(staffed, "vera")
    assert told(staffed) == []
    sessions.redeem(staffed, ticket)
    sessions.redeem(staffed, ticket)
    assert told(staffed) == [(EventKind.SIGNED_IN, "vera")]


def test_a_refused_sign_in_names_an_account_or_nobody(staffed: Store) -> None:
    sessions.refused(staffed, "vera")
    sessions.refused(staffed, None)
    assert told(staffed) == [(EventKind.SIGN_IN_REFUSED, "vera"), (EventKind.SIGN_IN_REFUSED, None)]

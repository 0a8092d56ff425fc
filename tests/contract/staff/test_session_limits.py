"""How long sessions last, as it is set; how their owner goes on; and when a password counts as typed a moment ago."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import bcrypt
import pytest
from sqlalchemy import Engine
from sqlalchemy import event as watched

from lib.clock import Clock
from lib.errors import ProofNeeded, SignInLocked, StaffError
from lib.staff import accounts, sessions
from lib.staff.accounts import StaffMember
from lib.staff.locks import MISSES, Client
from lib.staff.permissions import Role
from lib.staff.sessions import Limits, Session
from lib.store import Store, events
from lib.store.events import EventKind

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
PASSWORD = "a long enough password"
DOOR = Client("192.0.2.7", b"a key of the tests")
SHORT = Limits(idle=timedelta(minutes=10), max_age=timedelta(minutes=30))


def at(minutes: float = 0) -> Clock:
    """A clock that stands so long after nine."""
    moment = NINE + timedelta(minutes=minutes)
    return lambda: moment


HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
"""Of little work, which is not what these tests are about."""


@pytest.fixture
def cookie(store: Store) -> str:
    """Of dana, whose password is `PASSWORD`, who signed in at nine. There is an admin besides."""
    for name, role in (("ada", Role.ADMIN), ("dana", Role.EDITOR)):
        accounts.add_with_hash(store, name, role=role, display=name.title(), password_hash=HASH, clock=at(-60))
    cookie = sessions.redeem(store, sessions.mint_ticket(store, "dana", clock=at()), clock=at())
    assert cookie is not None
    return cookie


def look(store: Store, cookie: str, minutes: float, *, seen: bool = True) -> Session | None:
    return sessions.find(store, cookie, limits=SHORT, seen=seen, clock=at(minutes))


def renew(store: Store, cookie: str, minutes: float, password: str = PASSWORD) -> None:
    sessions.renew(store, cookie, password, DOOR, clock=at(minutes))


def told(store: Store) -> list[EventKind]:
    with store.read() as connection:
        return [each.kind for each in events.numbered(connection, range(1, 50))]


def is_proven(store: Store, member: StaffMember, minutes: float) -> bool:
    try:
        with store.write() as connection:
            sessions.require_proof(connection, member, now=at(minutes)())
    except ProofNeeded:
        return False
    return True


def test_the_limits_are_those_that_are_set(store: Store, cookie: str) -> None:
    assert look(store, cookie, 9)
    session = look(store, cookie, 18)
    assert session
    assert session.idle_until == at(28)()
    assert session.lasts_until == at(30)()
    assert look(store, cookie, 27)
    assert look(store, cookie, 30.1) is None


def test_what_a_page_does_by_itself_keeps_nobody_signed_in(store: Store, cookie: str) -> None:
    for minute in (4, 8):
        assert look(store, cookie, minute, seen=False)
    assert look(store, cookie, 10.1, seen=False) is None


def test_an_end_by_itself_is_told_once(store: Store, cookie: str) -> None:
    for minute in (11, 12, 13):
        assert look(store, cookie, minute) is None
    assert told(store) == [EventKind.SIGNED_IN, EventKind.SESSION_EXPIRED]


def test_a_look_at_a_session_is_one_query(store: Store, cookie: str, statements: list[str]) -> None:
    look(store, cookie, 0)
    asked = [statement for statement in statements if "session" in statement]
    assert len(asked) == 1
    assert asked[0].startswith("SELECT")


def test_the_password_brings_back_a_session_that_ended_by_itself_under_the_same_cookie(
    store: Store, cookie: str
) -> None:
    assert look(store, cookie, 11) is None
    whose = sessions.expired_owner(store, cookie)
    assert whose
    assert whose.name == "dana"
    renew(store, cookie, 12)
    session = look(store, cookie, 12)
    assert session
    assert session.lasts_until == at(42)()
    assert told(store)[-1] is EventKind.SESSION_RENEWED
    assert sessions.expired_owner(store, cookie) is None


def test_the_password_lets_a_session_go_on_before_its_age_ends_it(store: Store, cookie: str) -> None:
    for minute in (9, 18, 27):
        look(store, cookie, minute)
    renew(store, cookie, 29)
    assert look(store, cookie, 38)


def test_another_persons_password_brings_nothing_back(store: Store, cookie: str) -> None:
    assert look(store, cookie, 11) is None
    with pytest.raises(StaffError, match="not your password"):
        renew(store, cookie, 12, "the password of another")
    assert look(store, cookie, 12) is None


@pytest.mark.parametrize("expired_before", [True, False])
@pytest.mark.parametrize("how", ["signed out", "disabled", "password changed", "ended by an admin"])
def test_what_ended_a_session_otherwise_ended_it_for_good(
    store: Store, cookie: str, how: str, expired_before: bool
) -> None:
    if expired_before:
        assert look(store, cookie, 11) is None
    match how:
        case "signed out":
            sessions.end(store, cookie, clock=at(12))
        case "disabled":
            accounts.disable(store, "dana", clock=at(12))
            accounts.enable(store, "dana", clock=at(12))
        case "password changed":
            accounts.change(store, "dana", password=PASSWORD, clock=at(12))
        case _:
            sessions.end_all(store, "dana", by="ada", clock=at(12))
    assert sessions.expired_owner(store, cookie) is None
    with pytest.raises(StaffError, match="Sign in again"):
        renew(store, cookie, 12)
    assert look(store, cookie, 12) is None


def test_an_admin_who_signs_somebody_out_everywhere_is_told_of(store: Store, cookie: str) -> None:
    sessions.end_all(store, "Dana", by="ada", clock=at(1))
    with store.read() as connection:
        [*_, last] = events.numbered(connection, range(1, 50))
    assert (last.kind, last.actor, last.details) == (EventKind.SIGNED_OUT_BY_ADMIN, "ada", {"whose": "dana"})


def test_wrong_passwords_typed_again_count_as_those_of_the_sign_in_do(store: Store, cookie: str) -> None:
    for _ in range(MISSES - 1):
        with pytest.raises(StaffError, match="not your password"):
            sessions.verify(store, cookie, "wrong", DOOR, clock=at(1))
    with pytest.raises(SignInLocked):
        sessions.verify(store, cookie, "wrong", DOOR, clock=at(1))
    with pytest.raises(SignInLocked):
        renew(store, cookie, 2)
    assert told(store).count(EventKind.SIGN_IN_REFUSED) == MISSES
    assert told(store).count(EventKind.SIGN_IN_LOCKED) == 1
    assert look(store, cookie, 2), "who works there goes on working"


def test_a_password_counts_for_five_minutes_and_so_does_a_sign_in(store: Store, cookie: str) -> None:
    session = look(store, cookie, 0)
    assert session
    assert [is_proven(store, session.staff, minute) for minute in (0, 5, 5.1)] == [True, True, False]
    sessions.verify(store, cookie, PASSWORD, DOOR, clock=at(8))
    assert [is_proven(store, session.staff, minute) for minute in (13, 13.1)] == [True, False]


@pytest.mark.parametrize(("minute", "counts"), [(5, True), (5 + 1e-6, False), (-4, True), (-6, False), (-600, False)])
def test_a_clock_that_differs_or_is_put_back_makes_no_password_count_for_longer(
    store: Store, cookie: str, minute: float, counts: bool
) -> None:
    session = look(store, cookie, 0)
    assert session
    assert is_proven(store, session.staff, minute) is counts


@pytest.mark.parametrize(
    "how", ["in another browser", "before signing out", "when it had ended", "by somebody disabled"]
)
def test_a_password_counts_for_the_session_in_which_it_was_typed_and_only_while_that_lasts(
    store: Store, cookie: str, how: str
) -> None:
    session, other = look(store, cookie, 0), sessions.mint_ticket(store, "dana", clock=at(9))
    assert session
    match how:
        case "in another browser":
            sessions.verify(store, sessions.redeem(store, other, clock=at(9)), PASSWORD, DOOR, clock=at(9))
        case "before signing out":
            sessions.verify(store, cookie, PASSWORD, DOOR, clock=at(9))
            sessions.end(store, cookie, clock=at(9))
            assert sessions.redeem(store, other, clock=at(9))
        case "when it had ended":
            assert look(store, cookie, 31) is None
            sessions.verify(store, cookie, PASSWORD, DOOR, clock=at(31))
            assert not is_proven(store, session.staff, 31)
        case _:
            sessions.verify(store, cookie, PASSWORD, DOOR, clock=at(9))
            accounts.disable(store, "dana", clock=at(9))
            accounts.enable(store, "dana", clock=at(9))
    assert not is_proven(store, session.staff, 9)


def test_nobody_is_proven_without_a_session_or_by_one_that_is_over(store: Store, cookie: str) -> None:
    session = look(store, cookie, 0)
    assert session
    [ada] = [each for each in accounts.everyone(store) if each.name == "ada"]
    assert not is_proven(store, ada, 0)
    sessions.end(store, cookie, clock=at(1))
    assert not is_proven(store, session.staff, 1)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What the database is asked, in order."""
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    watched.listen(Engine, "before_cursor_execute", note)
    yield asked
    watched.remove(Engine, "before_cursor_execute", note)

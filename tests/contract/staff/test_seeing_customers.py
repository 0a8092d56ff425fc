"""Staff may be limited to customers: what an account sees, and when that is looked at."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from lib.customer.sight import EVERYTHING, Sight
from lib.domain import CalendarUser, Connection
from lib.errors import NotInSight, NotPermitted, StaffError
from lib.staff import accounts, sessions
from lib.staff.permissions import Permission, Role
from lib.store import Store, events, users_list
from lib.store.events import EventKind
from tests.contract.store.making import NOON, user

ACME = Sight(frozenset({"acme.com"}))
NOBODYS = Sight(frozenset())


@pytest.fixture
def peopled(staffed: Store) -> Store:
    """With users of two customers and one of none."""
    everybody = [
        at_home(name, host) for name, host in (("ada", "acme.com"), ("bob", "globex.com"), ("cem", "gmail.com"))
    ]
    with staffed.write() as connection:
        users_list.store(connection, everybody, read_at=NOON, complete=True)
    return staffed


def at_home(name: str, host: str) -> CalendarUser:
    return replace(user(name), connections=(Connection("google", True, f"{name}@{host}"),))


def seen(store: Store, name: str) -> Sight:
    found = accounts.find(store, name)
    assert found is not None
    return found.sight


def test_everybody_sees_everything_until_they_are_limited(staffed: Store) -> None:
    assert {member.sight for member in accounts.everyone(staffed)} == {EVERYTHING}
    accounts.change(staffed, "vera", sight=Sight(frozenset({" acme.com ", "globex.com"})))
    assert seen(staffed, "vera") == Sight(frozenset({"acme.com", "globex.com"}))
    accounts.change(staffed, "vera", sight=ACME)
    assert seen(staffed, "vera") == ACME
    accounts.change(staffed, "vera", role=Role.EDITOR)
    assert seen(staffed, "vera") == ACME
    accounts.change(staffed, "vera", sight=EVERYTHING)
    assert seen(staffed, "vera") == EVERYTHING


def test_an_admin_sees_everything_whatever_was_said_before(staffed: Store) -> None:
    accounts.change(staffed, "vera", sight=NOBODYS)
    accounts.change(staffed, "vera", role=Role.ADMIN)
    assert seen(staffed, "vera") == EVERYTHING
    accounts.change(staffed, "vera", role=Role.VIEWER)
    assert seen(staffed, "vera") == NOBODYS


def test_a_name_that_no_customer_can_have_is_refused_and_changes_nothing(staffed: Store) -> None:
    for name in ("", " ", "x" * 101, "\u200b"):
        with pytest.raises(StaffError):
            accounts.change(staffed, "vera", sight=Sight(frozenset({"acme.com", name})))
    assert seen(staffed, "vera") == EVERYTHING


def test_a_session_says_what_its_person_sees_now(staffed: Store) -> None:
    cookie = sessions.redeem(staffed, sessions.mint_ticket(staffed, "vera"))
    for sight in (ACME, NOBODYS, EVERYTHING):
        accounts.change(staffed, "vera", sight=sight)
        session = sessions.find(staffed, cookie)
        assert session is not None
        assert session.staff.sight == sight


def test_who_sees_everything_is_looked_up_with_one_question(staffed: Store) -> None:
    cookie = sessions.redeem(staffed, sessions.mint_ticket(staffed, "vera"))
    asked: list[str] = []
    event.listen(staffed._reader, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert sessions.find(staffed, cookie) is not None
    assert sum(words.startswith("SELECT") for words in asked) == 1


def test_a_right_is_asked_for_with_the_users_it_is_about(peopled: Store) -> None:
    accounts.change(peopled, "dana", sight=ACME)
    ids = {name: user(name).id for name in ("ada", "bob", "cem")}
    with peopled.read() as connection:
        of_ada = accounts.require_now(connection, "dana", Permission.PREFERENCES_WRITE, user_id=ids["ada"])
        assert of_ada.sight == ACME
        for hidden in (ids["bob"], ids["cem"], "00000000-0000-4000-8000-000000000000"):
            with pytest.raises(NotInSight) as refused:
                accounts.require_now(connection, "dana", Permission.PREFERENCES_WRITE, user_id=hidden)
            assert (
                str(refused.value) == "This belongs to a customer that is not one of yours, or is gone. Ask an admin."
            )
        with pytest.raises(NotInSight):
            accounts.require_now(connection, "dana", Permission.PREFERENCES_WRITE, user_ids=list(ids.values()))
        with pytest.raises(NotInSight, match=r"You see 1 customer; this is for all of them\. Ask an admin\."):
            of_ada.require_all_in_sight()
        with pytest.raises(NotPermitted, match="role editor"):
            accounts.require_now(connection, "vera", Permission.PREFERENCES_WRITE, user_id=ids["ada"])
        accounts.require_now(
            connection, "ada", Permission.PREFERENCES_WRITE, user_ids=[*ids.values()]
        ).require_all_in_sight()
    assert accounts.customers(peopled) == ("acme.com", "globex.com")


def test_a_sight_covers_what_is_within_it() -> None:
    both = Sight(frozenset({"acme.com", "globex.com"}))
    assert [one.covers(other) for one, other in ((EVERYTHING, both), (both, ACME), (ACME, NOBODYS))] == [True] * 3
    assert [one.covers(other) for one, other in ((both, EVERYTHING), (ACME, both), (NOBODYS, ACME))] == [False] * 3
    assert (EVERYTHING.sees(None), both.sees(None), both.sees("acme.com"), both.sees("ACME.com")) == (
        True,
        False,
        True,
        False,
    )


def test_no_two_sights_are_told_alike_whatever_customers_are_called(staffed: Store) -> None:
    named = ({"all customers"}, {"no customer"}, {"a", "b"}, {"a, b"}, {"none"})
    sights = [EVERYTHING, NOBODYS, *(Sight(frozenset(names)) for names in named)]
    assert len({accounts.sight_words(sight) for sight in sights}) == len(sights)
    accounts.change(staffed, "vera", sight=sights[2])
    with staffed.read() as connection:
        told = [
            each.details for each in events.numbered(connection, range(1, 50)) if each.kind is EventKind.STAFF_CHANGED
        ]
    assert (told[-1]["before"], told[-1]["after"]) == ("all customers", '"all customers"')

"""Finding a calendar user by what staff know of them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain import CalendarUser, Connection
from lib.queries.search import CalendarHealth, calendar_health, find_users

emails = st.none() | st.text(max_size=12) | st.emails()
connections = st.lists(
    st.builds(Connection, st.sampled_from(["google", "microsoft"]), st.booleans(), emails), max_size=3
)
users = st.builds(CalendarUser, st.uuids().map(str), st.none() | st.text(max_size=8), connections.map(tuple))


def user(number: int, *calendars: Connection, external_id: str | None = None) -> CalendarUser:
    return CalendarUser(f"00000000-0000-4000-8000-{number:012}", external_id, calendars)


def calendar(email: str | None, connected: bool = True) -> Connection:
    return Connection("google", connected, email)


ANNA = user(1, calendar("Anna@Acme.example"), external_id="CRM-7")
BORIS = user(2, calendar("boris@gmail.com"), external_id="crm-8")
CLARA = user(3, calendar("clara@globex.example", connected=False), calendar("clara@acme.example"))
NOBODY = user(4, external_id="crm-9")
EVERYBODY = (ANNA, BORIS, CLARA, NOBODY)


@given(users, st.data())
def test_a_user_is_found_by_any_part_of_any_of_its_emails(anybody: CalendarUser, data: st.DataObject) -> None:
    for connection in anybody.connections:
        email = connection.email or ""
        start = data.draw(st.integers(0, len(email)))
        end = data.draw(st.integers(start, len(email)))
        assert find_users([anybody], email[start:end]) == (anybody,)


@pytest.mark.parametrize(
    ("email", "typed"),
    [
        ("anna@acme.example", "ANNA"),
        ("ANNA@acme.example", "anna"),
        ("straße@acme.example", "STRASSE"),
        ("ΑΣ@acme.example", "σ"),  # a sigma that ends a word has a small letter of its own
    ],
)
def test_small_and_capital_letters_are_the_same(email: str, typed: str) -> None:
    anybody = user(5, calendar(email))
    assert find_users([anybody], typed) == (anybody,)


@given(
    st.lists(users, max_size=5),
    st.text(max_size=20),
    st.none() | st.text(max_size=8),
    st.none() | st.sampled_from(CalendarHealth),
)
def test_no_text_breaks_the_search_and_nothing_is_invented(
    everybody: list[CalendarUser], text: str, customer: str | None, health: CalendarHealth | None
) -> None:
    found = find_users(everybody, text, customer, health)
    assert len(found) <= len(everybody)
    assert all(one in everybody for one in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {ANNA, BORIS, CLARA, NOBODY}),
        ("  ", {ANNA, BORIS, CLARA, NOBODY}),
        ("ANNA@acme", {ANNA}),
        ("crm", {ANNA, BORIS, NOBODY}),
        ("Crm-9", {NOBODY}),
        ("acme.example", {ANNA, CLARA}),
        ("globex", {CLARA}),
        ("anna crm-7", {ANNA}),
        ("crm-7 anna", {ANNA}),
        ("anna crm-8", set()),
        ("000000000002", {BORIS}),
        (".*", set()),
        ("%", set()),
        ("anna\ncrm-7", {ANNA}),
    ],
)
def test_every_word_must_stand_somewhere(text: str, found: set[CalendarUser]) -> None:
    assert set(find_users(EVERYBODY, text)) == found


def test_a_word_does_not_reach_from_one_field_into_the_next() -> None:
    two = user(5, calendar("a@b.example"), calendar("c@d.example"))
    assert find_users([two], "examplec@") == ()


def test_one_customer_and_one_state_narrow_what_is_found() -> None:
    assert find_users(EVERYBODY, customer="acme.example") == (ANNA,)
    assert find_users(EVERYBODY, customer="globex.example") == (CLARA,)
    assert find_users(EVERYBODY, health=CalendarHealth.NONE) == (NOBODY,)
    assert find_users(EVERYBODY, "crm", health=CalendarHealth.CONNECTED) == (ANNA, BORIS)
    assert find_users(EVERYBODY, "boris", customer="acme.example") == ()


@pytest.mark.parametrize("seed", range(5))
def test_lost_calendars_come_first_then_names_whatever_order_recall_has(seed: int) -> None:
    shuffled = list(EVERYBODY)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order, not a secret
    assert find_users(shuffled) == (CLARA, ANNA, BORIS, NOBODY)


def test_users_of_one_name_are_in_the_order_of_their_ids() -> None:
    eight, nine, seven = (user(number, calendar("info@acme.example")) for number in (8, 9, 7))
    assert find_users([eight, nine, seven]) == (seven, eight, nine)


def test_a_lost_calendar_weighs_more_than_a_connected_one() -> None:
    assert calendar_health(CLARA) is CalendarHealth.LOST
    assert calendar_health(ANNA) is CalendarHealth.CONNECTED


def test_a_calendar_that_was_never_connected_is_not_lost() -> None:
    assert calendar_health(NOBODY) is CalendarHealth.NONE
    assert calendar_health(user(5, calendar(None, connected=False))) is CalendarHealth.NONE


def test_who_has_no_calendar_but_one_that_was_disconnected_here_is_not_lost_and_stands_among_the_others() -> None:
    let_go = user(5, Connection("google", False, "dora@acme.example", let_go=True))
    assert calendar_health(let_go) is CalendarHealth.NONE
    assert find_users([*EVERYBODY, let_go]) == (CLARA, ANNA, BORIS, NOBODY, let_go)
    assert find_users([*EVERYBODY, let_go], health=CalendarHealth.LOST) == (CLARA,)
    assert find_users([*EVERYBODY, let_go], health=CalendarHealth.NONE) == (NOBODY, let_go)


def test_users_are_found_by_the_customer_that_a_csv_gave_them() -> None:
    given = {ANNA.id: "Globex", BORIS.id: "Acme"}

    def found(text: str = "", customer: str | None = None) -> tuple[CalendarUser, ...]:
        return find_users(EVERYBODY, text, customer, whose=lambda user: given.get(user.id))

    assert found("globex") == (CLARA, ANNA)  # the one by its address, and hers is lost
    assert found(customer="Acme") == (BORIS,)
    assert found("acme.example") == (CLARA, ANNA)

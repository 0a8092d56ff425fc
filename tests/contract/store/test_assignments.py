"""What an uploaded CSV says is kept beside what the mailbox says, applied whole or not at all, and seen by frames."""

from dataclasses import replace

import pytest

from lib.customer.csv_file import read_customers
from lib.customer.plan import AssignmentPlan, plan_of
from lib.errors import StoreError
from lib.store import Store, assignments, staff, users, version
from lib.store.staff import StaffRow
from tests.contract.store.making import NOON, at, known, listed, user

STAFF = ("dana", "lee")


@pytest.fixture(autouse=True)
def _staffed(store: Store) -> None:
    with store.write() as connection:
        for name in STAFF:
            staff.add(connection, StaffRow(name, name, "editor", None, True, NOON, NOON, None))


def planned(store: Store, text: str) -> AssignmentPlan:
    with store.read() as connection:
        people, owners = assignments.assigned(connection), assignments.owners(connection)
    return plan_of(read_customers(text.encode()), people, owners, STAFF)


def upload(store: Store, text: str, *, hours: float = 0, by: str = "dana") -> AssignmentPlan:
    plan = planned(store, text)
    with store.write() as connection:
        assignments.apply(connection, plan, by=by, now=at(hours))
    return plan


def owners(store: Store) -> dict[str, str]:
    with store.read() as connection:
        return assignments.owners(connection)


def now(store: Store) -> int:
    with store.read() as connection:
        return version.current(connection).version


def test_the_word_of_the_file_comes_before_the_mailbox(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    upload(store, "user,customer,team\nada@acme.com,Globex,North\n")
    ada, bob = known(store), known(store, "id-bob")
    assert (ada.customer, ada.team, ada.domain_customer) == ("Globex", "North", "acme.com")
    assert (bob.customer, bob.team, bob.domain_customer) == ("acme.com", None, "acme.com")


def test_the_word_outlives_the_calendar_and_another_list(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    upload(store, "user,customer\nada@acme.com,Globex\n")
    listed(store, replace(user("ada"), connections=()), user("bob"), now=at(1))
    listed(store, user("bob"), now=at(2))
    gone = known(store)
    assert (gone.customer, gone.domain_customer, gone.vanished_at) == ("Globex", "acme.com", at(2))


def test_an_empty_cell_gives_the_user_back_to_its_mailbox(store: Store) -> None:
    listed(store, user("ada"))
    upload(store, "user,customer,team\next-ada,Globex,North\n")
    upload(store, "user,customer,team\next-ada,,\n", hours=1)
    assert (known(store).customer, known(store).team) == ("acme.com", None)


def test_frames_are_told_of_users_whose_customer_or_team_changed_and_of_no_others(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    before = now(store)
    upload(store, "user,customer,team\next-ada,acme.com,\n")
    assert now(store) == before
    upload(store, "user,team\next-bob,North\n")
    assert now(store) == before + 1


def test_owners_are_set_changed_and_taken_away(store: Store) -> None:
    listed(store, user("ada"))
    upload(store, "customer,owner\nacme.com,dana\n")
    assert owners(store) == {"acme.com": "dana"}
    upload(store, "customer,owner\nacme.com,lee\n")
    assert owners(store) == {"acme.com": "lee"}
    upload(store, "customer,owner\nacme.com,\n")
    assert owners(store) == {}


def test_each_applied_file_is_remembered_newest_first(store: Store) -> None:
    listed(store, user("ada"), user("bob"))
    upload(store, "user,customer,owner\next-ada,Globex,lee\nnobody,Globex,\n")
    upload(store, "user,customer\next-ada,Globex\next-bob,Globex\n", hours=1, by="lee")
    with store.read() as connection:
        last, first = assignments.history(connection)
    assert (first.at, first.by) == (NOON, "dana")
    assert first.counts == {"users": 1, "owners": 1, "unchanged": 0, "left": 1}
    assert (last.at, last.by, last.counts["users"], last.counts["unchanged"]) == (at(1), "lee", 1, 1)


def test_nothing_of_a_file_is_kept_when_a_part_of_it_cannot_be(store: Store) -> None:
    listed(store, user("ada"))
    plan = planned(store, "user,customer\next-ada,Globex\n")
    with pytest.raises(StoreError), store.write() as connection:
        assignments.apply(connection, plan, by="nobody", now=NOON)  # no such staff account
    assert known(store).customer == "acme.com"


@pytest.mark.parametrize("meanwhile", ["a user is new", "a user changed", "a file was applied"])
def test_what_a_plan_rests_on_is_seen_to_change(store: Store, meanwhile: str) -> None:
    listed(store, user("ada"))
    with store.read() as connection:
        before = assignments.basis(connection)
    if meanwhile == "a user is new":
        listed(store, user("ada"), user("bob"), now=at(1))
    elif meanwhile == "a user changed":
        listed(store, user("ada", connected=False), now=at(1))
    else:
        upload(store, "customer,owner\nacme.com,lee\n")
    with store.read() as connection:
        assert assignments.basis(connection) != before


def test_hostile_names_come_back_as_they_were_read(store: Store) -> None:
    listed(store, user("ada"))
    name = '=HYPERLINK("x"); Robert\'); DROP TABLE staff;-- ![x](https://evil.example)'
    quoted = name.replace('"', '""')
    upload(store, f'user,customer,owner\next-ada,"{quoted}",dana\n')
    assert known(store).customer == name
    assert owners(store) == {name: "dana"}


def test_a_large_file_is_one_transaction_of_many_rows(store: Store) -> None:
    many = [user(f"u{n}") for n in range(3000)]
    listed(store, *many)
    upload(store, "user,customer\n" + "".join(f"ext-u{n},Customer {n % 7}\n" for n in range(3000)))
    with store.read() as connection:
        assert {row.customer for row in users.everyone(connection)} == {f"Customer {n}" for n in range(7)}

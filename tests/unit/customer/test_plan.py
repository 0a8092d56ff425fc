"""What a CSV would do: who is matched, what changes, what is left out and why."""

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lib.customer.csv_file import read_customers
from lib.customer.plan import HEADS, AssignmentPlan, SkipReason, UserAssignment, assignment_rows, plan_of, rows_to_fill
from lib.domain import CalendarUser, Connection
from lib.export import Table, csv_of

ADA = "0a0a0a0a-0000-4000-8000-00000000000a"
STAFF = {"dana", "lee"}


def user(name: str = "ada", *emails: str, id_: str | None = None, domain: str | None = "acme.com") -> UserAssignment:
    addresses = emails or (f"{name}@acme.com",)
    return UserAssignment(
        CalendarUser(id_ or f"id-{name}", f"ext-{name}", tuple(Connection("google", True, e) for e in addresses)),
        domain,
    )


def plan(text: str, *users: UserAssignment, owners: dict[str, str] | None = None) -> AssignmentPlan:
    return plan_of(read_customers(text.encode()), users or (user(),), owners or {}, STAFF)


def after(made: AssignmentPlan) -> dict[str, tuple[str | None, str | None]]:
    """Customer and team that count afterwards, of those that change."""
    return {change.after.user.id: (change.after.effective, change.after.team) for change in made.users}


def applied(made: AssignmentPlan, users: Sequence[UserAssignment]) -> tuple[UserAssignment, ...]:
    changed = {change.before: change.after for change in made.users}
    return tuple(changed.get(each, each) for each in users)


@pytest.mark.parametrize("name", ["ada@acme.com", "ADA@Acme.com", "ext-ada", ADA, ADA.upper()])
def test_a_user_is_found_by_address_external_id_and_recalls_id(name: str) -> None:
    assert after(plan(f"user,customer\n{name},Acme\n", user(id_=ADA))) == {ADA: ("Acme", None)}


def test_an_external_id_counts_as_it_is_written() -> None:
    assert plan("user,customer\nEXT-ADA,Acme\n").left_for(SkipReason.UNMATCHED)


def test_an_address_that_several_users_share_speaks_for_all_of_them() -> None:
    shared = (user("ada", "team@acme.com"), user("bob", "team@acme.com"), user("eve"))
    assert set(after(plan("user,customer\nteam@acme.com,Acme\n", *shared))) == {"id-ada", "id-bob"}


def test_who_is_in_no_row_keeps_what_it_had() -> None:
    made = plan("user,customer,team\nada@acme.com,Acme,North\n", user("ada"), user("bob"))
    assert set(after(made)) == {"id-ada"}


def test_an_empty_cell_takes_the_word_away_and_the_mailbox_counts_again() -> None:
    known = UserAssignment(user().user, "acme.com", "Globex", "North")
    assert after(plan("user,customer,team\next-ada,,\n", known)) == {"id-ada": ("acme.com", None)}


def test_a_column_that_is_missing_changes_nothing() -> None:
    known = UserAssignment(user().user, "acme.com", "Globex", "North")
    assert after(plan("user,customer\next-ada,Acme\n", known)) == {"id-ada": ("Acme", "North")}
    assert after(plan("user,team\next-ada,South\n", known)) == {"id-ada": ("Globex", "South")}


def test_what_is_so_already_is_counted_and_not_changed() -> None:
    known = UserAssignment(user().user, "acme.com", "Globex", "North")
    made = plan("user,customer,team\next-ada,Globex,North\n", known)
    assert (made.is_empty, made.unchanged) == (True, 1)


def test_an_owner_who_stays_is_counted_and_one_who_changes_is_not() -> None:
    users = (user("ada"), user("bob", domain="globex.com"))
    made = plan("customer,owner\nacme.com,dana\nglobex.com,lee\n", *users, owners={"acme.com": "dana"})
    assert ([change.customer for change in made.owners], made.unchanged) == (["globex.com"], 1)


def test_a_file_that_confirms_the_mailbox_is_kept_though_nobody_sees_a_change() -> None:
    (change,) = plan("user,customer\next-ada,acme.com\n").users
    assert (change.after.customer, change.is_seen) == ("acme.com", False)


def test_of_two_customers_for_one_user_neither_is_taken() -> None:
    made = plan("user,customer\nada@acme.com,Acme\next-bob,Acme\next-ada,Globex\n", user("ada"), user("bob"))
    assert set(after(made)) == {"id-bob"}
    assert [(line.line, line.customer) for line in made.left_for(SkipReason.TWICE)] == [(2, "Acme"), (4, "Globex")]


def test_the_same_said_twice_is_said_once() -> None:
    made = plan("user,customer\nada@acme.com,Acme\next-ada,ACME\n")
    assert (len(made.users), made.left) == (1, ())


def test_names_that_differ_in_case_alone_are_one_spelt_as_they_were_first() -> None:
    users = (user("ada"), user("bob", domain="globex.com"), user("eve", domain=None))
    made = plan("user,customer\next-bob,Acme.COM\next-eve,Initech\next-ada,INITECH\n", *users)
    assert after(made) == {
        "id-bob": ("acme.com", None),
        "id-eve": ("Initech", None),
        "id-ada": ("Initech", None),
    }


def test_who_is_nobody_here_does_not_match() -> None:
    (left,) = plan("user,customer\nnobody@acme.com,Acme\n").left
    assert (left.line, left.why, left.user, left.customer) == (2, SkipReason.UNMATCHED, "nobody@acme.com", "Acme")


def test_an_owner_may_be_named_in_a_row_of_the_customer_or_beside_a_user() -> None:
    assert [(c.customer, c.after) for c in plan("customer,owner\nacme.com,Dana\n").owners] == [("acme.com", "dana")]
    made = plan("user,customer,owner\next-ada,Acme,lee\n")
    assert [(c.customer, c.before, c.after) for c in made.owners] == [("Acme", None, "lee")]


def test_an_empty_owner_beside_a_user_says_nothing_and_in_a_row_of_the_customer_takes_it_away() -> None:
    owned = {"acme.com": "dana"}
    assert plan("user,customer,owner\next-ada,acme.com,\n", owners=owned).owners == ()
    (change,) = plan("user,customer,owner\n,acme.com,\n", owners=owned).owners
    assert (change.before, change.after) == ("dana", None)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("acme.com,nobody", SkipReason.OWNER_UNKNOWN),
        ("acme.com,dana\nACME.com,lee", SkipReason.TWICE),
        ("acme.com,dana\nacme.com,", SkipReason.TWICE),
        ("globex.com,dana", SkipReason.UNMATCHED),
    ],
)
def test_an_owner_that_cannot_be_set_is_left_as_it_is(rows: str, why: SkipReason) -> None:
    made = plan(f"customer,owner\n{rows}\n", owners={"acme.com": "lee"})
    assert made.owners == ()
    assert {line.why for line in made.left} == {why}


def test_a_customer_that_its_last_user_leaves_gets_no_owner() -> None:
    made = plan("user,customer,owner\next-ada,Acme,\n,acme.com,dana\n")
    assert [line.customer for line in made.left_for(SkipReason.UNMATCHED)] == ["acme.com"]


def test_lines_that_cannot_be_understood_are_among_what_is_left_out() -> None:
    (left,) = plan("user,customer\next-ada\n").left
    assert (left.why, left.line) == (SkipReason.UNUSABLE, 2)


names = st.sampled_from(["", "Acme", "ACME", "Globex", "=1+1", "@x; =y", "O'Neill", "a,b", '"', "acme.com"])
people = st.lists(
    st.builds(
        lambda n, mail, domain, customer, team: UserAssignment(
            CalendarUser(f"{n:08x}-0000-4000-8000-000000000000", mail or None, (Connection("google", True, mail),)),
            domain or None,
            customer or None,
            team or None,
        ),
        st.integers(0, 5),
        st.sampled_from(["a@x.com", "A@x.com", "b@x.com", "=c@x.com", "", "+1"]),
        st.sampled_from(["", "x.com", "acme.com"]),
        names,
        names,
    ),
    max_size=5,
    unique_by=lambda known: known.user.id,
)
lines = st.lists(
    st.tuples(
        st.sampled_from(["", "a@x.com", "b@x.com", "=c@x.com", "+1", "who"]),
        names,
        names,
        st.sampled_from(["", "dana", "lee", "eve"]),
    ),
    max_size=6,
)


def file_of(rows: Sequence[Sequence[str]]) -> bytes:
    return csv_of(Table(HEADS[:4], rows))


@given(people, lines)
def test_applying_a_file_again_changes_nothing(users: list[UserAssignment], rows: list[tuple[str, ...]]) -> None:
    file = read_customers(file_of(rows))
    made = plan_of(file, users, {}, STAFF)
    owners = {change.customer: change.after for change in made.owners if change.after}
    again = plan_of(file, applied(made, users), owners, STAFF)
    assert again.users == ()
    assert again.owners == ()


@given(people, lines)
def test_every_line_is_applied_or_listed(users: list[UserAssignment], rows: list[tuple[str, ...]]) -> None:
    file = read_customers(file_of(rows))
    made = plan_of(file, users, {}, STAFF)
    spoken_of = {line.line for line in made.left}
    known = {name for each in users for name in (each.user.external_id, *(c.email for c in each.user.connections))}
    for row in file.rows:
        if row.user and row.user not in known and row.user.lower() not in {(name or "").lower() for name in known}:
            assert row.line in spoken_of


@given(people, st.dictionaries(st.sampled_from(["acme.com", "x.com", "Acme"]), st.sampled_from(sorted(STAFF))))
def test_what_is_in_force_changes_nothing_when_it_is_uploaded_again(
    users: list[UserAssignment], owners: dict[str, str]
) -> None:
    spellings = {name for user in users for name in (user.effective, user.customer) if name} | owners.keys()
    assume(len({name.casefold() for name in spellings}) == len(spellings))
    made = plan_of(read_customers(csv_of(Table(HEADS, assignment_rows(users, owners)))), users, owners, STAFF)
    assert (made.users, made.owners, made.left_for(SkipReason.TWICE)) == ((), (), ())


def test_a_user_that_shares_its_address_is_named_by_its_external_id() -> None:
    rows = assignment_rows((user("ada", "team@acme.com"), user("bob", "team@acme.com")), {})
    assert [row[0] for row in rows] == ["ext-ada", "ext-bob", ""]


def test_the_template_holds_who_has_no_customer() -> None:
    assert rows_to_fill((user("ada"), user("eve", "eve@gmail.com", domain=None))) == (
        ("eve@gmail.com", "", "", "", ""),
    )

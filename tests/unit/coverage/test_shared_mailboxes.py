"""Calendar users that share one mailbox."""

from hypothesis import given
from hypothesis import strategies as st

from lib.coverage.duplicates import shared_mailboxes
from lib.domain import CalendarUser, Connection


def user(
    id_: str, *emails: str | None, platform: str = "google", connected: bool = True, ext: str = ""
) -> CalendarUser:
    return CalendarUser(id_, ext or id_, tuple(Connection(platform, connected, email) for email in emails))


def names(*users: CalendarUser) -> list[tuple[str, list[str]]]:
    return [(mailbox.email, [each.id for each in mailbox.users]) for mailbox in shared_mailboxes(users)]


def test_two_users_who_connected_one_address_share_it() -> None:
    assert names(user("1", "anna@acme.example"), user("2", "anna@acme.example")) == [("anna@acme.example", ["1", "2"])]


def test_an_address_in_other_letters_is_the_same_mailbox() -> None:
    assert names(user("1", "Anna@Acme.example"), user("2", " anna@acme.example")) == [("Anna@Acme.example", ["1", "2"])]


def test_a_lost_calendar_shares_nothing_because_it_books_no_bot() -> None:
    assert names(user("1", "a@acme.example"), user("2", "a@acme.example", connected=False)) == []


def test_one_user_with_the_same_address_on_two_platforms_is_one_user() -> None:
    both = (Connection("google", True, "a@acme.example"), Connection("microsoft", True, "a@acme.example"))
    assert names(CalendarUser("1", "1", both)) == []


def test_calendars_without_an_address_share_nothing() -> None:
    assert names(user("1", None), user("2", None), user("3", ""), user("4", " ")) == []


def test_the_platforms_are_those_that_the_mailbox_is_connected_by() -> None:
    other = CalendarUser(
        "2", "2", (Connection("microsoft", True, "A@acme.example"), Connection("zoho", True, "b@acme.example"))
    )
    (mailbox,) = shared_mailboxes([user("1", "a@acme.example"), other])
    assert mailbox.platforms == ("google", "microsoft")


def test_external_ids_that_differ_in_case_only_are_noticed() -> None:
    one, two = user("1", "a@acme.example", ext="acme-7"), user("2", "a@acme.example", ext="ACME-7")
    other = user("3", "a@acme.example", ext="acme-8")
    without = CalendarUser("4", None, two.connections)
    assert [
        shared_mailboxes([one, each])[0].ids_differ_in_case_only for each in (two, other, without)
    ] == [True, False, False]  # fmt: skip


addresses = st.sampled_from(["a@x.example", "A@X.example", "b@x.example", "c@y.example", None, ""])
some_users = st.lists(
    st.builds(user, st.integers(0, 9).map(str), addresses, addresses, connected=st.booleans()),
    max_size=9,
    unique_by=lambda each: each.id,
)


@given(some_users)
def test_a_mailbox_is_named_exactly_when_two_users_have_it_connected(users: list[CalendarUser]) -> None:
    having: dict[str, set[str]] = {}
    for each in users:
        for connection in each.connected:
            if connection.email:
                having.setdefault(connection.email.lower(), set()).add(each.id)
    wanted = {email: ids for email, ids in having.items() if len(ids) > 1}
    assert {mailbox.email.lower(): {u.id for u in mailbox.users} for mailbox in shared_mailboxes(users)} == wanted


@given(some_users)
def test_those_with_most_users_come_first(users: list[CalendarUser]) -> None:
    sizes = [len(mailbox.users) for mailbox in shared_mailboxes(users)]
    assert sizes == sorted(sizes, reverse=True)

"""Links: a link counts as connected when a read of Recall showed it, whoever came back by it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import count

import pytest
from sqlalchemy import select

from lib.domain import CalendarUser, Connection
from lib.errors import UnknownCalendarUser
from lib.store import Store, links, new_users, privacy, staff
from lib.store.links import Link, LinkState
from lib.store.staff import StaffRow
from lib.store.tables.desk import new_user
from tests.contract.store.making import NOON, at, listed, user

LASTS = 24
Make = Callable[..., int]


@pytest.fixture(autouse=True)
def _staffed(store: Store) -> None:
    with store.write() as connection:
        staff.add(connection, StaffRow("dana", "Dana", "editor", None, True, NOON, NOON, None))


@pytest.fixture
def make(store: Store) -> Make:
    """Make a link for Ada; its nonce's hash is its number in words."""
    numbers = count(1)

    def add(hours: float = 1, platform: str = "google") -> int:
        ends = at(hours + LASTS)
        with store.write() as connection:
            return links.add(
                connection,
                "id-ada",
                platform,
                by="dana",
                nonce_hash=f"hash-{next(numbers)}",
                now=at(hours),
                expires_at=ends,
            )

    return add


def of_ada(store: Store) -> tuple[Link, ...]:
    with store.read() as connection:
        return links.of_user(connection, "id-ada")


def states(store: Store, now: datetime) -> list[LinkState]:
    return [link.state(now) for link in of_ada(store)]


def came_back(store: Store, nonce_hash: str, hours: float, *, ok: bool = True) -> str | None:
    with store.write() as connection:
        return links.returned(connection, nonce_hash, ok=ok, now=at(hours))


def ada(*calendars: Connection) -> CalendarUser:
    return replace(user("ada"), connections=calendars)


def google(email: str | None, connected: bool = True) -> Connection:
    return Connection("google", connected, email)


NOBODYS = ada()
HERS, ANOTHER = ada(google("ada@acme.com")), ada(google("other@acme.com"))


def test_a_link_waits_until_its_day_is_over(store: Store, make: Make) -> None:
    listed(store, NOBODYS)
    make()
    assert states(store, at(1 + LASTS - 0.01)) == [LinkState.WAITING]
    assert states(store, at(1 + LASTS)) == [LinkState.EXPIRED]


def test_a_read_that_shows_the_calendar_says_when_and_by_which_account(store: Store, make: Make) -> None:
    listed(store, NOBODYS)
    make()
    listed(store, HERS, now=at(2))
    [link] = of_ada(store)
    assert (link.state(at(99)), link.connected_at, link.account) == (LinkState.CONNECTED, at(2), "ada@acme.com")
    assert (link.by, link.platform, link.replaced) == ("dana", "google", None)


def test_coming_back_proves_nothing(store: Store, make: Make) -> None:
    listed(store, NOBODYS)
    make()
    assert came_back(store, "hash-1", 2) == "id-ada"
    listed(store, NOBODYS, now=at(3))
    assert states(store, at(4)) == [LinkState.RETURNED]


def test_each_kind_of_return_is_news_once_and_success_stays(store: Store, make: Make) -> None:
    listed(store, NOBODYS)
    make()
    told = [came_back(store, "hash-1", 2 + n, ok=ok) for n, ok in enumerate([False, False, True, True, False])]
    assert told == ["id-ada", None, "id-ada", None, None]
    assert [(link.returned_ok, link.returned_at) for link in of_ada(store)] == [(True, at(4))]


def test_a_return_without_success_is_told_until_it_worked(store: Store, make: Make) -> None:
    listed(store, NOBODYS)
    make()
    came_back(store, "hash-1", 2, ok=False)
    assert states(store, at(3)) == [LinkState.REFUSED]
    listed(store, HERS, now=at(4))
    assert states(store, at(5)) == [LinkState.CONNECTED]


def test_a_nonce_nobody_gave_out_changes_nothing(store: Store, make: Make) -> None:
    listed(store, NOBODYS)
    make()
    assert came_back(store, "hash-9", 2) is None
    assert states(store, at(3)) == [LinkState.WAITING]


def test_a_read_that_began_before_the_link_was_made_does_not_speak_of_it(store: Store, make: Make) -> None:
    listed(store, NOBODYS)
    make(hours=2)
    listed(store, HERS, now=at(1), complete=False)
    assert states(store, at(3)) == [LinkState.WAITING]


def test_the_same_account_again_counts_when_somebody_came_back(store: Store, make: Make) -> None:
    listed(store, HERS)
    make()
    listed(store, HERS, now=at(2))
    assert states(store, at(2)) == [LinkState.WAITING]
    came_back(store, "hash-1", 3)
    listed(store, HERS, now=at(2.5), complete=False)
    assert states(store, at(3)) == [LinkState.RETURNED]
    listed(store, HERS, now=at(4))
    [link] = of_ada(store)
    assert (link.state(at(5)), link.replaced) == (LinkState.CONNECTED, None)


def test_another_account_in_its_place_is_told_with_the_one_that_went(store: Store, make: Make) -> None:
    listed(store, HERS)
    make()
    listed(store, ANOTHER, now=at(2))
    [link] = of_ada(store)
    assert (link.account, link.replaced) == ("other@acme.com", "ada@acme.com")


def test_a_lost_calendar_of_another_account_is_replaced_too(store: Store, make: Make) -> None:
    listed(store, HERS)
    listed(store, ada(google(None, connected=False)), now=at(0.5))
    make()
    listed(store, ANOTHER, now=at(2))
    assert [link.replaced for link in of_ada(store)] == ["ada@acme.com"]


def test_the_same_account_in_other_letters_replaces_nothing(store: Store, make: Make) -> None:
    listed(store, HERS)
    make()
    came_back(store, "hash-1", 1.5)
    listed(store, ada(google("ADA@acme.com")), now=at(2))
    assert [link.replaced for link in of_ada(store)] == [None]


def test_of_two_links_the_one_somebody_came_back_by_worked_and_the_other_waits(store: Store, make: Make) -> None:
    listed(store, NOBODYS)
    make(1)
    make(2)
    came_back(store, "hash-1", 3)
    listed(store, HERS, now=at(4))
    assert states(store, at(5)) == [LinkState.WAITING, LinkState.CONNECTED]
    listed(store, HERS, now=at(5))
    assert states(store, at(6)) == [LinkState.WAITING, LinkState.CONNECTED]


def test_a_calendar_disconnected_after_the_link_was_made_and_connected_again_is_by_the_link(
    store: Store, make: Make
) -> None:
    listed(store, HERS)
    make()
    listed(store, NOBODYS, now=at(2))
    listed(store, HERS, now=at(3))
    assert [link.connected_at for link in of_ada(store)] == [at(3)]


def test_a_calendar_of_the_other_platform_says_nothing(store: Store, make: Make) -> None:
    listed(store, NOBODYS)
    make(platform="microsoft")
    listed(store, HERS, now=at(2))
    assert states(store, at(3)) == [LinkState.WAITING]


def test_what_was_connected_long_after_the_end_of_a_link_was_not_by_it(store: Store, make: Make) -> None:
    listed(store, NOBODYS)
    make()
    listed(store, HERS, now=at(1 + LASTS + 25))
    assert states(store, at(99)) == [LinkState.EXPIRED]


def test_what_a_late_sync_shows_still_counts(store: Store, make: Make) -> None:
    listed(store, NOBODYS)
    make()
    listed(store, HERS, now=at(1 + LASTS + 1))
    assert states(store, at(99)) == [LinkState.CONNECTED]


def test_a_link_for_nobody_or_for_who_is_gone_is_not_kept(store: Store, make: Make) -> None:
    with pytest.raises(UnknownCalendarUser):
        make()
    listed(store, HERS)
    listed(store, replace(HERS, id="id-bob", external_id="ext-bob"), now=at(1))
    with pytest.raises(UnknownCalendarUser):
        make(2)


def test_erasing_a_user_takes_the_addresses_and_leaves_what_happened(store: Store, make: Make) -> None:
    listed(store, HERS)
    make()
    listed(store, ANOTHER, now=at(2))
    with store.write() as connection:
        number = new_users.add(connection, "ext-ada", by="dana", now=at(0))
        new_users.made(connection, number, "id-ada")
        privacy.erase_user(connection, "id-ada", now=at(3))
        asked = connection.execute(select(new_user)).one()
    [link] = of_ada(store)
    assert (link.account, link.account_before, link.connected_at) == (None, None, at(2))
    assert (asked.external_id, asked.staff) == (None, "dana")


def test_a_user_who_was_asked_for_is_closed_once_it_is_known(store: Store) -> None:
    listed(store, HERS)
    with store.write() as connection:
        numbers = [new_users.add(connection, name, by="dana", now=NOON) for name in ("ext-ada", "ext-bob", "ext-cy")]
        new_users.made(connection, numbers[0], "id-ada")
        new_users.not_made(connection, numbers[1])
        still = new_users.open_ones(connection)
        asked = connection.execute(select(new_user).where(new_user.c.pk == numbers[0])).one()
    assert [row.external_id for row in still] == ["ext-cy"]
    assert (asked.staff, asked.at, asked.state) == ("dana", NOON, new_users.NewUserState.MADE)

"""What staff see of answers that are doubted: the strip, a user's page, System, Activity."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.store import contests, events, users, users_list, version
from lib.store.contests import ContestOwner
from lib.store.tables.workspace import calendar_user
from tests.pages.conftest import Open
from tests.pages.filled import filled, filled_desk, open_filled
from tests.pages.seeing import column, said

__all__ = ["filled", "filled_desk", "open_filled"]


@pytest.fixture
def listed() -> list[users.UserRow]:
    with desk().store.read() as connection:
        return [row for row in users.everyone(connection) if row.vanished_at is None]


def empty_list() -> None:
    """Recall answers that there is nobody."""
    with desk().store.write() as connection:
        users_list.store(connection, [], read_at=utc_now(), complete=True, now=utc_now())


def test_the_strip_says_how_many_are_not_listed_and_since_when_what_is_shown_is(
    open_filled: Open, listed: list[users.UserRow]
) -> None:
    empty_list()
    told = said(open_filled("viewer", "coverage"))
    assert f"Recall did not list {len(listed)} of {len(listed)} users; shown as of " in told
    assert "could not be read" not in told
    assert "No customer needs you today" not in said(open_filled("viewer", "customers", mine="all"))


def test_while_everybody_is_listed_nothing_is_said_of_it(open_filled: Open) -> None:
    assert "did not list" not in said(open_filled("viewer", "coverage"))


def test_the_page_of_somebody_who_is_not_listed_shows_what_was_read(
    open_filled: Open, listed: list[users.UserRow]
) -> None:
    somebody = next(row for row in listed if row.user.connected)
    empty_list()
    told = said(open_filled("viewer", "users", user=somebody.user.id))
    assert "Not listed since " in told
    assert "No user at this address" not in told


def test_an_admin_sees_who_is_not_listed_and_may_say_that_they_are_gone(
    open_filled: Open, listed: list[users.UserRow]
) -> None:
    assert "which is doubted" not in said(open_filled("admin", "system"))
    empty_list()
    app = open_filled("admin", "system")
    assert f"**{len(listed)} users missing from Recall's list, which is doubted**" in said(app)
    assert f"{len(listed)} users were not listed." in said(app)
    assert "Every user could be read." not in said(app)
    app.button(key="believe_list").click().run()
    assert f"{len(listed)} users are gone now." in said(app)
    assert "which is doubted" not in said(app)
    activity = open_filled("admin", "activity", what="user", period="all")
    assert f"{len(listed)} users in Recall's list → gone" in column(activity, "change", 0)


def test_an_admin_sees_whose_entries_are_asked_for(open_filled: Open, listed: list[users.UserRow]) -> None:
    one, other, third = listed[:3]
    with desk().store.write() as connection:
        contests.note(connection, one.key, {other.key: ["a", "b"]}, at=utc_now())
        contests.note(connection, third.key, {one.key: ["c"]}, at=utc_now() + timedelta(seconds=1))
        contests.answered(connection, contests.everyone(connection)[1], ContestOwner.BOTH, at=utc_now())
    app = open_filled("admin", "system")
    assert "**2 pairs of users were shown with the same entries**" in said(app)
    table = next(frame.value for frame in app.dataframe if "other" in frame.value)
    assert table[["user", "other", "entries", "state"]].to_numpy().tolist() == [
        [one.user.label, other.user.label, 2, "Recall is asked by the next pass"],
        [third.user.label, one.user.label, 1, "Recall answers them to both"],
    ]
    app.button(key="find_shared").click().run()
    assert "No two users have the same entries." in said(app)


def test_entries_that_were_taken_out_are_told_in_activity(open_filled: Open, listed: list[users.UserRow]) -> None:
    with desk().store.write() as connection:
        events.entries_set_aside(connection, listed[0].key, 3, now=utc_now())
        connection.execute(update(calendar_user).values(ver=version.bump(connection)))
    activity = open_filled("admin", "activity", what="user", period="all")
    assert column(activity, "change", 0)[0] == "3 meetings removed: Recall says they belong to another user"
    assert column(activity, "who", 0)[0] == "(Coverage Desk)"

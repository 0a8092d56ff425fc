"""Customers, teams and staff who are called as our own words go: each can be chosen, and counts itself alone."""

import re
from collections import Counter

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.coverage.numbers import Numbers, numbers
from lib.coverage.period import last_days
from lib.coverage.scope import Scope, within
from lib.customer import UNASSIGNED, asked_of
from lib.staff import accounts
from lib.staff.permissions import Role
from lib.store import users
from lib.store.tables.workspace import calendar_user
from lib.store.users import UserRow
from lib.ui.widgets.filter_row import report_zone
from lib.ui.words.formats import fraction, plural
from lib.ui.words.scope import ALL, word_of
from tests.pages.conftest import Open
from tests.pages.filled import filled, filled_desk, loaded, open_filled
from tests.pages.seeing import column, grid, pick, said
from tests.pages.test_customers_page import upload

__all__ = ["filled", "filled_desk", "open_filled"]

CUSTOMERS = (
    *("unassigned", "(unassigned)", "All customers", "All customers (2)", "Choose a customer", "-", "--", "*"),
    *("None", "nobody", "unknown", "(unknown)", "all"),
)
TEAMS = ("All teams", "(no team)", "unassigned", "-", "None")


@pytest.fixture
def opened(open_filled: Open) -> Open:
    """The workspace, in which users belong to such customers and teams, and to none."""
    open_filled("viewer", "coverage")
    free, *rows = sorted(people(), key=lambda row: row.user.id)
    with desk().store.write() as connection:
        connection.execute(update(calendar_user).where(calendar_user.c.id == free.user.id).values(customer=None))
    named = [
        f'{row.user.id},"{customer}","{TEAMS[number % len(TEAMS)]}"'
        for number, (customer, row) in enumerate(zip(CUSTOMERS, rows, strict=False))
    ]
    upload("\n".join(["user,customer,team", *named]))
    assert {row.customer for row in people()} >= {None, *CUSTOMERS}
    return open_filled


def people() -> tuple[UserRow, ...]:
    return loaded().listed


def names() -> list[str | None]:
    """All customers as lists have them."""
    return [*sorted({row.customer for row in people() if row.customer}), None]


def counted(scope: Scope) -> Numbers:
    known = loaded()
    assert known.as_of
    period = last_days(known.as_of, 30, report_zone())
    return numbers(within(known.frame, scope), period.from_, period.to, known.as_of)


def test_on_users_each_customer_lists_its_own(opened: Open) -> None:
    app = opened("viewer", "users")
    box = app.selectbox(key="customer")
    assert len(set(box.options)) == len(box.options) == len(names()) + 1
    for name in names():
        app.selectbox(key="customer").set_value(word_of(name)).run()
        theirs = sorted(row.user.label for row in people() if row.customer == name)
        assert sorted(column(app, "user")) == theirs
        assert app.query_params["customer"] == word_of(name)
        assert sorted(column(opened("viewer", "users", customer=word_of(name)), "user")) == theirs


def test_where_many_are_changed_each_customer_and_each_team_is_chosen_alone(opened: Open) -> None:
    app = opened("editor", "many")
    assert "Choose users first" in said(app)
    for name in names():
        app.selectbox(key="customer").set_value(word_of(name)).run()
        theirs = [row for row in people() if row.customer == name]
        assert f"{plural(len(theirs), 'user')} selected." in said(app), name
    app.selectbox(key="customer").set_value("*").run()
    assert f"{len(people())} users selected." in said(app)
    for team in TEAMS:
        app.selectbox(key="team").set_value(team).run()
        assert f"{len([row for row in people() if row.team == team])} users selected." in said(app)
    app.selectbox(key="team").set_value("").run()
    assert f"{len(people())} users selected." in said(app)


@pytest.mark.parametrize("page", ["coverage", "bots"])
def test_the_filters_count_each_customer_and_each_team_alone(opened: Open, page: str) -> None:
    app = opened("viewer", page)
    for name in names():
        app.selectbox(key=f"{page}_customer").set_value(word_of(name)).run()
        assert not app.exception
        assert _listed(app) == Counter(row.customer for row in people())[name]
        if page == "coverage":
            ended = counted(Scope(customer=asked_of(name))).ended
            assert fraction(ended.recorded, ended.held) in said(app)
    app.selectbox(key=f"{page}_customer").set_value("").run()
    for team in TEAMS:
        app.selectbox(key=f"{page}_team").set_value(team).run()
        assert _listed(app) == Counter(row.team for row in people())[team]


def _listed(app: AppTest) -> int:
    """How many users the strip speaks of."""
    found = re.search(r"link: [\d,]+ of (\d+) calendars?\]", said(app))
    return int(found[1]) if found else 0


def test_on_coverage_each_group_opens_its_own_misses(opened: Open) -> None:
    for by in ("customer", "team"):
        app = opened("viewer", "coverage", where=by)
        table = grid(app, "coverage_where")
        assert table is not None
        for place in range(min(len(table), 6)):
            missed = int(table["missed"].iloc[place])
            app = pick(opened("viewer", "coverage", where=by), "coverage_where", place)
            assert f"· {missed} meeting" in said(app) or f"· {missed:,} meeting" in said(app)


def test_each_customer_has_a_page_of_its_own(opened: Open) -> None:
    for name in names():
        app = opened("viewer", "customers", customer=word_of(name))
        assert "No such customer" not in said(app)
        ended = counted(Scope(customer=asked_of(name))).ended
        assert fraction(ended.recorded, ended.held) in said(app)
    assert counted(Scope(customer=UNASSIGNED)).ended.held


def test_activity_lists_what_belongs_to_each(opened: Open) -> None:
    accounts.add_with_hash(desk().store, "nobody", role=Role.EDITOR, display="Nobody", password_hash="-")
    app = opened("admin", "activity", period="all")
    assert len(set(app.selectbox(key="customer").options)) == len(names()) + 1
    for name in names():
        app.selectbox(key="customer").set_value(word_of(name)).run()
        assert not app.exception
        assert app.query_params["customer"] == word_of(name)
        with desk().store.read() as connection:
            theirs = users.customers_of(connection, column(app, "user_id")) if "user_id" in _heads(app) else {}
        assert set(theirs.values()) <= {name}
    app.selectbox(key="who").set_value("nobody").run()
    assert app.query_params["who"] == "nobody"


def _heads(app: AppTest) -> list[str]:
    return [str(head) for head in app.dataframe[0].value.columns] if len(app.dataframe) else []


PAGES = {"coverage": "viewer", "bots": "viewer", "users": "viewer", "many": "editor", "activity": "admin"}
LINKS: tuple[str | None, ...] = (None, "unassigned", "-", "*", "All customers")


@pytest.mark.parametrize("page", PAGES)
def test_a_link_to_a_customer_or_to_none_is_understood_by_every_page_with_a_choice_of_them(
    opened: Open, page: str
) -> None:
    key = f"{page}_customer" if page in ("coverage", "bots") else "customer"
    for name in LINKS:
        app = opened(PAGES[page], page, customer=word_of(name))
        assert app.selectbox(key=key).value == word_of(name), name
        assert app.query_params["customer"] == word_of(name)
        assert "not known here" not in said(app)
    assert opened(PAGES[page], page, customer="-").selectbox(key=key).value == word_of(None)
    assert opened(PAGES[page], page, customer=ALL).selectbox(key=key).value == (ALL if page == "many" else "")


def test_the_page_of_one_customer_understands_all_links_and_all_of_them(opened: Open) -> None:
    for name in LINKS:
        assert "No such customer" not in said(opened("viewer", "customers", customer=word_of(name)))
    assert [title.value for title in opened("viewer", "customers", customer="-").title] == ["Unassigned users"]
    assert [title.value for title in opened("viewer", "customers", customer=ALL).title] == ["Customers"]


@pytest.mark.parametrize("page", PAGES)
def test_a_link_to_no_customer_is_understood_where_every_user_has_one(open_filled: Open, page: str) -> None:
    open_filled("viewer", "coverage")
    upload("user,customer\n" + "\n".join(f"{row.user.id},acme" for row in people()))
    app = open_filled(PAGES[page], page, customer=word_of(None))
    key = f"{page}_customer" if page in ("coverage", "bots") else "customer"
    assert app.selectbox(key=key).value == word_of(None)


def test_links_of_before_still_find_those_without_a_customer(open_filled: Open) -> None:
    app = open_filled("viewer", "coverage")
    free = people()[0]
    with desk().store.write() as connection:
        connection.execute(update(calendar_user).where(calendar_user.c.id == free.user.id).values(customer=None))
    upload(f"user,team\n{free.user.id},North\n")
    assert column(open_filled("viewer", "users", customer="unassigned"), "user") == [free.user.label]
    assert "1 user selected." in said(open_filled("editor", "many", customer="unassigned"))
    assert f"{len(people())} users selected." in said(open_filled("editor", "many", customer="All customers"))
    app = open_filled("viewer", "coverage", where="customer", rows="where:customer:unassigned")
    assert "Missed, by customer" in said(app)

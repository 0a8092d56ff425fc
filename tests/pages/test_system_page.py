"""The System page: how the whole stands, and staff, who are changed there by admins alone."""

from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.customer.sight import EVERYTHING, Sight
from lib.staff import accounts, locks, sessions
from lib.staff.locks import Client
from lib.staff.permissions import Role
from lib.store import budgets, passes, users
from lib.store.schema import version_of
from lib.store.tables.workspace import last_read
from tests.pages.conftest import Open
from tests.pages.filled import filled, filled_desk, open_filled
from tests.pages.seeing import column, grid, pick, said

__all__ = ["filled", "filled_desk", "open_filled"]

STAFF = ["admin", "editor", "viewer"]


def test_an_admin_sees_how_the_sync_the_limits_and_the_store_stand(open_filled: Open) -> None:
    with desk().store.write() as connection:
        lost = next(row for row in users.everyone(connection) if row.user.connected)
        users.failed(connection, lost.user.id, "limited", at=utc_now())
        budgets.close_until(connection, "GET /api/v1/bot/", utc_now().replace(year=2030), now=utc_now())
    app = open_filled("admin", "system")
    assert "**The last pass (just now) was complete.**" in said(app)
    assert "1 user could not be read. Recall has closed 1 limit for now." in said(app)
    assert column(app, "state", 0) == ["✓ Complete"]
    assert column(app, "users", 0)[0] > 20
    assert column(app, "why", 1) == ["Recall asked us to slow down for longer than could be waited."]
    assert [state.split(" until")[0] for state in column(app, "state", 2)].count("Closed by Recall") == 1
    with desk().store.read() as connection:
        assert {"SQLite", version_of(connection)} <= {text.value for text in app.text}


def test_an_admin_sees_whose_rows_were_odd_and_what_was_odd_in_the_lists(open_filled: Open) -> None:
    with desk().store.write() as connection:
        first, second, *_ = users.everyone(connection)
        for row, unreadable, odd in ((first, 1, 2), (second, 2, 3)):
            connection.execute(
                update(last_read).where(last_read.c.user == row.key).values(unreadable=unreadable, odd=odd)
            )
        key = passes.recent(connection)[0].key
        counts = {"users_unlisted": 3, "users_unreadable": 1, "users_odd": 2, "bots_odd": 1200}
        passes.progress(connection, key, stage="judging", counts=counts)
    app = open_filled("admin", "system")
    assert "**2 users with odd rows.** 3 rows in Recall's answers could not be read, 5 had odd parts" in said(app)
    assert column(app, "why", 0) == [
        "Recall's list lacked 3 users, which is doubted. "
        "List of users: 1 row in Recall's answers could not be read, 2 had odd parts that were left out. "
        "List of bots: 1,200 rows in Recall's answers had odd parts that were left out."
    ]
    table = next(frame.value for frame in app.dataframe if "unreadable" in frame.value)
    assert table[["user", "unreadable", "odd"]].to_numpy().tolist() == [
        [second.user.label, 2, 3],
        [first.user.label, 1, 2],
    ]


def test_without_odd_rows_nothing_is_said_of_them(open_filled: Open) -> None:
    assert "odd rows" not in said(open_filled("admin", "system"))


def choose(app: AppTest, name: str) -> AppTest:
    return pick(app, "staff_table", STAFF.index(name))


def test_an_admin_changes_what_others_may_and_see_and_activity_tells_it(open_filled: Open) -> None:
    store = desk().store
    cookie = sessions.redeem(store, sessions.mint_ticket(store, "viewer"))
    app = choose(open_filled("admin", "system", part="staff"), "viewer")
    app.button_group(key="staff_role_viewer").set_value(Role.EDITOR).run()
    app.button(key="staff_keep_role").click().run()
    assert "viewer is editor from their next click on." in said(app)
    session = sessions.find(store, cookie)
    assert session is not None
    assert session.staff.role is Role.EDITOR

    customers = accounts.customers(store)
    key = f"staff_sight_viewer_{hash(EVERYTHING)}"
    app.button_group(key=f"{key}_which").set_value("Only some").run()
    pick(app, f"{key}_customers", 0, 2)
    app.button(key="staff_keep_sight").click().run()
    assert (session := sessions.find(store, cookie)) is not None
    assert session.staff.sight == Sight(frozenset({customers[0], customers[2]}))
    assert "1 of them sees only some customers." in said(app)

    app.button(key="staff_end_sessions").click().run()
    assert sessions.find(store, cookie) is None
    app.button(key="staff_disable").click().run()
    assert column(app, "state", 0)[STAFF.index("viewer")] == "– Disabled"

    activity = open_filled("admin", "activity", what="staff", period="all")
    told = column(activity, "change", 0)
    assert told[:2] == ["viewer: active → disabled", f"viewer: all customers → {customers[0]}, {customers[2]}"]
    assert set(column(activity, "who", 0)) == {"admin"}


def test_somebody_is_added_and_the_password_stays_nowhere(open_filled: Open) -> None:
    app = open_filled("admin", "system", part="staff")
    app.text_input(key="staff_new_name").set_value("Lee")
    app.text_input(key="staff_new_display").set_value(":red[Lee]")
    app.text_input(key="secret:staff_new").set_value("a good password").run()
    app.button(key="staff_add").click().run()
    assert "Added lee as viewer." in said(app)
    assert "lee" in column(app, "name", 0)
    assert "a good password" not in said(app)
    assert app.session_state["secret:staff_new"] == ""
    added = accounts.find(desk().store, "lee")
    assert added is not None
    assert added.sight == EVERYTHING


def test_nobody_shuts_themselves_out(open_filled: Open) -> None:
    app = choose(open_filled("admin", "system", part="staff"), "admin")
    assert app.button(key="staff_disable").disabled
    assert app.button(key="staff_keep_role").disabled


def test_a_locked_account_says_until_when(open_filled: Open) -> None:
    client = Client("203.0.113.7", locks.key_of(desk().settings))
    for _ in range(locks.MISSES):
        locks.attempt(desk().store, "editor", client)
    app = choose(open_filled("admin", "system", part="staff"), "editor")
    assert column(app, "state", 0) == ["✓ Active", "! Locked", "✓ Active"]
    assert "after wrong passwords from one address" in said(app)


def test_nobody_else_finds_it_in_the_menu_or_by_its_address(open_filled: Open) -> None:
    for name in ("viewer", "editor"):
        app = open_filled(name, "system", part="staff")
        assert "This page needs the role Admin. Ask an admin." in said(app)
        assert grid(app, "staff_table") is None

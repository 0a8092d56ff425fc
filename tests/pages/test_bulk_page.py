"""The Change many page on a workspace that was really read: chosen, looked at, done, taken back; and who may."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.commands.bulk import begin, parse_selection, plan_bulk
from lib.commands.standards import set_standard
from lib.customer.sight import EVERYTHING
from lib.recording.presets import Preset, preset_of
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.demo import PASSWORD
from lib.staff.permissions import Role
from lib.staff.sessions import PROVEN_FOR
from lib.store import batches, standards
from lib.store.batches import BatchState
from lib.store.tables.desk import session
from lib.store.users import UserRow
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.notices import VIEW_ONLY
from lib.writes import WriteContext
from tests.pages.conftest import Open, run_until
from tests.pages.filled import HOSTILE_CUSTOMER, UNSET_CUSTOMER, Filled, filled, filled_desk, loaded, open_filled
from tests.pages.seeing import cells, column, grid, pick, said, said_as_markup
from tests.proving import proven
from tests.steps import calls_of

__all__ = ["filled", "filled_desk", "open_filled"]

EDITOR = StaffMember("editor", "Dana Weiss", Role.EDITOR)
MARKUP = "![x](https://evil.test/x.png)"


def people() -> tuple[UserRow, ...]:
    return loaded().listed


def some_customer() -> str:
    names = [row.customer for row in people() if row.customer not in (None, HOSTILE_CUSTOMER, UNSET_CUSTOMER)]
    return max(map(str, names), key=names.count)


def means() -> WriteContext:
    return desk().context


@pytest.fixture
def put_back(filled_desk: Filled) -> Iterator[None]:
    """The sandbox is everybody's: what a test changes of its preferences is put back."""
    before = {row.user.external_id: row.user.preferences for row in people()}
    yield
    for user in desk().recall.list_users():
        was = before.get(user.external_id)
        if user.external_id and was and was != user.preferences:
            desk().recall.update_preferences(user.external_id, was)


def test_it_begins_with_nobody_chosen(open_filled: Open) -> None:
    app = open_filled("editor", "many")
    assert not app.exception
    assert [title.value for title in app.title] == ["Change many"]
    assert "Choose users first" in said(app)


def test_a_customer_in_the_address_is_chosen_and_the_dry_run_names_each_user(open_filled: Open) -> None:
    open_filled("editor", "many")
    customer = some_customer()
    app = open_filled("editor", "many", customer=customer, preset="nothing", own="overwrite")
    theirs = [row for row in people() if row.customer == customer]
    plan = plan_bulk(
        desk().store, [row.user.id for row in theirs], Preset.NOTHING.flags, EVERYTHING, keep=False, zone=report_zone()
    )
    assert sorted(column(app, "user")) == sorted(row.user.label for row in theirs)
    assert sum(column(app, "losses")) == plan.losses
    assert f"{len(plan.changing)} of {len(theirs)} users change" in said(app)
    begin_it = app.button(key="bulk_begin")
    assert begin_it.label == f"Change {len(plan.changing)} users: {plan.gains} more, {plan.losses} fewer"


def test_a_pasted_list_is_told_of_word_by_word_and_a_stranger_is_never_markup(open_filled: Open) -> None:
    app = open_filled("editor", "many", by="list")
    one, other, *_ = (row.user for row in people() if row.user.external_id)
    next(box for box in app.text_area if box.key == "bulk_list").set_value(
        f"{one.external_id}\n\n{other.id}, {one.external_id}\n{MARKUP}"
    )
    app.run()
    assert not app.exception
    # An external id may be spelt as another's, and then speaks for both.
    assert "users selected; 1 named twice, taken once; 1 blank; 1 not found." in said(app)
    assert MARKUP in cells(app)
    assert MARKUP not in said_as_markup(app)


def test_a_list_is_read_once_however_often_its_page_is_drawn(open_filled: Open) -> None:
    app = open_filled("editor", "many", by="list")
    box = next(box for box in app.text_area if box.key == "bulk_list")
    with calls_of(parse_selection) as calls:
        box.set_value("nobody@x.example").run()
        app.run()
    assert len(calls) == 1
    assert "1 not found" in said(app)


def test_what_was_confirmed_is_done_and_taken_back_and_both_can_be_opened(open_filled: Open, put_back: None) -> None:
    open_filled("editor", "many")
    customer = some_customer()
    theirs = {row.user.id: row.user.preferences for row in people() if row.customer == customer}
    app = open_filled("editor", "many", customer=customer, preset="nothing", own="overwrite")
    app.button(key="bulk_begin").click().run()
    assert app.query_params["batch"] in ("1", ["1"])
    run_until(app, lambda app: "changed and read back" in said(app))
    assert not app.exception
    at_recall = {user.id: user.preferences for user in desk().recall.list_users()}
    changeable = {row.user.id for row in people() if row.user.external_id}
    assert {preset_of(p) for i, p in at_recall.items() if i in theirs and i in changeable and p} == {Preset.NOTHING}

    app.button(key="bulk_undo").click().run()
    assert app.query_params["batch"] in ("2", ["2"])
    run_until(app, lambda app: "changed and read back" in said(app))
    assert "undo of change 1" in said(app)
    at_recall = {user.id: user.preferences for user in desk().recall.list_users()}
    assert {i: p.flags for i, p in at_recall.items() if i in theirs and p} == {
        i: p.flags for i, p in theirs.items() if p
    }
    app = open_filled("editor", "many", section="earlier")
    assert column(app, "state") == ["Done", "Done"]
    pick(app, "batches_table", 1)
    assert app.query_params["batch"] in ("1", ["1"])


def test_one_that_was_left_by_a_dead_server_says_so_and_goes_on(open_filled: Open, put_back: None) -> None:
    open_filled("editor", "many")
    ids = [row.user.id for row in people() if row.customer == some_customer()]
    plan = plan_bulk(desk().store, ids, Preset.NOTHING.flags, EVERYTHING, keep=False, zone=report_zone())
    key = begin(means(), proven(desk().store, EDITOR), plan)
    with desk().store.write() as connection:
        batches.set_state(connection, key, BatchState.RUNNING, now=means().now())
    app = open_filled("editor", "many", batch=str(key))
    assert "Stopped." in said(app)
    app.button(key="bulk_resume").click().run()
    run_until(app, lambda app: "changed and read back" in said(app))
    assert "Stopped." not in said(app)


def test_a_standard_is_set_shows_who_drifts_and_fills_the_dry_run(open_filled: Open) -> None:
    app = open_filled("editor", "many", section="standards")
    customer = some_customer()
    next(box for box in app.selectbox if box.key == "standard_customer").set_value(customer)
    app.radio(key="standard").set_value("internal")
    app.button(key="save_standard").click().run()  # at once with the choice: what is kept is what was chosen
    assert not app.exception
    assert "Standard saved." in said(app)
    assert column(app, "customer") == [customer]
    with desk().store.read() as connection:
        assert standards.current(connection)[customer].by == "editor"
    pick(app, "standards_table", 0)
    shown = grid(app, "standards_table")
    assert shown is not None
    app.button(key="apply_standard").click().run()
    assert not app.exception
    assert "users change" in said(app)
    assert app.radio(key="preset").value == "internal"


def test_a_viewer_looks_and_changes_nothing_by_any_button(open_filled: Open) -> None:
    open_filled("viewer", "many")
    customer = some_customer()
    set_standard(desk().store, EDITOR, customer, Preset.INTERNAL.flags)
    ids = [row.user.id for row in people() if row.customer == customer]
    plan = plan_bulk(desk().store, ids, Preset.NOTHING.flags, EVERYTHING, keep=False, zone=report_zone())
    key = begin(means(), proven(desk().store, EDITOR), plan)
    for query in ({"customer": customer}, {"section": "standards"}, {"section": "earlier"}, {"batch": str(key)}):
        app = open_filled("viewer", "many", **query)
        assert not app.exception
        assert VIEW_ONLY in said(app)
        keys = {button.key for button in app.button}
        assert not keys & {"bulk_begin", "bulk_resume", "bulk_retry", "bulk_undo", "bulk_stop", "save_standard"}


def test_the_password_is_asked_for_again_where_it_was_typed_long_ago(open_filled: Open, put_back: None) -> None:
    open_filled("editor", "many")
    app = open_filled("editor", "many", customer=some_customer(), preset="nothing", own="overwrite")
    with desk().store.write() as connection:
        connection.execute(update(session).values(created_at=utc_now() - PROVEN_FOR * 2))
    app.button(key="bulk_begin").click().run()
    assert "Type your password to confirm this. Nothing was changed." in said(app)
    field = "secret:proof:bulk"
    app.text_input(key=field).set_value("not the password")
    app.button(key="bulk_begin").click().run()
    assert "This is not your password." in said(app)
    with desk().store.read() as connection:
        assert batches.recent(connection) == ()
    app.text_input(key=field).set_value(PASSWORD)
    app.button(key="bulk_begin").click().run()
    run_until(app, lambda app: "changed and read back" in said(app))
    assert not [box for box in app.text_input if box.key == field]


def test_a_role_taken_away_before_the_click_is_told_of_and_nothing_is_begun(open_filled: Open) -> None:
    open_filled("editor", "many")
    app = open_filled("editor", "many", customer=some_customer(), preset="nothing", own="overwrite")
    accounts.change(desk().store, "editor", role=Role.VIEWER)
    app.button(key="bulk_begin").click().run()
    assert "This needs the role Editor." in said(app)
    with desk().store.read() as connection:
        assert batches.recent(connection) == ()


@pytest.mark.parametrize("asked", ["99", "0", "x", "-1", "1e9", "９９", MARKUP])
def test_a_number_that_is_nobodys_is_told_of(open_filled: Open, asked: str) -> None:
    app = open_filled("editor", "many", batch=asked)
    assert not app.exception
    assert "There is no change with this number." in said(app)

"""The Customers page on a workspace that was really read."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from time import sleep

import pytest
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.commands.customers import apply_customers, preview
from lib.coverage.grid import outcome_of_miss
from lib.coverage.numbers import Numbers, numbers
from lib.coverage.period import last_days
from lib.coverage.scope import Scope, within
from lib.customer.csv_file import CustomersFile, read_customers
from lib.domain import CalendarUser
from lib.recording.outcome import Outcome
from lib.recording.reasons import REASONS
from lib.recording.subcodes import SUB_CODES
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import assignments, users_list
from lib.store.users import UserRow
from lib.ui.widgets.filter_row import report_zone
from lib.ui.widgets.notices import VIEW_ONLY
from lib.ui.words.formats import count
from tests.pages.conftest import Open
from tests.pages.filled import HOSTILE_CUSTOMER, UNSET_CUSTOMER, Filled, filled, filled_desk, loaded, open_filled
from tests.pages.seeing import cells, column, grid, pick, said, said_as_markup
from tests.steps import calls_of

__all__ = ["filled", "filled_desk", "open_filled"]

EDITOR = StaffMember("editor", "Dana Weiss", Role.EDITOR)
MARKUP = "![x](https://evil.test/x.png) [Sign in again](https://evil.test) **now**"
FORMULA = '=HYPERLINK("https://evil.test")'


def people() -> tuple[UserRow, ...]:
    return loaded().listed


def of(customer: str | None) -> tuple[UserRow, ...]:
    return tuple(row for row in people() if row.customer == customer)


def some_customer() -> str:
    """One with meetings, which is nobody's special case."""
    names = [row.customer for row in people() if row.customer not in (None, HOSTILE_CUSTOMER, UNSET_CUSTOMER)]
    return max(map(str, names), key=names.count)


def counted(customer: str | None = None) -> Numbers:
    """The numbers of the last 30 days, straight from the workspace."""
    known = loaded()
    assert known.as_of
    period = last_days(known.as_of, 30, report_zone())
    return numbers(within(known.frame, Scope(customer=customer)), period.from_, period.to, known.as_of)


def upload(text: str) -> None:
    """Put a CSV into force, and wait until the workspace shows it."""
    file: CustomersFile = read_customers(text.encode())
    before = loaded().mark
    plan = preview(desk().store, EDITOR, file)
    apply_customers(desk().store, EDITOR, file, plan)
    if any(change.is_seen for change in plan.users):
        wait_for_another(before)


def wait_for_another(mark: str) -> None:
    desk().workspace.look_again()
    for _ in range(400):
        if loaded().mark != mark:
            return
        sleep(0.02)
    raise AssertionError("the workspace does not follow")


def listed(change: CalendarUser, *, hours: float = 0) -> None:
    """The users list as it was, but for one of them, read so many hours from now."""
    before = loaded().mark
    users = [change if row.user.id == change.id else row.user for row in people()]
    with desk().store.write() as connection:
        users_list.store(connection, users, read_at=utc_now() + timedelta(hours=hours), complete=True)
    wait_for_another(before)


def unassign_somebody() -> UserRow:
    """Let one user of the workspace have a mailbox at a public mail host."""
    row = of(some_customer())[-1]
    mailboxes = tuple(replace(calendar, email="somebody@gmail.com") for calendar in row.user.connections)
    listed(replace(row.user, connections=mailboxes))
    return loaded().user_by_id[row.user.id]


def metric(app: AppTest, label: str) -> tuple[str, str]:
    (found,) = [each for each in app.metric if each.label == label]
    return str(found.value), str(found.proto.delta_description)


def names(app: AppTest) -> list[str]:
    return list(column_of(app, "customers_table", "customer"))


def column_of(app: AppTest, key: str, name: str) -> Sequence[str]:
    found = grid(app, key)
    return [] if found is None else found[name].tolist()


def test_the_figures_are_those_of_the_whole_workspace_and_the_table_adds_up_to_them(open_filled: Open) -> None:
    app = open_filled("viewer", "customers")
    ended = counted().ended
    assert metric(app, "Missed, 30 days") == (count(ended.missed), f"of {count(ended.held)}")
    table = grid(app, "customers_table")
    assert table is not None
    assert table["missed"].sum() == ended.missed
    assert (table["actionable"] + table["by_choice"]).tolist() == table["missed"].tolist()
    assert metric(app, "Can act on")[0].removeprefix("~") == count(int(table["actionable"].sum()))
    assert sum(int(cell.split(" of ")[0].replace(",", "")) for cell in table["recorded"]) == ended.recorded
    assert metric(app, "At risk, 7 days")[0] == count(int(table["at_risk"].sum()))
    lost = sum(len(row.user.lost) for row in people())
    assert metric(app, "Calendars lost")[0] == count(lost)


def test_most_that_can_be_acted_on_come_first_and_who_has_no_customer_last(open_filled: Open) -> None:
    open_filled("viewer", "customers")
    unassign_somebody()
    table = grid(open_filled("viewer", "customers"), "customers_table")
    assert table is not None
    assert table["customer"].iloc[-1] == "Unassigned"
    order = list(zip(table["actionable"].tolist(), table["missed"].tolist(), strict=True))[:-1]
    assert order == sorted(order, reverse=True)
    assert set(table["customer"].iloc[:-1]) == {row.customer for row in people() if row.customer}


def test_the_unassigned_are_counted(open_filled: Open) -> None:
    open_filled("viewer", "customers")
    unassign_somebody()
    app = open_filled("viewer", "customers")
    nobodys = len(of(None))
    assert nobodys
    assert re.search(rf"{nobodys} users? of {len(people())} (is|are) unassigned", said(app))


def test_who_looks_after_nobody_sees_all_and_how_to_change_that(open_filled: Open) -> None:
    app = open_filled("editor", "customers")
    assert "No customers are assigned to you yet; showing all." in said(app)
    assert "names `editor`" in said(app)
    assert [title.value for title in app.title] == ["Customers"]


def test_who_looks_after_customers_opens_on_them_and_can_see_all(open_filled: Open, filled_desk: Filled) -> None:
    mine = some_customer()
    open_filled("viewer", "customers")
    upload(f"customer,owner\n{mine},viewer\n")
    app = open_filled("viewer", "customers")
    assert [title.value for title in app.title] == ["My customers"]
    assert names(app) == [mine]
    assert metric(app, "Missed, 30 days")[0] == count(counted(mine).ended.missed)
    everybody = open_filled("viewer", "customers", whose="all")
    assert len(names(everybody)) > 1
    assert len(names(open_filled("editor", "customers"))) == len(names(everybody))


def test_a_row_opens_the_customer_with_its_own_figures_alone(open_filled: Open) -> None:
    app = open_filled("viewer", "customers")
    customer = some_customer()
    app = pick(app, "customers_table", names(app).index(customer))
    assert app.query_params["customer"] == customer
    ended = counted(customer).ended
    assert [title.value for title in app.title] == [customer]
    assert metric(app, "Missed, 30 days") == (count(ended.missed), f"of {count(ended.held)}")
    assert metric(app, "Coverage")[1] == f"{count(ended.recorded)} of {count(ended.held)}"
    theirs = {row.user.label for row in of(customer)}
    assert set(column_of(app, "customer_missed_rows", "user")) <= theirs
    assert len(column_of(app, "customer_missed_rows", "user")) == ended.missed
    assert names(app.button(key="back").click().run())


def test_meetings_that_no_bot_will_join_can_be_seen(open_filled: Open) -> None:
    app = open_filled("viewer", "customers", customer=UNSET_CUSTOMER, meetings="ahead")
    assert metric(app, "At risk, 7 days")[0] == "3"
    assert column_of(app, "customer_ahead_rows", "title") == ["Partner call"] * 3
    assert f"{UNSET_CUSTOMER} has 2 external meetings in the next 24 hours" not in said(app)


def test_the_first_sentence_names_who_needs_somebody_today(open_filled: Open) -> None:
    app = open_filled("viewer", "customers")
    assert re.search(r"\*\*\d+ customers? needs? you today\.\*\*", said(app))
    assert f"{UNSET_CUSTOMER} has 1 external meeting in the next 24 hours that nobody will record" in said(app)


def test_those_without_a_customer_are_listed_with_the_reason(open_filled: Open) -> None:
    open_filled("viewer", "customers")
    unassign_somebody()
    app = open_filled("viewer", "customers", customer="unassigned")
    assert [title.value for title in app.title] == ["Unassigned users"]
    assert sorted(column_of(app, "unassigned_table", "user")) == sorted(row.user.label for row in of(None))
    assert set(column_of(app, "unassigned_table", "why")) <= {"Public mail domain", "No mailbox is known"}
    assert not app.code


def test_where_everybody_has_a_customer_the_link_to_the_others_says_so(open_filled: Open) -> None:
    open_filled("viewer", "customers")
    assert not of(None)
    assert "Nobody is unassigned" in said(open_filled("viewer", "customers", customer="unassigned"))


@pytest.mark.parametrize("asked", ["nobody.example", MARKUP, "unassigned?"])
def test_a_link_to_no_customer_says_so(open_filled: Open, asked: str) -> None:
    app = open_filled("viewer", "customers", customer=asked)
    assert "No such customer" in said(app)
    assert asked not in said(app)


def test_the_text_for_the_customer_holds_its_figures_and_nothing_it_should_not(open_filled: Open) -> None:
    customer = some_customer()
    text = str(open_filled("viewer", "customers", customer=customer).code[0].value)
    ended = counted(customer).ended
    assert customer in text
    assert f"Recorded: {count(ended.recorded)} of {count(ended.held)} meetings" in text
    assert f"Not recorded: {count(ended.missed)}." in text
    assert "@" not in text
    others = {row.customer for row in people() if row.customer} - {customer}
    assert not [other for other in others if other in text]
    assert not [code for code in SUB_CODES if code in text]
    with desk().store.read() as connection:
        titles = {title for (title,) in connection.exec_driver_sql("SELECT title FROM entry_details") if title}
    assert not [title for title in titles if len(title) > 3 and title in text]


def test_a_calendar_lost_since_the_last_look_is_news_and_opens_its_user(open_filled: Open) -> None:
    open_filled("viewer", "customers")
    customer = some_customer()
    row = next(row for row in of(customer) if row.user.connected and row.user.email)
    gone = tuple(replace(calendar, connected=False) for calendar in row.user.connections)
    listed(replace(row.user, connections=gone), hours=1)
    app = open_filled("viewer", "customers")
    news = list(zip(column(app, "what", 1), column_of(app, "news_table", "detail"), strict=True))
    assert [what for what, detail in news if row.user.label in detail] == ["! Calendar lost"] * len(row.user.connected)
    assert f"{customer} lost {len(row.user.connected)} calendar" in said(app)
    theirs = open_filled("viewer", "customers", customer=customer)
    assert row.user.label in column_of(theirs, "lost_table", "user")


def test_new_misses_are_told_by_what_their_cause_rests_on_and_choices_as_choices(open_filled: Open) -> None:
    app = open_filled("viewer", "customers")
    found = dict(zip(column_of(app, "news_table", "detail"), column(app, "what", 1), strict=True))
    misses = {detail.partition(": ")[2]: what for detail, what in found.items() if re.match(r"\d+ meetings?: ", detail)}
    by_label = {reason.label: reason for reason in REASONS}
    for label, what in misses.items():
        is_choice = outcome_of_miss(by_label[label.removeprefix("~ ")]) is Outcome.OFF_BY_CHOICE
        assert what == ("– Off by choice" if is_choice else "! New misses")
    assert {label[0] == "~" for label in misses} == {True, False}
    assert "~ Not seen before it started" not in misses


def test_in_its_first_days_a_workspace_says_so_once(open_filled: Open) -> None:
    assert said(open_filled("viewer", "customers")).count("Watched since") == 1


def test_the_text_for_the_customer_tells_what_is_off_today_and_no_inferred_cause(open_filled: Open) -> None:
    open_filled("viewer", "customers")
    telling = [name for name in {row.customer for row in people()} if name and _tells_of_today(open_filled, name)]
    assert telling


def _tells_of_today(open_filled: Open, customer: str) -> bool:
    text = str(open_filled("viewer", "customers", customer=customer).code[0].value)
    assert "rules first seen" not in text
    told = re.findall(
        r"today for (?:(\d+) of your (\d+) users|your only user), which would explain (\d+) of them", text
    )
    for some, every, meetings in told:
        assert not every or int(some) <= int(every) == len(of(customer))
        assert 0 < int(meetings) <= counted(customer).ended.missed
    return bool(told)


def test_changed_rules_are_news_in_words(open_filled: Open) -> None:
    open_filled("viewer", "customers")
    row = next(r for r in people() if r.user.preferences and r.user.preferences.record_external and r.customer)
    assert row.user.preferences
    listed(replace(row.user, preferences=replace(row.user.preferences, record_external=False)), hours=1)
    app = open_filled("viewer", "customers")
    assert f"External meetings switched off for {row.user.label}" in column_of(app, "news_table", "detail")


def test_who_looks_again_sees_the_same_news_until_the_next_visit(open_filled: Open) -> None:
    first = open_filled("viewer", "customers")
    assert "You have not looked before" in said(first)
    again = open_filled("viewer", "customers")
    assert column_of(again, "news_table", "detail") == column_of(first, "news_table", "detail")


def test_names_from_a_csv_are_plain_text_everywhere(open_filled: Open) -> None:
    open_filled("editor", "customers")
    first, second = (row.user for row in of(some_customer())[:2])
    formula = FORMULA.replace('"', '""')
    upload(f'user,customer,team,owner\n{first.id},"{MARKUP}","{MARKUP}",editor\n{second.id},"{formula}",,editor\n')
    for query in ({}, {"customer": MARKUP}, {"customer": FORMULA}, {"do": "assign"}):
        app = open_filled("editor", "customers", **query)
        assert not app.exception
        assert "evil.test" not in said_as_markup(app)
    assert {MARKUP, FORMULA} <= set(cells(open_filled("editor", "customers")))
    app = open_filled("editor", "customers", customer=MARKUP)
    assert MARKUP in [text.value for text in app.text]
    assert MARKUP in column_of(app, "customers_teams", "team") or MARKUP in cells(app)


def test_an_upload_is_shown_and_applied_only_when_it_is_confirmed(open_filled: Open) -> None:
    app = open_filled("editor", "customers", do="assign")
    row, other = of(some_customer())[:2]
    text = (
        "user,customer,team,owner\n"
        f"{row.user.external_id},Acme,North,editor\n{other.user.id},Acme,,\nnobody@x.example,Acme,,\n"
    )
    app = app.file_uploader[0].upload("customers.csv", text.encode(), "text/csv").run()
    assert "2 users change customer or team, and 1 customer the owner." in said(app)
    assert {"nobody@x.example", "No user has this email, external id or Recall id."} <= set(cells(app))
    assert not of("Acme")
    before = loaded().mark
    app = app.button(key="apply_customers").click().run()
    assert "Applied: 2 users and 1 owner." in said(app)
    wait_for_another(before)
    assert {user.user.id for user in of("Acme")} == {row.user.id, other.user.id}
    assert names(open_filled("editor", "customers")) == ["Acme"]
    assert column_of(open_filled("editor", "customers", customer="Acme"), "lost_table", "user") == []


def test_a_preview_that_is_out_of_date_is_shown_anew_and_not_applied(open_filled: Open) -> None:
    app = open_filled("editor", "customers", do="assign")
    row = of(some_customer())[0]
    text = f"user,customer\n{row.user.id},Acme\n"
    app = app.file_uploader[0].upload("customers.csv", text.encode(), "text/csv").run()
    upload(f"user,customer\n{row.user.id},Globex\n")
    app = app.button(key="apply_customers").click().run()
    assert "look at the preview again" in said(app)
    assert "Globex" in cells(app)
    assert not of("Acme")


def test_who_may_no_longer_change_anything_applies_nothing_with_a_page_from_before(open_filled: Open) -> None:
    app = open_filled("editor", "customers", do="assign")
    row = of(some_customer())[0]
    text = f"user,customer\n{row.user.id},Acme\n"
    app = app.file_uploader[0].upload("customers.csv", text.encode(), "text/csv").run()
    accounts.change(desk().store, "editor", role=Role.VIEWER)
    app = app.button(key="apply_customers").click().run()
    with desk().store.read() as connection:
        assert assignments.history(connection) == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name,company\nada,Acme\n", "first line must name the columns"),
        (b"PK\x03\x04", "Excel workbook"),
        (b'user,customer\nada,"Acme\n', "broken near line"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_the_page_stays(open_filled: Open, content: bytes, says: str) -> None:
    app = open_filled("editor", "customers", do="assign")
    app = app.file_uploader[0].upload("customers.csv", content, "text/csv").run()
    assert says in said(app)
    assert not [button for button in app.button if button.key == "apply_customers"]


@pytest.mark.parametrize(
    ("first", "says"),
    [(b"user,customer\nada@x.example,Acme\n", "1 line is left out"), (b"no table at all\n", "must name the columns")],
)
def test_a_file_is_read_once_however_often_its_page_is_drawn(open_filled: Open, first: bytes, says: str) -> None:
    app = open_filled("editor", "customers", do="assign")
    with calls_of(read_customers) as calls:
        app = app.file_uploader[0].upload("customers.csv", first, "text/csv").run()
        app.run()
        assert len(calls) == 1
        assert says in said(app)
        app.file_uploader[0].upload("other.csv", b"user,customer\nbob@x.example,Acme\n", "text/csv").run()
        app.run()
    assert len(calls) == 2
    assert "bob@x.example" in cells(app)


def test_who_may_only_look_is_told_so_and_can_upload_nothing(open_filled: Open) -> None:
    app = open_filled("viewer", "customers", do="assign")
    assert VIEW_ONLY in said(app)
    assert not app.file_uploader

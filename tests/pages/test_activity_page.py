"""The Activity page: who did what, in full, through filters in the address, and taken back."""

from dataclasses import dataclass, replace
from time import sleep
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.commands.overrides import set_overrides
from lib.commands.preferences import save_preferences
from lib.customer.sight import Sight
from lib.domain import CalendarUser, Entry, Preferences
from lib.staff import accounts, sessions
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import batches, entries, events, users
from lib.store.batches import BatchState, ItemState, NewBatchItem
from lib.store.events import EventKind, Export
from lib.store.outbox import WriteKind
from lib.sync import read_user, read_users
from tests.pages.conftest import NewUser, Open
from tests.pages.filled import loaded
from tests.pages.seeing import cells, column, grid, pick, said, said_as_markup
from tests.running import Sandbox

TABLE = "activity_rows"
EXTERNAL = {"record_external": True}
HOSTILE = '=HYPERLINK("https://evil.test") ![x](https://evil.test/x.png)'


@dataclass(frozen=True)
class Somebody:
    """A calendar user of one test, with one meeting ahead, as the store has both."""

    user: CalendarUser
    entry: Entry

    @property
    def rules(self) -> Preferences:
        assert self.user.preferences
        return self.user.preferences


@pytest.fixture
def editor(desk_here: None) -> StaffMember:
    found = accounts.find(desk().store, "editor")
    assert found
    return found


@pytest.fixture
def somebody(desk_here: None, new_user: NewUser, sandbox: Sandbox) -> Somebody:
    added = new_user(preferences=EXTERNAL)
    sandbox.add_meeting(added["id"], title=HOSTILE, is_external=True, start_in_seconds=7200)
    return synced(added["id"])


def synced(user_id: str) -> Somebody:
    """Read the list and the user as the sync would."""
    store, recall = desk().store, desk().recall
    read_users(store, recall, now=utc_now())
    read_user(store, recall, user_id, clock=utc_now)
    with store.read() as connection:
        row, stored = users.find(connection, user_id), entries.of_user(connection, user_id)
    assert row
    return Somebody(row.user, stored[0].entry)


def wait_until_known(user_id: str) -> None:
    for _ in range(200):
        if user_id in loaded().user_by_id:
            return
        desk().workspace.look_again()
        sleep(0.05)
    raise AssertionError("the workspace does not know the user")


def save(member: StaffMember, somebody: Somebody, *, record_internal: bool) -> Preferences:
    wanted = replace(somebody.rules, record_internal=record_internal)
    saved = save_preferences(desk().context, member, somebody.user, somebody.rules, wanted)
    assert saved.state == "applied"
    wait_until_known(somebody.user.id)
    return wanted


def rows(app: AppTest) -> list[tuple[str, ...]]:
    """Who, what, before and after, outcome; newest first."""
    names = ("who", "what", "change", "outcome")
    return list(zip(*(column(app, name) for name in names), strict=True)) if grid(app, TABLE) is not None else []


def rules_now(somebody: Somebody) -> Preferences | None:
    return desk().recall.get_user(str(somebody.user.external_id)).preferences


def test_a_saved_preference_stands_there_with_who_and_before_and_after(
    open_page: Open, editor: StaffMember, somebody: Somebody
) -> None:
    save(editor, somebody, record_internal=True)
    app = open_page("viewer", "activity", person=somebody.user.id)
    assert rows(app) == [("editor", "Preferences", "External meetings → Everything", "✓ Applied")]
    app = pick(app, TABLE, 0)
    assert list(app.query_params["act"]) in (["change-1"], list("change-1"))
    rules = app.dataframe[1].value
    told = list(zip(rules["name"], rules["before"], rules["after"], rules["differs"], strict=True))
    assert told[:3] == [
        ("External meetings", "on", "on", "—"),
        ("Internal meetings", "off", "on", "changed"),
        ("Only recurring meetings", "off", "off", "—"),
    ]


def test_what_somebody_else_sets_elsewhere_is_told_as_such_and_ours_once(
    open_page: Open, editor: StaffMember, somebody: Somebody
) -> None:
    save(editor, somebody, record_internal=True)
    entry_id = somebody.entry.id
    desk().recall.update_preferences(str(somebody.user.external_id), Preferences())
    desk().recall.update_override(str(somebody.user.external_id), entry_id, False)
    synced(somebody.user.id)
    app = open_page("viewer", "activity", person=somebody.user.id)
    assert rows(app) == [
        ("(elsewhere)", "Override", "Follows rules → Don't record", "• Seen"),
        ("(elsewhere)", "Preferences", "Everything → Nothing", "• Seen"),
        ("editor", "Preferences", "External meetings → Everything", "✓ Applied"),
    ]
    assert [who for who, *_ in rows(open_page("viewer", "activity", who="*", person=somebody.user.id))] == [
        "(elsewhere)",
        "(elsewhere)",
    ]


def test_a_change_is_taken_back_after_what_that_does_was_said(
    open_page: Open, editor: StaffMember, somebody: Somebody, sandbox: Sandbox
) -> None:
    save(editor, somebody, record_internal=True)
    app = open_page("editor", "activity", act="change-1", what="preferences")
    app = app.button(key="activity_undo").click().run()
    assert "Internal meetings off" in said(app)
    assert rules_now(somebody) != somebody.rules
    app = app.button(key="activity_undo_now").click().run()
    assert "Done, and read back from Recall." in said(app)
    assert rules_now(somebody) == somebody.rules
    assert [(change, end) for _, _, change, end in rows(app)] == [
        ("Everything → External meetings (undo)", "✓ Applied"),
        ("External meetings → Everything", "↩ Undone"),
    ]
    assert "This was undone" in said(app)


def test_a_viewer_sees_everything_and_can_take_nothing_back(
    open_page: Open, editor: StaffMember, somebody: Somebody
) -> None:
    save(editor, somebody, record_internal=True)
    app = open_page("viewer", "activity", act="change-1")
    assert "needs the role Editor" in said(app)
    assert [button for button in app.button if button.key == "activity_undo"] == []


def test_a_role_taken_away_before_the_click_takes_nothing_back(
    open_page: Open, editor: StaffMember, somebody: Somebody
) -> None:
    wanted = save(editor, somebody, record_internal=True)
    app = open_page("editor", "activity", act="change-1")
    app = app.button(key="activity_undo").click().run()
    accounts.change(desk().store, "editor", role=Role.VIEWER)
    app = app.button(key="activity_undo_now").click().run()
    assert "your role" in said(app).lower() or "role editor" in said(app).lower()
    assert rules_now(somebody) == wanted


def test_lifting_do_not_record_needs_a_reason(open_page: Open, editor: StaffMember, somebody: Somebody) -> None:
    [result] = set_overrides(desk().context, editor, somebody.user, [somebody.entry], False)
    assert result.state == "applied"
    app = open_page("editor", "activity", act="change-1", what="override")
    app = app.button(key="activity_undo").click().run()
    assert app.button(key="activity_undo_now").disabled
    app = app.text_input(key="undo_why_1").set_value("The customer asked for it").run()
    app = app.button(key="activity_undo_now").click().run()
    assert rows(app)[0][2] == "Don't record → Follows rules (undo)"
    assert "The customer asked for it" in said(pick(app, TABLE, 0))


def test_sign_ins_and_files_are_told_of_and_filtered_by_the_address(open_page: Open, editor: StaffMember) -> None:
    sessions.refused(desk().store, None)
    with desk().store.write() as connection:
        chosen = {"period": "7", "customer": HOSTILE}
        events.exported(connection, "editor", Export("meetings", 12, "csv", chosen), now=utc_now())
    app = open_page("viewer", "activity")
    assert rows(app) == [
        ("viewer", "Sign-in", "Signed in", "✓ Done"),
        ("editor", "Export", "meetings, 12 rows, CSV", "✓ Done"),
        ("(unknown)", "Sign-in", "Wrong name or password", "✗ Refused"),
    ]
    assert len(rows(open_page("viewer", "activity", what="export"))) == 1
    assert [who for who, *_ in rows(open_page("viewer", "activity", who="editor"))] == ["editor"]
    app = pick(open_page("viewer", "activity", what="export"), TABLE, 0)
    assert "last 7 days, customer =HYPERLINK" in said(app)


def test_many_users_are_one_line_that_leads_to_each_of_them(
    open_page: Open, editor: StaffMember, somebody: Somebody
) -> None:
    values = ({**somebody.rules.flags, "bot_name": None}, {**Preferences().flags, "bot_name": None})
    with desk().store.write() as connection:
        key = batches.plan(
            connection,
            WriteKind.PREFERENCES,
            [NewBatchItem(somebody.user.id, *values)],
            actor="editor",
            now=utc_now(),
            why="Asked",
        )
        batches.set_item(connection, key, somebody.user.id, ItemState.NOT_APPLIED)
        batches.set_state(connection, key, BatchState.DONE, now=utc_now())
    app = pick(open_page("editor", "activity", what="preferences"), TABLE, 0)
    assert rows(app) == [("editor", "Many users", "preferences of 0 of 1 user", "✗ Not applied")]
    assert {"Users not applied", "Asked"} <= set(said(app).splitlines())
    app = app.button(key="activity_open_many").click().run()
    assert app.query_params["batch"] in (str(key), [str(key)])


def test_text_from_outside_is_never_markup(open_page: Open, editor: StaffMember, somebody: Somebody) -> None:
    set_overrides(desk().context, editor, somebody.user, [somebody.entry], True, why=HOSTILE)
    app = open_page("viewer", "activity", act="change-1")
    assert said(app).count(HOSTILE) == 2  # the meeting's title, and the reason that was typed
    assert "evil.test" not in said_as_markup(app)


def test_older_ones_come_when_they_are_asked_for(open_page: Open, editor: StaffMember) -> None:
    with desk().store.write() as connection:
        for _ in range(150):
            events.add(connection, EventKind.SIGNED_OUT, "editor", now=utc_now())
    app = open_page("viewer", "activity", what="sign_in")
    assert len(rows(app)) == 100
    app = app.button(key="activity_older").click().run()
    assert len(rows(app)) == 151


def test_a_period_without_anything_says_so_and_leads_to_all(open_page: Open, editor: StaffMember) -> None:
    app = open_page("viewer", "activity", what="export")
    assert "No entries match these filters" in said(app)
    app = app.button(key="activity_clear").click().run()
    assert app.query_params["period"] in ("all", ["all"])
    assert [who for who, *_ in rows(app)] == ["viewer"]


def test_what_the_address_names_wrongly_is_not_found(open_page: Open, editor: StaffMember) -> None:
    for act in ("change-99", "change-0", "nothing-1", "change-1; drop", "seen-" + "9" * 40):
        assert "There is no entry with this number." in said(open_page("viewer", "activity", act=act))


def test_a_users_history_stands_on_the_users_own_page(open_page: Open, editor: StaffMember, somebody: Somebody) -> None:
    save(editor, somebody, record_internal=True)
    desk().users.read_again()
    app = open_page("editor", "users", user=somebody.user.id, section="history")
    for _ in range(100):
        if grid(app, "history_rows") is not None:
            break
        sleep(0.05)
        app.run()
    assert "External meetings → Everything" in cells(app)
    app = pick(app, "history_rows", 0)
    assert "Confirmed" in said(app)
    assert [button.key for button in app.button if button.key == "activity_undo"] == ["activity_undo"]


def test_who_sees_some_customers_is_named_no_colleague_who_did_nothing_there(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    seen, unseen = (
        synced(_with_a_meeting(sandbox, new_user(email=f"me@{name}.example"))) for name in ("seen", "unseen")
    )
    for name in ("of-seen", "of-unseen", "of-nobody"):
        accounts.add_with_hash(desk().store, name, role=Role.EDITOR, display=name, password_hash="-")
    with desk().store.write() as connection:
        for name, whose in (("of-seen", seen), ("of-unseen", unseen)):
            events.add(
                connection, EventKind.TITLE_SHOWN, name, now=utc_now(), user_id=whose.user.id, entry=whose.entry.id
            )
    accounts.change(desk().store, "viewer", sight=Sight(frozenset({"seen.example"})))
    app = open_page("viewer", "activity", who="of-unseen")
    assert app.selectbox(key="who").options[2:] == ["of-seen", "viewer"]
    assert not [name for name in ("of-unseen", "of-nobody", "admin") if name in said(app) + " ".join(cells(app))]
    assert set(open_page("admin", "activity").selectbox(key="who").options) >= {"of-seen", "of-unseen", "of-nobody"}


def test_two_users_of_one_name_are_both_in_the_list_and_each_has_its_own(
    open_page: Open, new_user: NewUser, sandbox: Sandbox
) -> None:
    twice = [synced(_with_a_meeting(sandbox, new_user(email="one@twice.example"))) for _ in range(2)]
    with desk().store.write() as connection:
        for number, each in enumerate(twice):
            for _ in range(number + 1):
                events.add(
                    connection,
                    EventKind.TITLE_SHOWN,
                    "editor",
                    now=utc_now(),
                    user_id=each.user.id,
                    entry=each.entry.id,
                )
    wait_until_known(twice[1].user.id)
    app = open_page("admin", "activity", period="all", what="title")
    assert {"one@twice.example", "one@twice.example (2)"} <= set(app.selectbox(key="person").options)
    for number, each in enumerate(twice):
        app.selectbox(key="person").set_value(each.user.id).run()
        assert len(column(app, "what")) == number + 1


def _with_a_meeting(sandbox: Sandbox, added: dict[str, Any]) -> str:
    sandbox.add_meeting(added["id"], is_external=True, start_in_seconds=7200)
    return str(added["id"])

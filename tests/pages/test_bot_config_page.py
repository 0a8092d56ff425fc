"""The Bot config page: what is typed is checked, kept, compared and handed over by an admin; others look."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.bot_config.examples import EXAMPLES, TRANSCRIPT
from lib.clock import utc_now
from lib.commands.bot_config import keep_version, mark_sent
from lib.staff import accounts
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Role
from lib.store import bot_configs
from tests.pages.conftest import Open
from tests.pages.seeing import cells, column, pick, said, said_as_markup
from tests.unit.bot_config import planting
from tests.unit.bot_config.planting import presets

ADA = StaffMember("admin", "Ada Okafor", Role.ADMIN)
TEXT = TRANSCRIPT.text
WRONG = '{\n  "recording_config": {\n    "retention": {"type": "timed", "hours": 0}\n  },\n  "join_at": null\n}'
SECRET = '{"webex": {"hook": "https://hooks.acme.com/in?token=s3cret"}} // s3cret too'
HOSTILE = "![x](https://tracker.example/p) <b>bold</b> :red[red] `code`"


def typed(app: AppTest, text: str) -> AppTest:
    return app.text_area(key="bot_config_text").set_value(text).run()


def clicked(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def section(app: AppTest, name: str) -> AppTest:
    app.session_state["part"] = name
    return app.run()


def keep(text: str, *, by: StaffMember = ADA, basis: int = 0, note: str = "") -> None:
    keep_version(desk().store, by, text, note=note, basis=basis)


@pytest.fixture
def lee(desk_here: None) -> StaffMember:
    return accounts.add_with_hash(desk().store, "lee", role=Role.ADMIN, display="Lee", password_hash="-")


def test_the_page_begins_empty_and_says_what_to_do(open_page: Open) -> None:
    app = open_page("admin", "bot_config")
    assert not app.exception
    assert "No preset yet." in said(app)
    assert app.button(key="keep_bot_config").disabled
    assert "error" not in said(app)


def test_what_is_wrong_stands_beside_the_text_with_its_line_and_place(open_page: Open) -> None:
    app = typed(open_page("admin", "bot_config"), WRONG)
    words = said(app)
    assert "**1 error, 2 warnings.**" in words
    assert "Error · line 3" in words
    assert "recording_config.retention.hours" in words
    assert "Must be a whole number of hours, 1 or more" in words
    assert "Warning · line 5" in words
    assert app.button(key="keep_bot_config").label == "Save as version 1, with 1 error"
    [listed] = [code.value for code in app.code if "│" in code.value]
    assert '3 │     "retention": {"type": "timed", "hours": 0}\n  │     ✗ Must be' in listed


def test_a_version_is_kept_handed_over_and_marked(open_page: Open) -> None:
    app = typed(open_page("admin", "bot_config"), TEXT)
    app.text_input(key="bot_config_note").set_value("the first").run()
    section(app, "hand-over")
    assert "Save this as a version first" in said(app)
    clicked(app, "keep_bot_config")
    assert "Saved as version 1. Not sent to Recall yet" in said(app)
    [text] = [code.value for code in app.code if code.value.startswith("Please make")]
    assert json.loads(text[text.index("{") : text.rindex("}") + 1])["recording_config"]["retention"]["hours"] == 168
    clicked(app, "mark_bot_config")
    assert "Version 1 is marked as sent to Recall." in said(app)
    assert "Marked as sent by `admin`" in said(app)
    assert "Version 1 sent just now" in said(app)
    clicked(app, "unmark_bot_config")
    assert "None sent yet" in said(app)
    with desk().store.read() as connection:
        [version] = bot_configs.versions(connection)
    assert (version.by, version.note, version.sent_at) == ("admin", "the first", None)


def test_changes_are_told_against_the_version_sent_last(open_page: Open) -> None:
    app = open_page("admin", "bot_config")
    keep(TEXT)
    mark_sent(desk().store, ADA, 1)
    keep("{}", basis=1)
    section(typed(app.run(), TEXT.replace("168 }", "72 }").replace('"auto"', "'en'")), "changes")
    assert "**2 places change** from version 1, which was sent last: 2 changed." in said(app)
    assert column(app, "where") == [
        "recording_config.transcript.provider.recallai_streaming.language_code",
        "recording_config.retention.hours",
    ]
    assert (column(app, "before"), column(app, "after")) == (['"auto"', "168"], ['"en"', "72"])


ENDLESS = "{ recording_config: { transcript: { provider: { meeting_captions: {} } } } }"
NOTHING_KEPT = ENDLESS.replace("{} } }", "{} } }, retention: null")


def test_a_preset_that_stores_nothing_is_an_error_wherever_somebody_looks(open_page: Open) -> None:
    keep(ENDLESS)
    mark_sent(desk().store, ADA, 1)
    app = typed(open_page("admin", "bot_config"), NOTHING_KEPT)
    assert "With this preset Recall stores no recording of any meeting (retention is null)." in said(app)
    assert "Error · line 1" in said(app)
    assert "null is Zero Data Retention" in said(app)
    section(app, "changes")
    assert "Recordings: kept for ever (retention not set) → never stored (retention is null)." in said(app)
    rows = zip(*(column(app, name) for name in ("what", "where", "before", "after")), strict=True)
    assert list(rows) == [("+ Added", "recording_config.retention", "—", "null")]
    assert app.button(key="keep_bot_config").label == "Save as version 2, with 1 error"
    clicked(app, "keep_bot_config")
    section(app, "hand-over")
    assert [error.value[-44:] for error in app.error] == ["Send this only if every customer wants that."]
    assert "Recall may reject or silently ignore" not in said(app)
    section(typed(app, ENDLESS), "changes")
    assert "no recording" not in said(app)


def test_errors_are_told_once_more_where_the_preset_is_handed_over(open_page: Open) -> None:
    app = typed(open_page("admin", "bot_config"), WRONG)
    assert "Fix before you hand this over." in said(app)
    section(clicked(app, "keep_bot_config"), "hand-over")
    assert "1 error above. Recall may reject or silently ignore what it does not document." in said(app)
    assert not app.error


def test_where_nothing_is_set_the_cost_is_told_and_nothing_stands_against_it(open_page: Open) -> None:
    app = typed(open_page("admin", "bot_config"), ENDLESS)
    assert "Ready to hand over." in said(app)
    assert "about $0.05 for each hour of media per 30 days" in said(app)
    assert "$0.05" not in said_as_markup(app)


def test_the_page_says_of_which_month_its_options_are(open_page: Open) -> None:
    assert "Checked against Recall's documentation of October 2026." in said(open_page("admin", "bot_config"))
    assert "documentation of October 2026" in said(open_page("viewer", "bot_config"))


def test_a_reload_loses_nothing_that_was_typed(open_page: Open) -> None:
    typed(open_page("admin", "bot_config"), WRONG)
    again = open_page("admin", "bot_config")
    assert again.text_area(key="bot_config_text").value == WRONG
    assert open_page("editor", "bot_config").text_area.len == 0


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_replaces_the_text_which_can_be_put_back(open_page: Open, number: int) -> None:
    app = clicked(typed(open_page("admin", "bot_config"), "{ mine: 1 }"), f"example_{number}")
    assert app.text_area(key="bot_config_text").value == EXAMPLES[number].text
    assert "✗" not in said(app).replace("✗ an error", "")
    clicked(app, "put_back_bot_config")
    assert app.text_area(key="bot_config_text").value == "{ mine: 1 }"


def test_the_text_can_be_written_as_plain_json(open_page: Open) -> None:
    app = clicked(typed(open_page("admin", "bot_config"), "{ a: 'b', } // why"), "tidy_bot_config")
    assert app.text_area(key="bot_config_text").value == '{\n  "a": "b"\n}'


def test_an_old_version_is_seen_in_full_and_put_into_the_editor(open_page: Open) -> None:
    app = open_page("admin", "bot_config")
    keep(TEXT, note="first")
    keep(TEXT.replace("168 }", "24 }"), basis=1, note="shorter")
    section(app, "history")
    assert (column(app, "number"), column(app, "note")) == ([2, 1], ["shorter", "first"])
    pick(app, "bot_config_versions", 0)
    assert "**1 place changes** from version 1: 1 changed." in said(app)
    pick(app, "bot_config_versions", 1)
    clicked(app, "restore_1")
    assert app.text_area(key="bot_config_text").value == TEXT


def test_of_two_admins_the_second_sees_what_the_first_kept_and_decides(open_page: Open, lee: StaffMember) -> None:
    app = typed(open_page("admin", "bot_config"), "{ mine: 1 }")
    keep(TEXT, by=lee)
    clicked(app, "keep_bot_config")
    assert "Nothing was changed; look at the history" in said(app)
    assert "`lee` saved version 1 after you started." in said(app)
    assert app.text_area(key="bot_config_text").value == "{ mine: 1 }"
    clicked(clicked(app, "go_on"), "keep_bot_config")
    assert "Saved as version 2." in said(app)


def test_the_version_of_another_can_be_taken_instead_and_ones_own_put_back(open_page: Open, lee: StaffMember) -> None:
    app = typed(open_page("admin", "bot_config"), "{ mine: 1 }")
    keep(TEXT, by=lee)
    clicked(app.run(), "take_newest")
    assert app.text_area(key="bot_config_text").value == TEXT
    assert "after you started" not in said(app)
    clicked(app, "put_back_bot_config")
    assert app.text_area(key="bot_config_text").value == "{ mine: 1 }"


def test_where_nothing_was_typed_the_newest_version_stands_by_itself(open_page: Open, lee: StaffMember) -> None:
    app = open_page("admin", "bot_config")
    keep(TEXT, by=lee)
    assert app.run().text_area(key="bot_config_text").value == TEXT
    assert "after you started" not in said(app)


@pytest.mark.parametrize("name", ["viewer", "editor"])
def test_who_may_not_change_it_looks_without_secrets_and_has_nothing_to_press(open_page: Open, name: str) -> None:
    app = open_page(name, "bot_config")
    assert "No bot config saved yet" in said(app)
    keep(SECRET)
    keep(SECRET.replace("/in", "/out"), basis=1)
    for part in ("lines", "changes", "history"):
        section(app, part)
        assert "needs the role Admin" in said(app)
        assert "https://hooks.acme.com/•••" in said(app)
    pick(app, "bot_config_versions", 0)
    assert "**1 place changes** from version 1" in said(app)
    assert column(app, "before", 1) == column(app, "after", 1) == ['"https://hooks.acme.com/•••"']
    pick(app, "bot_config_versions", 1)
    assert not [text for text in (said(app), *cells(app)) if "s3cret" in text]
    assert [button.key for button in app.button] == ["sign_out"]
    assert (app.text_area.len, app.text_input.len) == (0, 0)
    section(app, "hand-over")
    assert "Please make" not in said(app)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=presets(), after=presets())
def test_no_secret_of_any_preset_is_told_to_who_may_not_hand_it_over(
    open_page: Open, before: dict[str, Any], after: dict[str, Any]
) -> None:
    for preset in (before, after):
        text = f"{json.dumps(preset)} // {planting.SECRET}"
        with desk().store.write() as connection:
            version = bot_configs.add(connection, text, note="", by="admin", now=utc_now())
            bot_configs.keep_draft(connection, "viewer", text, basis=0, now=utc_now())
            if preset is before:
                bot_configs.mark(connection, version.number, sent=True, by="admin", now=utc_now())
    app = open_page("viewer", "bot_config")
    for part in ("lines", "changes", "hand-over", "history"):
        section(app, part)
        if part == "history":
            pick(app, "bot_config_versions", 0)
        assert not app.exception
        assert f"**Version {version.number}**" in said(app)
        assert not [text for text in (said(app), *cells(app)) if planting.SECRET in text]


def test_a_role_taken_away_while_somebody_types_keeps_nothing(open_page: Open, lee: StaffMember) -> None:
    app = typed(open_page("admin", "bot_config"), TEXT)
    accounts.change(desk().store, "admin", role=Role.EDITOR)
    clicked(app, "keep_bot_config")
    assert app.text_area.len == 0
    with desk().store.read() as connection:
        assert bot_configs.versions(connection) == ()


def test_hostile_text_is_shown_as_it_is_and_nowhere_as_markup(open_page: Open) -> None:
    text = json.dumps({HOSTILE: HOSTILE, "metadata": {HOSTILE: 1}, "variant": {"zoom": HOSTILE}})
    app = open_page("admin", "bot_config")
    keep(text, note=HOSTILE)
    for part in ("lines", "changes", "hand-over", "history"):
        section(app.run(), part)
        assert "tracker.example" in said(app)
        marked_up = "\n".join(
            line for line in said_as_markup(app).split("\n") if line != app.text_area(key="bot_config_text").value
        )
        assert "tracker.example" not in marked_up
        assert "bold" not in marked_up
    pick(app, "bot_config_versions", 0)
    assert not app.exception


def test_what_cannot_be_read_and_is_saved_in_the_same_moment_is_not_quoted_as_markup(open_page: Open) -> None:
    app = typed(open_page("admin", "bot_config"), TEXT)
    unreadable = '{\n "![x](https://tracker.example/p)" 1 }'
    app.text_area(key="bot_config_text").set_value(unreadable)
    clicked(app, "keep_bot_config")
    assert 'After the key "![x](https://tracker.example/p)" a colon is missing.' in said(app)
    assert "Line 2 cannot be read, so nothing was saved." in said(app)
    assert "After the key" not in said_as_markup(app)
    with desk().store.read() as connection:
        assert bot_configs.versions(connection) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [("x" * 1_000_000, "1.0 MB"), ('{"a":' * 1000 + "1" + "}" * 1000, "deeper than 50 levels")],
    ids=["1 MB", "1,000 levels"],
)
def test_far_too_much_is_told_in_a_sentence(open_page: Open, text: str, words: str) -> None:
    app = typed(open_page("admin", "bot_config"), text)
    assert not app.exception
    assert words in said(app)
    assert "This cannot be read yet." in said(app)
    assert app.button(key="keep_bot_config").disabled
    for part in ("changes", "hand-over", "history"):
        assert not section(app, part).exception

"""The Bots page on a workspace that was really read."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from lib.bootstrap import desk
from lib.clock import utc_now
from lib.coverage.bot_outcomes import BotMeetings, BotOutcomes, bot_meetings, bot_outcomes, failures
from lib.coverage.period import last_days
from lib.coverage.period_view import view_period
from lib.domain import Bot, Recording, StatusChange
from lib.recording.reason import Side
from lib.recording.timeline import steps_of
from lib.store import bots as stored_bots
from lib.store.entry_rows import number_of
from lib.store.tables.workspace import bot, calendar_user, entry, meta
from lib.ui.widgets.filter_row import report_zone
from lib.ui.words.formats import count
from tests.pages.conftest import Open
from tests.pages.filled import (
    FORMULA,
    HOSTILE_CUSTOMER,
    PICTURE,
    SANDBOX_STORE,
    UNSET_CUSTOMER,
    Filled,
    filled,
    filled_desk,
    loaded,
    open_filled,
)
from tests.pages.seeing import cells, column, grid, pick, said, said_as_markup

__all__ = ["filled", "filled_desk", "open_filled"]

NOBODYS = "0b7a6b41-8add-4e49-955d-45d006b2fa08"
HOSTILE = "![x](https://evil.test/x.png) **bold** <script>"
LABELS = {
    "recorded": "Recorded",
    "in_part": "In part or empty",
    "host": "Host's side",
    "ours": "Recall or us",
    "twice": "Two bots in one meeting",
}


def known(days: int = 30) -> BotMeetings:
    """The bots of the last days, straight from the workspace."""
    snapshot = loaded()
    assert snapshot.as_of
    return bot_meetings(view_period(snapshot.frame, last_days(snapshot.as_of, days, report_zone()), snapshot.as_of))


def metric(app: AppTest, label: str) -> tuple[str, str]:
    """The value of a figure and what stands beside it."""
    (found,) = [each for each in app.metric if str(each.label).endswith(label)]
    return str(found.value), str(found.proto.delta_description)


def a_bot(where: Callable[[Bot], bool]) -> Bot:
    """Some bot of the store that is like this."""
    with desk().store.read() as connection:
        for row in stored_bots.find(connection, list(connection.scalars(select(bot.c.id)))).values():
            if row.bot and where(row.bot):
                return row.bot
    raise AssertionError("the sandbox has no such bot")


def keep(made: Bot, *, final: bool = True) -> None:
    """Let the store have read this of a bot."""
    with desk().store.write() as connection:
        stored_bots.store(connection, [(made, final)], read_at=utc_now())


def hostile_bot(open_filled: Open, workspace: Filled) -> str:
    """The id of a bot of the customer whose meetings have hostile titles."""
    open_filled("viewer", "bots")
    query = select(entry.c.bot_id).join(calendar_user, calendar_user.c.pk == entry.c.user)
    with desk().store.read() as connection:
        found = connection.scalars(
            query.where(calendar_user.c.id == workspace.hostile_user, entry.c.bot_id.is_not(None))
        ).first()
    assert found
    return str(found)


def test_the_figures_stand_with_their_fractions_as_the_numbers_have_them(open_filled: Open) -> None:
    app = open_filled("viewer", "bots")
    all_: BotOutcomes = bot_outcomes(known())
    assert all_.came > 50
    assert metric(app, "Recorded") == (count(all_.recorded), f"of {count(all_.came)} meetings")
    assert metric(app, "In part or empty") == (count(all_.in_part), f"of {count(all_.recorded)} recorded")
    for side in (Side.HOST, Side.OURS):
        assert metric(app, side.label) == (count(all_.failed_on[side]), f"of {count(all_.failed)} failed")
    assert f"**Bots recorded {count(all_.recorded)} of the {count(all_.came)} meetings" in said(app)


@pytest.mark.parametrize("figure", ["recorded", "in_part", "host"])
def test_a_figure_opens_as_many_meetings_as_it_says(open_filled: Open, figure: str) -> None:
    app = open_filled("viewer", "bots")
    app.button(key=f"bots_see_{figure}").click().run()
    assert app.query_params["rows"] == f"bots:{figure}"
    behind = grid(app, "bots_figure_rows")
    assert behind is not None
    assert count(len(behind)) == metric(app, LABELS[figure])[0]
    sides = {"Host's side"} if figure == "host" else {"—"}
    assert set(behind["side"]) == sides
    if figure == "in_part":
        assert {chip[0] for chip in behind["outcome"]} == {"◐ In part"}


def send_second_bot(calendar: str | None = None) -> str:
    """Let one of two colleagues in a meeting have had a bot of its own; answers its id. Before the first page."""
    one, other = entry.alias(), entry.alias()
    same = (other.c.uid == one.c.uid, other.c.start_at == one.c.start_at, other.c.bot_id == one.c.bot_id)
    lately = utc_now() - timedelta(days=5)  # well inside the page's seven days, which begin at a midnight
    pair = select(other.c.pk).where(one.c.pk < other.c.pk, one.c.start_at < utc_now(), one.c.start_at > lately, *same)
    changed = {"bot_id": NOBODYS, "bot": number_of(NOBODYS)} | ({"calendar_platform": calendar} if calendar else {})
    with desk().store.write() as connection:
        connection.execute(update(entry).where(entry.c.pk == connection.scalars(pair).first()).values(changed))
        steps = (StatusChange("joining_call", lately), StatusChange("done", lately))
        stored_bots.store(connection, [(Bot(NOBODYS, steps), True)], read_at=utc_now())
    return NOBODYS


@pytest.mark.parametrize(
    ("calendar", "cause", "to_do"),
    [
        ("zoho", "Google and Outlook calendars", "Calendars on two platforms do not share a bot"),
        (None, "Bots are not shared", "Ask Recall whether sharing a bot"),
    ],
)
def test_a_meeting_with_two_bots_is_named_with_the_likely_cause_and_opens_both(
    open_filled: Open, calendar: str | None, cause: str, to_do: str
) -> None:
    second = send_second_bot(calendar)
    app = open_filled("viewer", "bots", period="7")
    meetings = grid(app, "bots_twice")
    assert meetings is not None
    assert list(meetings["cause"]) == [cause]
    assert list(meetings["bots"]) == ["2"]
    assert metric(app, "Two bots in one meeting") == ("1", "meeting with two bots")
    assert f"{cause}, 1 meeting: {to_do}" in said(app)
    pick(app, "bots_twice", 0)
    behind = grid(app, "bots_of_meeting_rows")
    assert behind is not None
    assert len(behind) == 2
    opened = set()
    for row in (0, 1):
        again = open_filled("viewer", "bots", period="7", rows=app.query_params["rows"])
        pick(again, "bots_of_meeting_rows", row)
        opened.add(again.query_params["bot"])
    assert second in opened
    assert len(opened) == 2


def test_the_figure_of_what_is_there_twice_opens_every_bot(open_filled: Open) -> None:
    send_second_bot()
    app = open_filled("viewer", "bots", period="7")
    app.button(key="bots_see_twice").click().run()
    behind = grid(app, "bots_figure_rows")
    assert behind is not None
    assert len(behind) == 2


def test_a_reason_in_the_table_opens_its_bots(open_filled: Open) -> None:
    app = open_filled("viewer", "bots", period="90")
    app.toggle(key="why_as_table").set_value(True).run()
    first = failures(known(90))[0]
    assert column(app, "reason", [f.proto.id.endswith("-bots_failed") for f in app.dataframe].index(True))[0] == (
        first.reason.label
    )
    pick(app, "bots_failed", 0)
    assert app.query_params["rows"] == f"failed:{first.reason.key}:{first.side}"
    behind = grid(app, "bots_of_reason_rows")
    assert behind is not None
    assert set(behind["reason"]) == {first.reason.label}
    assert len(behind) == first.meetings


@pytest.mark.parametrize("cut", ["week", "day", "month", "platform"])
def test_what_became_of_the_bots_adds_up_whatever_it_is_parted_by(open_filled: Open, cut: str) -> None:
    app = open_filled("viewer", "bots", cut=cut)
    app.toggle(key="became_as_table").set_value(True).run()
    table = next(frame.value for frame in app.dataframe if "in_part" in frame.value)
    assert table["recorded"].sum() == bot_outcomes(known()).recorded
    assert table["unsettled"].sum() == bot_outcomes(known()).unsettled
    assert not app.exception


@pytest.mark.parametrize("word", ["bots:nonsense", "failed:nonsense:host", "twice:-1"])
def test_rows_that_there_are_not_open_no_bots(open_filled: Open, word: str) -> None:
    app = open_filled("viewer", "bots", rows=word)
    assert not app.exception
    assert not [f for f in app.dataframe if f.proto.id.endswith(("_figure_rows", "_of_reason_rows", "meeting_rows"))]


def test_selecting_a_row_opens_the_bot_and_back_shows_the_same_rows(open_filled: Open) -> None:
    app = open_filled("viewer", "bots", rows="bots:host")
    pick(app, "bots_figure_rows", 0)
    assert app.query_params["bot"]
    assert "Who shares this bot" in said(app)
    assert not app.metric
    app.button(key="all_bots").click().run()
    assert "bot" not in app.query_params
    assert grid(app, "bots_figure_rows") is not None


def test_a_bot_by_its_address_shows_its_life_why_and_what_to_do(open_filled: Open) -> None:
    open_filled("viewer", "bots")
    waiting = a_bot(lambda b: any(c.sub_code == "timeout_exceeded_waiting_room" for c in b.status_changes))
    app = open_filled("viewer", "bots", bot=waiting.id.upper())
    assert "The host did not let the bot in: it waited" in said(app)
    assert "**Ask the host to admit the bot, or switch the waiting room off for it.**" in said(app)
    assert "timeout_exceeded_waiting_room" in [text.value for text in app.text]
    steps = next(frame.value for frame in app.dataframe if "sub_code" in frame.value)
    assert list(steps["code"]) == [step.code for step in steps_of(waiting)]
    assert "Sandbox: this bot is invented" in said(app)
    assert not app.exception


def test_a_recording_is_listed_with_its_length(open_filled: Open) -> None:
    open_filled("viewer", "bots")
    app = open_filled("viewer", "bots", bot=a_bot(lambda b: bool(b.recordings)).id)
    lengths = next(frame.value["lasted"] for frame in app.dataframe if "began" in frame.value)
    assert all(" min" in words or " s" in words or " h" in words for words in lengths)


@pytest.mark.parametrize("asked", ["nonsense", HOSTILE, NOBODYS])
def test_an_id_that_no_bot_has_is_said_to_be_found_nowhere(open_filled: Open, asked: str) -> None:
    app = open_filled("viewer", "bots", bot=asked)
    assert "No bot is found at this address" in said(app)
    assert "evil.test" not in said(app)
    assert not app.exception
    app.button(key="see_all_bots").click().run()
    assert metric(app, "Recorded")


def test_codes_and_messages_that_nobody_knows_stand_in_text_cells_alone(open_filled: Open, filled_desk: Filled) -> None:
    bot_id = hostile_bot(open_filled, filled_desk)
    now = utc_now()
    changes = (
        StatusChange("joining_call", now - timedelta(hours=2)),
        StatusChange(HOSTILE, None, HOSTILE, HOSTILE),
        StatusChange("fatal", now - timedelta(hours=1), HOSTILE),
    )
    keep(Bot(bot_id, changes, (Recording(HOSTILE, HOSTILE),), bot_name=HOSTILE, platform=HOSTILE))
    app = open_filled("viewer", "bots", bot=bot_id)
    assert HOSTILE in cells(app)
    assert "evil.test" not in said_as_markup(app)
    assert not app.exception


def test_a_bot_without_any_time_or_status_is_borne(open_filled: Open, filled_desk: Filled) -> None:
    bot_id = hostile_bot(open_filled, filled_desk)
    for changes in ((), (StatusChange("joining_call", None), StatusChange("done", None))):
        keep(Bot(bot_id, changes), final=False)
        app = open_filled("viewer", "bots", bot=bot_id)
        assert "Who shares this bot" in said(app)
        assert not app.exception
    assert "Recall names no times for this bot" in said(app)


def test_a_bot_that_was_never_read_says_when_it_will_be(open_filled: Open, filled_desk: Filled) -> None:
    bot_id = hostile_bot(open_filled, filled_desk)
    with desk().store.write() as connection:
        connection.execute(update(bot).where(bot.c.id == bot_id).values(body=None, final=False))
    app = open_filled("viewer", "bots", bot=bot_id)
    assert "appear after the next sync" in said(app)
    assert not app.exception


def test_titles_from_outside_stand_in_text_alone(open_filled: Open) -> None:
    app = open_filled("viewer", "bots", customer=HOSTILE_CUSTOMER, period="7")
    for figure in ("recorded", "host", "ours", "platform", "nobody", "did_not_happen"):
        app.query_params["rows"] = f"bots:{figure}"
        app.run()
        assert "evil.test" not in said_as_markup(app)
        if {FORMULA, PICTURE} & set(cells(app)):
            return
    raise AssertionError("no bot of a meeting with a hostile title")


def test_in_a_customers_view_users_of_others_have_no_name_and_their_bots_are_not_shown(
    open_filled: Open, filled_desk: Filled
) -> None:
    bot_id = hostile_bot(open_filled, filled_desk)
    snapshot = loaded()
    other = next(row for row in snapshot.listed if row.customer not in (None, HOSTILE_CUSTOMER) and row.user.email)
    with desk().store.write() as connection:
        theirs = connection.scalars(select(entry.c.pk).where(entry.c.user == other.key)).first()
        connection.execute(update(entry).where(entry.c.pk == theirs).values(bot_id=bot_id))
    everyone = open_filled("viewer", "bots", bot=bot_id)
    assert {other.user.email, other.customer} <= set(cells(everyone))
    app = open_filled("viewer", "bots", bot=bot_id, customer=HOSTILE_CUSTOMER)
    assert "Somebody of another customer" in cells(app)
    assert not {other.user.email, other.customer} & set(cells(app))
    pick(app, "sharing", cells(app).index("Somebody of another customer"))
    assert "user" not in app.query_params
    third = next(r.customer for r in snapshot.listed if r.customer not in (None, HOSTILE_CUSTOMER, other.customer))
    hidden = open_filled("viewer", "bots", bot=bot_id, customer=third)
    assert "This bot was sent for meetings of another customer" in said(hidden)
    assert not hidden.dataframe


def test_selecting_who_shares_a_bot_opens_the_user(open_filled: Open, filled_desk: Filled) -> None:
    app = open_filled("viewer", "bots", bot=hostile_bot(open_filled, filled_desk))
    pick(app, "sharing", 0)
    assert app.query_params["user"] == filled_desk.hostile_user


def test_users_that_share_a_mailbox_are_named_with_what_to_do(open_filled: Open) -> None:
    app = open_filled("viewer", "bots")
    shared = grid(app, "bots_mailboxes")
    assert shared is not None
    assert len(shared) == 2
    assert shared["mailbox"].nunique() == 1
    assert shared["user"].str.casefold().nunique() == 1
    assert "keep the one that your product sends" in said(app)
    pick(app, "bots_mailboxes", 1)
    assert app.query_params["user"]


def test_a_period_without_bots_says_so(open_filled: Open) -> None:
    app = open_filled("viewer", "bots", period="custom", **{"from": "2020-01-01", "to": "2020-01-31"})
    assert "No bot was sent to a meeting in this period" in said(app)
    assert "No meeting from 1 Jan to 31 Jan 2020 has more than one bot" in said(app)
    assert not app.metric


def test_filters_without_a_bot_say_so_and_can_be_cleared(open_filled: Open) -> None:
    app = open_filled("viewer", "bots", customer=UNSET_CUSTOMER, period="90")
    assert "No bot matches these filters" in said(app)
    app.button(key="bots_clear_filters").click().run()
    assert metric(app, "Recorded")[0] == count(bot_outcomes(known(90)).recorded)
    assert app.query_params["period"] == "90"


def test_how_it_is_counted_puts_todays_numbers_in(open_filled: Open) -> None:
    app = open_filled("viewer", "bots")
    app.button(key="how_counted").click().run()
    all_ = bot_outcomes(known())
    assert f"{count(all_.recorded)} of {count(all_.came)}; in part or empty: {count(all_.in_part)}" in said(app)


def test_a_real_recalls_bot_is_linked_to_the_explorer_of_its_region(
    open_filled: Open, filled_desk: Filled, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bot_id = hostile_bot(open_filled, filled_desk)
    with desk().store.write() as connection:
        connection.execute(update(meta).values(v="https://eu-central-1.recall.ai"))
    desk().close()
    desk.cache_clear()
    settings = {"RECALL_API_KEY": "a key", "RECALL_REGION": "eu-central-1"}
    for name, value in (settings | {"DATABASE_URL": f"sqlite:///{tmp_path / SANDBOX_STORE}"}).items():
        monkeypatch.setenv(name, value)
    app = open_filled("viewer", "bots", bot=bot_id)
    (link,) = app.get("link_button")
    assert link.proto.url == f"https://eu-central-1.recall.ai/dashboard/explorer/bot/{bot_id}"
    assert "invented" not in said(app)


def test_a_stranger_sees_no_bot(open_page: Open) -> None:
    app = open_page(None, "bots", bot=NOBODYS)
    assert not app.metric
    assert "No bot is found" not in said(app)

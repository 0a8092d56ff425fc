"""Overrides in a browser: one meeting, a series, a selection, taken back; clicked twice; the tab closed meanwhile.

Whatever is done, Recall has it once, and the record tells all of it.
"""

import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Locator, Page, expect
from streamlit.proto.Button_pb2 import Button
from streamlit.proto.Dataframe_pb2 import Dataframe

from lib.store import Store, open_store, outbox
from lib.store.outbox import WriteState
from tests.e2e.looking import cell, expect_user, open_user, press, sentence, wait_until_drawn
from tests.e2e.serving import INTERNAL, PASSWORD, Dashboard, Somebody, Workspace
from tests.websocket_client import connect, pressed, sign_in, typed

HOUR, WEEK = 3600, 7 * 24 * 3600
HEAD = ROW = 33
CHECK_BOX = 15
MOMENTS, MOMENTS_IN_A_BROWSER, LAST_MS = 20, 6, 1500
"""How many tabs are closed while a meeting is set, how many of them are a browser's, which take seconds each to load,
and the latest such moment, counted from the click."""
AT_ONCE = 4
CLOSE_AFTER_A_CLICK = "ms => addEventListener('click', () => setTimeout(() => close(), ms), {capture: true})"
SLOWLY_MS = 150
"""What Recall takes for a change here, so that more of the moments fall into it."""
SETTLED_WITHIN_SECONDS = 30
COLLEAGUE = "editor"

Told: TypeAlias = tuple[WriteState, str, bool | None, bool | None, str | None, bool]
"""Of a change in the record: how it ended, by whom, before, after, why, whether it takes another one back."""


@pytest.fixture
def store(desk: Dashboard) -> Iterator[Store]:
    """The dashboard's own."""
    [file] = Path(desk.environment["DATA_DIR"]).glob("*.db")
    opened = open_store(f"sqlite:///{file}", recall_base_url=desk.environment["RECALL_BASE_URL"])
    yield opened
    opened.close()


def told(store: Store, somebody: Somebody, entry_id: str) -> list[Told]:
    """What the record has of one entry, oldest first."""
    with store.read() as connection:
        found = [change for change in outbox.of_user(connection, somebody.id) if change.entry_id == entry_id]
    return [
        (each.state, each.actor, _value(each.before), _value(each.after), each.why, each.undoes is not None)
        for each in reversed(found)
    ]


def set_to(wanted: bool | None, *, before: bool | None = None, why: str | None = None, undo: bool = False) -> Told:
    """What the record should have of a change that Recall took."""
    return WriteState.APPLIED, COLLEAGUE, before, wanted, why, undo


def _value(kept: Any) -> bool | None:
    value: bool | None = kept["override_should_record"]
    return value


def puts(workspace: Workspace, entry_id: str) -> int:
    """How often Recall was asked to set an override of this entry."""
    return len(workspace.sandbox.asked("PUT", path_of(entry_id)))


def path_of(entry_id: str) -> str:
    return f"/api/v1/calendar/meetings/{entry_id}/"


def at_recall(workspace: Workspace, somebody: Somebody, entry_id: str) -> bool | None:
    found: bool | None = workspace.ask_as(somebody, "GET", f"meetings/{entry_id}/")["override_should_record"]
    return found


def meeting_of(workspace: Workspace, somebody: Somebody, title: str) -> dict[str, Any]:
    """One of somebody's meetings, asked of Recall itself."""
    rows: list[dict[str, Any]] = workspace.ask_as(somebody, "GET", "meetings/")
    return next(row for row in rows if row["title"] == title)


def add(workspace: Workspace, somebody: Somebody, title: str, start: int, **facts: Any) -> str:
    """The id of a new meeting."""
    return str(workspace.sandbox.add_meeting(somebody.id, title=title, start_in_seconds=start, **facts)["id"])


def row(page: Page, title: str) -> Locator:
    """The first of the coming meetings with a title, as it stands for those who cannot see the picture."""
    named = page.locator("[role=gridcell]").filter(has_text=re.compile(f"^({title})$"))
    return page.locator(".st-key-meetings_coming [role=row]").filter(has=named).first


def tick(page: Page, *titles: str) -> None:
    """Click the check boxes of meetings."""
    for title in titles:
        wait_until_drawn(page)
        _click_box(page, page.locator(".st-key-meetings_coming"), row(page, title))


def _click_box(page: Page, table: Locator, wanted: Locator) -> None:
    expect(wanted).to_be_attached()
    table.scroll_into_view_if_needed()
    place = int(wanted.get_attribute("aria-rowindex") or 0) - 2  # the head is the first
    where = table.get_by_test_id("stDataFrame").bounding_box()
    assert where
    page.mouse.click(where["x"] + CHECK_BOX, where["y"] + HEAD + ROW * (place + 0.5))
    expect(wanted).to_have_attribute("aria-selected", "true")


def confirm_button(page: Page) -> Locator:
    return page.locator(".st-key-override_confirm").get_by_role("button")


def choose(page: Page, choice: str, button: str) -> Locator:
    """Choose for what is selected; answers the button that does it, which says `button`."""
    press(page, choice)
    expect(confirm_button(page)).to_have_text(re.compile(button))
    expect(confirm_button(page)).to_be_enabled()
    wait_until_drawn(page)
    return confirm_button(page)


def give_reason(page: Page, why: str) -> None:
    box = page.get_by_role("textbox", name="Reason")
    box.fill(why)
    box.press("Enter")
    wait_until_drawn(page)


def undo(page: Page) -> None:
    wait_until_drawn(page)
    page.locator(".st-key-override_undo").get_by_role("button").click()


def open_with(page: Page, desk: Dashboard, somebody: Somebody, title: str) -> None:
    """Open a user to whom a meeting was added just now."""
    open_user(page, desk, somebody)
    press(page, "Refresh from Recall")
    expect(row(page, title)).to_be_attached()
    expect_user(page, somebody)


def test_one_meeting_is_recorded_is_not_and_follows_the_rules_again(
    page: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody, store: Store
) -> None:
    one = meeting_of(workspace, somebody, INTERNAL[0])["id"]
    open_user(page, desk, somebody)
    tick(page, INTERNAL[0])
    choose(page, "Record", "Record 1 meeting").click()
    expect(page.get_by_text('Set to "Record" and read back. It will be recorded; its bot is booked.')).to_be_visible()
    assert at_recall(workspace, somebody, one) is True
    tick(page, INTERNAL[0])
    choose(page, "Don't record", "Don't record 1 meeting").click()
    expect(page.get_by_text('Set to "Don\'t record" and read back. It will not be recorded.')).to_be_visible()
    assert at_recall(workspace, somebody, one) is False
    tick(page, INTERNAL[0])
    choose(page, "Follow the rules", "Let 1 meeting follow the rules").click()
    expect(sentence(page, "This lifts somebody's \"Don't record\". Type why.")).to_be_visible()
    give_reason(page, "It was another one")
    confirm_button(page).click()
    expect(page.get_by_text("Back to the rules and read back. It will not be recorded.")).to_be_visible()
    assert at_recall(workspace, somebody, one) is None
    assert puts(workspace, one) == 3
    assert told(store, somebody, one) == [
        set_to(True),
        set_to(False, before=True),
        set_to(None, before=False, why="It was another one"),
    ]


def test_a_series_is_set_and_listed_and_taken_back(
    page: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody, store: Store
) -> None:
    series: dict[str, Any] = {"ical_uid": f"weekly-{somebody.id}", "is_recurring": True}
    weekly = [add(workspace, somebody, "Weekly", HOUR // 2 + week * WEEK, **series) for week in range(3)]
    open_with(page, desk, somebody, "Weekly")
    tick(page, "Weekly")
    press(page, "Whole series…")
    expect(page.get_by_text("3 selected")).to_be_visible()
    choose(page, "Record", "Record 3 meetings").click()
    expect(page.get_by_text("Recall will record 3 of 3; bots are booked for all of these.")).to_be_visible()
    assert [at_recall(workspace, somebody, each) for each in weekly] == [True, True, True]
    assert overrides_but_of(workspace, somebody, weekly) == {None}

    colleague = page.context.new_page()
    colleague.goto(f"{desk.url}/users?show=overrides")
    expect(cell(colleague, somebody.email)).to_have_count(3)
    colleague.close()

    undo(page)
    expect(page.get_by_text("Undone and read back for 3 meetings.")).to_be_visible()
    assert [at_recall(workspace, somebody, each) for each in weekly] == [None, None, None]
    for each in weekly:
        assert puts(workspace, each) == 2
        assert told(store, somebody, each) == [set_to(True), set_to(None, before=True, undo=True)]


def overrides_but_of(workspace: Workspace, somebody: Somebody, but: Iterable[str]) -> set[bool | None]:
    """The overrides of all meetings that are not among these."""
    rows = workspace.ask_as(somebody, "GET", "meetings/")
    return {row["override_should_record"] for row in rows if row["id"] not in but}


def test_of_a_selection_what_cannot_be_recorded_says_why_and_what_is_private_needs_a_tick_and_a_reason(
    page: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody, store: Store
) -> None:
    plain = meeting_of(workspace, somebody, INTERNAL[0])["id"]
    no_link = add(workspace, somebody, "No link", HOUR // 3, link=None)
    private = add(workspace, somebody, "Salaries", HOUR // 2, visibility="private")
    open_with(page, desk, somebody, "No link")
    tick(page, INTERNAL[0], "No link", "Salaries|Private meeting")
    choose(page, "Record", "Record 1 meeting")
    expect(page.get_by_text("1 meeting left out. ")).to_contain_text("link")
    boxes = page.locator(".st-key-ticks_True")
    _click_box(page, boxes, boxes.locator("[role=row]").nth(1))
    expect(confirm_button(page)).to_have_text(re.compile("Record 2 meetings"))
    wait_until_drawn(page)
    confirm_button(page).click()
    expect(sentence(page, "The organiser marked this meeting as private.")).to_be_visible()
    assert (puts(workspace, plain), puts(workspace, private)) == (0, 0)
    give_reason(page, "The organiser asked for it")
    confirm_button(page).click()
    expect(page.get_by_text('Set to "Record" and read back for 2 meetings.')).to_be_visible()
    assert [at_recall(workspace, somebody, each) for each in (plain, private, no_link)] == [True, True, None]
    for each in (plain, private):
        assert puts(workspace, each) == 1
        assert told(store, somebody, each) == [set_to(True, why="The organiser asked for it")]
    assert told(store, somebody, no_link) == []


def test_a_double_click_sends_one_change_and_leaves_one_record(
    page: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody, store: Store
) -> None:
    one = meeting_of(workspace, somebody, INTERNAL[0])["id"]
    open_user(page, desk, somebody)
    tick(page, INTERNAL[0])
    workspace.sandbox.break_calls(path_of(one), method="PUT", delay_ms=SLOWLY_MS)
    choose(page, "Record", "Record 1 meeting").dblclick()
    expect(page.get_by_text('Set to "Record" and read back.')).to_be_visible()
    assert puts(workspace, one) == 1
    assert told(store, somebody, one) == [set_to(True)]


def test_a_tab_closed_at_any_moment_leaves_one_write_and_one_whole_record_or_neither(
    page: Page, desk: Dashboard, workspace: Workspace, store: Store
) -> None:
    people = people_whose_changes_take_long(workspace, MOMENTS_IN_A_BROWSER)
    for somebody, moment in zip(people, random_moments(MOMENTS_IN_A_BROWSER), strict=True):
        tab = open_tab(page, f"{desk.url}/users?user={somebody.id}")
        expect_user(tab, somebody)
        tick(tab, INTERNAL[0])
        button = choose(tab, "Record", "Record 1 meeting")
        tab.evaluate(CLOSE_AFTER_A_CLICK, moment)
        button.click(no_wait_after=True)
    expect_one_write_and_one_record_or_neither(workspace, store, people)


def test_a_websocket_that_goes_at_any_moment_leaves_the_same(
    desk: Dashboard, workspace: Workspace, store: Store
) -> None:
    people = people_whose_changes_take_long(workspace, MOMENTS)
    cookie = sign_in(desk.url, COLLEAGUE, PASSWORD)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(partial(confirm_and_go, desk, cookie), people, random_moments(MOMENTS)))
    expect_one_write_and_one_record_or_neither(workspace, store, people)


def people_whose_changes_take_long(workspace: Workspace, number: int) -> list[Somebody]:
    workspace.sandbox.forget_asked()
    workspace.sandbox.break_calls("/api/v1/calendar/meetings/*", method="PUT", delay_ms=SLOWLY_MS, times=None)
    return [workspace.take_somebody() for _ in range(number)]


def confirm_and_go(desk: Dashboard, cookie: Mapping[str, str], somebody: Somebody, moment: int) -> None:
    """A tab without a browser: select the first meeting, choose, confirm, and close at that moment."""
    with connect(desk.url, cookie=cookie, path="users", query=f"user={somebody.id}") as tab:
        tab.rerun()
        table = next(each for each in tab.elements(Dataframe) if each.id.endswith("meetings_coming"))
        first = {"selection": {"rows": [0], "columns": [], "cells": []}}
        tab.rerun(typed(table.id, json.dumps(first)))
        tab.rerun(pressed(tab.labelled(Button, "Record").id))
        tab.ask(pressed(tab.labelled(Button, "Record 1 meeting").id))
        time.sleep(moment / 1000)


def expect_one_write_and_one_record_or_neither(workspace: Workspace, store: Store, people: Sequence[Somebody]) -> None:
    sent = Counter(asked["path"] for asked in settled(workspace, store, people))
    written = 0
    for somebody in people:
        one = meeting_of(workspace, somebody, INTERNAL[0])
        found = told(store, somebody, one["id"])
        assert found in ([], [set_to(True)])
        assert sent[path_of(one["id"])] == len(found)
        assert one["override_should_record"] is (True if found else None)
        written += len(found)
    assert written >= len(people) // 2


def random_moments(number: int) -> list[int]:
    """Milliseconds after the click, one somewhere in each of equal spans, the same every time."""
    chance, span = random.Random(number), LAST_MS // number  # noqa: S311 - moments, not secrets
    return [place * span + chance.randrange(span) for place in range(number)]


def open_tab(opener: Page, address: str) -> Page:
    """Opened by a script, it can be closed by one: at its moment, while the next tab is opened."""
    with opener.context.expect_page() as opened:
        opener.evaluate("address => void window.open(address)", address)
    return opened.value


def settled(workspace: Workspace, store: Store, people: Sequence[Somebody]) -> list[dict[str, Any]]:
    """Wait until the record has an end of all that was begun; answers the changes that Recall was asked for."""
    ends_at = time.monotonic() + SETTLED_WITHIN_SECONDS
    while open_ones(store, people) or time.monotonic() < ends_at - SETTLED_WITHIN_SECONDS + LAST_MS / 1000:
        assert time.monotonic() < ends_at, open_ones(store, people)
        time.sleep(0.05)
    return workspace.sandbox.asked("PUT")


def open_ones(store: Store, people: Sequence[Somebody]) -> list[outbox.Write]:
    theirs = {somebody.id for somebody in people}
    with store.read() as connection:
        return [each for each in outbox.open_ones(connection) if each.user_id in theirs]

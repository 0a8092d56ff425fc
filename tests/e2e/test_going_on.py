"""A session ends by itself while somebody works: with the password they go on, and nothing typed is lost."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browsing import fill_sign_in, pick_row, wait_until_signed_in
from tests.e2e.looking import open_user, press, wait_until_drawn
from tests.e2e.serving import PASSWORD, Dashboard, Somebody

WHY, NAME = "Asked for by the customer", "A typed name"


def age_newest_session(desk: Dashboard, *, seen: timedelta = timedelta(), began: timedelta = timedelta()) -> None:
    """As if it had been seen last, and had begun, so long ago. Other tests' sessions are left alone."""
    [file] = Path(desk.environment["DATA_DIR"]).glob("*.db")
    moments = [(datetime.now(UTC) - ago).strftime("%Y-%m-%d %H:%M:%S.%f") for ago in (seen, began)]
    with closing(sqlite3.connect(file, timeout=10)) as raw, raw:
        raw.execute(
            "UPDATE session SET last_seen_at = ?, created_at = ? "
            "WHERE id_hash = (SELECT id_hash FROM session ORDER BY created_at DESC LIMIT 1)",
            moments,
        )


def go_on(page: Page) -> None:
    expect(page.get_by_text("You were signed out")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    press(page, "Continue")
    expect(page.get_by_text("You were signed out")).to_have_count(0)


def test_an_overrides_reason_and_a_form_outlive_the_end_of_the_session(
    stranger: Page, desk: Dashboard, somebody: Somebody
) -> None:
    page = stranger
    page.goto(f"{desk.url}/users?user={somebody.id}")
    fill_sign_in(page, "editor", PASSWORD)
    wait_until_signed_in(page)
    open_user(page, desk, somebody)
    pick_row(page, 0)
    press(page, "Record")
    why = page.get_by_role("textbox", name="Reason (optional)")
    why.fill(WHY)
    why.press("Tab")
    wait_until_drawn(page)
    age_newest_session(desk, seen=timedelta(hours=3))
    go_on(page)
    expect(why).to_have_value(WHY)
    expect(page.get_by_text("1 selected")).to_be_visible()

    page.goto(f"{desk.url}/users?user={somebody.id}&section=preferences")
    page.get_by_role("textbox", name="Bot name").fill(NAME)
    page.get_by_role("textbox", name="Bot name").press("Tab")
    wait_until_drawn(page)
    age_newest_session(desk, began=timedelta(hours=9))
    go_on(page)
    expect(page.get_by_role("textbox", name="Bot name")).to_have_value(NAME)
    assert f"user={somebody.id}" in page.url

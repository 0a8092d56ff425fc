"""Activity in a browser: what was just done is told with who, before and after; taken back; taken away as a file."""

import csv
import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import fill_sign_in, person, wait_until_signed_in
from tests.e2e.conftest import OpenAs
from tests.e2e.looking import (
    EVERYTHING,
    cell,
    choose_preset,
    expect_saved,
    open_user,
    press,
    save_button,
    sentence,
    wait_until_drawn,
)
from tests.e2e.serving import EXTERNAL_ALONE, PASSWORD, Dashboard, Somebody, Workspace

SAVED = "External meetings → Everything"
TYPED = "swordfish in the wrong box"


def open_activity(page: Page, desk: Dashboard, query: str = "") -> None:
    page.goto(f"{desk.url}/activity{query}")
    expect(page.get_by_role("heading", name="Activity")).to_be_visible()
    expect(page.get_by_text("Select a row to see it in full.")).to_be_visible()
    wait_until_drawn(page)


def save_everything(page: Page, desk: Dashboard, somebody: Somebody) -> None:
    open_user(page, desk, somebody, "preferences")
    choose_preset(page, EVERYTHING)
    expect(save_button(page)).to_have_text(re.compile("Save: 3 more"))
    save_button(page).click()
    expect_saved(page)


def open_first(page: Page) -> None:
    """Select the first row, and wait for its card."""
    where = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert where
    page.mouse.click(where["x"] + 15, where["y"] + 33 + 16)
    expect(card(page)).to_be_visible()


def card(page: Page) -> Locator:
    return page.locator(".st-key-activity_card")


def test_a_saved_preference_is_told_in_full_and_taken_back(
    page: Page, open_as: OpenAs, desk: Dashboard, workspace: Workspace, somebody: Somebody
) -> None:
    save_everything(page, desk, somebody)
    open_activity(page, desk, f"?person={somebody.id}&what=preferences")
    expect(cell(page, SAVED)).to_have_count(1)
    open_first(page)
    expect(page).to_have_url(re.compile(r"act=change-\d+"))
    for words in ("editor", somebody.email, SAVED, "Confirmed"):
        expect(card(page).get_by_text(words, exact=True)).to_be_visible()
    expect(card(page).get_by_text(re.compile(r"^\w{3} \d+ \w{3}, \d\d:\d\d$")).first).to_be_visible()

    viewer = open_as("viewer")
    viewer.goto(page.url)
    expect(card(viewer).get_by_text("needs the role Editor")).to_be_visible()
    expect(viewer.get_by_role("button", name="Undo")).to_have_count(0)

    press(page, "Undo")
    expect(page.get_by_text("Internal meetings off.")).to_be_visible()
    workspace.sandbox.forget_asked()
    page.get_by_role("button", name="Undo this change").dblclick()
    expect(sentence(page, "Done, and read back from Recall")).to_be_visible()
    expect(cell(page, "↩ Undone")).to_have_count(1)
    expect(cell(page, "Everything → External meetings (undo)")).to_have_count(1)
    assert workspace.writes() == 1
    assert {name for name, on in workspace.preferences_of(somebody).items() if on is True} == set(EXTERNAL_ALONE)


def test_a_file_is_told_of_and_so_is_the_one_of_activity_itself(page: Page, desk: Dashboard, tmp_path: Path) -> None:
    open_activity(page, desk, "?what=sign_in&who=editor")
    press(page, "Download")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    download.value.save_as(tmp_path / "activity.csv")
    heads, *lines = csv.reader((tmp_path / "activity.csv").read_text("utf-8-sig").splitlines())
    assert heads[:3] == ["When (Europe/Berlin)", "Who", "What"]
    assert {tuple(line[1:3]) for line in lines} == {("editor", "Sign-in")}

    open_activity(page, desk, "?what=export&who=editor")
    expect(cell(page, f"activity, {len(lines)} row").first).to_be_attached()
    open_first(page)
    expect(card(page).get_by_text("last 30 days, kind Sign-in, by editor")).to_be_visible()


def test_a_sign_in_and_one_that_was_refused_are_told_and_nothing_that_was_typed(
    page: Page, browser: Browser, desk: Dashboard
) -> None:
    context = person(browser)
    stranger = context.new_page()
    stranger.goto(f"{desk.url}/activity")
    fill_sign_in(stranger, TYPED, PASSWORD)
    expect(stranger.get_by_text("do not match an account")).to_be_visible()
    stranger.reload()  # the next refusal is then told apart from this one
    fill_sign_in(stranger, "viewer", "the wrong password")
    expect(stranger.get_by_text("do not match an account")).to_be_visible()
    wait_until_drawn(stranger)
    fill_sign_in(stranger, "viewer", PASSWORD)
    wait_until_signed_in(stranger)
    stranger.get_by_test_id("stSidebar").get_by_role("button", name="·").click()
    with stranger.expect_response(lambda answer: answer.request.method == "DELETE") as left:
        stranger.get_by_role("button", name="Sign out").click()
    assert left.value.status == 204
    context.close()

    open_activity(page, desk, "?what=sign_in")
    told = page.get_by_test_id("stDataFrame").first.locator("[role=row]")
    for position, words in enumerate(("Signed out", "Signed in", "Wrong name or password"), start=1):
        expect(told.nth(position)).to_contain_text("viewer")
        expect(told.nth(position)).to_contain_text(words)
    expect(told.nth(4)).to_contain_text("(unknown)")
    assert TYPED not in page.content()


def test_the_filter_is_in_the_address_and_a_colleague_sees_the_same(
    page: Page, open_as: OpenAs, desk: Dashboard, somebody: Somebody
) -> None:
    open_activity(page, desk)
    page.get_by_role("radio", name="7 days").or_(page.get_by_role("button", name="7 days")).first.click()
    expect(page).to_have_url(re.compile(r"period=7"))
    colleague = open_as("viewer")
    colleague.goto(f"{desk.url}/activity?person={somebody.id}&period=7")
    expect(colleague.get_by_text("No entries match these filters")).to_be_visible()
    press(colleague, "Show everything")
    expect(colleague).to_have_url(re.compile(r"period=all"))
    expect(cell(colleague, "Signed in").first).to_be_attached()

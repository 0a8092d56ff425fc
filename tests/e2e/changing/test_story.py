"""One customer's story from the sign-in to the deletion, by one admin in one browser; Activity tells all of it."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import fill_sign_in, person, wait_until_signed_in
from tests.e2e.changing.test_overrides import choose, confirm_button, tick
from tests.e2e.looking import (
    EXTERNAL_MEETINGS,
    cell,
    choose_in_list,
    choose_preset,
    dialog,
    expect_saved,
    link_on,
    press,
    save_button,
    sentence,
    wait_until_drawn,
)
from tests.e2e.serving import EXTERNAL_ALONE, PASSWORD, Dashboard, Somebody, Workspace

ADMIN = "ada"
CUSTOMER = "story.example"
NEWCOMER, ADDRESS = "story-1", f"nora@{CUSTOMER}"
COLLEAGUE = f"olaf@{CUSTOMER}"
HOUR, WEEK = 3600, 7 * 24 * 3600
CALLS = "/api/v1/calendar/user/"
TOLD = (
    ("(elsewhere)", COLLEAGUE, "→ in Recall's list", "• Seen"),
    (ADMIN, ADDRESS, "→ created here", "✓ Done"),
    (ADMIN, ADDRESS, "Google: link created", "✓ Done"),
    ("(elsewhere)", ADDRESS, "Google: → connected", "• Seen"),
    (ADMIN, ADDRESS, "Nothing → External meetings", "✓ Applied"),
    (ADMIN, ADDRESS, "Follows rules → Record", "✓ Applied"),
    (ADMIN, ADDRESS, "Follows rules → Don't record", "✓ Applied"),
    (ADMIN, ADDRESS, "Follows rules → Don't record", "✓ Applied"),
    (ADMIN, "—", "no standard → Everything", "✓ Done"),
    (ADMIN, ADDRESS, "External meetings → Everything", "↩ Undone"),
    (ADMIN, COLLEAGUE, "External meetings → Everything", "↩ Undone"),
    (ADMIN, ADDRESS, "Everything → External meetings (undo)", "✓ Applied"),
    (ADMIN, COLLEAGUE, "Everything → External meetings (undo)", "✓ Applied"),
    (ADMIN, ADDRESS, "Google: connected → disconnected", "✓ Applied"),
    (ADMIN, ADDRESS, "in Recall's list → deleted", "✓ Applied"),
)
"""Each line of the story, in its order: who, of which user, what, how it ended."""


@pytest.fixture
def admin(browser: Browser, desk: Dashboard) -> Iterator[Page]:
    """The browser of somebody who may do all of it and has just signed in."""
    desk.staff("add", ADMIN, "--role", "admin", "--display", "Ada Okafor", "--password-stdin", password=PASSWORD)
    context = person(browser)
    page = context.new_page()
    page.goto(f"{desk.url}/users")
    fill_sign_in(page, ADMIN, PASSWORD)
    wait_until_signed_in(page)
    yield page
    context.close()


def test_a_calendar_from_its_connection_to_its_deletion(
    admin: Page, outsider: Page, desk: Dashboard, workspace: Workspace, links_sent: set[bytes], pages_seen: list[str]
) -> None:
    added = workspace.sandbox.add_user("story-2", email=COLLEAGUE, preferences=EXTERNAL_ALONE)
    colleague = Somebody(added["id"], "story-2", COLLEAGUE)
    newcomer = Somebody(make_user(admin), NEWCOMER, ADDRESS)
    connect(admin, outsider, links_sent)
    entries = fill_calendar(workspace, newcomer)
    save_preset(admin, workspace)
    override_one_and_a_series(admin, workspace, entries)
    apply_a_standard(admin, desk, workspace, (newcomer, colleague))
    take_it_back(admin, workspace, (newcomer, colleague))
    disconnect(admin, desk, workspace, newcomer)
    delete(admin, workspace)
    expect_the_story(admin, desk)
    pages_seen.append(admin.content())


def make_user(page: Page) -> str:
    """A new calendar user, on purpose: its external id is typed twice. Answers Recall's id."""
    press(page, "Refresh from Recall")  # the colleague came after the last pass of the sync
    wait_until_drawn(page)
    press(page, "New calendar user")
    type_ids(page, NEWCOMER, "story-l")
    expect(sentence(page, "The two external ids are not the same.")).to_be_visible()
    type_ids(page, NEWCOMER, NEWCOMER)
    expect(page.get_by_text("No calendar connected").first).to_be_visible()
    [user] = parse_qs(urlsplit(page.url).query)["user"]
    return user


def type_ids(page: Page, first: str, again: str) -> None:
    dialog(page).get_by_label("External id", exact=True).fill(first)
    dialog(page).get_by_label("The same external id again").fill(again)
    dialog(page).get_by_role("button", name="Make this user").click()


def connect(page: Page, outsider: Page, links_sent: set[bytes]) -> None:
    """By a link that somebody else opens and says yes to; the page shows by itself what Recall has of it."""
    open_section(page, "Connections")
    press(page, "Create Google link")
    outsider.goto(link_on(page, links_sent))
    expect(outsider.get_by_role("heading", name="Sign in with Google")).to_be_visible()
    outsider.get_by_label("Another address instead").fill(ADDRESS)
    outsider.get_by_role("button", name="Allow").click()
    expect(outsider.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.get_by_text("Google connected")).to_be_visible()
    expect(page.get_by_text("shown only once")).to_have_count(0)


def fill_calendar(workspace: Workspace, newcomer: Somebody) -> dict[str, list[str]]:
    """The ids by title: one meeting with others, one inside, two of an external series."""

    def add(title: str, start: int, **facts: Any) -> str:
        return str(workspace.sandbox.add_meeting(newcomer.id, title=title, start_in_seconds=start, **facts)["id"])

    series: dict[str, Any] = {"is_external": True, "ical_uid": "weekly-story", "is_recurring": True}
    return {
        "Kick-off": [add("Kick-off", 3 * HOUR, is_external=True)],
        "Retro": [add("Retro", HOUR)],
        "Weekly": [add("Weekly", 2 * HOUR, **series), add("Weekly", 2 * HOUR + WEEK, **series)],
    }


def save_preset(page: Page, workspace: Workspace) -> None:
    """What it would do is shown before; after it Recall's decision, which is the same."""
    press(page, "Refresh from Recall")
    open_section(page, "Preferences")
    choose_preset(page, EXTERNAL_MEETINGS)
    gains = page.get_by_text(re.compile(r"\d+ more meetings will be recorded and 0 fewer: (\d+) of (\d+) instead of 0"))
    expect(gains).to_be_visible()
    wait_until_drawn(page)
    [recorded, of] = re.findall(r"(\d+) of (\d+) instead", gains.inner_text())[0]
    expect(save_button(page)).to_have_text(re.compile(f"Save: {recorded} more, 0 fewer"))
    workspace.sandbox.forget_asked()
    save_button(page).click()
    expect_saved(page)
    decided = f"Recall will record {recorded} of {of} meetings, and bots are booked for all"
    expect(page.get_by_text(decided)).to_be_visible()
    assert int(recorded) >= 3
    assert workspace.writes() == 1


def override_one_and_a_series(page: Page, workspace: Workspace, entries: dict[str, list[str]]) -> None:
    open_section(page, "Meetings")
    tick(page, "Retro")
    choose(page, "Record", "Record 1 meeting").click()
    expect(page.get_by_text('Set to "Record" and read back. It will be recorded')).to_be_visible()
    tick(page, "Weekly")
    press(page, "Whole series…")
    expect(page.get_by_text("2 selected")).to_be_visible()
    choose(page, "Don't record", "Don't record 2 meetings").click()
    expect(page.get_by_text('Set to "Don\'t record" and read back for 2 meetings.')).to_be_visible()
    expect(confirm_button(page)).to_have_count(0)
    sent = [asked["path"].split("/")[-2] for asked in workspace.sandbox.asked("PUT") if "/meetings/" in asked["path"]]
    assert sorted(sent) == sorted(entries["Retro"] + entries["Weekly"])


def apply_a_standard(page: Page, desk: Dashboard, workspace: Workspace, people: tuple[Somebody, ...]) -> None:
    """To both users of the customer, after a dry run."""
    page.goto(f"{desk.url}/many?section=standards&standard=everything")
    press(page, "Sync now")  # the customer came after the last pass
    wait_until_drawn(page)
    page.get_by_text("Set a standard").click()
    choose_in_list(page, "Customer", CUSTOMER)
    press(page, "Save as standard")
    expect(sentence(page, "Standard saved.")).to_be_visible()
    expect(page.get_by_text("2 users differ from the standard of their customer.")).to_be_visible()
    open_first_row(page)
    press(page, "Apply the standard…")
    expect(page.get_by_text("2 of 2 users change.")).to_be_visible()
    wait_until_drawn(page)
    page.get_by_role("button", name=re.compile("Change 2 users: ")).click()
    expect(page.get_by_text("2 users changed and read back.")).to_be_visible()
    assert [flags_on(workspace, each) for each in people] == [{"record_external", "record_internal"}] * 2


def take_it_back(page: Page, workspace: Workspace, people: tuple[Somebody, ...]) -> None:
    wait_until_drawn(page)
    press(page, "Undo: 2 users")
    expect(page.get_by_text(re.compile("undo of change"))).to_be_visible()
    wait_until_drawn(page)
    expect(page.get_by_text("2 users changed and read back.")).to_be_visible()
    assert [flags_on(workspace, each) for each in people] == [{"record_external"}] * 2


def disconnect(page: Page, desk: Dashboard, workspace: Workspace, newcomer: Somebody) -> None:
    """Once, however often the button is clicked, and not before the name is typed."""
    page.goto(f"{desk.url}/users?user={newcomer.id}&section=connections")
    press(page, "Disconnect Google")
    rows = workspace.ask_as(newcomer, "GET", "meetings/")
    booked = sum(1 for row in rows if row["bot_id"])
    expect(dialog(page).get_by_text(f"{booked} bots of coming meetings will not come")).to_be_visible()
    confirm(page, "somebody else", "Disconnect Google").click()
    expect(dialog(page).get_by_text("What was typed is not the name of this user.")).to_be_visible()
    workspace.sandbox.forget_asked()
    confirm(page, ADDRESS, "Disconnect Google").dblclick()
    expect(sentence(page, "Google is disconnected. Done, and read back from Recall.")).to_be_visible()
    expect(dialog(page)).to_have_count(0)
    assert len(workspace.sandbox.asked("POST", f"{CALLS}disconnect/")) == 1
    assert not any(each["connected"] for each in workspace.ask_as(newcomer, "GET", "user/")["connections"])


def delete(page: Page, workspace: Workspace) -> None:
    wait_until_drawn(page)
    press(page, "Delete this user")
    confirm(page, ADDRESS, "Delete this user").click()
    expect(page.get_by_text("It was deleted here")).to_be_visible()
    expect(sentence(page, "This user was deleted. Done, and read back from Recall.")).to_be_visible()
    assert len(workspace.sandbox.asked("DELETE", CALLS)) == 1


def expect_the_story(page: Page, desk: Dashboard) -> None:
    """Each line of it, newest first; the sign-in stands among what is about no customer."""
    page.goto(f"{desk.url}/activity?customer={CUSTOMER}")
    expect(cell(page, "in Recall's list → deleted")).to_have_count(1)
    wait_until_drawn(page)
    rows = page.get_by_test_id("stDataFrame").first.locator("[role=row]").all()
    told = [tuple(row.locator("[role=gridcell]").all_inner_texts()[-6:]) for row in reversed(rows[1:])]
    lines = [(who, user, words, ending) for who, _, _, user, words, ending in told]
    assert [line[2] for line in lines] == [line[2] for line in TOLD]
    assert sorted(lines) == sorted(TOLD)  # of a change of two users either is the first
    page.goto(f"{desk.url}/activity?who={ADMIN}&what=sign_in")
    expect(cell(page, "Signed in")).to_have_count(1)


def confirm(page: Page, name: str, act: str) -> Locator:
    """Type the name in the dialog that is open; answers the button that does it."""
    dialog(page).get_by_label("Name of the user").fill(name)
    return dialog(page).get_by_role("button", name=act)


def open_section(page: Page, name: str) -> None:
    page.get_by_role("radiogroup", name="Section").get_by_text(name, exact=True).click()
    wait_until_drawn(page)


def open_first_row(page: Page) -> None:
    wait_until_drawn(page)
    where = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert where
    page.mouse.click(where["x"] + 15, where["y"] + 33 + 16)


def flags_on(workspace: Workspace, somebody: Somebody) -> set[str]:
    told = workspace.preferences_of(somebody)
    return {name for name, value in told.items() if value is True}

"""`make screenshots`: pictures of every page, light and dark, into docs/pictures.

Everything is started as `make run` does, in a folder of its own, with the days that are watched before it, and once
more without them. The sandbox's world has always the same seed, and the user shown is the one with the best mix of
outcomes. The days are those of today.
"""

import sys
import tempfile
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page
from pydantic import SecretStr

from lib.clock import utc_now
from lib.domain import CalendarUser, Entry
from lib.recall_api import Recall, open_recall
from lib.recording.forecast import AHEAD_DAYS, forecast
from lib.recording.outcome import Outcome
from lib.recording.presets import Preset, preset_of, with_preset
from lib.recording.time_part import TimePart
from lib.recording.verdict import Verdict, judge
from lib.sync.user_meetings import ASKED_AHEAD
from tests.browsing import chromium, fill_sign_in, person, pick_row, wait_until_signed_in
from tests.running import RunningDesk, running_desk

PICTURES = Path(__file__).parent / "pictures"
WIDE, PHONE, TALL = 1280, 390, 1400
SHORTEST, BELOW = 560, 40
"""Pixels: the least height of a picture, and what is left free below the last line."""
COLOURS = 256
"""Of a picture's own palette."""
REDRAWS_MS = 4000
"""After a switch of the palette: the status strip looks every 3 s and draws charts anew."""
SETTLES_MS = 900
ROWS_IN_SIGHT = 8
LOOKED_AT = 40
_CONTENT_ENDS = """
() => {
  const main = document.querySelector("[data-testid=stMain]");
  const parts = [...main.querySelector("[data-testid=stVerticalBlock]").children];
  return Math.ceil(Math.max(...parts.map((part) => part.getBoundingClientRect().bottom + main.scrollTop)));
}
"""
NOBODY = "00000000-0000-4000-8000-000000000000"


def main() -> int:
    """Make all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        with running_desk(_folder(name, "watched"), watched=True) as desk:
            _take_all(desk, browser)
        with running_desk(_folder(name, "fresh")) as desk:
            _take_fresh(desk, browser)
    return 0


def _folder(parent: str, name: str) -> Path:
    folder = Path(parent, name)
    folder.mkdir()
    return folder


def _take_all(desk: RunningDesk, browser: Browser) -> None:
    recall = open_recall(desk.sandbox.url, SecretStr(desk.sandbox.key))
    user = _user_with_best_mix(recall)
    page = person(browser, width=WIDE, height=TALL).new_page()
    _sign_in(page, desk.url)
    _take_users(page)
    _take_workspace(page, desk.url)
    row = _row_to_show(recall, user)
    _take_phone(browser, desk.url, user, row)
    _take_coverage_phone(browser, desk.url)
    _take_user(page, desk.url, user, row)
    _take_control(page, desk.url)
    _take_system(browser, desk.url)
    _take_nobody(page, desk.url)
    _take_recall_down(page, desk)


def _take_fresh(desk: RunningDesk, browser: Browser) -> None:
    """The first screen of a workspace that was met a moment ago."""
    page = person(browser, width=WIDE, height=TALL).new_page()
    page.goto(f"{desk.url}/coverage")
    fill_sign_in(page)
    _wait_until_counted(page)
    _take_page(page, f"{desk.url}/customers", "Since you last looked", "customers-fresh")


def _sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/users")
    page.get_by_label("Password").first.wait_for()
    _take(page, "sign-in")
    fill_sign_in(page)
    wait_until_signed_in(page)


def _take_users(page: Page) -> None:
    page.get_by_text("Select a row to open it").wait_for()
    _take(page, "users")


def _take_workspace(page: Page, url: str) -> None:
    """The pages of the whole workspace, which have figures once the first pass is complete."""
    _take_page(page, f"{url}/customers", "Since you last looked", "customers")
    _take_page(page, f"{url}/bots", "Users who share a mailbox", "bots")
    page.goto(f"{url}/coverage")
    _wait_until_counted(page)
    _take(page, "coverage")
    page.get_by_role("button", name="How it is counted").click()
    page.get_by_text("= Reach × Delivery").wait_for()
    _shoot(page, "coverage-counted-light")  # a switch of the palette draws the page anew and closes the dialog
    page.goto(f"{url}/coverage?rows=funnel%3Anot_delivered&where=platform&risk=unseen&ahead=7")
    _wait_until_counted(page)
    _take(page, "coverage-rows")


def _take_control(page: Page, url: str) -> None:
    """The pages about changes, once one has been made."""
    _take_page(page, f"{url}/many", "Change many", "many")
    _take_page(page, f"{url}/bot_config", "Bot config", "bot-config")
    _take_page(page, f"{url}/activity", "Activity", "activity")


def _take_system(browser: Browser, url: str) -> None:
    """As an admin, with one person's card open."""
    page = person(browser, width=WIDE, height=TALL).new_page()
    page.goto(f"{url}/system?part=staff")
    fill_sign_in(page, "admin")
    page.get_by_text("Select a row to change it").wait_for()
    pick_row(page, 1)
    page.get_by_role("button", name="Sign out everywhere").wait_for()
    _take(page, "system-staff")
    _take_page(page, f"{url}/system", "System", "system")


def _take_page(page: Page, address: str, head: str, name: str) -> None:
    page.goto(address)
    page.get_by_role("heading", name=head, exact=True).wait_for()
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
    page.wait_for_timeout(SETTLES_MS)
    _take(page, name)


def _take_coverage_phone(browser: Browser, url: str) -> None:
    page = person(browser, width=PHONE, height=TALL).new_page()
    page.goto(f"{url}/coverage")
    fill_sign_in(page)
    _wait_until_counted(page)
    _shoot(page, "coverage-phone-light")


def _wait_until_counted(page: Page) -> None:
    page.get_by_role("heading", name="At risk").wait_for()
    page.get_by_text("Not seen · ").wait_for()  # the last of the lists at risk; the one that is open may be empty
    page.wait_for_timeout(SETTLES_MS)
    page.get_by_test_id("stProgress").wait_for(state="detached")


def _take_user(page: Page, url: str, user: CalendarUser, row: int) -> None:
    _open(page, url, user=user.id)
    _wait_until_read(page)
    pick_row(page, row)
    page.get_by_text("How sure", exact=True).wait_for()
    _take(page, "user-meetings")
    _open(page, url, user=user.id, list="past30")
    _wait_until_read(page)
    _take(page, "user-meetings-past")
    _open(page, url, user=user.id, section="connections")
    _wait_until_read(page)
    _take(page, "user-connections")
    _take_preferences(page, url, user)


def _take_preferences(page: Page, url: str, user: CalendarUser) -> None:
    _open(page, url, user=user.id, section="preferences")
    _wait_until_read(page)
    page.get_by_text(Preset.EVERYTHING.label, exact=True).click()
    page.get_by_role("button", name="Save:").wait_for()
    _take(page, "user-preferences")
    page.get_by_role("button", name="Save:").click()
    page.get_by_text("Recall agrees for").wait_for()
    _take(page, "user-saved")


def _take_nobody(page: Page, url: str) -> None:
    _open(page, url, user=NOBODY)
    page.get_by_text("No user at this address").wait_for()
    _take(page, "nobody-found")


def _take_phone(browser: Browser, url: str, user: CalendarUser, row: int) -> None:
    page = person(browser, width=PHONE, height=TALL).new_page()
    page.goto(f"{url}/users?{urlencode({'user': user.id})}")
    fill_sign_in(page)
    _wait_until_read(page)
    pick_row(page, row)
    page.get_by_text("How sure", exact=True).wait_for()
    _shoot(page, "user-meetings-phone-light")


def _take_recall_down(page: Page, desk: RunningDesk) -> None:
    """The list of users is known, and Recall answers nothing any more."""
    _open(page, desk.url)
    page.get_by_text("Select a row to open it").wait_for()
    desk.sandbox.control("POST", "faults/", {"path": "/api/*", "drop": True, "times": None})
    page.get_by_role("button", name="Refresh from Recall").click()
    page.get_by_role("button", name="Try again").wait_for()
    _take(page, "recall-down")


def _open(page: Page, url: str, **query: str) -> None:
    page.goto(f"{url}/users?{urlencode(query)}")


def _wait_until_read(page: Page) -> None:
    page.get_by_text("Coverage, 30 days").wait_for()
    page.get_by_test_id("stProgress").wait_for(state="detached")
    page.get_by_text("still reading").wait_for(state="detached")


def _take(page: Page, name: str) -> None:
    """The page as it stands now, in both palettes; it is light before and after."""
    _shoot(page, f"{name}-light")
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(REDRAWS_MS)
    _shoot(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")
    page.wait_for_timeout(REDRAWS_MS)


def _shoot(page: Page, name: str) -> None:
    """The whole page, however long, with the mouse where nothing lights up."""
    width = page.evaluate("() => innerWidth")
    page.mouse.move(width - 1, 300)
    page.set_viewport_size({"width": width, "height": max(SHORTEST, page.evaluate(_CONTENT_ENDS) + BELOW)})
    page.wait_for_timeout(SETTLES_MS)
    file = PICTURES / f"{name}.png"
    _few_colours(page.screenshot(animations="disabled", caret="hide")).save(file, optimize=True)
    page.set_viewport_size({"width": width, "height": TALL})
    print(f"{file.relative_to(PICTURES.parents[1])}  {file.stat().st_size // 1024} kB")


def _few_colours(png: bytes) -> Image.Image:
    whole = Image.open(BytesIO(png)).convert("RGB")
    return whole.quantize(COLOURS, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)


def _user_with_best_mix(recall: Recall) -> CalendarUser:
    """Of the first users with a calendar, whose preset can be widened: the one with the most to see."""
    able = [user for user in recall.list_users().rows if user.connected and user.external_id and _could_have_more(user)]
    return max(able[:LOOKED_AT], key=lambda user: _mix(recall, user))


def _could_have_more(user: CalendarUser) -> bool:
    return user.preferences is not None and preset_of(user.preferences) in (
        Preset.EXTERNAL,
        Preset.INTERNAL,
        Preset.ACCEPTED,
        Preset.HOSTED,
    )


def _mix(recall: Recall, user: CalendarUser) -> tuple[bool, int, int]:
    """Whether our fonts have every title; how many outcomes and choices are in sight; how much could be gained."""
    now = utc_now()
    coming = _coming(recall, user, now)
    in_sight = coming[:ROWS_IN_SIGHT]
    kinds = {verdict.outcome for _, verdict in in_sight} | {entry.override_should_record for entry, _ in in_sight}
    wanted = with_preset(user.preferences, Preset.EVERYTHING)
    entries = [entry for entry, _ in coming]
    gains = sum(f.is_gain for f in forecast(entries, user, now, now + timedelta(days=AHEAD_DAYS), wanted))
    return all((entry.title or "").isascii() for entry in entries), len(kinds), gains


def _row_to_show(recall: Recall, user: CalendarUser) -> int:
    """The first row in sight that somebody can put right, else the first that is not recorded."""
    outcomes = [verdict.outcome for _, verdict in _coming(recall, user, utc_now())[:ROWS_IN_SIGHT]]
    wanted = next((kind for kind in (Outcome.FIXABLE, Outcome.OFF_BY_CHOICE) if kind in outcomes), outcomes[0])
    return outcomes.index(wanted)


def _coming(recall: Recall, user: CalendarUser, now: datetime) -> list[tuple[Entry, Verdict]]:
    """The user's coming meetings and what is to be said of them, in the order of the page."""
    entries = recall.list_meetings(user.external_id or "", now - timedelta(days=1), now + ASKED_AHEAD).rows
    timed = sorted((e for e in entries if e.start_time), key=lambda e: (e.start_time or now, e.id))
    judged = [(entry, judge(entry, (None,) if entry.bot_id else (), user, now)) for entry in timed]
    return [(entry, verdict) for entry, verdict in judged if verdict.part is not TimePart.ENDED]


if __name__ == "__main__":
    sys.exit(main())

"""Choosing another user, and signing in: what is seen, and when."""

from dataclasses import dataclass
from time import perf_counter

from playwright.sync_api import Browser, Page

from bench.table import Row, never, series
from lib.domain import CalendarUser
from lib.queries.search import CalendarHealth, find_users
from tests.browsing import check_box, fill_sign_in, grid, person, sign_in, wait_until_signed_in

USERS = 5
"""Recall allows 300 reads of bots a minute; each user has some 60."""
SIGN_INS = 6
ROWS_IN_SIGHT = 10
TALL = 1200

_WATCH = """
() => {
  const main = document.querySelector("[data-testid=stMainBlockContainer]");
  const has = (selector) => main.querySelector(selector) !== null;
  const seen = { samples: 0, blank: 0 };
  const look = (began) => {
    const now = performance.now() - began;
    const outline = has("[data-testid=stSkeleton]") || has("[data-testid=stProgress]");
    const rows = [...main.querySelectorAll("[data-testid=stDataFrameResizable]")]
      .some((grid) => (grid.getAttribute("aria-label") || "").includes(" meeting"));
    seen.samples += 1;
    if (!main.innerText.trim() && !outline) seen.blank += 1;
    if (outline) seen.progress ??= now;
    if (rows) seen.rows ??= now;
    return rows && !has("[data-testid=stProgress]") && !main.innerText.includes("still reading") ? now : null;
  };
  window.benchSeen = new Promise((resolve, reject) => addEventListener("pointerdown", () => {
    const began = performance.now();
    const timer = setInterval(() => {
      const all = look(began);
      if (all !== null) { clearInterval(timer); resolve({ ...seen, all }); }
      if (performance.now() - began > 90000) { clearInterval(timer); reject(new Error("not read after 90 s")); }
    }, 10);
  }, { once: true, capture: true }));
}
"""


@dataclass(frozen=True, slots=True)
class Opening:
    """What was seen of one user who was opened cold. Milliseconds from the click."""

    progress: float
    rows: float
    everything: float
    samples: int
    blank: int


def watch_choosing(browser: Browser, url: str, users: tuple[CalendarUser, ...]) -> list[Row]:
    """Open users nobody has looked at, one after the other, from the list."""
    page = person(browser, height=TALL).new_page()
    sign_in(page, f"{url}/users?calendars=connected")
    in_order = find_users(users, health=CalendarHealth.CONNECTED)[:ROWS_IN_SIGHT]
    places = [place for place, user in enumerate(in_order) if user.external_id][:USERS]
    openings = [_open(page, place) for place in places]
    return [
        series("another user: to the first progress", [o.progress for o in openings]),
        series("another user: to the first rows", [o.rows for o in openings]),
        series("another user: to everything read", [o.everything for o in openings]),
        never("another user: looks that found the page blank", sum(o.blank for o in openings), _samples(openings)),
    ]


def watch_sign_in(browser: Browser, url: str) -> list[Row]:
    """From sending the form to the page behind it, each time as somebody new."""
    return [series("sign-in: form sent to page", [_sign_in(browser, url) for _ in range(SIGN_INS)])]


def _open(page: Page, place: int) -> Opening:
    page.get_by_text("Select a row to open it").wait_for()
    grid(page).wait_for()
    page.wait_for_timeout(500)
    page.evaluate(_WATCH)
    page.mouse.click(*check_box(page, place))
    seen = page.evaluate("() => window.benchSeen")
    page.get_by_role("button", name="Users").first.click()
    progress = seen.get("progress", seen["rows"])
    return Opening(progress, seen["rows"], seen["all"], seen["samples"], seen["blank"])


def _samples(openings: list[Opening]) -> int:
    return sum(opening.samples for opening in openings)


def _sign_in(browser: Browser, url: str) -> float:
    context = person(browser)
    page = context.new_page()
    page.goto(url)
    page.get_by_role("button", name="Sign in").wait_for()
    page.wait_for_timeout(500)
    began = perf_counter()
    fill_sign_in(page)
    wait_until_signed_in(page)
    page.get_by_text("Select a row to open it").wait_for()
    taken = (perf_counter() - began) * 1000
    context.close()
    return taken

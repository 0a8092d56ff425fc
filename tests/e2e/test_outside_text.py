"""Text that others wrote, in titles above all, is shown as it is and makes nothing happen."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import grid, pick_row
from tests.e2e.looking import EVERYTHING, cell, choose_preset, open_meeting, open_user, press
from tests.e2e.serving import Dashboard, Somebody, Workspace

NO_ATTEMPT = ":red[x] $x^2$ :material/home: # Head <h1>big</h1> <script>document.title='taken'</script>"


class Beacon:
    """A web server of somebody else's; it counts who comes."""

    def __init__(self) -> None:
        self.visits: list[str] = []
        visits = self.visits

        class Visits(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                visits.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Visits)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def _serving(beacon: Beacon) -> Iterator[None]:
    thread = threading.Thread(target=beacon.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        beacon.server.shutdown()
        beacon.server.server_close()
        thread.join()


@pytest.fixture
def beacon() -> Iterator[Beacon]:
    beacon = Beacon()
    with _serving(beacon):
        yield beacon


def test_titles_are_never_rendered_as_markup(
    page: Page, desk: Dashboard, workspace: Workspace, somebody: Somebody, beacon: Beacon
) -> None:
    titles = [
        f"![x]({beacon.url}/markdown.png)",
        f"[Sign in again]({beacon.url}/link) {beacon.url}/bare",
        NO_ATTEMPT,
        f"<img src='{beacon.url}/html.png' onerror='fetch(\"{beacon.url}/js\")'>",
        "\u202egnp.exe \u2066hidden\u2069",
    ]
    for fifth, title in enumerate(titles, start=1):  # before the others, however late this runs; none begins meanwhile
        workspace.sandbox.add_meeting(somebody.id, title=title, is_external=False, start_in_seconds=180 + fifth * 60)
    open_user(page, desk, somebody)
    press(page, "Refresh from Recall")
    expect(cell(page, titles[0])).to_have_count(1)
    for position, title in enumerate(titles):
        open_meeting(page, position)
        expect(page.get_by_test_id("stText").filter(has_text=_without_direction_marks(title))).to_be_visible()
        _expect_no_markup(page, beacon)
        pick_row(page, position)  # deselects it: of several there is no card
        expect(page.get_by_text("1 selected")).to_be_hidden()  # what stood above is gone, and the rows moved up
    expect(cell(page, titles[0])).to_have_count(1)
    page.get_by_role("radio", name="Preferences").click()
    choose_preset(page, EVERYTHING)
    expect(page.get_by_text("8 more meetings will be recorded")).to_be_visible()
    expect(grid(page)).to_be_visible()
    expect(cell(page, titles[0])).to_have_count(1)
    _expect_no_markup(page, beacon)
    assert "\u202e" not in page.content()
    assert beacon.visits == []


def test_what_the_address_holds_is_never_rendered_as_markup(page: Page, desk: Dashboard, beacon: Beacon) -> None:
    page.goto(f"{desk.url}/users?user=![x]({beacon.url}/a.png)<b>x</b>&section=![x]({beacon.url}/b.png)&list=:red[x]")
    expect(page.get_by_text("No user at this address")).to_be_visible()
    _expect_no_markup(page, beacon)
    assert beacon.visits == []


def _without_direction_marks(title: str) -> str:
    """As it is shown: what would turn the reading direction of all that follows is left out."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in title).split())


def _expect_no_markup(page: Page, beacon: Beacon) -> None:
    main = page.get_by_test_id("stMain")
    expect(main.locator(f"[src*='{beacon.url}'], [href*='{beacon.url}']")).to_have_count(0)
    expect(main.locator(".katex, script, img[alt='x']")).to_have_count(0)
    expect(main.get_by_role("heading", name="big")).to_have_count(0)
    expect(page).to_have_title("Coverage Desk")

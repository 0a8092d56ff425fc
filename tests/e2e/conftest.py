"""One chromium, one dashboard with a key, and one browser for each role, shared by all tests of this package that one
worker runs."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browsing import CHROMIUM, WAITS_MS, chromium, fill_sign_in, person, wait_until_signed_in
from tests.e2e.serving import PASSWORD, Dashboard, Somebody, Workspace, running_with_a_key, running_workspace

PEOPLE = 64
NO_CHROMIUM = "Debian's chromium is not installed. Install it with: apt-get install chromium fonts-dejavu-core"

OpenAs = Callable[[str], Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives the one browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=WAITS_MS)
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with running_workspace(tmp_path_factory.mktemp("recall"), people=PEOPLE) as workspace:
        yield workspace


@pytest.fixture(scope="package")
def desk(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The dashboard that most tests share, once its sync has read the whole workspace: no test meets half of a pass."""
    with running_with_a_key(tmp_path_factory.mktemp("desk"), workspace.line.url) as dashboard:
        dashboard.wait_for_a_pass()
        yield dashboard


@pytest.fixture(scope="package")
def pages_seen() -> list[str]:
    """The HTML of every page of the shared dashboard, as it stood at the end of a test."""
    return []


@pytest.fixture(scope="package")
def links_sent() -> set[bytes]:
    """The calendar tokens of the connect links that the shared dashboard showed, which are to be nowhere else."""
    return set()


@pytest.fixture(scope="package")
def browsers(browser: Browser, desk: Dashboard) -> Iterator[dict[str, BrowserContext]]:
    """By role, the browser of somebody who has signed in; under "" a stranger's."""
    with_cookies: dict[str, BrowserContext] = {}
    yield with_cookies
    for context in with_cookies.values():
        context.close()


@pytest.fixture
def open_as(
    browser: Browser, desk: Dashboard, browsers: dict[str, BrowserContext], pages_seen: list[str]
) -> Iterator[OpenAs]:
    """Open a new tab in the browser of a role, or of a stranger without any cookie ("")."""
    opened: list[Page] = []

    def open_tab(role: str) -> Page:
        if role not in browsers:
            browsers[role] = person(browser)
            if role:
                _sign_in_once(browsers[role], desk, role)
        if not role:
            browsers[role].clear_cookies()
        opened.append(browsers[role].new_page())
        return opened[-1]

    yield open_tab
    for page in opened:
        if not page.is_closed():
            pages_seen.append(page.content())
            page.close()


@pytest.fixture
def page(open_as: OpenAs) -> Page:
    """An editor's new tab."""
    return open_as("editor")


@pytest.fixture
def stranger(open_as: OpenAs) -> Page:
    """A tab of somebody who has not signed in."""
    return open_as("")


@pytest.fixture
def outsider(browser: Browser) -> Iterator[Page]:
    """The browser of the person who is sent a link: it has never been here."""
    context = person(browser)
    yield context.new_page()
    context.close()


@pytest.fixture
def somebody(workspace: Workspace) -> Somebody:
    """A calendar user that no other test touches."""
    return workspace.take_somebody()


@pytest.fixture(autouse=True)
def _nothing_breaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Recall is well at the end of every test, and no page of the shared dashboard broke during it."""
    if "desk" not in request.fixturenames:
        yield
        return
    desk: Dashboard = request.getfixturevalue("desk")
    workspace: Workspace = request.getfixturevalue("workspace")
    before = len(desk.log.read_text())
    yield
    workspace.sandbox.heal()
    assert "Traceback" not in desk.log.read_text()[before:]


def _sign_in_once(context: BrowserContext, desk: Dashboard, role: str) -> None:
    page = context.new_page()
    page.goto(f"{desk.url}/users")
    fill_sign_in(page, role, PASSWORD)
    wait_until_signed_in(page)
    expect(page.get_by_text(re.compile("Select a row to open it"))).to_be_visible()
    page.close()

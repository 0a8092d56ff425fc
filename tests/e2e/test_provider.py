"""Signing in by an OpenID provider in a browser, on a dashboard where nobody has a password. The provider is real, and
to the browser another site than the dashboard."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from lib.clock import utc_now
from lib.store import Store, migrate, open_store
from lib.store.tables.desk import session
from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from tests.browsing import person, wait_until_signed_in
from tests.contract.ui.conftest import RECALL, command, environment
from tests.openid import OpenIdProvider, openid_provider
from tests.running import free_port, running


@dataclass(frozen=True)
class Desk:
    url: str
    provider: OpenIdProvider
    store: Store

    def let_sessions_be_from(self, began: datetime) -> None:
        with self.store.write() as connection:
            connection.execute(update(session).values(created_at=began))


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A dashboard without accounts, whose staff sign in at Acme ID."""
    folder, port = tmp_path_factory.mktemp("acme"), free_port()
    url, log = f"http://127.0.0.1:{port}", folder / "dashboard.log"
    with openid_provider(f"{url}/oauth2callback") as provider:
        settings = environment(folder / "desk.db") | provider.settings | {"PUBLIC_URL": url}
        migrate(settings["DATABASE_URL"])
        with (
            running(command(port), log, f"{url}/healthz", settings),
            closing(open_store(settings["DATABASE_URL"], recall_base_url=RECALL)) as store,
        ):
            yield Desk(url, provider, store)
    assert "Traceback" not in log.read_text()


@pytest.fixture
def newcomer(browser: Browser) -> Iterator[Callable[[], Page]]:
    """A tab in a browser without any cookie."""
    with ExitStack() as browsers:

        def open_tab() -> Page:
            return browsers.enter_context(person(browser)).new_page()

        yield open_tab


def sign_in_as(page: Page, sub: str) -> None:
    """Press the button of the sign-in, and choose there who one is."""
    page.get_by_role("button", name="Sign in with Acme ID").click()
    page.get_by_role("heading", name="Acme ID").wait_for()
    page.get_by_role("button", name=sub or "Cancel", exact=True).click()


def sign_in_again_as(page: Page, sub: str) -> None:
    """Prove who one is in another tab, and come back to `page`."""
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in again with Acme ID").click()
    opened.value.get_by_role("button", name=sub, exact=True).click()
    opened.value.get_by_role("heading", name="You are signed in again").wait_for()
    opened.value.close()


def test_a_deep_link_survives_the_way_to_the_provider_and_back_and_the_role_is_that_of_the_group(
    acme: Desk, newcomer: Callable[[], Page]
) -> None:
    acme.provider.knows("dana", groups=["desk-editors"], name="Dana Weiss")
    page, link = newcomer(), f"{acme.url}/coverage?by=team&platform=zoom"
    page.goto(link)
    expect(page.get_by_role("button", name="Sign in with Acme ID")).to_be_visible()
    expect(page.get_by_label("Password")).to_have_count(0)
    sign_in_as(page, "dana")
    wait_until_signed_in(page)
    expect(page.get_by_role("button", name="Dana Weiss · Editor")).to_be_visible()
    assert page.url == link
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies(acme.url)}
    assert cookies[SESSION_COOKIE]["httpOnly"]
    assert cookies[SESSION_COOKIE]["sameSite"] == "Strict"
    assert cookies[SESSION_COOKIE]["expires"] == -1
    assert not [name for name in cookies if name.startswith("_streamlit_user")]


def test_who_was_in_for_long_goes_on_by_the_provider_in_another_tab_until_they_sign_out(
    acme: Desk, newcomer: Callable[[], Page]
) -> None:
    acme.provider.knows("otto", groups=["staff"], name="Otto Kern")
    page = newcomer()
    page.goto(f"{acme.url}/users")
    sign_in_as(page, "otto")
    wait_until_signed_in(page)
    acme.let_sessions_be_from(utc_now() - timedelta(hours=7, minutes=58))
    page.reload()
    page.get_by_text("your session reaches its maximum length").wait_for()
    sign_in_again_as(page, "otto")
    acme.let_sessions_be_from(utc_now() - timedelta(hours=9))
    page.get_by_role("button", name="Refresh from Recall").click()
    page.get_by_text("What you typed is still here").wait_for()
    sign_in_again_as(page, "otto")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Otto Kern · Viewer").click()
    page.get_by_role("button", name="Sign out").click()
    expect_signed_out(page)
    acme.provider.knows("otto", groups=["desk-admins"], name="Otto Kern")
    sign_in_as(page, "otto")
    expect(page.get_by_role("button", name="Otto Kern · Admin")).to_be_visible()
    expect(page.get_by_text("your session reaches its maximum length")).to_have_count(0)


def test_who_is_not_let_in_reads_why_and_whom_to_ask(acme: Desk, newcomer: Callable[[], Page]) -> None:
    acme.provider.knows("eve", groups=["gardeners"])
    acme.provider.knows("vic", email_verified=False)
    acme.provider.knows("ann")
    page = newcomer()
    page.goto(f"{acme.url}/bots?bot=7")
    sign_in_as(page, "eve")
    expect(page.get_by_text("Your account at Acme ID may not use Coverage Desk. Ask it@acme.example")).to_be_visible()
    expect_signed_out(page)
    sign_in_as(page, "vic")
    expect(page.get_by_text("Acme ID does not say that your e-mail address is yours.")).to_be_visible()
    sign_in_as(page, "")
    expect(page.get_by_text("The sign-in at Acme ID was cancelled.")).to_be_visible()
    sign_in_as(page, "ann")
    expect(page.get_by_role("button", name="Ann · Editor")).to_be_visible()
    assert page.url == f"{acme.url}/bots?bot=7"


def test_a_forged_answer_and_a_provider_that_is_down_are_told_and_who_is_in_goes_on(
    acme: Desk, newcomer: Callable[[], Page]
) -> None:
    acme.provider.knows("rita", groups=["desk-admins"], name="Rita Rau")
    inside, page = newcomer(), newcomer()
    inside.goto(f"{acme.url}/users")
    sign_in_as(inside, "rita")
    wait_until_signed_in(inside)
    page.goto(f"{acme.url}/users")
    acme.provider.fault = "another key"
    sign_in_as(page, "rita")
    expect(page.get_by_text("The answer of Acme ID could not be trusted, so nobody was signed in.")).to_be_visible()
    expect_signed_out(page)
    acme.provider.fault = "down"
    page.get_by_role("button", name="Sign in with Acme ID").click()
    expect(page.get_by_text("Acme ID does not answer at the moment")).to_be_visible()
    inside.reload()
    wait_until_signed_in(inside)
    acme.provider.fault = None
    sign_in_as(page, "rita")
    wait_until_signed_in(page)


def expect_signed_out(page: Page) -> None:
    """The way in, and nothing of what is behind it."""
    expect(page.get_by_role("button", name="Sign in with Acme ID")).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)

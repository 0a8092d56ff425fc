"""Signing in and out, as a person does it."""

import re
from contextlib import suppress

from playwright.sync_api import Page, TimeoutError, expect

from lib.ui.sign_in.session_cookie import SESSION_COOKIE
from tests.browsing import fill_sign_in, wait_until_signed_in
from tests.e2e.conftest import OpenAs
from tests.e2e.looking import expect_sign_in_alone
from tests.e2e.serving import PASSWORD, Dashboard, Somebody, add_staff


def test_the_form_lets_in_and_the_cookie_is_out_of_reach_of_scripts(stranger: Page, desk: Dashboard) -> None:
    stranger.goto(desk.url)
    fill_sign_in(stranger, "viewer", PASSWORD)
    wait_until_signed_in(stranger)
    expect(stranger.get_by_role("button", name="Vera Lind · Viewer")).to_be_visible()
    [cookie] = [cookie for cookie in stranger.context.cookies() if cookie["name"] == SESSION_COOKIE]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    within_reach = stranger.evaluate("JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])")
    assert cookie["value"] not in within_reach
    assert set(re.findall(r"(\w+)=", within_reach)) <= {"_streamlit_xsrf"}


def test_a_wrong_password_is_told_and_the_form_stays_usable(stranger: Page, desk: Dashboard) -> None:
    stranger.goto(desk.url)
    fill_sign_in(stranger, "editor", "not the password")
    expect(stranger.get_by_text("This name and password do not match an account.")).to_be_visible()
    fill_sign_in(stranger, "nobody-of-this-name", PASSWORD)
    expect(stranger.get_by_text("This name and password do not match an account.")).to_be_visible()
    fill_sign_in(stranger, "editor", PASSWORD)
    wait_until_signed_in(stranger)


def test_a_deep_link_survives_the_sign_in(stranger: Page, desk: Dashboard, somebody: Somebody) -> None:
    link = f"{desk.url}/users?user={somebody.id}&section=preferences"
    stranger.goto(link)
    fill_sign_in(stranger, "editor", PASSWORD)
    expect(stranger.get_by_role("heading", name=somebody.email)).to_be_visible()
    expect(stranger.get_by_role("heading", name="What saving will change")).to_be_visible()
    assert stranger.url == link


def test_signing_out_ends_the_session_in_every_tab_and_for_every_copy_of_the_cookie(
    stranger: Page, open_as: OpenAs, desk: Dashboard
) -> None:
    stranger.goto(f"{desk.url}/users")
    fill_sign_in(stranger, "editor", PASSWORD)
    wait_until_signed_in(stranger)
    other_tab = stranger.context.new_page()
    other_tab.goto(f"{desk.url}/users")
    wait_until_signed_in(other_tab)
    [stolen] = [cookie["value"] for cookie in stranger.context.cookies() if cookie["name"] == SESSION_COOKIE]

    stranger.get_by_role("button", name="Dana Weiss · Editor").click()
    stranger.get_by_role("button", name="Sign out").click()
    expect_sign_in_alone(stranger)
    assert SESSION_COOKIE not in {cookie["name"] for cookie in stranger.context.cookies()}

    _click_something(other_tab)
    expect_sign_in_alone(other_tab)
    other_tab.close()
    thief = open_as("")
    thief.context.add_cookies([{"name": SESSION_COOKIE, "value": stolen, "url": desk.url}])
    thief.goto(f"{desk.url}/users")
    expect_sign_in_alone(thief)


def test_a_disabled_account_is_out_at_the_next_click(stranger: Page, desk: Dashboard) -> None:
    add_staff(desk.environment, "leaver", role="editor", display="Lea Vering")
    stranger.goto(f"{desk.url}/users")
    fill_sign_in(stranger, "leaver", PASSWORD)
    wait_until_signed_in(stranger)
    desk.staff("disable", "leaver")
    _click_something(stranger)
    expect_sign_in_alone(stranger)
    fill_sign_in(stranger, "leaver", PASSWORD)
    expect(stranger.get_by_text("do not match an account")).to_be_visible()


def _click_something(page: Page) -> None:
    """Unless the page has noticed by itself that its session is over: it looks every few seconds."""
    with suppress(TimeoutError):
        page.get_by_role("button", name="Refresh from Recall").click(timeout=2000)

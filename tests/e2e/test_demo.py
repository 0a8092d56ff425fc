"""What `make run` gives without any setting: a sandbox of its own and accounts to try it with."""

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.staff.demo import PASSWORD
from tests.browsing import fill_sign_in, person, wait_until_signed_in
from tests.e2e.serving import Dashboard
from tests.running import running_desk


def test_the_sandbox_says_how_to_sign_in(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_desk(tmp_path_factory.mktemp("demo")) as demo, person(browser) as context:
        page = context.new_page()
        page.goto(demo.url)
        expect(
            page.get_by_text(f"Sign in as viewer, editor, admin; the password is {PASSWORD} for each.")
        ).to_be_visible()
        fill_sign_in(page, "admin", PASSWORD)
        wait_until_signed_in(page)
        expect(page.get_by_role("button", name="Ada Okafor · Admin")).to_be_visible()
        expect(page.get_by_text("Sandbox: invented data")).to_be_visible()
        expect(page.get_by_text("Demo: watched since today").first).to_be_visible()
        assert f"Sign in as viewer, editor, admin; the password is {PASSWORD}" in demo.log.read_text()


def test_with_a_key_no_demo_account_is_shown_or_let_in(stranger: Page, desk: Dashboard) -> None:
    stranger.goto(desk.url)
    fill_sign_in(stranger, "admin", PASSWORD)
    expect(stranger.get_by_text("do not match an account")).to_be_visible()
    expect(stranger.get_by_text(PASSWORD)).to_have_count(0)
    assert PASSWORD not in desk.log.read_text()

"""The Coverage page shows, in the browser, the figures that `python -m lib.report` prints about the same days."""

import csv
import json
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from lib.recording.reasons import reason_of
from lib.report.__main__ import main
from tests.browsing import fill_sign_in, person, wait_until_signed_in
from tests.contract.report.hostile import make_hostile
from tests.contract.report.synced import Workspace, now, standing_still, sync_once
from tests.e2e.looking import figure, press, wait_until_drawn
from tests.e2e.serving import PASSWORD, add_staff
from tests.running import free_port, running

Json: TypeAlias = dict[str, Any]

ZONE = ZoneInfo("Europe/Berlin")
RATES = {"Coverage": ("recorded", "held"), "Reach": ("asked", "held"), "Delivery": ("recorded", "asked")}


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A world with every oddity, read once; nobody reads it again."""
    moment = now()
    with standing_still(tmp_path_factory.mktemp("equal"), moment, users=12, meetings=30) as workspace:
        make_hostile(workspace.sandbox, moment)
        workspace.zone = ZONE.key
        sync_once(workspace)
        add_staff(workspace.environment, "editor", role="editor", display="Dana Weiss")
        yield workspace


@pytest.fixture(scope="module")
def page(browser: Browser, synced: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The Coverage page of a server alone, without a sync beside it."""
    port, log = free_port(), tmp_path_factory.mktemp("server") / "server.log"
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with running(command, log, f"{url}/healthz", synced.environment | {"PORT": str(port)}):
        context = person(browser)
        page = context.new_page()
        page.goto(f"{url}/coverage")
        fill_sign_in(page, "editor", PASSWORD)
        wait_until_signed_in(page)
        yield page
        context.close()


def report(synced: Workspace, first: str, end: str, *words: str) -> Json:
    """What the command prints, without a process for each of its answers."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as printed:
        synced.settle(patch)
        assert main(["--from", first, "--to", end, "--format", "json", *words]) == 0
    said: Json = json.loads(printed.getvalue())
    return said


def last_30_days(synced: Workspace) -> tuple[str, str]:
    """The first of them and the day after the last, in the zone of the report."""
    as_of = datetime.fromisoformat(report(synced, "2026-01-01", "2026-01-01")["as_of"])
    today = as_of.astimezone(ZONE).date()
    return str(today - timedelta(days=29)), str(today + timedelta(days=1))


def numbers(text: str) -> list[int]:
    return [int(digits.replace(",", "")) for digits in re.findall(r"\d[\d,]*", text)]


def open_at(page: Page, query: str) -> None:
    page.goto(f"{page.url.partition('?')[0]}?{query}")
    expect(figure(page, "Coverage")).to_be_visible()
    wait_until_drawn(page)


def expect_figures(page: Page, said: Json) -> None:
    """The three figures on top, each with its fraction, and Coverage = Reach x Delivery among what is shown."""
    ended = said["ended"]
    shown: dict[str, float] = {}
    for name, (above, below) in RATES.items():
        told = figure(page, name).inner_text()
        fraction = re.search(r"([\d,]+) of ([\d,]+)", told)
        assert fraction, told
        assert [*numbers(fraction[1]), *numbers(fraction[2])] == [ended[above], ended[below]]
        percent = re.search(r"([\d.]+)%", told)
        assert percent, told
        shown[name] = float(percent[1]) / 100
        assert shown[name] == pytest.approx(ended[name.lower()], abs=0.0051)
    assert shown["Coverage"] == pytest.approx(shown["Reach"] * shown["Delivery"], abs=0.0151)
    expect(page.get_by_text(f"{said['users_connected']} of {said['users']} calendars")).not_to_have_count(0)


def within_and_around_3_days(synced: Workspace, *words: str) -> tuple[Json, Json]:
    """What is coming in the whole days inside the next 72 hours, and in all days that these hours touch."""
    today = datetime.now(ZONE).date()
    tomorrow, third, after = (str(today + timedelta(days=days)) for days in (1, 3, 4))
    inside, around = report(synced, tomorrow, third, *words), report(synced, str(today), after, *words)
    return inside["upcoming"], around["upcoming"]


def expect_definitions(page: Page, said: Json, ahead: tuple[Json, Json]) -> None:
    """What "How it is counted" puts into its formulas. What is ahead goes by hours, which the report's days bound."""
    ended, (inside, around) = said["ended"], ahead
    press(page, "How it is counted")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Without a start")).to_be_visible()
    told = {paragraph.partition(" = ")[0]: paragraph for paragraph in dialog.get_by_role("paragraph").all_inner_texts()}
    today = {name: numbers(text.splitlines()[-1]) for name, text in told.items()}
    assert today["Ended"] == [ended["meetings"], ended["entries"]]
    assert today["Recordable"] == [ended["recordable"], ended["meetings"]]
    assert today["Held"] == [ended["recordable"], ended["unsettled"], ended["did_not_happen"], ended["held"]]
    assert today["Asked for"] == [ended["asked"]]
    assert today["Recorded"][0] == ended["recorded"]
    assert today["Missed"] == [ended["held"], ended["recorded"], ended["held"] - ended["recorded"]]
    planned, recordable = today["Planned"][:2]
    assert inside["will_record"] <= planned <= around["will_record"]
    assert inside["recordable"] <= recordable <= around["recordable"]
    assert today["Booked"][1] == planned
    assert today["Without a start"] == [said["without_start"]]
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def expect_reasons(page: Page, said: Json) -> None:
    """The file that the page offers: its reasons are the report's, and add up to the misses."""
    page.get_by_role("button", name="Download", exact=True).first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    page.keyboard.press("Escape")
    missed = [row for row in rows if row["Part"] == "Missed for"]
    ended = [row for row in said["reasons"] if row["part"] == "ended"]
    shown = {(row["Name"], row["Basis"]): int(float(row["Meetings"])) for row in missed}
    counted = {(reason_of(row["reason"]).label, row["basis"]): row["meetings"] for row in ended}
    assert shown == counted
    assert sum(shown.values()) == said["ended"]["held"] - said["ended"]["recorded"]


def test_the_page_as_it_opens_shows_the_figures_of_the_report(page: Page, synced: Workspace) -> None:
    said = report(synced, *last_30_days(synced))
    assert said["ended"]["held"] > 20
    open_at(page, "")
    expect_figures(page, said)
    expect_definitions(page, said, within_and_around_3_days(synced))
    expect_reasons(page, said)


def test_a_customer_has_the_same_figures_on_the_page_and_in_the_report(page: Page, synced: Workspace) -> None:
    said = report(synced, *last_30_days(synced), "--customer", "acme.example")
    open_at(page, "customer=acme.example")
    expect_figures(page, said)
    expect_definitions(page, said, within_and_around_3_days(synced, "--customer", "acme.example"))
    expect_reasons(page, said)


def test_days_that_are_chosen_have_the_same_figures_on_the_page_and_in_the_report(
    page: Page, synced: Workspace
) -> None:
    first, end = (datetime.now(ZONE).date() + timedelta(days=days) for days in (-10, 6))
    said = report(synced, str(first), str(end))
    open_at(page, f"period=custom&from={first}&to={end - timedelta(days=1)}")
    expect_figures(page, said)
    expect_definitions(page, said, within_and_around_3_days(synced))
    expect_reasons(page, said)

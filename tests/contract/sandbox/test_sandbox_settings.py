"""What holds for the whole workspace, and can be set while it serves."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.sandbox.sandbox_process import CALENDAR, KEY, NOW, Sandbox, running


@pytest.fixture(scope="module")
def own() -> Iterator[Sandbox]:
    """A sandbox of this module, whose settings may be changed."""
    with running("--users", "3", "--meetings-per-user", "3", "--now", NOW) as sandbox:
        yield sandbox


def settle(sandbox: Sandbox, **settings: Any) -> Any:
    return sandbox.control("settings/", settings)


def test_limits_are_switched_off_and_on_again(own: Sandbox) -> None:
    settle(own, rate_limits=False)
    statuses = [own.get(f"{CALENDAR}/users/", headers=KEY).status_code for _ in range(62)]
    settle(own, rate_limits=True)
    statuses += [own.get(f"{CALENDAR}/users/", headers=KEY).status_code for _ in range(61)]
    assert statuses == [200] * 122 + [429]


def test_all_settings_are_told_with_what_the_sandbox_was_started_with(own: Sandbox) -> None:
    told = own.control("settings/", method="GET")
    assert (told["seed"], told["users"], told["meetings_per_user"]) == (1, 3, 3)
    assert set(told) == {
        "seed",
        "users",
        "meetings_per_user",
        "booking_lag_seconds",
        "rate_limits",
        "retention",
        "bot_shape",
        "next_host",
        "tenants_that_ask_admins",
        "lost_calendars_answer",
        "bots_without_bounds",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"booking_lag_seconds": -1},
        {"booking_lag_seconds": True},
        {"rate_limits": "no"},
        {"retention": "timed"},
        {"bot_shape": 1},
        {"next_host": "elsewhere.example"},
        {"tenants_that_ask_admins": "acme.example"},
        {"lost_calendars_answer": 500},
        {"bots_without_bounds": True},
        {"colour": "red"},
        {"rate_limits": False, "retention": "?"},
    ],
)
def test_what_no_setting_takes_is_refused_and_changes_nothing(own: Sandbox, wrong: dict[str, Any]) -> None:
    before = own.control("settings/", method="GET")
    answer = own.ask("POST", "/control/settings/", json=wrong)
    assert (answer.status_code, answer.json()["detail"][-1]) == (400, ".")
    assert own.control("settings/", method="GET") == before


def test_limits_of_the_command_line_are_off_until_they_are_switched_on(sandbox: Sandbox) -> None:
    assert sandbox.control("settings/", method="GET")["rate_limits"] is False

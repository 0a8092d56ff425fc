"""What is said of connect links, and sent with one."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from lib.store.links import LinkState
from lib.ui.user.connections import STATE_CHIPS, STATE_WORDS, text_to_send

URL = "https://accounts.google.com/o/oauth2/v2/auth?state=x"
EXPIRES = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["Google", "Microsoft"])
def test_the_text_holds_the_link_once_its_end_and_that_it_is_for_one_person(name: str) -> None:
    text = text_to_send(name, URL, EXPIRES, ZoneInfo("Europe/Berlin"))
    assert text.count(URL) == 1
    assert URL in text.splitlines()
    assert "It works until Mon 23 Nov, 16:30 (Berlin), 24 hours from when it was made." in text
    assert "Do not forward it." in text
    assert f"your {name} calendar" in text


def test_only_google_has_a_box_to_leave_ticked() -> None:
    texts = {name: text_to_send(name, URL, EXPIRES, ZoneInfo("UTC")) for name in ("Google", "Microsoft")}
    assert [name for name, text in texts.items() if "box ticked" in text] == ["Google"]


def test_every_state_has_its_words_and_its_chip() -> None:
    assert set(STATE_WORDS) == set(LinkState)
    assert set(STATE_WORDS.values()) == set(STATE_CHIPS)

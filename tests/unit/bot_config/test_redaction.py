"""Whoever may not hand a preset over sees nothing in it that may be a secret, and all of the rest."""

from typing import Any

import pytest
from hypothesis import given

from lib.bot_config import check, differences, parse
from lib.bot_config.examples import EXAMPLES
from lib.bot_config.listing import listing
from lib.bot_config.parser import as_json
from lib.bot_config.redaction import HIDDEN, redacted, redacted_address
from tests.unit.bot_config.planting import SECRET, SECRETIVE, presets


@given(presets())
def test_no_secret_is_in_what_is_shown_or_found(preset: dict[str, Any]) -> None:
    assert SECRET in as_json(preset)
    shown = as_json(redacted(preset))
    assert SECRET not in shown
    found = check(shown)
    assert SECRET not in listing(shown, found.findings)
    assert SECRET not in str(found)
    assert redacted(found.value) == found.value


@given(presets(), presets())
def test_no_secret_is_in_what_changed_and_each_place_is_told(before: dict[str, Any], after: dict[str, Any]) -> None:
    for change in differences(before, after):
        assert SECRET not in str(redacted(change.before, change.path))
        assert SECRET not in str(redacted(change.after, change.path))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_what_is_no_secret_stays(example: Any) -> None:
    preset = parse(example.text).value
    changed = differences(preset, redacted(preset))
    assert {change.after for change in changed} <= {f"https://hooks.acme.example/{HIDDEN}"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("https://a.com/x?token=s#top", f"https://a.com/{HIDDEN}"),
        ("https://a.com?s", f"https://a.com/{HIDDEN}"),
        ("https://a.com/s/", f"https://a.com/{HIDDEN}"),
        ("https://a.com/with blanks s", f"https://a.com/{HIDDEN}"),
        ("wss://me:s@A.com:9/x", f"wss://a.com:9/{HIDDEN}"),
        ("https://[2001:db8::1]/s", f"https://[2001:db8::1]/{HIDDEN}"),
        ("https://a.com", "https://a.com"),
        ("https://A.com/", "https://A.com/"),
        ("https://a.com:secret/", HIDDEN),
        ("https://a.com\\@s", HIDDEN),
        ("https:///s", HIDDEN),
        ("https://[::1/s", HIDDEN),
        ("s", HIDDEN),
    ],
)
def test_of_an_address_the_host_is_left(value: str, shown: str) -> None:
    assert redacted_address(value) == shown
    assert redacted({"url": [value]}) == {"url": [shown]}


def test_an_address_in_words_is_redacted_and_the_words_are_not() -> None:
    said = "This is recorded, see https://a.com/x?s, or https://b.com/y: 3/4 of it."
    shown = f"This is recorded, see https://a.com/{HIDDEN} or https://b.com/{HIDDEN} 3/4 of it."
    assert redacted({"chat": {"message": said}}) == {"chat": {"message": shown}}


@pytest.mark.parametrize("key", SECRETIVE)
@pytest.mark.parametrize("value", ["s", 7, 7.5, ["s"], {"in": {"it": "s"}}])
def test_what_is_called_like_a_secret_is_redacted_whole(key: str, value: Any) -> None:
    shown = redacted({"webex": {key: value}})["webex"][key]
    assert str(shown).count(HIDDEN) == 1
    assert "s" not in str(shown).replace("in", "")
    assert "7" not in str(shown)


def test_what_stands_there_by_name_and_what_can_be_no_secret_stays() -> None:
    preset = {
        "metadata": {"a": None, "b": True},
        "key_terms": ["Acme"],
        "keywords": ["Acme"],
        "hours": 168,
        "bot_name": "Desk",
    }
    assert redacted(preset) == preset


def test_a_picture_stays_a_picture() -> None:
    picture = {"in_call_recording": {"kind": "jpeg", "b64_data": "/9j/" + "Ab+9//x/" * 1000}}
    assert redacted(picture) == picture

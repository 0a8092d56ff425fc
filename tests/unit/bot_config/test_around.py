"""Around the check: differences, the text to hand over, examples, the listing, and secrets in addresses."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from lib.bot_config import Finding, Kind, Level, check, differences, read
from lib.bot_config.addresses import hidden
from lib.bot_config.examples import EXAMPLES, Example
from lib.bot_config.handing import MOST_CHANGES, change_words, text_to_hand_over
from lib.bot_config.listing import listing
from tests.unit.bot_config.test_reading import PRESETS


@settings(max_examples=40)
@given(PRESETS)
def test_a_preset_does_not_differ_from_itself_however_it_is_ordered(preset: dict[str, Any]) -> None:
    assert differences(preset, json.loads(json.dumps(preset, sort_keys=True))) == ()


@settings(max_examples=40)
@given(PRESETS, PRESETS)
def test_presets_differ_exactly_where_json_does_and_the_same_places_the_other_way(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    there, back = differences(one, other), differences(other, one)
    assert bool(there) == (json.dumps(one, sort_keys=True) != json.dumps(other, sort_keys=True))
    assert {change.path for change in there} == {change.path for change in back}


def test_each_place_that_is_different_is_named_once() -> None:
    before = {"a": {"b": 1, "gone": [1]}, "list": [{"url": "x"}, {"url": "y"}], "events": ["p", "q"], "flag": 1}
    after = {"flag": True, "events": ["p"], "list": [{"url": "z"}], "a": {"b": 1, "new": None}}
    found = [(change.kind, change.where, change.before, change.after) for change in differences(before, after)]
    assert found == [
        (Kind.REMOVED, "a.gone", [1], None),
        (Kind.ADDED, "a.new", None, None),
        (Kind.CHANGED, "list[0].url", "x", "z"),
        (Kind.REMOVED, "list[1]", {"url": "y"}, None),
        (Kind.CHANGED, "events", ["p", "q"], ["p"]),
        (Kind.CHANGED, "flag", 1, True),
    ]
    assert [change_words(change) for change in differences(before, after)][:3] == [
        "a.gone: removed, was [1]",
        "a.new: added, null",
        'list[0].url: "x" -> "z"',
    ]


def test_the_text_to_hand_over_holds_the_preset_as_plain_json_and_what_it_changes() -> None:
    before, after = read("{a: 1}").value, read("{ // why\n a: 2, b: 'ż' }").value
    text = text_to_hand_over(after, "our workspace in eu-central-1", differences(before, after))
    assert "preset of our workspace in eu-central-1" in text
    assert json.loads(text[text.index("{") : text.rindex("}") + 1]) == {"a": 2, "b": "ż"}
    assert text.endswith('What it changes since the last one we sent you:\n- a: 1 -> 2\n- b: added, "ż"')


def test_the_first_preset_is_handed_over_without_a_word_of_changes_and_long_lists_are_cut() -> None:
    assert text_to_hand_over({}, "ours", None).endswith("\n{}")
    many = differences({}, {f"k{number}": 1 for number in range(MOST_CHANGES + 5)})
    assert text_to_hand_over({}, "ours", many).endswith("- and 5 more")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_passes_the_check_but_for_its_address(example: Example) -> None:
    checked = check(example.text)
    assert checked.value is not None
    graver = [each for each in checked.findings if each.level is not Level.NOTE]
    assert all("example's" in each.sentence for each in graver), graver


def test_examples_have_names_of_their_own() -> None:
    assert len({example.name for example in EXAMPLES}) == len(EXAMPLES) >= 4


def test_the_listing_shows_each_finding_under_its_line_with_lines_around_it() -> None:
    text = "\n".join(f"{{line {number}" for number in range(1, 21))
    findings = [Finding(Level.ERROR, (), "word " * 40, 10), Finding(Level.NOTE, (), "First.", 1)]
    rows = listing(text, findings).split("\n")
    assert rows[:5] == [" 1 │ {line 1", "   │ i First.", " 2 │ {line 2", " 3 │ {line 3", " ⋯"]
    assert rows[5:8] == [" 8 │ {line 8", " 9 │ {line 9", "10 │ {line 10"]
    assert rows[8].startswith("   │ ✗ word word")
    assert rows[9].startswith("   │   word word")
    assert rows[-1] == " ⋯"


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = '{"a":"\u2028\x85",\r\n"odd": 1}'
    [row] = [row for row in listing(text, check(text).findings).split("\n") if row.startswith("2")]
    assert row == '2 │ "odd": 1}'


def test_the_listing_of_one_endless_line_is_short() -> None:
    text = '{"a": "' + "x" * 500_000 + '"}'
    assert len(listing(text, check(text).findings)) < 2000


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://a.com/x?token=s3cret&b=c#top", "https://a.com/x?token=•••&b=•••#top"),
        ("wss://me:s3cret@a.com/x", "wss://•••@a.com/x"),
        ("rtmps://live.a.com/app/s3cret", "rtmps://live.a.com/•••"),
        ("https://a.com/x", "https://a.com/x"),
        (
            "see https://a.com/?k=s3cret, and https://b.com/?k=s3cret",
            "see https://a.com/?k=••• and https://b.com/?k=•••",
        ),
    ],
)
def test_secrets_in_addresses_are_hidden_wherever_they_stand(address: str, shown: str) -> None:
    preset = {"a": [{"url": address}], "b": 1}
    assert hidden(preset) == {"a": [{"url": shown}], "b": 1}
    assert "s3cret" not in str(hidden(preset))

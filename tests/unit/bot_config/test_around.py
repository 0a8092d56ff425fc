"""Around the check: differences, the text to hand over, examples, and the listing."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from lib.bot_config import Difference, DifferenceKind, Finding, Level, check, differences, parse
from lib.bot_config.examples import EXAMPLES, Example
from lib.bot_config.handover import MOST_CHANGES, change_words, text_to_hand_over
from lib.bot_config.listing import listing
from lib.bot_config.retention import retention_change, stores_nothing
from tests.unit.bot_config.test_parser import PRESETS


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
    before["mixed"] = [{"url": "x"}, "y"]
    after = {"flag": True, "events": ["p"], "list": [{"url": "z"}], "a": {"b": 1, "new": None}, "mixed": [{"url": "x"}]}
    found = [(change.kind, change.where, change.before, change.after) for change in differences(before, after)]
    assert found == [
        (DifferenceKind.REMOVED, "a.gone", [1], None),
        (DifferenceKind.ADDED, "a.new", None, None),
        (DifferenceKind.CHANGED, "list[0].url", "x", "z"),
        (DifferenceKind.REMOVED, "list[1].url", "y", None),
        (DifferenceKind.CHANGED, "events", ["p", "q"], ["p"]),
        (DifferenceKind.CHANGED, "flag", 1, True),
        (DifferenceKind.CHANGED, "mixed", [{"url": "x"}, "y"], [{"url": "x"}]),
    ]
    assert [change_words(change) for change in differences(before, after)][:3] == [
        "a.gone: removed, was [1]",
        "a.new: added, null",
        'list[0].url: "x" -> "z"',
    ]


def test_the_text_to_hand_over_holds_the_preset_as_plain_json_and_what_it_changes() -> None:
    before, after = parse("{a: 1}").value, parse("{ // why\n a: 2, b: 'ż' }").value
    text = text_to_hand_over(after, "our workspace in eu-central-1", before)
    assert "preset of our workspace in eu-central-1" in text
    assert json.loads(text[text.index("{") : text.rindex("}") + 1]) == {"a": 2, "b": "ż"}
    assert text.endswith('What it changes since the last one we sent you:\n- a: 1 -> 2\n- b: added, "ż"')


def test_the_first_preset_is_handed_over_without_a_word_of_changes_and_long_lists_are_cut() -> None:
    assert text_to_hand_over({}, "ours", None).endswith("\n{}")
    many = {f"k{number}": 1 for number in range(MOST_CHANGES + 5)}
    assert text_to_hand_over(many, "ours", {}).endswith("- and 5 more")


def test_a_preset_that_was_sent_already_is_handed_over_without_a_word_of_changes() -> None:
    preset = {"metadata": {"environment": "live"}}
    assert text_to_hand_over(preset, "ours", preset) == text_to_hand_over(preset, "ours", None)


WITH_TRANSCRIPT = {"transcript": {"provider": {"recallai_streaming": {"language_code": "auto"}}}}


@pytest.mark.parametrize(
    "before", [{}, {"recording_config": {}}, {"recording_config": WITH_TRANSCRIPT}], ids=["no config", "empty", "full"]
)
def test_from_absent_to_null_is_a_change_of_its_own_however_much_comes_with_it(before: dict[str, Any]) -> None:
    after = {"recording_config": {**WITH_TRANSCRIPT, "retention": None}}
    [change] = [each for each in differences(before, after) if each.path[-1] == "retention"]
    assert change == Difference(DifferenceKind.ADDED, ("recording_config", "retention"), None, None)
    [back] = [each for each in differences(after, before) if each.path[-1] == "retention"]
    assert back == Difference(DifferenceKind.REMOVED, ("recording_config", "retention"), None, None)


def config_of(retention: Any) -> dict[str, Any]:
    """A preset with that retention; `...`: with none."""
    return {"recording_config": {} if retention is ... else {"retention": retention}}


UNCLEAR = "unclear (retention cannot be understood)"


@pytest.mark.parametrize(
    ("retention", "words"),
    [
        (..., "kept for ever (retention not set)"),
        (None, "never stored (retention is null)"),
        ({"type": "forever"}, "kept for ever"),
        ({"type": "timed", "hours": 1}, "deleted after 1 hour"),
        ({"type": "timed", "hours": 24}, "deleted after 1 day (24 hours)"),
        ({"type": "timed", "hours": 30}, "deleted after 30 hours"),
        ({"type": "timed", "hours": 1680}, "deleted after 70 days (1,680 hours)"),
        ({"type": "timed", "hours": 0}, UNCLEAR),
        ({"type": "timed", "hours": -24}, UNCLEAR),
        ({"type": "timed", "hours": True}, UNCLEAR),
        ({"type": "timed", "hours": None}, UNCLEAR),
        ({"hours": 24}, UNCLEAR),
        ({}, UNCLEAR),
        ("forever", UNCLEAR),
    ],
)
def test_what_becomes_of_recordings_is_told_in_words_where_it_changes(retention: Any, words: str) -> None:
    other = config_of({"type": "timed", "hours": 72})
    assert retention_change(config_of(retention), other) == f"Recordings: {words} → deleted after 3 days (72 hours)."
    assert retention_change(config_of(retention), config_of(retention)) == ""
    assert stores_nothing(config_of(retention)) is (retention is None)


@pytest.mark.parametrize("preset", [{}, {"recording_config": None}, {"recording_config": []}, {"retention": None}])
def test_no_retention_in_its_place_is_not_null(preset: dict[str, Any]) -> None:
    assert not stores_nothing(preset)
    assert retention_change(preset, config_of(...)) == ""


def test_who_gets_the_preset_reads_first_that_nothing_would_be_stored_any_more() -> None:
    after = config_of(None) | {f"k{number}": 1 for number in range(MOST_CHANGES + 5)}
    text = text_to_hand_over(after, "ours", {})
    assert (
        "we sent you:\n- Recordings: kept for ever (retention not set) → never stored (retention is null).\n"
        "- recording_config.retention: added, null\n"
    ) in text
    assert "Recordings:" not in text_to_hand_over(after, "ours", after | {"k1": 2})


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

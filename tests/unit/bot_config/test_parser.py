"""A preset is read as people write it, and where it cannot be read the line, the column and the remedy are told."""

import json
import re
from collections.abc import Callable
from random import Random
from string import punctuation
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.bot_config import Level, as_json, parse
from lib.bot_config.parser import MOST_LETTERS, MOST_LEVELS, MOST_VALUES, ParsedPreset
from lib.errors import BotConfigUnreadable

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SMALL = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | FINITE | st.text(max_size=20)
VALUES = st.recursive(
    SMALL, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
PRESETS = st.dictionaries(st.text(max_size=8), VALUES, max_size=5)
PIECES = st.lists(
    st.sampled_from([*"{}[]:,\"'/\\*.-+#<“…\n\r\t ", "//", "/*", "*/", "\\u12", "\\ud800", "true", "1e9", "a", "\0"])
    | st.text(max_size=3),
    max_size=30,
).map("".join)


def attempted(text: str) -> ParsedPreset | BotConfigUnreadable:
    try:
        return parse(text)
    except BotConfigUnreadable as problem:
        return problem


def refusal(text: str) -> BotConfigUnreadable:
    with pytest.raises(BotConfigUnreadable) as problem:
        parse(text)
    return problem.value


@given(PRESETS)
def test_what_is_written_as_json_reads_back_to_the_same(preset: dict[str, Any]) -> None:
    assert as_json(parse(as_json(preset)).value) == as_json(preset)


@given(PRESETS)
def test_whatever_json_writes_is_read_as_json_reads_it(preset: dict[str, Any]) -> None:
    for text in (json.dumps(preset), json.dumps(preset, ensure_ascii=False, separators=(",", ":"))):
        assert repr(parse(text).value) == repr(json.loads(text))


@given(PIECES)
def test_any_text_is_read_or_refused_in_a_sentence_that_names_a_place_in_it(text: str) -> None:
    answer = attempted(text)
    if isinstance(answer, ParsedPreset):
        assert as_json(parse(as_json(answer.value)).value) == as_json(answer.value)
    else:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert str(answer).endswith(".")
        assert 1 <= answer.line <= len(lines)
        assert answer.column >= 1


@given(PIECES)
def test_what_json_itself_takes_is_never_refused(inner: str) -> None:
    text = '{"a": ' + inner + "}"
    try:
        expected = json.loads(text, parse_constant=float)
    except ValueError:
        return
    said = json.dumps(expected, ensure_ascii=False)
    if not re.search("NaN|Infinity|[\ud800-\udfff]", said):
        answer = attempted(text)
        assert isinstance(answer, ParsedPreset), answer
        assert answer.value == expected


def test_what_recalls_own_examples_hold_is_accepted() -> None:
    text = """\ufeff
    { // a comment
      recording_config: {            /* over
                                        two lines */
        'video_mixed_layout': 'gallery_view',
        $odd_: ["it's", 'a "quote"', -1.5e2,],
      },
    }
    """
    assert parse(text).value == {
        "recording_config": {"video_mixed_layout": "gallery_view", "$odd_": ["it's", 'a "quote"', -150.0]}
    }


GUIDE = r"""
{
  "recording\_config": {
    "transcript": { "provider": { "meeting_captions": {} } },
    realtime\_endpoints: \[\
      {\
        "type": "webhook",\
        "events": ["transcript.data", "transcript.partial\_data"\],\
        "url": "https://hooks.acme.com/a-b\-c"\
      }\
    \]
  },
  /\* once \*/ "metadata": {\"a": null\},
}\
"""


def test_backslashes_that_a_copy_keeps_of_markdown_are_ignored_with_one_quiet_note() -> None:
    parsed = parse(GUIDE)
    endpoint = {
        "type": "webhook",
        "events": ["transcript.data", "transcript.partial_data"],
        "url": "https://hooks.acme.com/a-b-c",
    }
    assert parsed.value == {
        "recording_config": {
            "transcript": {"provider": {"meeting_captions": {}}},
            "realtime_endpoints": [endpoint],
        },
        "metadata": {"a": None},
    }
    assert parse(GUIDE.replace("\\\n", "\\ \t\r\n")).value == parsed.value
    [note] = parsed.findings
    assert (note.level, note.line, note.column) == (Level.NOTE, 3, 13)
    assert "Backslashes left over from Markdown are ignored" in note.sentence


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("{\\\n\\\n}\\", 1, 2),
        ('{\n"a\\_b\\_c": "\\["}', 2, 3),
        ('{"a":\n1\\.5, b: [\\]}', 2, 2),
        ('{"a": 1}\n\\', 2, 1),
    ],
)
def test_the_note_stands_at_the_first_backslash_that_was_ignored(text: str, line: int, column: int) -> None:
    [note] = parse(text).findings
    assert (note.line, note.column) == (line, column)


def test_backslashes_of_json_itself_get_no_note() -> None:
    parsed = parse(r'{"a": "\"\\ \/ \n \u0041 \\_ it\'s"}')
    assert parsed.value == {"a": "\"\\ / \n A \\_ it's"}
    assert parsed.findings == ()


PUNCTUATED = re.compile(r'("(?:[^"\\]|\\.)*")')
IN_TEXTS = frozenset(punctuation) - frozenset("\"\\/'")


def sprinkled(text: str, may: Callable[[], bool]) -> str:
    """JSON with backslashes at ends of lines and before punctuation, as a copy of Markdown has them."""
    parts = PUNCTUATED.split(text)
    return "".join(_in_text(part, may) if part.startswith('"') else _outside(part, may) for part in parts)


def _in_text(part: str, may: Callable[[], bool]) -> str:
    signs = re.findall(r"\\.|[^\\]", part, re.DOTALL)
    written = "".join(rf"\{sign}" if sign in IN_TEXTS and may() else sign for sign in signs)
    return f"\\{written}" if may() else written


def _outside(part: str, may: Callable[[], bool]) -> str:
    dotted = re.sub(r"[\[\]{}:,.-]", lambda sign: rf"\{sign[0]}" if may() else sign[0], part)
    return re.sub(r"\n|\Z", lambda end: f"\\{end[0]}" if may() and dotted else end[0], dotted)


@given(PRESETS, st.randoms(use_true_random=False))
def test_backslashes_at_ends_of_lines_and_before_punctuation_change_nothing(
    preset: dict[str, Any], chance: Random
) -> None:
    parsed = parse(sprinkled(as_json(preset), lambda: chance.random() < 0.3))
    assert as_json(parsed.value) == as_json(preset)
    assert all(finding.level is Level.NOTE for finding in parsed.findings)


def test_every_value_has_its_line_and_column() -> None:
    parsed = parse('{\n  "a": {"b": [1,\n    {"c": 2}]},\r\n  d: null}')
    assert parsed.places == {
        (): (1, 1),
        ("a",): (2, 3),
        ("a", "b"): (2, 9),
        ("a", "b", 0): (2, 15),
        ("a", "b", 1): (3, 5),
        ("a", "b", 1, "c"): (3, 6),
        ("d",): (4, 3),
    }


def test_a_key_that_is_written_twice_is_told_with_both_lines_and_the_last_counts() -> None:
    parsed = parse('{\n"a": 1,\n"b": 2,\n"a": 3}')
    assert parsed.value == {"a": 3, "b": 2}
    assert [(finding.line, finding.path) for finding in parsed.findings] == [(4, ("a",))]
    assert "line 2" in parsed.findings[0].sentence


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 1, "no preset here yet"),
        ("\n// nothing\n", 3, 1, "no preset here yet"),
        ("[1]", 1, 1, "one JSON object"),
        ('"a"', 1, 1, "one JSON object"),
        ("{\n  a: 1\n  b: 2\n}", 3, 3, "comma is missing"),
        ('{\n  "a" 1}', 2, 7, "colon is missing"),
        ('{"a": }', 1, 7, "a value must stand"),
        ('{"a": 1,, "b": 2}', 1, 9, "a key must stand"),
        ('{"a":', 1, 6, "ends where a value must stand"),
        ('{\n  "a": [1, 2\n', 2, 8, "never closed: a ]"),
        ("{\n  a: {\n    b: 1\n}", 1, 1, "never closed: a }"),
        ('{"a": 1}\n}', 2, 1, "ends before this"),
        ('{"a": "no end\n}', 1, 7, "closing quotation mark"),
        ("{ /* no end", 1, 3, "*/ is missing"),
        ('{"a": “curly”}', 1, 7, "typographic"),
        ('{"a": ...}', 1, 7, "leaves something out"),
        ('{"a": <YOUR_URL>}', 1, 7, "a value of yours"),
        ('{"a": True}', 1, 7, "write true"),
        ('{"a": None}', 1, 7, "write null"),
        ('{"a": webhook}', 1, 7, "needs quotation marks"),
        ('{"a": 010}', 1, 7, "not a number"),
        ('{"a": .5}', 1, 7, "not a number"),
        ('{"a": 0x1F}', 1, 7, "not a number"),
        ('{"a": 1e999}', 1, 7, "too large"),
        ('{"a": ' + "9" * 5000 + "}", 1, 7, "not a number"),
        ('{"a": "\\q"}', 1, 7, "means nothing in JSON"),
        ('{"a": "\\ud800"}', 1, 7, "by half"),
        ('{"a": "\x07"}', 1, 7, "nobody can see"),
        ("{\x07}", 1, 2, "The sign U+0007 cannot stand here."),
        ("{\\a: 1}", 1, 2, "The sign \\ cannot stand here."),
        ("{`a`: 1}", 1, 2, "The sign ` cannot stand here."),
        ("{\u202ea: 1}", 1, 2, "The sign U+202E cannot stand here."),
        ('{"a" "b"}', 1, 6, "a colon is missing"),
        ("{[x](y)}", 1, 2, "Here a key must stand, not [."),
        ("curl -X PATCH https://us-west-2.recall.ai/api/v1/bot/1/ -d '{}'", 1, 1, "PATCH changes nothing"),
        ("PATCH /api/v1/bot/1/ HTTP/1.1", 1, 1, "PATCH changes nothing"),
    ],
)
def test_what_cannot_be_read_is_told_where_and_what_to_do(text: str, line: int, column: int, words: str) -> None:
    problem = refusal(text)
    assert (problem.line, problem.column) == (line, column), str(problem)
    assert words in str(problem)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x" * MOST_LETTERS, "1.0 MB"),
        ("x" * 1_049_999, "1.0 MB"),
        ("x" * 1_050_001, "1.1 MB"),
        ('{"a":"' + "x" * 3_000_000 + '"}', "3.0 MB"),
        ('{"a":' * 1000 + "1" + "}" * 1000, "deeper than 50 levels"),
        ('{"a":' + "[" * 400_000, "deeper than 50 levels"),
        ('{"a":[' + "1," * 490_000 + "]}", "more than 20,000 values"),
        ('{"a":"' + "\\n" * 490_000, "closing quotation mark"),
        ('{"a":"' + "\\u00e9" * 150_000 + '"', "never closed"),
        ("{" + "/* " * 330_000, "*/ is missing"),
        ("{" + "\n" * 990_000, "never closed"),
    ],
    ids=range(11),
)
@pytest.mark.timeout(5)
def test_what_is_far_too_much_is_told_in_a_moment(text: str, words: str) -> None:
    assert words in str(refusal(text))


def test_a_number_of_as_many_digits_as_anybody_needs_is_read_and_a_longer_one_is_quoted_in_part() -> None:
    assert parse('{"a": ' + "9" * 30 + "}").value == {"a": int("9" * 30)}
    assert f"{'9' * 30}… is not a number" in str(refusal('{"a": ' + "9" * 31 + "}"))


def test_as_deep_and_as_many_as_is_allowed_is_read() -> None:
    deep = '{"a":' * MOST_LEVELS + "1" + "}" * MOST_LEVELS
    assert json.dumps(parse(deep).value) == json.dumps(json.loads(deep))
    many = as_json({"a": list(range(MOST_VALUES - 2))})
    assert len(parse(many).value["a"]) == MOST_VALUES - 2

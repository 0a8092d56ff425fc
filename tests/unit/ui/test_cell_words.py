"""What cells, badges and toggles say of calendars, presets and rules."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.domain import PREFERENCE_FLAGS, CalendarUser, Connection, Entry, Preferences
from lib.queries.search import CalendarHealth
from lib.recording.decision import Rule, trace
from lib.recording.presets import FLAG_LABELS, FLAG_MEANINGS, Preset, preset_of, preset_words
from lib.ui.user.meeting import step_words
from lib.ui.user.user_page import connection_badges
from lib.ui.widgets.status_strip import Color
from lib.ui.words.calendar_health import (
    DISCONNECTED_HERE,
    HEALTH_CHIPS,
    HEALTH_WORDS,
    connection_words,
    health_words,
    platform_name,
    platforms_words,
)
from lib.ui.words.outcomes import COLOURS, badge_colour
from tests.unit.recording.making import NOW, all_preferences, entries, entry, users

MARKUP = set("*_`[]()<>#!|\\~:$&@/.{}\n\t")
HOSTILE = [
    "**bold**",
    ":red[x]",
    "[x](https://evil.example)",
    "<img src=x>",
    "![](x)",
    "a\nb",
    "\u202egnp",
    "`x`",
    "$x$",
]
STRANGE = ["", " ", "___", "---", "\x00", "<>", *HOSTILE]

GOOGLE, MICROSOFT = Connection("google", True, "a@acme.example"), Connection("microsoft", True, "b@acme.example")
LOST = Connection("microsoft", False, "b@acme.example")
LET_GO = replace(LOST, let_go=True)
GOOGLE_LOST = Connection("google", False, "anna@acme.example")
NEVER = Connection("google", False)

connections = st.builds(
    Connection,
    st.sampled_from(["google", "microsoft", *STRANGE]) | st.text(max_size=40),
    st.booleans(),
    st.none() | st.just("a@acme.example"),
)


def user(*calendars: Connection) -> CalendarUser:
    return CalendarUser("uuid-1", None, calendars)


@given(st.text() | st.sampled_from(STRANGE))
def test_a_platform_not_known_yet_is_plain_letters_and_never_empty(platform: str) -> None:
    name = platform_name(platform)
    assert name == name.strip() != ""
    assert all(letter.isalnum() or letter == " " for letter in name)
    assert len(name) <= 30


@pytest.mark.parametrize(
    ("platform", "name"),
    [
        ("google", "Google"),
        ("microsoft", "Microsoft"),
        ("apple_icloud", "apple icloud"),
        ("***", "Other"),
        ("___", "Other"),
        ("", "Other"),
    ],
)
def test_platforms_are_called_by_their_names(platform: str, name: str) -> None:
    assert platform_name(platform) == name


@pytest.mark.parametrize(
    ("calendars", "health", "platforms"),
    [
        ((), "– None", ""),
        ((NEVER,), "– None", ""),
        ((GOOGLE,), "✓ Connected", "Google"),
        ((GOOGLE, MICROSOFT), "✓ Connected", "Google, Microsoft"),
        ((GOOGLE, LOST), "! Lost", "Google, Microsoft lost"),
        ((LOST, GOOGLE), "! Lost", "Google, Microsoft lost"),
        ((LOST,), "! Lost", "Microsoft lost"),
        ((LET_GO,), "– Disconnected", "Microsoft disconnected"),
        ((LET_GO, GOOGLE), "✓ Connected", "Google, Microsoft disconnected"),
        ((LET_GO, GOOGLE_LOST), "! Lost", "Google lost, Microsoft disconnected"),
        ((NEVER, MICROSOFT), "✓ Connected", "Microsoft"),
    ],
)
def test_the_state_of_calendars_in_words(calendars: tuple[Connection, ...], health: str, platforms: str) -> None:
    assert health_words(user(*calendars)) == health
    assert platforms_words(user(*calendars)) == platforms


def test_the_states_chips_have_the_colours_of_good_unknown_and_fixable() -> None:
    colours = {health: badge_colour(COLOURS[HEALTH_CHIPS.index(words)]) for health, words in HEALTH_WORDS.items()}
    assert colours == {CalendarHealth.CONNECTED: "green", CalendarHealth.NONE: "gray", CalendarHealth.LOST: "orange"}


@given(st.lists(connections, max_size=4))
def test_badges_are_ours_in_words_and_colour_whatever_recall_calls_a_platform(calendars: list[Connection]) -> None:
    badges = connection_badges(user(*calendars))
    known = [c for c in calendars if c.connected or c.email]
    assert len(badges) == max(1, len(known))
    for badge in badges:
        assert not set(badge.words) & MARKUP
        assert badge.color in get_args(Color)


def test_a_lost_calendar_says_who_must_act_and_a_connected_one_is_left_alone() -> None:
    connected, lost = connection_badges(user(LOST, GOOGLE))
    assert (connected.words, connected.help) == ("Google connected", None)
    assert lost.words == "Microsoft lost"
    assert "must connect it again" in (lost.help or "")


def test_a_calendar_that_was_disconnected_here_is_let_go_and_not_lost() -> None:
    (let_go,) = connection_badges(user(LET_GO))
    assert (let_go.words, let_go.color) == ("Microsoft disconnected", "gray")
    chips = [connection_words(each) for each in (LET_GO, LOST, GOOGLE)]
    assert chips == [DISCONNECTED_HERE, HEALTH_WORDS[CalendarHealth.LOST], HEALTH_WORDS[CalendarHealth.CONNECTED]]
    assert badge_colour(COLOURS[HEALTH_CHIPS.index(DISCONNECTED_HERE)]) == "gray"


def test_a_user_without_a_calendar_is_told_so() -> None:
    (badge,) = connection_badges(user(NEVER))
    assert badge.words == "No calendar connected"


@pytest.mark.parametrize("preset", Preset)
def test_a_preset_is_called_what_the_form_calls_it(preset: Preset) -> None:
    assert preset_words(Preferences(**preset.flags, bot_name="Any name")) == preset.label


@given(all_preferences)
def test_any_other_combination_is_custom(preferences: Preferences) -> None:
    assert (preset_words(preferences) == "Custom") == (preset_of(preferences) is None)


def test_preferences_that_recall_does_not_name_are_not_known() -> None:
    assert preset_words(None) == "Not known"


def test_each_flag_has_a_name_and_a_meaning_of_its_own() -> None:
    assert tuple(FLAG_LABELS) == tuple(FLAG_MEANINGS) == PREFERENCE_FLAGS
    assert len(set(FLAG_LABELS.values())) == len(PREFERENCE_FLAGS)
    assert all(meaning.endswith(".") for meaning in FLAG_MEANINGS.values())


def test_no_two_rules_have_the_same_words() -> None:
    assert len({rule.label for rule in Rule}) == len(Rule)


@pytest.mark.parametrize(("override", "words"), [(True, "Set by hand: record"), (False, "Set by hand: don't record")])
def test_what_somebody_set_by_hand_is_told_as_it_was_set(override: bool, words: str) -> None:
    steps = trace(entry(override_should_record=override), user(), NOW).steps
    assert words in [step_words(step) for step in steps]


@settings(max_examples=50)
@given(entries, users)
def test_every_step_of_a_trace_is_told_in_words(one: Entry, anybody: CalendarUser) -> None:
    for step in trace(one, anybody, NOW).steps:
        what, _, found = step_words(step).partition(": ")
        assert " " in what
        assert "_" not in what
        assert bool(found) == step.looked_at

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain import Preferences
from lib.recording.presets import Preset, contradictions, preset_of, problem_with_bot_name, with_preset
from tests.unit.recording.making import all_preferences, rules

DOCUMENTED = {
    "EX+IN": Preset.EVERYTHING,
    "EX": Preset.EXTERNAL,
    "IN": Preset.INTERNAL,
    "EX+IN+OH": Preset.HOSTED,
    "EX+IN+CF": Preset.ACCEPTED,
    "": Preset.NOTHING,
}


@pytest.mark.parametrize(("on", "preset"), DOCUMENTED.items())
def test_each_documented_combination_is_a_preset(on: str, preset: Preset) -> None:
    assert preset_of(rules(on)) is preset


@pytest.mark.parametrize("preset", Preset)
def test_a_preset_has_a_short_label_and_a_sentence_of_what_it_means(preset: Preset) -> None:
    assert len(preset.label) < 30
    assert not preset.label.endswith(".")
    assert preset.meaning.endswith(".")


@given(all_preferences)
def test_any_other_combination_is_custom(preferences: Preferences) -> None:
    documented = [rules(on).flags for on in DOCUMENTED]
    assert (preset_of(preferences) is None) == (preferences.flags not in documented)


@given(all_preferences, st.sampled_from(Preset), st.none() | st.text())
def test_choosing_a_preset_sets_all_six_flags_and_keeps_the_bots_name(
    before: Preferences, preset: Preset, name: str | None
) -> None:
    after = with_preset(Preferences(**before.flags, bot_name=name), preset)
    assert (preset_of(after), after.bot_name) == (preset, name)


def test_a_preset_can_be_chosen_where_nothing_is_stored_yet() -> None:
    assert with_preset(None, Preset.EXTERNAL) == Preferences(record_external=True)


@pytest.mark.parametrize("on", ["NH+OH", "EX+NH+OH", "CF", "OH", "CF+OH", ""])
def test_a_combination_that_can_record_nothing_is_pointed_out(on: str) -> None:
    assert contradictions(rules(on))


@pytest.mark.parametrize(
    ("on", "words"), [("CF", "Only filters are on"), ("OH", "Only filters are on"), ("", "Nothing is on")]
)
def test_filters_alone_are_told_from_nothing_at_all(on: str, words: str) -> None:
    [sentence] = contradictions(rules(on))
    assert sentence.startswith(words)


@pytest.mark.parametrize("on", ["EX", "EX+IN", "EX+IN+OH", "RC", "NH+EX", "EX+IN+CF"])
def test_a_combination_that_can_record_something_is_not(on: str) -> None:
    assert contradictions(rules(on)) == ()


@pytest.mark.parametrize(
    "name", ["Notetaker", "O'Brien's Notetaker", "Acme & Söhne – Notiz", "記録係", "Anna's 🤖 (notes)", "n" * 100]
)
def test_a_name_that_people_would_choose_is_accepted(name: str) -> None:
    assert problem_with_bot_name(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "n" * 101,
        "two\nlines",
        "bell\x07",
        "flipped\u202etxt",
        "\ud800",
        "<b>Bot</b>",
        "Bot <script>",
        "{{7*7}}",
        "'; DROP TABLE users; --",
        "' OR '1'='1",
        "javascript:alert(1)",
        "![x](http://127.0.0.1:9/b.png)",
        "=HYPERLINK(1)",
    ],
)
def test_a_name_that_recall_may_refuse_is_explained_in_a_sentence(name: str) -> None:
    problem = problem_with_bot_name(name)
    assert problem is not None
    assert problem.endswith(".")


@given(st.text(st.characters(), max_size=150))
def test_whatever_is_typed_is_either_usable_or_explained(name: str) -> None:
    problem = problem_with_bot_name(name)
    if problem is None:
        assert 0 < len(name.strip()) <= len(name.encode()) <= 400
        assert "\n" not in name
    else:
        assert problem.endswith(".")

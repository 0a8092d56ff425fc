"""Outcomes as people see them: the sign, the word and the colour belong together wherever they stand."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from lib.recording.outcome import Outcome
from lib.ui.words import outcomes

CONFIG = Path(__file__).parents[3] / ".streamlit" / "config.toml"
COLOURS_ROUND = 6
"""How many colours the palette has; the grid goes round and round them."""


@pytest.fixture(scope="module", params=["light", "dark"])
def palette(request: pytest.FixtureRequest) -> dict[str, Any]:
    theme: dict[str, Any] = tomllib.loads(CONFIG.read_text())["theme"][request.param]
    return theme


def test_the_palette_has_a_colour_for_each_of_the_six(palette: dict[str, Any]) -> None:
    assert len(palette["chartCategoricalColors"]) == len(outcomes.COLOURS) == COLOURS_ROUND


@pytest.mark.parametrize("outcome", Outcome)
def test_every_chip_stands_where_the_grid_gives_it_its_colour(outcome: Outcome) -> None:
    place = outcomes.chip_words().index(outcomes.chip(outcome))
    assert outcomes.COLOURS[place % COLOURS_ROUND] is outcome.colour


def test_chips_are_all_different_and_none_is_left_out() -> None:
    words = outcomes.chip_words()
    assert len(set(words)) == len(words)
    assert {outcomes.chip(outcome) for outcome in Outcome} <= set(words)


def test_a_place_that_no_outcome_takes_bears_no_outcomes_word() -> None:
    fillers = set(outcomes.chip_words()) - {outcomes.chip(outcome) for outcome in Outcome}
    assert not {word for word in fillers for outcome in Outcome if outcome.label in word or outcome.sign in word}


@pytest.mark.parametrize("outcome", Outcome)
def test_a_chip_is_one_sign_and_the_word(outcome: Outcome) -> None:
    sign, _, word = outcomes.chip(outcome).partition(" ")
    assert len(sign) == 1
    assert not sign.isalnum()
    assert word == outcome.label


def test_the_six_colours_have_six_signs_so_that_a_grey_print_still_reads() -> None:
    assert len({outcome.sign for outcome in outcomes.COLOURS}) == COLOURS_ROUND
    assert len({outcome.label for outcome in Outcome}) == len(Outcome)


@pytest.mark.parametrize("outcome", Outcome)
def test_a_badge_has_the_colour_that_its_bar_has(palette: dict[str, Any], outcome: Outcome) -> None:
    bar = palette["chartCategoricalColors"][outcomes.COLOURS.index(outcome.colour)]
    named = palette[f"{outcomes.badge_colour(outcome)}Color"]
    # There is no second grey among Streamlit's badge colours, so what is unknown borrows the first.
    assert named == (palette["grayColor"] if outcome.colour is Outcome.UNKNOWN else bar)


@pytest.mark.parametrize("outcome", Outcome)
def test_a_bar_is_filled_with_its_outcomes_colour(outcome: Outcome) -> None:
    light = tomllib.loads(CONFIG.read_text())["theme"]["light"]["chartCategoricalColors"]
    assert outcomes.fill(outcome) == light[outcomes.COLOURS.index(outcome.colour)]


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_an_icon(outcome: Outcome) -> None:
    assert re.fullmatch(r":material/[a-z_]+:", outcomes.icon(outcome))

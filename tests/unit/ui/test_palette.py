"""The colours in .streamlit/config.toml can be read by everybody: contrasts are computed from the file (WCAG 2.2)."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from lib.ui.widgets import theme

CONFIG = Path(__file__).parents[3] / ".streamlit" / "config.toml"
THEME: dict[str, Any] = tomllib.loads(CONFIG.read_text())["theme"]
MODES = ("light", "dark")
NAMES = ("green", "blue", "gray", "orange", "violet", "yellow", "red")
TEXT_NEEDS, FILL_NEEDS = 4.5, 3.0

TEXTS = [
    ("textColor", "backgroundColor"),
    ("textColor", "secondaryBackgroundColor"),
    ("linkColor", "backgroundColor"),
    ("primaryColor", "backgroundColor"),
    ("primaryColor", "secondaryBackgroundColor"),
    ("codeTextColor", "codeBackgroundColor"),
    ("dataframeHeaderTextColor", "dataframeHeaderBackgroundColor"),
    ("dataframeHeaderTextColor", "backgroundColor"),  # the axes of charts
    *((f"{name}TextColor", f"{name}BackgroundColor") for name in NAMES),
]


def colours(values: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    for value in values.values():
        if isinstance(value, dict):
            found |= colours(value)
        else:
            found |= {v for v in (value if isinstance(value, list) else [value]) if str(v).startswith("#")}
    return found


def keys(values: dict[str, Any]) -> set[str]:
    """All keys, those of inner tables too."""
    inner = {f"{key}.{name}" for key, value in values.items() if isinstance(value, dict) for name in keys(value)}
    return set(values) | inner


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#FFFFFF", 21.0),
        ("#777777", "#777777", 1.0),
        ("#767676", "#FFFFFF", 4.54),  # the lightest grey that is readable on white
        ("#0A5F66", "#FFFFFF", 7.4),
        ("#FF0000", "#FFFFFF", 4.0),
        ("#0000FF", "#FFFFFF", 8.6),
    ],
)
def test_contrast_is_that_of_the_standard_whichever_colour_is_named_first(one: str, other: str, ratio: float) -> None:
    assert theme.contrast(one, other) == theme.contrast(other, one) == pytest.approx(ratio, abs=0.05)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read_on_what_it_stands_on(mode: str, text: str, ground: str) -> None:
    assert theme.contrast(THEME[mode][text], THEME[mode][ground]) >= TEXT_NEEDS


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_can_be_read_in_the_side_bar(mode: str, ground: str) -> None:
    assert theme.contrast(THEME[mode]["textColor"], THEME[mode]["sidebar"][ground]) >= TEXT_NEEDS


@pytest.mark.parametrize("mode", MODES)
def test_every_fill_of_a_chart_stands_out_from_the_page(mode: str) -> None:
    fills = THEME[mode]["chartCategoricalColors"]
    assert len(set(fills)) == len(fills) == 6
    ground = THEME[mode]["backgroundColor"]
    assert {fill: theme.contrast(fill, ground) for fill in fills if theme.contrast(fill, ground) < FILL_NEEDS} == {}


@pytest.mark.parametrize("fill", THEME["light"]["chartCategoricalColors"])
def test_the_ink_chosen_for_a_bar_is_the_readable_one(fill: str) -> None:
    assert theme.contrast(theme.ink_on(fill), fill) >= TEXT_NEEDS


def test_both_palettes_name_the_same_keys() -> None:
    assert keys(THEME["light"]) == keys(THEME["dark"])


def test_every_colour_is_written_in_six_digits() -> None:
    assert all(re.fullmatch(r"#[0-9A-F]{6}", colour) for colour in colours(THEME))


def test_fonts_and_colours_are_asked_of_no_other_host() -> None:
    assert not re.search(r"https?://|//[a-z]", str(THEME))


def test_charts_are_drawn_in_the_palettes_own_colours() -> None:
    drawn, named = theme.palette(), THEME["light"]
    assert drawn.background == named["backgroundColor"]
    assert drawn.text == named["textColor"]
    assert drawn.primary == named["primaryColor"]
    assert drawn.outcomes == tuple(named["chartCategoricalColors"])

"""Outcomes as people see them: a sign, a word and a colour, the same on every page."""

from lib.recording.outcome import Outcome
from lib.ui.widgets.status_strip import Color
from lib.ui.widgets.theme import palette

COLOURS = tuple(Outcome)[:6]
"""The six outcomes that have a colour of their own, in the order of the palette."""
_BADGE_COLOURS: dict[Outcome, Color] = dict(
    zip(COLOURS, ("green", "blue", "gray", "orange", "violet", "gray"), strict=True)
)
_ICONS = {
    Outcome.RECORDED: ":material/check_circle:",
    Outcome.IN_PART: ":material/contrast:",
    Outcome.WILL_RECORD: ":material/event_available:",
    Outcome.OFF_BY_CHOICE: ":material/block:",
    Outcome.FIXABLE: ":material/build:",
    Outcome.TECHNICAL: ":material/cloud_off:",
    Outcome.UNKNOWN: ":material/help:",
}


def chip(outcome: Outcome) -> str:
    """ "✓ Recorded": sign and word, as chips, legends and axes bear them."""
    return f"{outcome.sign} {outcome.label}"


def fill(outcome: Outcome) -> str:
    """The colour of a bar, in the palette in use."""
    return palette().outcomes[COLOURS.index(outcome.colour)]


def badge_colour(outcome: Outcome) -> Color:
    """The colour of a badge."""
    return _BADGE_COLOURS[outcome.colour]


def icon(outcome: Outcome) -> str:
    """The icon of a badge."""
    return _ICONS.get(outcome) or _ICONS[outcome.colour]


def chip_words() -> list[str]:
    """All chips in an order in which each gets its colour.

    The grid colours a chip by the place of its word, round and round the six colours of the palette; a place that no
    outcome takes is filled with a word that never occurs.
    """
    words: list[str] = []
    waiting = list(Outcome)
    while waiting:
        colour = COLOURS[len(words) % len(COLOURS)]
        taken = next((outcome for outcome in waiting if outcome.colour is colour), None)
        words.append(chip(taken) if taken else f"({len(words)})")
        if taken:
            waiting.remove(taken)
    return words

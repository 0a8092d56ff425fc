"""How charts part the bots: recorded, and what failed by whose side it was on, in signs and colours of the outcomes."""

from lib.coverage.bot_outcomes import BotOutcomes
from lib.recording.outcome import Outcome
from lib.recording.reason import SIDES, Side
from lib.ui.widgets.filter_row import platform_words
from lib.ui.words import outcomes
from lib.ui.words.formats import one_line

_OUTCOMES = {
    Side.HOST: Outcome.FIXABLE,
    Side.PLATFORM: Outcome.TECHNICAL,
    Side.OURS: Outcome.TECHNICAL,
    Side.NOBODY: Outcome.UNKNOWN,
}
_WORDS = {
    Outcome.RECORDED: "Recorded",
    Outcome.FIXABLE: Side.HOST.label,
    Outcome.TECHNICAL: "Technical",
    Outcome.UNKNOWN: "Other",
}
"""At most four parts fit a chart, and few letters its legend: there both technical sides are one; tables part them."""
KINDS = tuple(_WORDS)


def kind_of(side: Side) -> Outcome:
    """The outcome whose sign and colour a side has."""
    return _OUTCOMES[side]


def words(kind: Outcome) -> str:
    """ "! Host's side": sign and words, as the legend has it."""
    return f"{kind.sign} {_WORDS[kind]}"


def plain_platform(platform: str | None) -> str:
    """What people call a meeting platform; one not known to us in plain letters, fit for captions and charts."""
    plain = "".join(c if c.isalnum() else " " for c in one_line(platform_words(platform or ""), 30))
    return " ".join(plain.split()) or "Not known"


def chip(side: Side) -> str:
    """ "▲ Recall or us": a side in a cell."""
    return f"{kind_of(side).sign} {side.label}"


CHIPS = tuple(
    {3: chip(Side.HOST), 4: chip(Side.PLATFORM), 5: chip(Side.NOBODY), 10: chip(Side.OURS)}.get(place, f"({place})")
    for place in range(11)
)
"""All of them in places that give each its colour: a grid goes round and round the six of the palette."""


def colours() -> tuple[str, ...]:
    """The fills, in the order of `KINDS`."""
    return tuple(outcomes.fill(kind) for kind in KINDS)


def parts_of(some: BotOutcomes) -> dict[str, int]:
    """What a bar is made of."""
    counts = dict.fromkeys(KINDS, 0) | {Outcome.RECORDED: some.recorded}
    for side in SIDES:
        counts[kind_of(side)] += some.failed_on[side]
    return {words(kind): n for kind, n in counts.items()}

"""The documented combinations of preferences (contract 6.2) in plain words, and what is wrong with any other."""

import re
import unicodedata
from enum import StrEnum

from lib.domain import PREFERENCE_FLAGS, Preferences

BOT_NAME_LIMIT = 100
"""Characters. Create Bot caps the name there; the calendar's own limit is not documented (contract 3.2)."""

FLAG_LABELS = {
    "record_external": "External meetings",
    "record_internal": "Internal meetings",
    "record_recurring": "Only recurring meetings",
    "record_non_host": "Only meetings somebody else hosts",
    "record_confirmed": "Only accepted meetings",
    "record_only_host": "Only meetings the user hosts",
}
"""What each of the six flags is called wherever it is shown."""
FLAG_MEANINGS = {
    "record_external": "At least one guest from outside the host's company.",
    "record_internal": "Nobody from outside the host's company.",
    "record_recurring": "Part of a series.",
    "record_non_host": "This user is a guest.",
    "record_confirmed": "This user answered yes. A filter on top of the others.",
    "record_only_host": "This user is the host. A filter on top of the others.",
}
"""One line of help for each flag."""

_ANY_AUDIENCE = ("record_external", "record_internal")


class Preset(StrEnum):
    """A combination that Recall documents. Anything else stored is "custom": shown, and editable behind a warning."""

    EVERYTHING = "everything"
    EXTERNAL = "external"
    INTERNAL = "internal"
    HOSTED = "hosted"
    ACCEPTED = "accepted"
    NOTHING = "nothing"

    @property
    def label(self) -> str:
        """What the choice is called in the form."""
        return _WORDS[self][0]

    @property
    def meaning(self) -> str:
        """One line under the label: which meetings are recorded."""
        return _WORDS[self][1]

    @property
    def flags(self) -> dict[str, bool]:
        """All six flags by name, as they are sent."""
        return {name: name in _ON[self] for name in PREFERENCE_FLAGS}


_WORDS = {
    Preset.EVERYTHING: ("Everything", "All meetings that have a link, with guests from outside or without."),
    Preset.EXTERNAL: ("External meetings", "Only meetings with somebody from outside the host's company."),
    Preset.INTERNAL: ("Internal meetings", "Only meetings with nobody from outside the host's company."),
    Preset.HOSTED: ("Meetings the user hosts", "All meetings that this user hosts."),
    Preset.ACCEPTED: ("Accepted meetings", "All meetings that this user has accepted."),
    Preset.NOTHING: ("Nothing", "No meeting, unless somebody sets it to be recorded."),
}

_ON: dict[Preset, tuple[str, ...]] = {
    Preset.EVERYTHING: _ANY_AUDIENCE,
    Preset.EXTERNAL: ("record_external",),
    Preset.INTERNAL: ("record_internal",),
    Preset.HOSTED: (*_ANY_AUDIENCE, "record_only_host"),
    Preset.ACCEPTED: (*_ANY_AUDIENCE, "record_confirmed"),
    Preset.NOTHING: (),
}


def preset_of(preferences: Preferences) -> Preset | None:
    """The preset whose six flags these are, or None: custom. The bot's name plays no part."""
    return next((preset for preset in Preset if preset.flags == preferences.flags), None)


def preset_words(preferences: Preferences | None) -> str:
    """The preset's label; "Custom" for any other combination, "Not known" where Recall sends no preferences."""
    if preferences is None:
        return "Not known"
    preset = preset_of(preferences)
    return preset.label if preset else "Custom"


def with_preset(preferences: Preferences | None, preset: Preset) -> Preferences:
    """The flags of `preset` with the bot name of `preferences`."""
    bot_name = preferences.bot_name if preferences else None
    return Preferences(**preset.flags, bot_name=bot_name)


def any_rule_on(preferences: Preferences) -> bool:
    """Whether one of the four rules is on. Without one nothing is recorded, whatever the two filters say."""
    p = preferences
    return p.record_external or p.record_internal or p.record_recurring or p.record_non_host


def contradictions(preferences: Preferences) -> tuple[str, ...]:
    """Sentences about a combination under which nothing, or never this user's meetings, can be recorded."""
    found = []
    if preferences.record_only_host and preferences.record_non_host:
        both = " and ".join(f'"{FLAG_LABELS[flag]}"' for flag in ("record_only_host", "record_non_host"))
        found.append(f"{both} exclude each other: nothing is recorded.")
    if not any_rule_on(preferences):
        filters = preferences.record_only_host or preferences.record_confirmed
        found.append(
            "Only filters are on. They narrow other rules and record nothing by themselves."
            if filters
            else "Nothing is on, so no meeting is recorded unless somebody sets it by hand."
        )
    return tuple(found)


_MARKUP = re.compile(
    r"[<>]|\{\{|\$\{|\]\(|^\s*=|"  # also what Markdown and spreadsheets would take for theirs
    r"javascript:|/\*|--|;\s*$|\bunion\s+select\b|\bdrop\s+table\b|\bselect\b.+\bfrom\b|'\s*or\b.*=",
    re.IGNORECASE,
)
_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONE_SURROGATE, _CONTROL = "Cs", "Cc"


def problem_with_bot_name(name: str) -> str | None:
    """What must be corrected before the name is sent, as a sentence, or None. Recall's firewall blocks text that looks
    like code (contract, part 12), and would refuse the whole change with it."""
    if not name.strip():
        return "Give the bot a name: people see it in the call."
    if len(name) > BOT_NAME_LIMIT:
        return f"The name has {len(name)} characters. Use at most {BOT_NAME_LIMIT}."
    if any(_unprintable(letter) for letter in name):
        return "The name holds a character that cannot be shown, such as a line break. Type it again in plain letters."
    if _MARKUP.search(name):
        return "The name looks like code, and Recall may refuse it. Use plain letters, without < > { } [ ] = or --."
    return None


def _unprintable(letter: str) -> bool:
    return unicodedata.category(letter) in (_LONE_SURROGATE, _CONTROL) or letter in _DIRECTION_MARKS

"""Presets as cells and badges say them."""

from lib.domain import Preferences
from lib.recording.presets import preset_of

FLAG_WORDS = {
    "record_external": ("External meetings", "At least one guest from outside the host's company."),
    "record_internal": ("Internal meetings", "Nobody from outside the host's company."),
    "record_recurring": ("Only recurring meetings", "Part of a series."),
    "record_non_host": ("Only meetings somebody else hosts", "This user is a guest."),
    "record_confirmed": ("Only accepted meetings", "This user answered yes. A filter on top of the others."),
    "record_only_host": ("Only meetings I host", "This user is the host. A filter on top of the others."),
}
"""What each of the six flags means, for a toggle and its help."""


def preset_words(preferences: Preferences | None) -> str:
    """The preset's name, "Custom" for any other combination, "Not known" where Recall names no preferences."""
    if preferences is None:
        return "Not known"
    preset = preset_of(preferences)
    return preset.label if preset else "Custom"

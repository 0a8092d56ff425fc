"""The text that goes to Recall: what is asked, the preset, and what it changes."""

from typing import Any

from lib.bot_config.diff import Difference, DifferenceKind, differences
from lib.bot_config.findings import shown
from lib.bot_config.parser import as_json
from lib.bot_config.retention import retention_change

MOST_CHANGES = 30


def text_to_hand_over(preset: dict[str, Any], workspace: str, before: dict[str, Any] | None) -> str:
    """Plain text for a person at Recall. `workspace` says where in our words: "our workspace in eu-central-1".

    `before` is the preset that was sent last; None: none was.
    """
    return "\n".join(
        [
            f"Please make the JSON below the bot config preset of {workspace}, for all bots that Calendar V1 books.",
            "It replaces the preset in force as a whole. Please tell us when it is active, and if you change anything.",
            "",
            as_json(preset),
            *(_since(before, preset) if before is not None else ()),
        ]
    )


def change_words(change: Difference) -> str:
    """ "recording_config.retention.hours: 72 -> 168"."""
    if change.kind is DifferenceKind.ADDED:
        return f"{change.where}: added, {shown(change.after)}"
    if change.kind is DifferenceKind.REMOVED:
        return f"{change.where}: removed, was {shown(change.before)}"
    return f"{change.where}: {shown(change.before)} -> {shown(change.after)}"


def _since(before: dict[str, Any], preset: dict[str, Any]) -> list[str]:
    changes = differences(before, preset)
    if not changes:
        return []
    meaning = [f"- {words}"] if (words := retention_change(before, preset)) else []
    lines = [f"- {change_words(change)}" for change in changes[:MOST_CHANGES]]
    more = [f"- and {len(changes) - MOST_CHANGES} more"] if len(changes) > MOST_CHANGES else []
    return ["", "What it changes since the last one we sent you:", *meaning, *lines, *more]

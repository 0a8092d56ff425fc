"""The sentences of the Bot config page, in our own words and numbers. Pure."""

from collections.abc import Sequence

from lib.bot_config import Checked, Difference, DifferenceKind, Level
from lib.bot_config.retention import stores_nothing
from lib.ui.words.formats import plural

NOTHING_STORED = "With this preset Recall stores no recording of any meeting (retention is null)."
KINDS = {DifferenceKind.ADDED: "+ Added", DifferenceKind.REMOVED: "− Removed", DifferenceKind.CHANGED: "· Changed"}


def key_sentence(checked: Checked) -> str:
    """ "**2 errors and 1 warning** stand against it. ..." """
    if checked.value is None:
        return "**This cannot be read yet.** What stands in the way is beside the text."
    told = counts(checked, Level.ERROR, Level.WARNING)
    if not told:
        return "**Nothing stands against handing this over.** It is as the documented options of Recall want it."
    if not checked.of(Level.ERROR):
        return f"**{told}.** Recall can take it; look whether you mean it."
    if stores_nothing(checked.value):
        return f"**{told}.** {NOTHING_STORED} Fix before you hand this over, unless every customer wants that."
    return f"**{told}.** Fix before you hand this over."


def counts(checked: Checked, *levels: Level) -> str:
    """ "2 errors, 1 warning": those that there are, of these levels."""
    found = [(level, checked.of(level)) for level in levels]
    more = ", and more" if checked.is_cut else ""
    return ", ".join(plural(number, level.value) for level, number in found if number) + more


def change_sentence(changes: Sequence[Difference], since: str) -> str:
    """ "**3 places change** from version 2, which was sent last: 1 added, 2 changed." """
    if not changes:
        return f"**Nothing changes** from {since}. Comments and the order of keys mean nothing to Recall."
    kinds = {DifferenceKind.ADDED: "added", DifferenceKind.REMOVED: "removed", DifferenceKind.CHANGED: "changed"}
    told = [(sum(1 for change in changes if change.kind is kind), word) for kind, word in kinds.items()]
    parts = ", ".join(f"{number} {word}" for number, word in told if number)
    return f"**{plural(len(changes), 'place changes', 'places change')}** from {since}: {parts}."

"""The outcomes as people see them: one word, one sign and one of six colours each (in the order of the colours)."""

from enum import StrEnum


class Outcome(StrEnum):
    """What becomes of an entry, as shown. The first six are the fixed order of colours; the rest borrow one of them."""

    RECORDED = "recorded"
    WILL_RECORD = "will_record"
    OFF_BY_CHOICE = "off_by_choice"
    FIXABLE = "fixable"
    TECHNICAL = "technical"
    UNKNOWN = "unknown"
    IN_PART = "in_part"
    DID_NOT_HAPPEN = "did_not_happen"
    UNSETTLED = "unsettled"
    IN_PROGRESS = "in_progress"
    NOT_RECORDABLE = "not_recordable"

    @property
    def colour(self) -> "Outcome":
        """The one of the six whose colour it takes."""
        return _BORROWED.get(self, self)

    @property
    def sign(self) -> str:
        """The sign that stands with the word, so that a grey print still reads."""
        return _SIGNS.get(self) or _SIGNS[self.colour]

    @property
    def label(self) -> str:
        """The word."""
        return _WORDS[self]


_BORROWED = {
    Outcome.IN_PART: Outcome.RECORDED,
    Outcome.IN_PROGRESS: Outcome.WILL_RECORD,
    Outcome.DID_NOT_HAPPEN: Outcome.UNKNOWN,
    Outcome.UNSETTLED: Outcome.UNKNOWN,
    Outcome.NOT_RECORDABLE: Outcome.UNKNOWN,
}
_SIGNS = {
    Outcome.RECORDED: "✓",
    Outcome.WILL_RECORD: "→",
    Outcome.OFF_BY_CHOICE: "–",
    Outcome.FIXABLE: "!",
    Outcome.TECHNICAL: "▲",
    Outcome.UNKNOWN: "?",
    Outcome.IN_PART: "◐",
}
_WORDS = {
    Outcome.RECORDED: "Recorded",
    Outcome.WILL_RECORD: "Will record",
    Outcome.OFF_BY_CHOICE: "Off by choice",
    Outcome.FIXABLE: "Fixable miss",
    Outcome.TECHNICAL: "Technical miss",
    Outcome.UNKNOWN: "Unknown",
    Outcome.IN_PART: "In part",
    Outcome.DID_NOT_HAPPEN: "Did not happen",
    Outcome.UNSETTLED: "Unsettled",
    Outcome.IN_PROGRESS: "In progress",
    Outcome.NOT_RECORDABLE: "No call to join",
}

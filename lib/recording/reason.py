"""What a reason is: where in a meeting's life it stops the recording, who can act, and the words for it."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where it stopped, in the order a meeting passes through."""

    CONNECTION = "A"
    PREREQUISITE = "B"
    OVERRIDE = "C"
    PREFERENCE = "D"
    SCHEDULING = "E"
    JOIN = "F"
    AFTER_START = "G"


class ReasonClass(StrEnum):
    """What kind of reason it is. Policy is off by choice, apart from a setup gap."""

    POLICY = "policy"
    NOT_RECORDABLE = "not_recordable"
    FIXABLE = "fixable"
    PLATFORM = "platform"
    OURS = "ours"
    NEUTRAL = "neutral"


class Owner(StrEnum):
    """Who can act."""

    USER = "user"
    ORGANISER = "organiser"
    HOST = "host"
    CUSTOMER_IT = "customer_it"
    CUSTOMER_SUCCESS = "customer_success"
    US = "us"
    RECALL = "recall"
    PLATFORM = "platform"
    NOBODY = "nobody"

    @property
    def label(self) -> str:
        """Who can, in words."""
        return _WHO[self]


_WHO = {
    Owner.USER: "The calendar's user",
    Owner.ORGANISER: "The organiser",
    Owner.HOST: "The meeting's host",
    Owner.CUSTOMER_IT: "The customer's IT",
    Owner.CUSTOMER_SUCCESS: "Customer success",
    Owner.US: "We",
    Owner.RECALL: "Recall",
    Owner.PLATFORM: "Zoom, Google or Microsoft",
    Owner.NOBODY: "Nobody needs to",
}


class Confidence(StrEnum):
    """How sure we are."""

    OBSERVED = "observed"
    DERIVED = "derived"
    INFERRED = "inferred"

    @property
    def label(self) -> str:
        """How sure, in words."""
        return _HOW_SURE[self]


_HOW_SURE = {
    Confidence.OBSERVED: "Seen in Recall's data",
    Confidence.DERIVED: "Worked out by our rule",
    Confidence.INFERRED: "Guessed from what changed",
}


class Basis(StrEnum):
    """What a reason rests on (design, section 2)."""

    OBSERVED = "observed"
    INFERRED = "inferred"
    """Nobody watched: it is the reason that the rules first seen give."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a meeting is not recorded, or not in full. All words are ours and hold no text from outside."""

    key: str
    stage: Stage
    klass: ReasonClass
    owner: Owner
    label: str
    """For table cells and chart axes, at most 34 characters. With a small first letter it fits into a sentence."""
    why_coming: str
    """One sentence about a meeting still to come."""
    why_past: str
    """One sentence about a meeting that began."""
    what_to_do: str = ""
    """One sentence for who can act. Empty: there is nothing to do."""
    confidence: Confidence = Confidence.DERIVED
    setup_gap: bool = False
    """Nobody chose this: the user was never set up. Shown as fixable, although its class may be policy."""

    @property
    def clause(self) -> str:
        """The label as part of a sentence."""
        return self.label[0].lower() + self.label[1:]


class Side(StrEnum):
    """Whose side a bot failed on, by who can act."""

    HOST = "host"
    """The host, the organiser, the calendar's user or the customer's IT."""
    PLATFORM = "platform"
    """The meeting platform broke down."""
    OURS = "ours"
    """Recall, or we with our setup and rules."""
    NOBODY = "nobody"
    """Nobody could act, or Recall's word is not known to us."""

    @property
    def label(self) -> str:
        """The side in words."""
        return _LABELS[self]


_LABELS = {
    Side.HOST: "Host's side",
    Side.PLATFORM: "Zoom, Google or Microsoft",
    Side.OURS: "Recall or us",
    Side.NOBODY: "Nobody, or not known",
}
SIDES = tuple(Side)
_OF_OWNER = {
    Owner.HOST: Side.HOST,
    Owner.ORGANISER: Side.HOST,
    Owner.USER: Side.HOST,
    Owner.CUSTOMER_IT: Side.HOST,
    Owner.PLATFORM: Side.PLATFORM,
    Owner.NOBODY: Side.NOBODY,
}


def side_of(reason: Reason, owner: Owner | None = None) -> Side:
    """Whose side it is on by who can act, for the sub-code if that is known, else for the reason.

    A cause that is not known to us is nobody's until we know it, although it is we who must find out.
    """
    if reason.key == "unclassified":
        return Side.NOBODY
    return _OF_OWNER.get(owner or reason.owner, Side.OURS)

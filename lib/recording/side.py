"""Whose side it is on when a bot did not record: the words for who can act, gathered into four."""

from enum import StrEnum

from lib.recording.reason import Owner, Reason


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

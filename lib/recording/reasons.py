"""The catalogue of reasons, in the order a meeting passes them: the position says how far it got."""

from lib.recording.reason import Basis, Confidence, Owner, Reason, ReasonClass, Stage
from lib.recording.reasons_before import REASONS_BEFORE_CALL
from lib.recording.reasons_call import REASONS_OF_CALL

__all__ = ["REASONS", "REASON_KEYS", "Basis", "Confidence", "Owner", "Reason", "ReasonClass", "Stage", "reason_of"]

REASONS: tuple[Reason, ...] = (*REASONS_BEFORE_CALL, *REASONS_OF_CALL)
REASON_KEYS: tuple[str, ...] = tuple(reason.key for reason in REASONS)

_BY_KEY = {reason.key: reason for reason in REASONS}


def reason_of(key: str) -> Reason:
    """The reason with this key; `unclassified` for a key that is not in the catalogue."""
    return _BY_KEY.get(key, _BY_KEY["unclassified"])

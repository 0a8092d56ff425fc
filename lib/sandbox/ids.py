"""Ids that look like random UUIDs and can be read back into the numbers they name, so that no index is needed.

The numbers are packed into the 122 free bits of a version 4 UUID and shuffled by a small Feistel network keyed by the
seed. Reading reverses this; an id of another seed, kind or maker fails the check of the unused bits. Ids are meant to
look random at little cost, not to be secret.
"""

from enum import IntEnum
from functools import lru_cache
from uuid import UUID

from .randomness import hash_of

_HALF = 61
_MASK = (1 << _HALF) - 1
_WORD = (1 << 64) - 1
_ROUNDS = 4
_CACHED = 1 << 16


_PLATFORM_NUMBERS = {"google": 0, "microsoft": 1}
_OTHER_PLATFORM = 2
PLATFORM_COUNT = 3
"""All platform numbers are below it."""


class IdKind(IntEnum):
    """What an id names."""

    USER = 1
    PREFERENCES = 2
    CONNECTION = 3
    MEETING = 4
    BOT = 5
    MEDIA = 6


_WIDTHS: dict[IdKind, tuple[int, ...]] = {
    IdKind.USER: (32,),
    IdKind.PREFERENCES: (32,),
    IdKind.CONNECTION: (32, 8, 16),  # user, platform, epoch
    IdKind.MEETING: (24, 2, 12, 24, 20, 16),  # user, platform, epoch, then the call: company, day, index
    IdKind.BOT: (2, 24, 20, 16, 20),  # calendar platform, the call, then the occurrence
    IdKind.MEDIA: (2, 24, 20, 16, 4, 20),  # as the bot, with the piece before the occurrence
}

_UNUSED = {kind: 2 * _HALF - 4 - sum(widths) for kind, widths in _WIDTHS.items()}


class Ids:
    """Makes and reads the ids of one seed."""

    def __init__(self, seed: int) -> None:
        self._keys = [hash_of("ids", seed, n) for n in range(_ROUNDS)]
        self.make = lru_cache(_CACHED)(self._make)
        self.read = lru_cache(_CACHED)(self._read)

    def _make(self, kind: IdKind, *numbers: int) -> str:
        """The id of what these numbers name."""
        packed = int(kind)
        for width, number in zip(_WIDTHS[kind], numbers, strict=True):
            packed = packed << width | number
        return _as_uuid(self._shuffle(packed << _UNUSED[kind]))

    def _read(self, kind: IdKind, text: str) -> tuple[int, ...] | None:
        """The numbers behind an id, or None when it is not an id of this kind and seed."""
        packed = self._unshuffle(_as_bits(text)) if _is_uuid(text) else 0
        unused = _UNUSED[kind]
        if packed & ((1 << unused) - 1):
            return None
        packed >>= unused
        numbers = []
        for width in reversed(_WIDTHS[kind]):
            numbers.append(packed & ((1 << width) - 1))
            packed >>= width
        return tuple(reversed(numbers)) if packed == kind else None

    def _shuffle(self, bits: int) -> int:
        left, right = bits >> _HALF, bits & _MASK
        for key in self._keys:
            left, right = right, left ^ _round(key, right)
        return left << _HALF | right

    def _unshuffle(self, bits: int) -> int:
        left, right = bits >> _HALF, bits & _MASK
        for key in reversed(self._keys):
            left, right = right ^ _round(key, left), left
        return left << _HALF | right


def platform_number(calendar_platform: str) -> int:
    """The number of a calendar platform in ids; unknown ones share a number."""
    return _PLATFORM_NUMBERS.get(calendar_platform, _OTHER_PLATFORM)


def _round(key: int, half: int) -> int:
    """The mixing step of SplitMix64."""
    mixed = (half ^ key) * 0xBF58476D1CE4E5B9 & _WORD
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _WORD
    return (mixed ^ mixed >> 31) & _MASK


def _as_uuid(bits: int) -> str:
    high, middle, low = bits >> 74, bits >> 62 & 0xFFF, bits & (1 << 62) - 1
    text = f"{high << 80 | 4 << 76 | middle << 64 | 2 << 62 | low:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _as_bits(text: str) -> int:
    number = UUID(text).int
    return number >> 80 << 74 | (number >> 64 & 0xFFF) << 62 | number & (1 << 62) - 1


def _is_uuid(text: str) -> bool:
    try:
        return UUID(text).version == 4
    except ValueError:
        return False

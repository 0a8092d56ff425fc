"""The calendar users of the world: their connections and preferences in the beginning."""

from dataclasses import dataclass
from datetime import datetime

from ..decision import FLAGS
from ..randomness import WeightedChoice, fraction
from .companies import Mailbox

BOT_NAME = "Meeting Notetaker"
_ALL = frozenset({"record_external", "record_internal"})
_FLAGS: WeightedChoice[frozenset[str]] = WeightedChoice(
    (
        (_ALL, 44),
        (frozenset({"record_external"}), 18),
        (_ALL | {"record_confirmed"}, 9),
        (_ALL | {"record_only_host"}, 7),
        (frozenset({"record_internal"}), 5),
        (frozenset(), 11),
        (frozenset({"record_external", "record_recurring"}), 2),
        (frozenset({"record_non_host"}), 2),
        (frozenset(FLAGS) - {"record_only_host"}, 1),
        (frozenset({"record_only_host"}), 1),
    )
)
"""The documented presets (contract 6.2) and, rarely, combinations that are not documented."""
_BOT_NAMES = WeightedChoice(((BOT_NAME, 3), ("Notes", 1), ("Recorder", 1)))
_GOLDEN = 0.6180339887498949
"""Steps of the golden ratio spread users evenly over the presets, so that a small world has each of them."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A calendar of a user. `epoch` counts how often its data was cleared; `since` is when OAuth connected it."""

    platform: str
    connected: bool
    email: str | None
    epoch: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preferences:
    """The flags that are true, and the bot's name."""

    flags: frozenset[str] = frozenset()
    bot_name: str = BOT_NAME


@dataclass(frozen=True, slots=True)
class InitialUser:
    """A calendar user as it was before anything was written. `external_id` is None for one user only."""

    number: int
    external_id: str | None
    connections: tuple[Connection, ...] = ()
    preferences: Preferences = Preferences()


def preferences(seed: int, number: int) -> Preferences:
    """The preferences of user `number` in the beginning."""
    evenly = (fraction(seed, "preferences") + number * _GOLDEN) % 1
    return Preferences(_FLAGS.at(evenly), _BOT_NAMES.at(fraction(seed, "bot name", number)))


def connections(seed: int, mailboxes: tuple[Mailbox, ...], lost: bool, number: int) -> tuple[Connection, ...]:
    """The user's calendars. A lost one may have kept its address; no calendar has two valid forms."""
    chance = fraction(seed, "connections", number)
    if not mailboxes:
        return () if chance < 0.5 else (Connection("google", False, None), Connection("microsoft", False, None))
    forgotten = lost and chance < 0.3
    return tuple(Connection(m.platform, not lost, None if forgotten else m.email) for m in mailboxes)

"""The calendar users that a workspace of this world has, and what each wants recorded."""

from dataclasses import dataclass
from datetime import datetime

from ..chance import Odds, share
from ..decision import FLAGS
from .companies import Mailbox

BOT_NAME = "Meeting Notetaker"
OFF: frozenset[str] = frozenset()
_ALL = frozenset({"record_external", "record_internal"})
_WANTED: Odds[frozenset[str]] = Odds(
    (
        (_ALL, 44),
        (frozenset({"record_external"}), 18),
        (_ALL | {"record_confirmed"}, 9),
        (_ALL | {"record_only_host"}, 7),
        (frozenset({"record_internal"}), 5),
        (OFF, 11),
        (frozenset({"record_external", "record_recurring"}), 2),
        (frozenset({"record_non_host"}), 2),
        (frozenset(FLAGS) - {"record_only_host"}, 1),
        (frozenset({"record_only_host"}), 1),
    )
)
"""The documented presets (contract 6.2) and, rarely, combinations that nobody documents."""
_NAMES = Odds(((BOT_NAME, 3), ("Notes", 1), ("Recorder", 1)))
_GOLDEN = 0.6180339887498949
"""Steps of the golden ratio spread users evenly over the presets, so that a small world has its share of each."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A calendar of a user. `epoch` counts how often its data were cleared; `since` is when it came by OAuth."""

    platform: str
    connected: bool
    email: str | None
    epoch: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preferences:
    """The flags that are true, and the bot's name."""

    flags: frozenset[str] = OFF
    bot_name: str = BOT_NAME


@dataclass(frozen=True, slots=True)
class Person:
    """A calendar user as it was before anything was written. `external_id` is None for one only."""

    number: int
    external_id: str | None
    connections: tuple[Connection, ...] = ()
    preferences: Preferences = Preferences()


def preferences(seed: int, number: int) -> Preferences:
    """What user `number` wanted from the beginning."""
    evenly = (share(seed, "preferences") + number * _GOLDEN) % 1
    return Preferences(_WANTED.at(evenly), _NAMES.at(share(seed, "bot name", number)))


def connections(seed: int, mailboxes: tuple[Mailbox, ...], lost: bool, number: int) -> tuple[Connection, ...]:
    """The user's calendars; a lost one may have kept its address, and none at all has two legal forms."""
    chance = share(seed, "connections", number)
    if not mailboxes:
        return () if chance < 0.5 else (Connection("google", False, None), Connection("microsoft", False, None))
    forgotten = lost and chance < 0.3
    return tuple(Connection(m.platform, not lost, None if forgotten else m.email) for m in mailboxes)

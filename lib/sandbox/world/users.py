"""The calendar users that a workspace of this world has, and what each wants recorded."""

from dataclasses import dataclass
from datetime import datetime

from ..chance import dice
from ..decision import FLAGS
from .companies import Mailbox

BOT_NAME = "Meeting Notetaker"
OFF: frozenset[str] = frozenset()
_ALL = frozenset({"record_external", "record_internal"})
_WANTED: tuple[tuple[frozenset[str], int], ...] = (
    (_ALL, 62),
    (frozenset({"record_external"}), 11),
    (_ALL | {"record_confirmed"}, 7),
    (_ALL | {"record_only_host"}, 4),
    (frozenset({"record_internal"}), 3),
    (OFF, 6),
    (frozenset({"record_external", "record_recurring"}), 2),
    (frozenset({"record_non_host"}), 2),
    (frozenset(FLAGS) - {"record_only_host"}, 1),
    (frozenset({"record_only_host"}), 1),
)
"""The documented presets (contract 6.2) and, rarely, combinations that nobody documents."""


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
    rng = dice(seed, "preferences", number)
    flags = rng.choices([f for f, _ in _WANTED], [w for _, w in _WANTED])[0]
    return Preferences(flags, rng.choices((BOT_NAME, "Notes", "Recorder", "Call Notes"), (7, 1, 1, 1))[0])


def connections(seed: int, mailboxes: tuple[Mailbox, ...], lost: bool, number: int) -> tuple[Connection, ...]:
    """The user's calendars; a lost one may have kept its address, and none at all has two legal forms."""
    rng = dice(seed, "connections", number)
    if not mailboxes:
        return () if rng.random() < 0.5 else (Connection("google", False, None), Connection("microsoft", False, None))
    forgotten = lost and rng.random() < 0.3
    return tuple(Connection(m.platform, not lost, None if forgotten else m.email) for m in mailboxes)

"""What somebody wants changed, as data that can be recorded, sent, and compared with what Recall has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lib.domain import CalendarUser, Preferences
from lib.recall_api import Recall, external_id_of
from lib.staff.permissions import Permission
from lib.store.outbox import NewWrite, Value, WriteKind

PERMISSION: Mapping[WriteKind, Permission] = {
    WriteKind.PREFERENCES: Permission.PREFERENCES_WRITE,
    WriteKind.OVERRIDE: Permission.OVERRIDES_WRITE,
    WriteKind.DISCONNECT: Permission.CONNECTIONS_WRITE,
    WriteKind.DELETE_USER: Permission.USERS_DELETE,
}
"""The permission that each kind of write needs."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One change of one user: `before` is the value that the staff member was shown, `after` the one that they want."""

    kind: WriteKind
    user: CalendarUser
    before: Value
    after: Value
    entry_id: str | None = None
    starts_at: datetime | None = None
    """Start of the entry, where it is known: many can then be read by one list."""
    why: str | None = None
    batch: int | None = None
    undoes: int | None = None

    def draft(self, actor: str) -> NewWrite:
        """This intent as the outbox records it."""
        return NewWrite(
            self.kind,
            self.user.id,
            self.before,
            self.after,
            actor,
            entry_id=self.entry_id,
            why=(self.why or "").strip() or None,
            batch=self.batch,
            undoes=self.undoes,
        )


def preferences_value(preferences: Preferences | None) -> dict[str, Any]:
    """Preferences as the outbox keeps them; no preferences at all are all off."""
    known = preferences or Preferences()
    return {**known.flags, "bot_name": known.bot_name}


def preferences_of(value: Value) -> Preferences:
    """The preferences that a value in the outbox stands for."""
    return Preferences(**value)


def override_value(override: bool | None) -> dict[str, Any]:
    """An override as the outbox keeps it. Null is not false: it follows the rules (contract 3.9)."""
    return {"override_should_record": override}


def connection_value(user: CalendarUser, platform: str) -> dict[str, Any]:
    """Whether a calendar is connected, as the outbox keeps it."""
    return {"platform": platform, "connected": any(c.platform == platform for c in user.connected)}


def send(recall: Recall, intent: Intent) -> None:
    """Send the intent to Recall, once. Raises as the methods of `Recall` do."""
    external_id = external_id_of(intent.user)
    match intent.kind:
        case WriteKind.PREFERENCES:
            recall.update_preferences(external_id, _to_send(intent))
        case WriteKind.OVERRIDE:
            recall.update_override(external_id, intent.entry_id or "", intent.after["override_should_record"])
        case WriteKind.DISCONNECT:
            recall.disconnect(external_id, intent.after["platform"])
        case WriteKind.DELETE_USER:
            recall.delete_user(external_id)


def _to_send(intent: Intent) -> Preferences:
    """All six flags; the bot's name only when it changes (contract 3.4)."""
    same_name = intent.after["bot_name"] == intent.before["bot_name"]
    return preferences_of({**intent.after, "bot_name": None} if same_name else intent.after)

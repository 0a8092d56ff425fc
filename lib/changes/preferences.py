"""Change one user's recording preferences: checked, sent once, read back, and what was read kept."""

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from lib.clock import Clock, utc_now
from lib.domain import CalendarUser, Preferences
from lib.errors import ChangedMeanwhile, InvalidPreferences, RecallError, RecallOutcomeUnknown, StoreError
from lib.recall_api import Recall, external_id_of
from lib.recording.presets import problem_with_bot_name
from lib.staff.accounts import StaffMember
from lib.staff.permissions import Permission
from lib.store import Store, users_list

log = logging.getLogger(__name__)


class Applied(StrEnum):
    """What became of a write, as Recall's own answer to a later question tells."""

    YES = "applied"
    NO = "not applied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SavedPreferences:
    """How a change of preferences ended. `user` is Recall's word after it; None when it could not be read back."""

    applied: Applied
    wanted: Preferences
    user: CalendarUser | None


def save_preferences(
    store: Store,
    recall: Recall,
    member: StaffMember,
    user: CalendarUser,
    shown: Preferences,
    wanted: Preferences,
    *,
    clock: Clock = utc_now,
) -> SavedPreferences:
    """Put `wanted` in place of `shown`, the preferences that `member` had before their eyes.

    All six flags are always sent, the bot name only when it differs (contract 3.4). Recall has no versions, so the
    present state is read first and compared with `shown`. A lost answer is settled by reading, never by sending again.
    Whatever is read goes into the store, so that every server shows it at once.

    Raises `NotPermitted`, `InvalidPreferences`, `ChangedMeanwhile`, `StoreError` or a `RecallError`; nothing was
    changed then.
    """
    member.require(Permission.PREFERENCES_WRITE)
    wanted = _as_recall_keeps_it(shown, wanted)
    _check(shown, wanted)
    external_id = external_id_of(user)
    now = _read(store, recall, external_id, clock)
    if (now.preferences or Preferences()) == wanted:
        return SavedPreferences(Applied.YES, wanted, now)  # a second click, or somebody else did the same
    if (now.preferences or Preferences()) != shown:
        raise ChangedMeanwhile
    with suppress(RecallOutcomeUnknown):  # reading back settles it
        recall.update_preferences(external_id, _to_send(shown, wanted))
    return _read_back(store, recall, external_id, wanted, clock)


def _as_recall_keeps_it(shown: Preferences, wanted: Preferences) -> Preferences:
    """Recall leaves out blanks around a name, so a name with them would never read back as it was sent."""
    if wanted.bot_name is None or wanted.bot_name == shown.bot_name:
        return wanted
    return replace(wanted, bot_name=wanted.bot_name.strip())


def _check(shown: Preferences, wanted: Preferences) -> None:
    if wanted == shown:
        raise InvalidPreferences("Nothing differs from what is set, so nothing was sent.")
    if wanted.bot_name != shown.bot_name and (problem := problem_with_bot_name(wanted.bot_name or "")):
        raise InvalidPreferences(problem)


def _to_send(shown: Preferences, wanted: Preferences) -> Preferences:
    bot_name = None if wanted.bot_name == shown.bot_name else wanted.bot_name
    return Preferences(**wanted.flags, bot_name=bot_name)


def _read_back(store: Store, recall: Recall, external_id: str, wanted: Preferences, clock: Clock) -> SavedPreferences:
    began = clock()
    try:
        user = recall.get_user(external_id)
    except RecallError:
        return SavedPreferences(Applied.UNKNOWN, wanted, None)
    try:
        _keep(store, user, began, clock)
    except StoreError as problem:  # Recall has answered, which is what was asked
        log.warning("What Recall has after a change was not kept: %s", problem)
    applied = Applied.YES if (user.preferences or Preferences()) == wanted else Applied.NO
    return SavedPreferences(applied, wanted, user)


def _read(store: Store, recall: Recall, external_id: str, clock: Clock) -> CalendarUser:
    began = clock()
    user = recall.get_user(external_id)
    _keep(store, user, began, clock)
    return user


def _keep(store: Store, user: CalendarUser, read_at: datetime, clock: Clock) -> None:
    with store.write() as connection:
        users_list.store(connection, [user], read_at=read_at, complete=False, now=clock())
